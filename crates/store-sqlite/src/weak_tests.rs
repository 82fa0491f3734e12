//! A test of a test: with a setting weaker than the store's own, the rounds of `tests/power_cut` must find loss.

#[path = "../tests/power_cut/life.rs"]
mod life;
#[path = "../tests/power_cut/load.rs"]
mod load;

use crate::{
    checkpoint::{Bounds, Checkpoints},
    open,
};
use life::Reference;

/// What was found wrong on ten files, with this setting on top of the store's own.
async fn found(setting: &str) -> Vec<String> {
    let reference = Reference::on(crate::memory().unwrap()).await;
    let mut found = Vec::new();
    for seed in 0..10 {
        let lived = life::live(seed, &reference, |path| {
            let db = open::file(path).map_err(|error| error.to_string())?;
            db.execute_batch(setting).map_err(|error| error.to_string())?;
            crate::start(db, None, None).map_err(|error| error.to_string())
        });
        found.extend(lived.await.err());
    }
    found
}

fn lost(found: &[String]) -> usize {
    found
        .iter()
        .filter(|error| error.contains("acknowledged"))
        .count()
}

#[tokio::test]
async fn without_any_sync_it_is_caught() {
    let found = found("PRAGMA synchronous = OFF").await;
    assert!(lost(&found) > 0, "{found:#?}");
}

#[tokio::test]
async fn without_a_sync_at_each_commit_it_is_caught() {
    let found = found("PRAGMA synchronous = NORMAL").await;
    assert!(lost(&found) > 0, "{found:#?}");
}

/// The log is copied into the database and begun anew every few commits, and not once in a thousand pages.
#[tokio::test]
async fn in_many_checkpoints_nothing_is_lost() {
    let found = found("PRAGMA wal_autocheckpoint = 20").await;
    assert!(found.is_empty(), "{found:#?}");
}

/// As above, beside the writer and by it.
#[tokio::test]
async fn in_many_checkpoints_beside_the_writer_nothing_is_lost() {
    let bounds = Bounds {
        worth_it: 10,
        few: 20,
        long: 40,
        too_long: 200,
    };
    let reference = Reference::on(crate::memory().unwrap()).await;
    for seed in 0..10 {
        let lived = life::live(seed, &reference, |path| {
            let mut db = open::file(path).map_err(|error| error.to_string())?;
            let checkpoints =
                Checkpoints::beside(&mut db, path, bounds).map_err(|error| error.to_string())?;
            crate::start(db, None, Some(checkpoints)).map_err(|error| error.to_string())
        });
        lived.await.unwrap();
    }
}
