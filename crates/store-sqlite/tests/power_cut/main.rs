//! What the store acknowledged survives a power cut, and what it refused does not come back.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod life;
mod load;

use std::path::Path;

use farthing_gateway::{ChargeStore, StoreError};
use farthing_power_cut::{Fault, Kept, PowerCut};
use farthing_store_sqlite::SqliteStore;

use life::Reference;

fn open(path: &Path) -> Result<SqliteStore, String> {
    farthing_store_sqlite::open(path).map_err(|error| error.to_string())
}

/// 200 rounds.
#[tokio::test]
async fn what_was_acknowledged_survives() {
    let reference = Reference::on(farthing_store_sqlite::memory().unwrap()).await;
    let mut acknowledged = 0;
    for seed in 0..25 {
        acknowledged += life::live(seed, &reference, open).await.unwrap();
    }
    assert!(
        acknowledged > 3_000,
        "only {acknowledged} steps were acknowledged while the power came and went"
    );
}

/// The log, on a disk that keeps its power, goes on with the database through everything, and gives back all of it.
#[tokio::test]
async fn with_a_log_it_survives_the_database_too() {
    let reference = Reference::on(farthing_store_sqlite::memory().unwrap()).await;
    for seed in 0..10 {
        let kept = tempfile::tempdir().unwrap();
        let (log, backup) = (kept.path().join("log"), kept.path().join("backup.db"));
        let open = |path: &Path| {
            let opened = farthing_store_sqlite::open_logged(path, &log).map_err(|error| error.to_string())?;
            if !backup.exists() {
                // The power may be cut meanwhile: then the next start makes it.
                let _ = farthing_store_sqlite::copy(path, &backup);
            }
            Ok(opened.0)
        };
        let acknowledged = life::live(seed, &reference, open).await.unwrap();
        let restored = kept.path().join("restored.db");
        farthing_store_sqlite::restore(&backup, &restored, Some(&log)).unwrap();
        let (store, cut) = farthing_store_sqlite::open_logged(&restored, &log).unwrap();
        assert_eq!(cut, None);
        let ledger = store.ledger().await.unwrap();
        let mut ended = 0;
        for (n, after) in (0..).zip(&reference.0) {
            let seen = load::seen(&store, n, &ledger).await.unwrap();
            let begun = seen != after[0];
            assert!(
                !begun || Some(&seen) == after.last(),
                "file {seed}, payment {n}: {seen}"
            );
            ended += usize::from(begun);
        }
        assert!(
            ended * load::STEPS >= acknowledged,
            "file {seed}: {ended} payments ended"
        );
    }
}

/// One payment on one file.
struct One {
    dir: tempfile::TempDir,
    power: PowerCut,
}

impl One {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let power = PowerCut::over(dir.path()).unwrap();
        Self { dir, power }
    }

    fn open(&self) -> SqliteStore {
        open(&self.dir.path().join("f.db")).unwrap()
    }

    /// Takes the next step while the next `syncs` syncs fail.
    async fn step(
        &self,
        store: &SqliteStore,
        done: usize,
        syncs: usize,
        kept: Kept,
    ) -> Result<(), StoreError> {
        for _ in 0..syncs {
            self.power.fail_from(0, Fault::Sync(kept));
        }
        let taken = load::step(store, 0, done).await?;
        assert!(taken);
        Ok(())
    }

    async fn cut(&self, store: SqliteStore, kept: Kept) -> SqliteStore {
        self.power.cut(kept, 1);
        drop(store);
        self.power.restore().unwrap();
        self.open()
    }
}

async fn seen(store: &SqliteStore) -> Result<String, StoreError> {
    load::seen(store, 0, &store.ledger().await?).await
}

/// The commit is in the log, and the disk may have it, whatever the sync said.
#[tokio::test]
async fn a_commit_that_failed_does_not_come_back() {
    for kept in [Kept::Nothing, Kept::Everything] {
        let one = One::new();
        let store = one.open();
        one.step(&store, 0, 0, kept).await.unwrap();
        let before = seen(&store).await.unwrap();
        let failed = one.step(&store, 1, 1, kept).await;
        assert!(matches!(failed, Err(StoreError::Failed(_))), "{failed:?}");
        assert_eq!(seen(&store).await.unwrap(), before);
        let store = one.cut(store, Kept::Everything).await;
        assert_eq!(seen(&store).await.unwrap(), before);
        one.step(&store, 1, 0, kept).await.unwrap();
        let after = seen(&store).await.unwrap();
        assert_eq!(seen(&one.cut(store, Kept::Nothing).await).await.unwrap(), after);
    }
}

/// As long as nobody knows, nobody is told anything that may turn out to be wrong.
#[tokio::test]
async fn a_commit_in_doubt_is_not_told_as_a_failure() {
    let one = One::new();
    let store = one.open();
    one.step(&store, 0, 0, Kept::Nothing).await.unwrap();
    let before = seen(&store).await.unwrap();
    let doubtful = one.step(&store, 1, 3, Kept::Everything).await;
    assert!(matches!(doubtful, Err(StoreError::InDoubt(_))), "{doubtful:?}");
    let read = store.ledger().await;
    assert!(matches!(read, Err(StoreError::Failed(_))), "{read:?}");
    assert_eq!(
        seen(&store).await.unwrap(),
        before,
        "the third sync has failed, and the fourth has settled it"
    );
    assert_eq!(
        seen(&one.cut(store, Kept::Everything).await).await.unwrap(),
        before
    );
}

/// A process is killed between write and sync. The next one finds the write, and must not show it to anyone
/// before it is on the disk.
#[tokio::test]
async fn what_was_shown_survives() {
    let (mut moments, mut shown) = (0, 0);
    loop {
        let one = One::new();
        let store = one.open();
        one.step(&store, 0, 0, Kept::Nothing).await.unwrap();
        let before = seen(&store).await.unwrap();
        moments += 1;
        one.power.kill_at(one.power.operations() + moments);
        if one.step(&store, 1, 0, Kept::Nothing).await.is_ok() {
            break;
        }
        drop(store);
        one.power.restore().unwrap();
        let store = one.open();
        let found = seen(&store).await.unwrap();
        shown += usize::from(found != before);
        assert_eq!(
            seen(&one.cut(store, Kept::Nothing).await).await.unwrap(),
            found,
            "moment {moments}"
        );
    }
    assert!(
        shown > 0,
        "no kill of {moments} left a commit that was not acknowledged"
    );
}
