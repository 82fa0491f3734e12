use std::{
    path::Path,
    sync::{Arc, mpsc},
};

use farthing_power_cut::{Fault, PowerCut};
use tempfile::TempDir;

use super::*;

fn connect(dir: &TempDir) -> Connection {
    let db = Connection::open(dir.path().join("t.db")).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE IF NOT EXISTS t (n INTEGER) STRICT;
         CREATE TABLE IF NOT EXISTS other (n INTEGER) STRICT;",
    )
    .unwrap();
    db
}

fn insert(db: &Connection, n: u32) -> Result<(), StoreError> {
    db.execute("INSERT INTO t VALUES (?1)", [n]).map_err(failed)?;
    Ok(())
}

/// What is in the file, for whoever opens it.
fn kept(path: &Path) -> Vec<u32> {
    let db = Connection::open(path).unwrap();
    let mut all = db.prepare("SELECT n FROM t ORDER BY n").unwrap();
    all.query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Inserts 1, runs `operation`, inserts 3, all in one commit if that is possible; returns the three answers and
/// what is kept.
async fn between(
    dir: &TempDir,
    operation: impl FnOnce(&Connection) -> Result<(), StoreError> + Send + 'static,
) -> ([Result<(), StoreError>; 3], Vec<u32>) {
    let writer = Writer::start(connect(dir), None, None).unwrap();
    let (queued, wait) = mpsc::channel::<()>();
    let answers = tokio::join!(
        biased;
        writer.run(move |db| {
            wait.recv().unwrap();
            insert(db, 1)
        }),
        writer.run(move |db| operation(db)),
        writer.run(|db| insert(db, 3)),
        async { queued.send(()).unwrap() },
    );
    drop(writer);
    ([answers.0, answers.1, answers.2], kept(&dir.path().join("t.db")))
}

fn acknowledged(answers: &[Result<(), StoreError>; 3]) -> Vec<u32> {
    (1..)
        .zip(answers)
        .filter(|(_, answer)| answer.is_ok())
        .map(|(n, _)| n)
        .collect()
}

#[tokio::test]
async fn an_operation_that_fails_leaves_the_others_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (answers, kept) = between(&dir, |db| {
        insert(db, 2)?;
        Err(StoreError::Failed("it changed its mind".to_owned()))
    })
    .await;
    assert_eq!((acknowledged(&answers), kept), (vec![1, 3], vec![1, 3]));
}

/// SQLite rolls everything back when a page can't be read. What comes after must not be committed by itself, and
/// then be told as a failure with the rest.
#[tokio::test]
async fn a_page_that_cant_be_read_takes_the_commit_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let power = Arc::new(PowerCut::over(dir.path()).unwrap());
    connect(&dir);
    let disk = Arc::clone(&power);
    let (answers, kept) = between(&dir, move |db| {
        disk.fail_from(0, Fault::Read);
        db.query_row("SELECT count(*) FROM other", [], |_| Ok(()))
            .map_err(failed)
    })
    .await;
    assert!(answers[0].is_err());
    let cause = answers[1].as_ref().unwrap_err().to_string();
    assert!(cause.contains("disk I/O error"), "{cause}");
    assert_eq!((acknowledged(&answers), kept), (vec![3], vec![3]));
}

/// What is told as a failure is not committed, whatever the others wish.
#[tokio::test]
async fn a_savepoint_that_cant_be_released_takes_the_commit_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let (answers, kept) = between(&dir, |db| {
        insert(db, 2)?;
        db.execute_batch("RELEASE operation").map_err(failed)
    })
    .await;
    assert!(answers[0].is_err() && answers[1].is_err());
    assert_eq!((acknowledged(&answers), kept), (vec![3], vec![3]));
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_told_as_busy() {
    let dir = tempfile::tempdir().unwrap();
    let other = connect(&dir);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let db = connect(&dir);
    db.busy_timeout(std::time::Duration::ZERO).unwrap();
    let writer = Writer::start(db, None, None).unwrap();
    assert!(matches!(
        writer.run(|db| insert(db, 1)).await,
        Err(StoreError::Busy)
    ));
    other.execute_batch("ROLLBACK").unwrap();
    writer.run(|db| insert(db, 1)).await.unwrap();
}
