//! What the disk and the database allow by themselves: one small row a commit, one commit after the other.

use std::{path::Path, time::Duration};

use rusqlite::Connection;
use tokio::time::Instant;

use crate::stored::Stored;

const LENGTH: Duration = Duration::from_secs(2);

/// Commits in a second, with the settings that the provider has.
pub fn a_second(stored: &Stored, folder: &Path) -> u64 {
    match stored {
        Stored::Sqlite => {
            let db = Connection::open(folder.join("bare.db")).unwrap();
            db.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (n INTEGER);",
            )
            .unwrap();
            let mut insert = db.prepare("INSERT INTO bare VALUES (1)").unwrap();
            counted(|| {
                insert.execute([]).unwrap();
            })
        }
        Stored::Postgres(server, url) => {
            // A thousand in one go, so that what is measured is not how fast `psql` starts.
            let _ = server.tell(url, "CREATE TABLE bare (n BIGINT)");
            let begin = Instant::now();
            let commits = "INSERT INTO bare VALUES (1); COMMIT;".repeat(1_000);
            let _ = server.tell(
                url,
                &commits
                    .replace("COMMIT;", "COMMIT AND CHAIN;")
                    .replacen("INSERT", "BEGIN; INSERT", 1),
            );
            let millis = begin.elapsed().as_millis().max(1);
            u64::try_from(1_000_000 / millis).unwrap()
        }
    }
}

fn counted(mut commit: impl FnMut()) -> u64 {
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < LENGTH {
        commit();
        count += 1;
    }
    count / LENGTH.as_secs()
}
