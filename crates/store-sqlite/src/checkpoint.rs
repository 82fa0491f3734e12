//! SQLite's write-ahead log is copied into the database beside the writer, and not by it. Pages of a large database lie
//! far apart, so that copying a thousand of them takes a tenth of a second, in which nobody should have to wait.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use rusqlite::Connection;

use crate::OpenError;

/// When what is copied, in pages of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// That are not copied yet, from which on copying is worth it.
    pub worth_it: u32,
    /// That the writer copies itself without being late for anybody.
    pub few: u32,
    /// From which on the writer copies the last few, so that the log begins anew: while there is always one more,
    /// whoever copies beside the writer never comes to the end of it.
    pub long: u32,
    /// From which on the writer copies however many there are: a disk has an end.
    pub too_long: u32,
}

/// At most 256 MiB.
pub(crate) const BOUNDS: Bounds = Bounds {
    worth_it: 1_000,
    few: 256,
    long: 8_192,
    too_long: 65_536,
};

/// Who copies beside the writer of a file.
pub(crate) struct Checkpoints {
    bounds: Bounds,
    wal: Arc<Wal>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How far the log has come, in pages since it began.
#[derive(Default)]
struct Wal {
    written: AtomicU32,
    copied: AtomicU32,
}

/// What is to be done after a commit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Due {
    Nothing,
    /// The thread copies.
    Beside,
    /// The writer copies, and the log begins anew.
    Now,
}

impl Checkpoints {
    /// For the file at `path`, which `writer` writes to: it copies nothing by itself any more.
    pub(crate) fn beside(writer: &mut Connection, path: &Path, bounds: Bounds) -> Result<Self, OpenError> {
        let wal = Arc::new(Wal::default());
        let heard = Arc::clone(&wal);
        // In the place of the hook by which SQLite copies after a commit.
        writer.wal_hook(Some(move |_: &mut _, pages: std::ffi::c_int| {
            heard.written.store(pages.unsigned_abs(), Ordering::Relaxed);
            Ok(())
        }))?;
        let copier = Connection::open(path)?;
        copier.execute_batch("PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;")?;
        let (wake, woken) = sync_channel(1);
        let tells = Arc::clone(&wal);
        let thread = std::thread::Builder::new()
            .name("store-copy".to_owned())
            .spawn(move || work(&copier, &woken, &tells))?;
        Ok(Self {
            bounds,
            wal,
            wake: Some(wake),
            thread: Some(thread),
        })
    }

    /// After a commit of `writer`, and after its answers.
    pub(crate) fn after_commit(&self, writer: &Connection) {
        match self.bounds.due(self.wal.written(), self.wal.copied()) {
            Due::Nothing => {}
            Due::Beside => {
                if let Some(wake) = &self.wake {
                    // It is awake where there is no room.
                    let _ = wake.try_send(());
                }
            }
            Due::Now => copy(writer, &self.wal),
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked copies nothing more.
            let _ = thread.join();
        }
    }
}

impl Wal {
    fn written(&self) -> u32 {
        self.written.load(Ordering::Relaxed)
    }

    fn copied(&self) -> u32 {
        self.copied.load(Ordering::Relaxed)
    }
}

impl Bounds {
    fn due(self, written: u32, copied: u32) -> Due {
        // What was copied of a longer log is not of this one, which began anew.
        let left = if copied > written {
            written
        } else {
            written - copied
        };
        if written >= self.too_long || (written >= self.long && left <= self.few) {
            Due::Now
        } else if left >= self.worth_it || written >= self.long {
            Due::Beside
        } else {
            Due::Nothing
        }
    }
}

fn work(copier: &Connection, woken: &Receiver<()>, wal: &Wal) {
    while woken.recv().is_ok() {
        copy(copier, wal);
    }
}

/// Copies what nobody reads any more. Where that fails nothing is lost: the log has it, and the next one copies it.
fn copy(db: &Connection, wal: &Wal) {
    let copied = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(2));
    if let Ok(Ok(copied)) = copied.map(u32::try_from) {
        wal.copied.store(copied, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writer_copies_few_pages_or_none_unless_the_disk_would_fill() {
        for (written, copied, wanted) in [
            (0, 0, Due::Nothing),
            (999, 0, Due::Nothing),
            (1_000, 0, Due::Beside),
            (5_000, 4_500, Due::Nothing),
            (8_191, 8_150, Due::Nothing),
            (8_192, 7_900, Due::Beside),
            (8_192, 8_150, Due::Now),
            (65_535, 1_000, Due::Beside),
            (65_536, 1_000, Due::Now),
            (999, 8_000, Due::Nothing),
            (1_000, 8_000, Due::Beside),
        ] {
            assert_eq!(
                BOUNDS.due(written, copied),
                wanted,
                "{written} written, {copied} copied"
            );
        }
    }

    /// However long there is always one more who writes, the log begins anew.
    #[test]
    fn the_log_begins_anew_under_load() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f.db");
        let mut db = Connection::open(&path).unwrap();
        db.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (b BLOB)")
            .unwrap();
        let checkpoints = Checkpoints::beside(&mut db, &path, BOUNDS).unwrap();
        let (mut longest, mut anew) = (0, 0);
        let mut before = 0;
        while anew < 3 {
            db.execute("INSERT INTO t VALUES (zeroblob(40000))", []).unwrap();
            checkpoints.after_commit(&db);
            let written = checkpoints.wal.written();
            anew += u32::from(written < before);
            longest = longest.max(written);
            before = written;
            assert!(written < BOUNDS.too_long + 100, "the log has {written} pages");
        }
        drop(checkpoints);
        let rows: i64 = db
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
            .unwrap();
        assert!(rows > 2_000, "{rows} rows, longest log {longest}");
        let said: String = db
            .query_row("PRAGMA integrity_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(said, "ok");
    }
}
