//! What SQLite promises of a power cut, and what it does not, holds on this disk.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::path::Path;

use farthing_power_cut::{Fault, Kept, PowerCut};
use rusqlite::{Connection, OpenFlags};

const EVERY: [Kept; 4] = [Kept::Nothing, Kept::Prefix, Kept::Scattered, Kept::Everything];

fn open(path: &Path, settings: &str) -> rusqlite::Result<Connection> {
    let db = Connection::open(path)?;
    db.execute_batch(settings)?;
    db.execute_batch("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, filling TEXT)")?;
    Ok(db)
}

/// Writes forty rows, or as many as it can; returns how many were acknowledged.
fn fill(db: &Connection) -> u32 {
    let fails = |n: &u32| {
        db.execute("INSERT INTO t VALUES (?1, hex(zeroblob(3000)))", [n])
            .is_err()
    };
    (0..40).find(fails).unwrap_or(40)
}

/// Reads the real files as any other program does: what is wrong, and how many rows there are.
fn read(path: &Path) -> (String, u32) {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let db = Connection::open_with_flags_and_vfs(path, flags, c"unix").unwrap();
    let wrong = db.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    let rows = db.query_row("SELECT count(*) FROM t WHERE length(filling) = 6000", [], |row| {
        row.get(0)
    });
    (wrong.unwrap_or_else(|error| error.to_string()), rows.unwrap_or(0))
}

/// How many of a hundred cuts damaged the database, and after how many a row that was acknowledged was gone.
fn hundred(settings: &str) -> (u32, u32) {
    let (mut damaged, mut forgotten) = (0, 0);
    for (seed, kept) in (0..100).zip(EVERY.into_iter().cycle()) {
        let dir = tempfile::tempdir().unwrap();
        let power = PowerCut::over(dir.path()).unwrap();
        let path = dir.path().join("t.db");
        power.cut_at(seed * 7 + 1, kept, seed);
        let acknowledged = open(&path, settings).map_or(0, |db| fill(&db));
        power.cut(kept, seed);
        power.restore().unwrap();
        let (wrong, rows) = read(&path);
        damaged += u32::from(wrong != "ok");
        forgotten += u32::from(rows < acknowledged);
    }
    (damaged, forgotten)
}

#[test]
fn a_log_that_is_synced_at_each_commit_loses_nothing() {
    assert_eq!(
        hundred("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"),
        (0, 0)
    );
}

#[test]
fn a_log_that_is_synced_now_and_then_forgets_and_stays_whole() {
    let (damaged, forgotten) = hundred("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
    assert_eq!(damaged, 0);
    assert!(forgotten > 10, "{forgotten}");
}

#[test]
fn what_is_never_synced_is_lost_or_damaged() {
    for journal in ["WAL", "DELETE"] {
        let (damaged, forgotten) = hundred(&format!(
            "PRAGMA journal_mode = {journal}; PRAGMA synchronous = OFF;"
        ));
        assert!(damaged + forgotten > 10, "{journal}: {damaged}, {forgotten}");
    }
}

/// With FULL, the deletion of a rollback journal is not synced: the journal can come back, and takes the
/// commit with it. SQLite's manual says so of EXTRA.
#[test]
fn a_deleted_journal_stays_deleted_only_if_the_folder_is_synced() {
    let (damaged, forgotten) = hundred("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
    assert_eq!(damaged, 0);
    assert!(forgotten > 10, "{forgotten}");
    assert_eq!(
        hundred("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"),
        (0, 0)
    );
}

#[test]
fn after_a_cut_nothing_works_until_the_power_is_back() {
    let dir = tempfile::tempdir().unwrap();
    let power = PowerCut::over(dir.path()).unwrap();
    let path = dir.path().join("t.db");
    let db = open(&path, "PRAGMA journal_mode = WAL").unwrap();
    power.cut(Kept::Everything, 1);
    assert!(power.has_failed());
    assert_eq!(fill(&db), 0);
    db.query_row("SELECT count(*) FROM t", [], |_| Ok(()))
        .unwrap_err();
    open(&path, "").unwrap_err();
    power.restore().unwrap_err();
    drop(db);
    power.restore().unwrap();
    assert_eq!(fill(&open(&path, "").unwrap()), 40);
}

/// A killed process loses nothing that it wrote; the power, cut later, takes what was still not synced.
#[test]
fn a_kill_is_not_a_cut() {
    let dir = tempfile::tempdir().unwrap();
    let power = PowerCut::over(dir.path()).unwrap();
    let path = dir.path().join("t.db");
    let db = open(&path, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL").unwrap();
    assert_eq!(fill(&db), 40);
    power.kill();
    drop(db);
    power.restore().unwrap();
    let count = |db: &Connection| db.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, u32>(0));
    let db = Connection::open(&path).unwrap();
    assert_eq!(count(&db), Ok(40));
    power.cut(Kept::Nothing, 1);
    drop(db);
    power.restore().unwrap();
    assert!(count(&Connection::open(&path).unwrap()).unwrap_or(0) < 40);
}

#[test]
fn a_fault_is_reported_once() {
    let dir = tempfile::tempdir().unwrap();
    let power = PowerCut::over(dir.path()).unwrap();
    let path = dir.path().join("t.db");
    let db = open(&path, "PRAGMA journal_mode = WAL").unwrap();
    power.fail_from(0, Fault::Sync(Kept::Nothing));
    assert_eq!(fill(&db), 0);
    assert_eq!(fill(&db), 40);
    drop(db);
    power.fail_from(0, Fault::Read);
    open(&path, "").unwrap_err();
    open(&path, "").unwrap();
}
