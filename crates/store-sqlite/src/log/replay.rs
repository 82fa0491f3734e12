//! A backup, brought to the end of a log.

use std::{fs, path::Path};

use rusqlite::Connection;

use super::{
    LogError, Position, at, entry, position, schema,
    segment::{self, Header, Next, Reader},
};
use crate::{OpenError, open};

/// How far a log brought a backup.
#[derive(Debug)]
pub struct Replayed {
    /// The last entry that the backup holds.
    pub from: i64,
    /// The last entry that was replayed.
    pub to: i64,
    /// Whether there is an entry behind it that was not written to its end: it was never acknowledged.
    pub torn: bool,
    /// Why what comes after that is not there, if anything does.
    pub broken: Option<LogError>,
}

/// Does on `db` what the log in `folder` says after the entry that `db` holds, as far as it is whole. Every entry is checked
/// before it is done. An error means that `db` and the log have nothing to do with each other, or that it can't go on at
/// all.
pub(crate) fn replay(db: &mut Connection, folder: &Path) -> Result<Replayed, OpenError> {
    let start = position::read(db)?.ok_or(LogError::NoNumber)?;
    let mut segments = segment::all(folder)?;
    let first = segments.iter().rposition(|(first, _)| *first <= start.seq + 1);
    segments.drain(..first.ok_or(LogError::Gap(start.seq + 1))?);
    let mut done = Replayed {
        from: start.seq,
        to: start.seq,
        torn: false,
        broken: None,
    };
    let (mut last, count) = (None, segments.len());
    for (index, (first, path)) in segments.iter().enumerate() {
        let bytes = fs::read(path).map_err(at(path))?;
        if index > 0 && index + 1 == count && segment::is_unmade(&bytes) {
            done.torn = true;
            break;
        }
        let header = Header::read(&bytes).filter(|header| header.before.seq + 1 == *first);
        let Some(header) = header else {
            done.broken = Some(damaged(*first, path));
            break;
        };
        if let Some(broken) = hole(last, &header) {
            done.broken = Some(broken);
            break;
        }
        open::migrate_to(db, header.schema)?;
        if schema(db)? < header.schema {
            return Err(OpenError::Newer(header.schema));
        }
        db.execute_batch("BEGIN IMMEDIATE")?;
        let segment = Segment {
            path,
            header,
            bytes: &bytes,
        };
        let ended = segment.replay(db, &start, &mut done)?;
        db.execute_batch("COMMIT")?;
        last = Some(ended);
        if done.broken.is_some() {
            break;
        }
    }
    Ok(done)
}

struct Segment<'a> {
    path: &'a Path,
    header: Header,
    bytes: &'a [u8],
}

impl Segment<'_> {
    /// The last entry that was read.
    fn replay(&self, db: &Connection, start: &Position, done: &mut Replayed) -> Result<Position, LogError> {
        let mut reader = Reader::new(self.bytes, &self.header);
        let mut known = Vec::new();
        done.torn = false;
        loop {
            if reader.last().seq == start.seq && reader.last() != *start {
                return Err(LogError::Other {
                    seq: start.seq,
                    path: self.path.to_owned(),
                });
            }
            match reader.next() {
                Next::Entry(body) if reader.last().seq <= start.seq => {
                    let (new, _) = entry::texts(body).ok_or_else(|| damaged(reader.last().seq, self.path))?;
                    known.extend(new.into_iter().map(str::to_owned));
                }
                Next::Entry(body) => {
                    let seq = reader.last().seq;
                    entry::run(db, &mut known, body).map_err(|problem| LogError::Replay { seq, problem })?;
                    done.to = seq;
                }
                Next::End | Next::Torn if reader.last().seq < start.seq => {
                    return Err(LogError::Gap(reader.last().seq + 1));
                }
                Next::End => break,
                Next::Torn => {
                    done.torn = true;
                    break;
                }
                Next::Damaged => {
                    done.broken = Some(damaged(reader.last().seq + 1, self.path));
                    break;
                }
            }
        }
        if reader.last().seq >= start.seq {
            position::write(db, &reader.last())?;
        }
        Ok(reader.last())
    }
}

/// What is missing between the entry that was read last and the segment that follows, if anything.
fn hole(last: Option<Position>, next: &Header) -> Option<LogError> {
    let last = last.filter(|last| *last != next.before)?;
    Some(LogError::Gap(last.seq + 1))
}

fn damaged(seq: i64, path: &Path) -> LogError {
    LogError::Damaged {
        seq,
        path: path.to_owned(),
    }
}
