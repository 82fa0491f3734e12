//! The files of a log. Each is called after its first entry, and begins with what the entry before it was.
//!
//! An entry is a head (the length of what it says, its number, and eight bytes by which both can be told from anything
//! else), what it says, and its hash: SHA-256 over the hash before it, the head, and what it says.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{LogError, Position, at};

const MAGIC: &[u8; 16] = b"farthing log 1\n\0";
const CHECK: usize = 8;
const HASH: usize = 32;
/// Magic, schema, number and hash of the entry before, check.
pub(super) const HEADER: usize = 16 + 4 + 8 + HASH + CHECK;
/// Length, number, check.
const HEAD: usize = 4 + 8 + CHECK;

/// What a segment begins with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Header {
    /// The version of the schema for which its statements were written.
    pub schema: u32,
    /// The entry before its first.
    pub before: Position,
}

/// Reads a segment's entries one by one.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    last: Position,
}

/// What comes next in a segment.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Next<'a> {
    /// An entry; this is what it says.
    Entry(&'a [u8]),
    /// Nothing.
    End,
    /// An entry that was not written to its end.
    Torn,
    /// Something else than was written.
    Damaged,
}

impl Header {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.schema.to_be_bytes());
        bytes.extend(self.before.seq.to_be_bytes());
        bytes.extend(self.before.hash);
        bytes.extend(check(&bytes));
        bytes
    }

    /// `None` where `bytes` begin with none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (header, check_found) = bytes.get(..HEADER)?.split_at(HEADER - CHECK);
        let header = header
            .strip_prefix(MAGIC)
            .filter(|_| check(header) == check_found)?;
        let (schema, header) = header.split_first_chunk()?;
        let (seq, hash) = header.split_first_chunk()?;
        Some(Self {
            schema: u32::from_be_bytes(*schema),
            before: Position {
                seq: i64::from_be_bytes(*seq),
                hash: hash.try_into().ok()?,
            },
        })
    }
}

impl<'a> Reader<'a> {
    /// For a segment that begins with `header`.
    pub(super) fn new(bytes: &'a [u8], header: &Header) -> Self {
        Self {
            bytes,
            at: HEADER,
            last: header.before,
        }
    }

    pub(super) fn next(&mut self) -> Next<'a> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Next::End;
        }
        // A disk that made a file longer and did not come to write leaves zeros.
        let blank = rest[rest.len().saturating_sub(HASH)..]
            .iter()
            .all(|byte| *byte == 0);
        let Some(length) = self.length(rest) else {
            let torn = rest.len() < HEAD || blank;
            return if torn { Next::Torn } else { Next::Damaged };
        };
        let Some((framed, _)) = rest.split_at_checked(HEAD + length + HASH) else {
            return Next::Torn;
        };
        let (said, hash) = framed.split_at(HEAD + length);
        let expected = chained(&self.last, said);
        if hash != expected {
            let torn = blank && framed.len() == rest.len();
            return if torn { Next::Torn } else { Next::Damaged };
        }
        self.at += framed.len();
        self.last = Position {
            seq: self.last.seq + 1,
            hash: expected,
        };
        Next::Entry(&said[HEAD..])
    }

    /// Whether what comes next is as long as an entry, and nothing is behind it.
    pub(super) fn is_at_last(&self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = self.length(rest);
        length.is_some_and(|length| HEAD + length + HASH == rest.len())
    }

    /// The last entry that was read.
    pub(super) fn last(&self) -> Position {
        self.last
    }

    /// Where the next one begins.
    pub(super) fn offset(&self) -> u64 {
        self.at as u64
    }

    fn length(&self, rest: &[u8]) -> Option<usize> {
        let (said, check_found) = rest.get(..HEAD)?.split_at(HEAD - CHECK);
        let (length, seq) = said.split_first_chunk()?;
        let seq = i64::from_be_bytes(seq.try_into().ok()?);
        let whole = check(said) == check_found && seq == self.last.seq + 1;
        whole.then(|| usize::try_from(u32::from_be_bytes(*length)).ok())?
    }
}

/// Whether a segment's process ended while it was being made.
pub(super) fn is_unmade(bytes: &[u8]) -> bool {
    bytes.len() < HEADER || bytes.iter().all(|byte| *byte == 0)
}

/// The entry after `last` that says `body`, as it is written, and its place.
pub(super) fn framed(last: &Position, body: &[u8]) -> Result<(Vec<u8>, Position), LogError> {
    let length = u32::try_from(body.len()).map_err(|_| LogError::TooLarge)?;
    let seq = last.seq + 1;
    let mut bytes = Vec::with_capacity(HEAD + body.len() + HASH);
    bytes.extend(length.to_be_bytes());
    bytes.extend(seq.to_be_bytes());
    bytes.extend(check(&bytes));
    bytes.extend(body);
    let hash = chained(last, &bytes);
    bytes.extend(hash);
    Ok((bytes, Position { seq, hash }))
}

/// The segments in `folder`, each with the number of its first entry, the first first.
pub(super) fn all(folder: &Path) -> Result<Vec<(i64, PathBuf)>, LogError> {
    let read = |folder: &Path| -> io::Result<Vec<(i64, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let first = name.and_then(|name| name.strip_suffix(".log")?.parse().ok());
            found.extend(first.map(|first| (first, path)));
        }
        found.sort_unstable();
        Ok(found)
    };
    read(folder).map_err(at(folder))
}

/// Where the segment is whose first entry is `first`.
pub(super) fn path(folder: &Path, first: i64) -> PathBuf {
    folder.join(format!("{first:020}.log"))
}

fn chained(last: &Position, said: &[u8]) -> [u8; HASH] {
    let mut hasher = Sha256::new();
    hasher.update(last.hash);
    hasher.update(said);
    hasher.finalize().into()
}

fn check(bytes: &[u8]) -> [u8; CHECK] {
    let mut check = [0; CHECK];
    check.copy_from_slice(&Sha256::digest(bytes)[..CHECK]);
    check
}
