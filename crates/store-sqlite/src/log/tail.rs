//! The end of a log: where the next entry goes.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use super::{
    LogError, Position, Written, at,
    entry::{self, Texts},
    segment::{self, HEADER, Header, Next, Reader},
};

/// The last segment, as far as the database knows of it.
pub(super) struct Tail {
    path: PathBuf,
    file: File,
    schema: u32,
    /// The last entry that is committed.
    last: Position,
    /// Where it ends.
    end: u64,
    /// Whether there is something behind it that nobody was told of.
    ahead: bool,
    /// A segment that was being made when its process ended: there is no entry in it.
    unmade: Option<PathBuf>,
    texts: Texts,
    /// How many bytes the disk has room for, where a test says so.
    #[cfg(test)]
    pub(super) room: Option<usize>,
}

/// The place before the first entry of the log in `folder`, which has none yet: it is made if there is no log at all.
pub(super) fn begun(
    folder: &Path,
    origin: impl FnOnce() -> Result<Position, rusqlite::Error>,
    schema: u32,
) -> Result<Position, LogError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(at(folder))?;
    let foreign = || LogError::Foreign(folder.to_owned());
    match segment::all(folder)?.as_slice() {
        [] => {}
        // One that was made, and its database never came to know.
        [(1, path)] => {
            let bytes = fs::read(path).map_err(at(path))?;
            if !segment::is_unmade(&bytes) {
                let header = Header::read(&bytes).filter(|_| bytes.len() == HEADER);
                return Ok(header.ok_or_else(foreign)?.before);
            }
        }
        _ => return Err(foreign()),
    }
    let before = origin()?;
    Tail::create(folder, Header { schema, before })?;
    Ok(before)
}

impl Tail {
    /// Makes the segment that begins with `header`.
    pub(super) fn create(folder: &Path, header: Header) -> Result<Self, LogError> {
        let path = segment::path(folder, header.before.seq + 1);
        let make = || {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)?;
            file.write_all_at(&header.to_bytes(), 0)?;
            file.sync_all()?;
            File::open(folder)?.sync_all()?;
            Ok(file)
        };
        Ok(Self {
            file: make().map_err(at(&path))?,
            schema: header.schema,
            last: header.before,
            end: HEADER as u64,
            ahead: false,
            unmade: None,
            #[cfg(test)]
            room: None,
            texts: Texts::default(),
            path,
        })
    }

    /// The end of the log in `folder`, whose last committed entry is `committed`. It is found, or the log is not the
    /// database's, or not whole.
    pub(super) fn find(folder: &Path, committed: &Position) -> Result<Self, LogError> {
        if !folder.exists() {
            return Err(LogError::Missing(folder.to_owned()));
        }
        let missing = || LogError::Missing(folder.to_owned());
        let mut segments = segment::all(folder)?;
        let mut last = segments.pop().ok_or_else(missing)?;
        let mut bytes = fs::read(&last.1).map_err(at(&last.1))?;
        let mut unmade = None;
        if segment::is_unmade(&bytes) {
            let before = segments.pop().ok_or_else(missing)?;
            unmade = Some(std::mem::replace(&mut last, before).1);
            bytes = fs::read(&last.1).map_err(at(&last.1))?;
        }
        let (first, path) = last;
        let damaged = |seq| LogError::Damaged {
            seq,
            path: path.clone(),
        };
        let header = Header::read(&bytes).filter(|header| header.before.seq + 1 == first);
        let header = header.ok_or_else(|| damaged(first))?;
        if header.before.seq > committed.seq {
            return Err(LogError::Ahead(committed.seq));
        }
        let mut texts = Texts::default();
        let mut reader = Reader::new(&bytes, &header);
        while reader.last().seq < committed.seq {
            match reader.next() {
                Next::Entry(body) => {
                    let (new, _) = entry::texts(body).ok_or_else(|| damaged(reader.last().seq))?;
                    texts.learn(new);
                }
                Next::Damaged => return Err(damaged(reader.last().seq + 1)),
                Next::End | Next::Torn => {
                    return Err(LogError::Behind {
                        last: reader.last().seq,
                        committed: committed.seq,
                    });
                }
            }
        }
        if reader.last() != *committed {
            return Err(other(committed, &path));
        }
        let end = reader.offset();
        let ahead = match reader.next() {
            Next::End => false,
            Next::Torn => true,
            // A disk may have written the end of it before the middle.
            Next::Damaged if reader.is_at_last() => true,
            Next::Damaged => return Err(damaged(committed.seq + 1)),
            Next::Entry(_) => match reader.next() {
                Next::End => true,
                _ => return Err(LogError::Ahead(committed.seq)),
            },
        };
        let file = OpenOptions::new().read(true).write(true).open(&path);
        Ok(Self {
            file: file.map_err(at(&path))?,
            schema: header.schema,
            last: *committed,
            end,
            ahead,
            unmade,
            #[cfg(test)]
            room: None,
            texts,
            path,
        })
    }

    /// Cuts off what nobody was told of; whether there was anything.
    pub(super) fn cut(&mut self) -> Result<bool, LogError> {
        if let Some(unmade) = &self.unmade {
            fs::remove_file(unmade).map_err(at(unmade))?;
            self.unmade = None;
        }
        if self.ahead {
            let cut = self.file.set_len(self.end).and_then(|()| self.file.sync_all());
            cut.map_err(at(&self.path))?;
        }
        Ok(std::mem::take(&mut self.ahead))
    }

    /// Writes an entry that says `written`, and waits until it is on the disk. After an error nothing is known of the file's
    /// end.
    pub(super) fn append(&mut self, written: &[Written]) -> Result<Position, LogError> {
        let (body, new) = self.texts.encode(written)?;
        let (bytes, position) = segment::framed(&self.last, &body)?;
        let kept = self.write(&bytes).and_then(|()| self.file.sync_data());
        kept.map_err(at(&self.path))?;
        self.texts.learn(new);
        self.end += bytes.len() as u64;
        self.last = position;
        Ok(position)
    }

    #[cfg(not(test))]
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.end)
    }

    #[cfg(test)]
    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let fits = self.room.unwrap_or(bytes.len()).min(bytes.len());
        self.file.write_all_at(&bytes[..fits], self.end)?;
        if fits < bytes.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    /// Whether this is still the end, and `committed` the last entry.
    pub(super) fn is_at(&self, committed: &Position) -> bool {
        let there = || {
            let (named, open) = (fs::metadata(&self.path)?, self.file.metadata()?);
            Ok::<_, io::Error>(named.ino() == open.ino() && named.len() == self.end)
        };
        !self.is_ahead() && self.last == *committed && there().unwrap_or(false)
    }

    pub(super) fn is_of(&self, path: &Path) -> bool {
        self.path == path
    }

    pub(super) fn is_ahead(&self) -> bool {
        self.ahead || self.unmade.is_some()
    }

    pub(super) fn end(&self) -> u64 {
        self.end
    }

    pub(super) fn schema(&self) -> u32 {
        self.schema
    }
}

fn other(committed: &Position, path: &Path) -> LogError {
    LogError::Other {
        seq: committed.seq,
        path: path.to_owned(),
    }
}
