//! What is read of a log of which a part is lost, or a byte changed.

use std::{fs, path::Path};

use farthing_gateway::StoreError;
use farthing_store_sql::db::{Db, Value};
use fastrand::Rng;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    LogError,
    segment::{self, HEADER, Header, Next, Reader},
};
use crate::{OpenError, db::Transaction, writer::Writer};

/// A database with a log.
pub(super) struct Kept {
    pub dir: TempDir,
    pub writer: Writer,
}

impl Kept {
    pub(super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let writer = logged(dir.path()).unwrap();
        crate::copy(&dir.path().join("f.db"), &dir.path().join("backup.db")).unwrap();
        Self { dir, writer }
    }

    pub(super) fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn segment(&self, first: i64) -> std::path::PathBuf {
        segment::path(&self.path("log"), first)
    }

    pub(super) async fn put(&self, n: u32) -> Result<(), StoreError> {
        self.writer.run(move |db| put(&Transaction(db), n)).await
    }

    /// What the first backup and the log give.
    pub(super) fn restored(&self) -> Result<(crate::Replayed, Vec<String>), crate::CopyError> {
        let to = tempfile::tempdir().unwrap();
        let to = to.path().join("r.db");
        let replayed = crate::restore(&self.path("backup.db"), &to, Some(&self.path("log")))?;
        Ok((replayed.unwrap(), orders(&to)))
    }
}

pub(super) fn logged(dir: &Path) -> Result<Writer, OpenError> {
    crate::open_logged(&dir.join("f.db"), &dir.join("log")).map(|(store, _)| store.into_engine())
}

pub(super) fn put(db: &dyn Db, n: u32) -> Result<(), StoreError> {
    let (reference, digest) = (format!("order-{n}"), [7; 32]);
    db.change(
        "INSERT INTO orders (merchant, reference, digest) VALUES ('m', :reference, :digest)",
        &[
            (":reference", Value::Text(Some(&reference))),
            (":digest", Value::Bytes(Some(&digest))),
        ],
    )?;
    Ok(())
}

pub(super) fn orders(path: &Path) -> Vec<String> {
    let db = Connection::open(path).unwrap();
    let mut all = db
        .prepare("SELECT reference || hex(digest) FROM orders ORDER BY 1")
        .unwrap();
    let all = all.query_map([], |row| row.get(0)).unwrap();
    all.collect::<Result<_, _>>().unwrap()
}

/// Something that writes, or nothing, or that fails after it wrote.
fn anything(db: &dyn Db, rng: &mut Rng) -> Result<(), StoreError> {
    for _ in 0..rng.u8(0..4) {
        let (reference, digest) = (format!("order-{}", rng.u8(0..20)), [rng.u8(..); 32]);
        let reference = (":reference", Value::Text(Some(&reference)));
        let digest = (":digest", Value::Bytes(Some(&digest)));
        match rng.u8(0..3) {
            0 => {
                db.change(
                    "INSERT INTO orders (merchant, reference, digest) VALUES ('m', :reference, :digest)
                     ON CONFLICT DO NOTHING",
                    &[reference, digest],
                )?;
            }
            1 => {
                db.change(
                    "UPDATE orders SET digest = :digest WHERE reference >= :reference",
                    &[reference, digest],
                )?;
            }
            _ => db.query(
                "DELETE FROM orders WHERE reference < :reference AND digest <> :digest RETURNING reference",
                &[reference, digest],
                &mut |_| Ok(true),
            )?,
        }
    }
    if rng.u8(0..5) == 0 {
        return Err(StoreError::Failed("it changed its mind".to_owned()));
    }
    Ok(())
}

/// A life of forty operations, and what the database held after each entry.
async fn lived(seed: u64) -> (Kept, Vec<Vec<String>>) {
    let kept = Kept::new();
    let mut held = vec![vec![]];
    for step in 0..40 {
        let mut rng = Rng::with_seed(seed * 1_000 + step);
        let _ = kept
            .writer
            .run(move |db| anything(&Transaction(db), &mut rng))
            .await;
        let last = crate::logged(&kept.path("f.db")).unwrap().unwrap();
        if usize::try_from(last).unwrap() == held.len() {
            held.push(orders(&kept.path("f.db")));
        }
    }
    (kept, held)
}

#[tokio::test]
async fn what_was_done_is_done_again() {
    for seed in 0..10 {
        let (kept, held) = lived(seed).await;
        let (replayed, restored) = kept.restored().unwrap();
        assert_eq!(Some(&restored), held.last());
        assert_eq!(usize::try_from(replayed.to).unwrap(), held.len() - 1);
        assert!(!replayed.torn && replayed.broken.is_none());
        assert!(held.len() > 10, "too little was written");
    }
}

/// Where each entry ends, and the bytes of the only segment.
fn ends(bytes: &[u8]) -> Vec<usize> {
    let header = Header::read(bytes).unwrap();
    let mut reader = Reader::new(bytes, &header);
    let mut ends = vec![HEADER];
    while matches!(reader.next(), Next::Entry(_)) {
        ends.push(usize::try_from(reader.offset()).unwrap());
    }
    assert_eq!(ends.last(), Some(&bytes.len()));
    ends
}

fn read(bytes: &[u8]) -> (usize, Next<'_>) {
    let header = Header::read(bytes).unwrap();
    let mut reader = Reader::new(bytes, &header);
    let mut count = 0;
    loop {
        match reader.next() {
            Next::Entry(_) => count += 1,
            end => return (count, end),
        }
    }
}

#[tokio::test]
async fn a_log_cut_at_any_byte_gives_all_entries_before_it() {
    let (kept, held) = lived(99).await;
    let path = kept.segment(1);
    let whole = fs::read(&path).unwrap();
    let ends = ends(&whole);
    for cut in HEADER..whole.len() {
        let before = ends.iter().filter(|end| **end <= cut).count() - 1;
        let end = if ends.contains(&cut) {
            Next::End
        } else {
            Next::Torn
        };
        assert_eq!(read(&whole[..cut]), (before, end), "cut at {cut}");
        // The disk may have made the file longer already.
        if cut > ends[ends.len() - 2] {
            let mut blank = whole.clone();
            blank[cut.min(whole.len() - 32)..].fill(0);
            assert_eq!(read(&blank), (ends.len() - 2, Next::Torn), "blank from {cut}");
        }
    }
    for cut in (HEADER..whole.len()).step_by(97) {
        fs::write(&path, &whole[..cut]).unwrap();
        let before = ends.iter().filter(|end| **end <= cut).count() - 1;
        let (replayed, restored) = kept.restored().unwrap();
        assert_eq!(restored, held[before], "cut at {cut}");
        assert_eq!(
            (usize::try_from(replayed.to).unwrap(), replayed.torn),
            (before, !ends.contains(&cut))
        );
    }
}

#[tokio::test]
async fn a_byte_that_changed_is_found_and_nothing_behind_it_is_done() {
    let (kept, held) = lived(7).await;
    let path = kept.segment(1);
    let whole = fs::read(&path).unwrap();
    let ends = ends(&whole);
    let mut rng = Rng::with_seed(1);
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= rng.u8(1..);
        if at < HEADER {
            assert_eq!(Header::read(&changed), None, "byte {at}");
            continue;
        }
        let before = ends.iter().filter(|end| **end <= at).count() - 1;
        assert_eq!(read(&changed), (before, Next::Damaged), "byte {at}");
        if at % 97 == 0 {
            fs::write(&path, &changed).unwrap();
            let (replayed, restored) = kept.restored().unwrap();
            assert_eq!(restored, held[before], "byte {at}");
            let expected = i64::try_from(before).unwrap() + 1;
            assert!(
                matches!(replayed.broken, Some(LogError::Damaged { seq, .. }) if seq == expected),
                "{replayed:?}"
            );
        }
    }
}

/// Of an entry that was left out, and of two that changed places, the chain knows.
#[tokio::test]
async fn entries_in_another_order_are_found() {
    let (kept, _) = lived(3).await;
    let whole = fs::read(kept.segment(1)).unwrap();
    let ends = ends(&whole);
    let entry = |n: usize| &whole[ends[n]..ends[n + 1]];
    let without = [&whole[..ends[1]], &whole[ends[2]..]].concat();
    assert_eq!(read(&without), (1, Next::Damaged));
    let turned = [&whole[..ends[1]], entry(2), entry(1), &whole[ends[3]..]].concat();
    assert_eq!(read(&turned), (1, Next::Damaged));
}

/// The number alone is right: another log's entry in the place of one of this.
#[tokio::test]
async fn an_entry_of_another_log_is_found() {
    let [one, other] = [lived(3).await.0, lived(4).await.0].map(|kept| fs::read(kept.segment(1)).unwrap());
    let (first, second) = (ends(&one), ends(&other));
    let mixed = [&one[..first[2]], &other[second[2]..]].concat();
    assert_eq!(read(&mixed), (2, Next::Damaged));
}
