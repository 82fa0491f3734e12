//! Who takes turns at a log, what fails in between, and what is refused at the start.

use std::fs;

use farthing_gateway::StoreError;

use super::{
    LogError,
    torn_tests::{Kept, logged, orders, put},
};
use crate::{CopyError, OpenError, copy, db::Transaction, open, open_logged};

/// The orders called so, as [`orders`] reads them.
fn called(numbers: &[u32]) -> Vec<String> {
    let digest = "07".repeat(32);
    numbers.iter().map(|n| format!("order-{n}{digest}")).collect()
}

#[tokio::test]
async fn two_writers_make_one_log() {
    let kept = Kept::new();
    let other = logged(kept.dir.path()).unwrap();
    for n in (0..10).step_by(2) {
        kept.put(n).await.unwrap();
        other.run(move |db| put(&Transaction(db), n + 1)).await.unwrap();
    }
    let (replayed, restored) = kept.restored().unwrap();
    assert_eq!(restored, orders(&kept.path("f.db")));
    assert_eq!((restored.len(), replayed.to), (10, 10));
}

/// A full disk: a part of the entry is written. Nobody is told that it happened, and it does not come back.
#[tokio::test]
async fn what_the_log_has_no_room_for_does_not_happen() {
    let kept = Kept::new();
    kept.put(1).await.unwrap();
    for room in [0, 1, 50, 100] {
        let refused = kept.writer.run(move |db| {
            db.fill_up(room);
            put(&Transaction(db), 2)
        });
        let Err(StoreError::Failed(why)) = refused.await else {
            panic!("it was told as done, or in doubt")
        };
        assert!(why.contains("the log: "), "{why}");
        assert_eq!(orders(&kept.path("f.db")), called(&[1]));
        let (replayed, restored) = kept.restored().unwrap();
        assert_eq!((restored, replayed.torn), (called(&[1]), false));
    }
    kept.put(3).await.unwrap();
    assert_eq!(kept.restored().unwrap().1, called(&[1, 3]));
}

/// An entry whose process ended before its commit.
fn leave_an_entry(kept: &Kept, n: u32) {
    let db = open::file(&kept.path("f.db")).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut written = super::Written::new(
        "INSERT INTO orders (merchant, reference, digest) VALUES ('m', :reference, zeroblob(32))",
    );
    let reference = format!("order-{n}");
    written
        .bind(1, &farthing_store_sql::db::Value::Text(Some(&reference)))
        .unwrap();
    let (mut log, _) = super::Log::open(&db, &kept.path("log")).unwrap();
    log.append(&db, &[written]).unwrap();
    db.execute_batch("ROLLBACK").unwrap();
}

#[tokio::test]
async fn an_entry_without_a_commit_is_cut_off() {
    let kept = Kept::new();
    kept.put(1).await.unwrap();
    leave_an_entry(&kept, 2);
    // Whoever comes next says so, and cuts it off.
    assert!(matches!(kept.put(3).await, Err(StoreError::Busy)));
    kept.put(3).await.unwrap();
    assert_eq!(kept.restored().unwrap().1, called(&[1, 3]));

    // Also where its middle did not come to the disk.
    for lacks in [0, 1] {
        leave_an_entry(&kept, 4);
        let mut bytes = fs::read(kept.segment(1)).unwrap();
        let middle = bytes.len() - 40;
        bytes[middle..middle + lacks].fill(0);
        fs::write(kept.segment(1), bytes).unwrap();
        let (_store, cut) = open_logged(&kept.path("f.db"), &kept.path("log")).unwrap();
        assert_eq!(cut, Some(3));
        assert_eq!(kept.restored().unwrap().1, called(&[1, 3]));
    }
}

#[tokio::test]
async fn segments_follow_each_other_and_old_ones_may_go() {
    let mut kept = Kept::new();
    kept.writer
        .run(|db| {
            db.new_segment_after(300);
            Ok(())
        })
        .await
        .unwrap();
    for n in 0..5 {
        kept.put(n).await.unwrap();
    }
    copy(&kept.path("f.db"), &kept.path("later.db")).unwrap();
    for n in 5..10 {
        kept.put(n).await.unwrap();
    }
    let segments: Vec<i64> = super::segment::all(&kept.path("log"))
        .unwrap()
        .into_iter()
        .map(|(first, _)| first)
        .collect();
    assert!(segments.len() > 3, "{segments:?}");
    let all = orders(&kept.path("f.db"));
    assert_eq!(kept.restored().unwrap().1, all);
    // A segment in the middle is missing.
    let (gone, aside) = (kept.segment(segments[2]), kept.path("aside"));
    fs::rename(&gone, &aside).unwrap();
    let (replayed, restored) = kept.restored().unwrap();
    assert!(
        matches!(replayed.broken, Some(LogError::Gap(seq)) if seq == segments[2]),
        "{replayed:?}"
    );
    assert_eq!(restored.len(), usize::try_from(segments[2]).unwrap() - 1);
    fs::rename(&aside, &gone).unwrap();
    // The first is enough for the first backup alone.
    fs::remove_file(kept.segment(1)).unwrap();
    let refused = kept.restored();
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::Log(LogError::Gap(1))))),
        "{refused:?}"
    );
    fs::rename(kept.path("later.db"), kept.path("backup.db")).unwrap();
    assert_eq!(kept.restored().unwrap().1, all);
    // And whoever opens it goes on behind the last.
    kept.writer = logged(kept.dir.path()).unwrap();
    kept.put(10).await.unwrap();
    assert_eq!(kept.restored().unwrap().1.len(), 11);
}

/// What opening the database with its log says.
fn refused(kept: &Kept) -> LogError {
    match logged(kept.dir.path()).map(drop) {
        Err(OpenError::Log(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_log_that_is_not_the_databases_is_refused() {
    let kept = Kept::new();
    kept.put(1).await.unwrap();
    copy(&kept.path("f.db"), &kept.path("early.db")).unwrap();
    for n in 2..5 {
        kept.put(n).await.unwrap();
    }
    let (log, aside) = (kept.path("log"), kept.path("aside"));
    let path = kept.segment(1);
    let whole = fs::read(&path).unwrap();

    fs::rename(&log, &aside).unwrap();
    assert!(matches!(refused(&kept), LogError::Missing(_)));
    fs::create_dir(&log).unwrap();
    assert!(
        matches!(refused(&kept), LogError::Missing(_)),
        "a disk that is not there"
    );
    let stranger = Kept::new();
    for n in 1..5 {
        stranger.put(n).await.unwrap();
    }
    fs::copy(stranger.segment(1), &path).unwrap();
    assert!(matches!(refused(&kept), LogError::Other { seq: 4, .. }));

    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(
        refused(&kept),
        LogError::Behind {
            last: 3,
            committed: 4
        }
    ));
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(&path, changed).unwrap();
    assert!(matches!(refused(&kept), LogError::Damaged { .. }));

    fs::write(&path, &whole).unwrap();
    let mixed = crate::restore(&stranger.path("backup.db"), &kept.path("mixed.db"), Some(&log));
    assert!(
        matches!(
            mixed,
            Err(CopyError::Open(OpenError::Log(LogError::Other { seq: 0, .. })))
        ),
        "{mixed:?}"
    );
    let without = crate::open(&kept.path("f.db")).map(drop);
    assert!(
        matches!(without, Err(OpenError::Log(LogError::NotNamed))),
        "{without:?}"
    );
    for (name, error) in [("early.db", "older than its log"), ("new.db", "knows nothing")] {
        let opened = open_logged(&kept.path(name), &log).map(drop);
        let said = opened.unwrap_err().to_string();
        assert!(said.contains(error), "{said}");
    }
    logged(kept.dir.path()).unwrap();
}

/// The log's disk is taken away under the provider, and brought back.
#[tokio::test]
async fn without_its_log_nothing_is_acknowledged() {
    let kept = Kept::new();
    kept.put(1).await.unwrap();
    fs::rename(kept.path("log"), kept.path("aside")).unwrap();
    assert!(kept.put(2).await.is_err());
    assert_eq!(orders(&kept.path("f.db")), called(&[1]));
    fs::rename(kept.path("aside"), kept.path("log")).unwrap();
    kept.put(3).await.unwrap();
    assert_eq!(kept.restored().unwrap().1, called(&[1, 3]));
}

#[tokio::test]
async fn a_copy_without_the_log_has_none() {
    let kept = Kept::new();
    kept.put(1).await.unwrap();
    let to = kept.path("without.db");
    assert!(crate::restore(&kept.path("f.db"), &to, None).unwrap().is_none());
    crate::open(&to).unwrap();
    assert_eq!(orders(&to), called(&[1]));
    // From before the log there is nothing to go on from.
    let again = crate::restore(&to, &kept.path("again.db"), Some(&kept.path("log")));
    assert!(
        matches!(again, Err(CopyError::Open(OpenError::Log(LogError::NoNumber)))),
        "{again:?}"
    );
    assert!(!kept.path("again.db").exists());
}
