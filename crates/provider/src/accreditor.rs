//! `farthing accreditor`: an accreditor's key and book, in one folder. The rules are
//! [`farthing_gateway::accreditation::issue`]; here they meet the disk.

use std::{
    fmt::Write as _,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    Rng,
    accreditation::{
        Status,
        issue::{Book, BookError},
    },
    jose::{Jwk, SigningKey},
};
use farthing_protocol::{Label, Language, Origin, UnixSeconds};
use zeroize::Zeroizing;

use crate::{config::key_bytes, file, page::date::date};

const KEY: &str = "accreditor.key";
const BOOK: &str = "book.json";
/// A full book with the longest names is smaller.
const BOOK_BYTES: u64 = 64 * 1024 * 1024;
const DAY_S: i64 = 24 * 60 * 60;

/// What to do with the statements of an origin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// Take them back for now.
    Suspend,
    /// Take them back for good.
    Revoke,
    /// Let what was suspended stand again.
    Reinstate,
}

/// Why it was not done. What is on the disk is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AccreditorError {
    /// There is one already.
    #[error("{} is there already, and statements may depend on it: nothing was written", .0.display())]
    Exists(PathBuf),
    /// There is none yet.
    #[error("there is no {}; `farthing accreditor init` makes one", .0.display())]
    Missing(PathBuf),
    /// Two at once could give one place to two statements.
    #[error("another `farthing accreditor` is at work in {}; try again when it is done", .0.display())]
    Busy(PathBuf),
    /// The system said no.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// Not a book, or one that was changed by hand.
    #[error("{}: {problem}", path.display())]
    Book {
        /// The file.
        path: PathBuf,
        /// What is wrong, and in which line.
        problem: String,
    },
    /// Not a key.
    #[error("{} holds no private key on P-256 in base64url, as `farthing accreditor init` writes it", .0.display())]
    Key(PathBuf),
    /// The book says no.
    #[error(transparent)]
    Refused(#[from] BookError),
    /// Eight draws in a row were no key: the random source is broken.
    #[error("the system's random source gives no key")]
    Random,
}

/// Makes a key and an empty book in `folder`. Overwrites nothing. Returns what to say: the entry that a
/// provider needs, to trust this accreditor.
pub fn init(folder: &Path, id: Origin, name: Label, rng: &impl Rng) -> Result<String, AccreditorError> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let _lock = lock(folder)?;
    for name in [KEY, BOOK] {
        let path = folder.join(name);
        if path.exists() {
            return Err(AccreditorError::Exists(path));
        }
    }
    let (scalar, key) = (0..8)
        .find_map(|_| {
            let mut scalar = Zeroizing::new([0; 32]);
            rng.fill(&mut *scalar);
            SigningKey::from_scalar(&scalar).map(|key| (scalar, key))
        })
        .ok_or(AccreditorError::Random)?;
    let text = Zeroizing::new(Base64UrlUnpadded::encode_string(&*scalar));
    let book = Book::new(id, name);
    replace(folder, KEY, text.as_bytes())?;
    save(folder, &book)?;
    Ok(format!(
        "wrote {key_path} (keep it to yourself) and {book_path} (keep a copy)\n\n\
         A provider trusts this accreditor by this entry:\n\n\
         {entry}\n\
         It looks for status lists at {uri}\n",
        key_path = folder.join(KEY).display(),
        book_path = folder.join(BOOK).display(),
        entry = entry_of(&book, &key),
        uri = book.status_uri(),
    ))
}

/// The entry that a provider needs to trust the accreditor in `folder`: TOML, its last line ended.
pub fn entry(folder: &Path) -> Result<String, AccreditorError> {
    let (_lock, book) = open(folder)?;
    Ok(entry_of(&book, &key(folder)?))
}

fn entry_of(book: &Book, key: &SigningKey) -> String {
    format!(
        "[[accreditors]]\nid = \"{id}\"\nname = {name}\nkeys = [\n  {jwk},\n]\n",
        id = book.id(),
        // JSON's way to write a text is one of TOML's.
        name = serde_json::Value::from(book.name().as_str()),
        jwk = inline_table(key.jwk()),
    )
}

/// Vouches for `origin` for so many days: the statement.
pub fn issue(
    folder: &Path,
    origin: Origin,
    name: Option<Label>,
    days: i64,
    now: UnixSeconds,
) -> Result<String, AccreditorError> {
    let (_lock, mut book) = open(folder)?;
    let key = key(folder)?;
    let idx = book.issue(origin, name, now, days.saturating_mul(DAY_S))?.idx;
    let statement = book.statement(&key, idx)?;
    // The place is taken before anybody sees the statement.
    save(folder, &book)?;
    Ok(statement)
}

/// Changes how the statements of `origin` stand. Returns what to say.
pub fn change(
    folder: &Path,
    origin: &Origin,
    change: Change,
    now: UnixSeconds,
) -> Result<String, AccreditorError> {
    let (_lock, mut book) = open(folder)?;
    let (count, done) = match change {
        Change::Suspend => (book.suspend(origin, now)?, "suspended"),
        Change::Revoke => (book.revoke(origin, now)?, "revoked"),
        Change::Reinstate => (book.reinstate(origin, now)?, "reinstated"),
    };
    save(folder, &book)?;
    let statements = if count == 1 { "statement" } else { "statements" };
    Ok(format!(
        "{done} {count} {statements} of {origin}. Providers learn of it from the next status list:\n\
         publish `farthing accreditor status-list --dir {}` at {}\n",
        folder.display(),
        book.status_uri(),
    ))
}

/// What was issued, a line each.
pub fn list(folder: &Path, now: UnixSeconds) -> Result<String, AccreditorError> {
    let (_lock, book) = open(folder)?;
    let mut text = String::new();
    for entry in book.entries() {
        let standing = match entry.status {
            _ if entry.expires_at <= now => "expired",
            Status::Valid => "valid",
            Status::Suspended => "suspended",
            Status::Revoked => "revoked",
        };
        let (_, until) = date(entry.expires_at, Language::En);
        let name = entry.name.as_ref().map_or("", Label::as_str);
        let line = format!(
            "{:>5}  {standing:<9}  until {until}  {}  {name}",
            entry.idx, entry.origin
        );
        // Writing to a String can't fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    Ok(text)
}

/// The status list of this moment, signed, for so many days.
pub fn status_list(folder: &Path, days: i64, now: UnixSeconds) -> Result<String, AccreditorError> {
    let (_lock, book) = open(folder)?;
    Ok(book.status_list(&key(folder)?, now, days.saturating_mul(DAY_S))?)
}

/// Holds the folder against every other `farthing accreditor`, until it is dropped.
fn lock(folder: &Path) -> Result<File, AccreditorError> {
    let file = File::open(folder).map_err(|error| failed(folder, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AccreditorError::Busy(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(failed(folder, error)),
    }
}

fn open(folder: &Path) -> Result<(File, Book), AccreditorError> {
    let path = folder.join(BOOK);
    if !path.exists() {
        return Err(AccreditorError::Missing(path));
    }
    let lock = lock(folder)?;
    let wrong = |problem: String| AccreditorError::Book {
        path: path.clone(),
        problem,
    };
    let length = fs::metadata(&path).map_err(|error| failed(&path, error))?.len();
    if length > BOOK_BYTES {
        return Err(wrong("is longer than 64 MiB, which no book is".to_owned()));
    }
    let text = fs::read(&path).map_err(|error| failed(&path, error))?;
    let book = serde_json::from_slice(&text).map_err(|error| wrong(format!("is no book: {error}")))?;
    Ok((lock, book))
}

fn key(folder: &Path) -> Result<SigningKey, AccreditorError> {
    let path = folder.join(KEY);
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(AccreditorError::Missing(path)),
        Err(error) => return Err(failed(&path, error)),
    };
    key_bytes(text.trim())
        .and_then(|scalar| SigningKey::from_scalar(&scalar))
        .ok_or(AccreditorError::Key(path))
}

fn save(folder: &Path, book: &Book) -> Result<(), AccreditorError> {
    let text = serde_json::to_vec_pretty(book).map_err(|error| failed(&folder.join(BOOK), error.into()))?;
    replace(folder, BOOK, &text)
}

/// At one stroke: the folder is locked.
fn replace(folder: &Path, name: &str, contents: &[u8]) -> Result<(), AccreditorError> {
    let path = folder.join(name);
    let contents = Zeroizing::new([contents, b"\n"].concat());
    file::replace(&path, &contents).map_err(|error| failed(&path, error))
}

fn failed(path: &Path, error: io::Error) -> AccreditorError {
    AccreditorError::Io {
        path: path.to_owned(),
        error,
    }
}

pub(crate) fn inline_table(jwk: &Jwk) -> String {
    let (kty, members) = match jwk {
        Jwk::EC { crv, x, y, kid } => (
            "EC",
            vec![
                ("crv", Some(crv)),
                ("x", Some(x)),
                ("y", Some(y)),
                ("kid", kid.as_ref()),
            ],
        ),
        Jwk::OKP { crv, x, kid } => (
            "OKP",
            vec![("crv", Some(crv)), ("x", Some(x)), ("kid", kid.as_ref())],
        ),
    };
    let mut text = format!("{{ kty = \"{kty}\"");
    for (name, value) in members {
        if let Some(value) = value {
            let _ = write!(text, ", {name} = \"{value}\"");
        }
    }
    text + " }"
}
