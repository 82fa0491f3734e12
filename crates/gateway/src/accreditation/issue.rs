//! The accreditor's side: a book of what was issued, and what is signed from it.
//!
//! Every statement has a place of its own in the status list, and keeps it: the book only grows.

use farthing_protocol::{Label, Origin, UnixSeconds};
use serde::{Deserialize, Serialize};

use super::{
    STATEMENT_LIFETIME_S, STATEMENT_TYP, STATUS_LIST_LIFETIME_S, STATUS_LIST_TYP, Status, TRUST_MARK_TYPE,
    statement, status,
};
use crate::jose::{SigningKey, encode};

/// The most statements that one book has.
pub const BOOK_ENTRIES: usize = 65_536;
/// The list has this size from the beginning. Its length tells nobody how many there are, and a list that is
/// older than a statement already has a place for it.
const LIST_BYTES: usize = BOOK_ENTRIES / 4;
/// Providers look for a newer list this often.
const TTL_S: i64 = 12 * 60 * 60;

/// Whom an accreditor has vouched for, and how each statement stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "Written")]
pub struct Book {
    id: Origin,
    name: Label,
    entries: Vec<Entry>,
}

/// One statement that was issued.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its place in the status list, and in the book.
    pub idx: u32,
    /// For whom it vouches.
    pub origin: Origin,
    /// The merchant's name, for whoever reads the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// From when on it is not valid any more.
    pub expires_at: UnixSeconds,
    /// How it stands.
    pub status: Status,
}

/// Why nothing was done. The book is as it was.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BookError {
    /// An entry was taken out, moved or put in by hand.
    #[error("entry {0} has another idx than its place: entries are never taken out or moved")]
    Order(usize),
    /// As many as [`BOOK_ENTRIES`].
    #[error("the book is full: it has 65,536 entries; begin a new one under another id")]
    Full,
    /// Out of [`STATEMENT_LIFETIME_S`].
    #[error("a statement is valid for 1 to 400 days")]
    Lifetime,
    /// Out of [`STATUS_LIST_LIFETIME_S`].
    #[error("a status list is valid for 1 to 31 days")]
    ListLifetime,
    /// Nothing was issued to the origin, or it has expired.
    #[error("{0} has no statement that is still running; `issue` makes one")]
    NoStatement(Origin),
    /// There is no such place.
    #[error("there is no entry {0}")]
    NoEntry(u32),
    /// It is so already.
    #[error("{0} is {how} already", how = word(*.1))]
    Already(Origin, Status),
    /// Revoked is for good.
    #[error("{0} is revoked, and what is revoked does not come back; `issue` vouches anew")]
    Revoked(Origin),
    /// A new statement would go around the suspension.
    #[error("{0} is suspended; reinstate or revoke it first")]
    Suspended(Origin),
    /// Something that should not fail did.
    #[error("signing: {0}")]
    Signing(String),
}

impl Book {
    /// An empty book of the accreditor `name`, whose entity id is `id`.
    #[must_use]
    pub fn new(id: Origin, name: Label) -> Self {
        Self {
            id,
            name,
            entries: Vec::new(),
        }
    }

    /// The accreditor's entity id.
    #[must_use]
    pub fn id(&self) -> &Origin {
        &self.id
    }

    /// The accreditor's name.
    #[must_use]
    pub fn name(&self) -> &Label {
        &self.name
    }

    /// What was issued, in its order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where the signed list has to be served: the `uri` of every statement.
    #[must_use]
    pub fn status_uri(&self) -> String {
        format!("{}/statuslists/1", self.id)
    }

    /// Vouches for `origin`, for `lifetime_s` seconds from `now`: its entry, for [`Book::statement`]. An
    /// origin may have several that are running, so that one can take the place of another in time.
    pub fn issue(
        &mut self,
        origin: Origin,
        name: Option<Label>,
        now: UnixSeconds,
        lifetime_s: i64,
    ) -> Result<&Entry, BookError> {
        if !(1..=STATEMENT_LIFETIME_S).contains(&lifetime_s) {
            return Err(BookError::Lifetime);
        }
        if self.entries.len() >= BOOK_ENTRIES {
            return Err(BookError::Full);
        }
        if self
            .running(&origin, now)
            .any(|entry| entry.status == Status::Suspended)
        {
            return Err(BookError::Suspended(origin));
        }
        let idx = u32::try_from(self.entries.len()).map_err(|_| BookError::Full)?;
        self.entries.push(Entry {
            idx,
            origin,
            name,
            issued_at: now,
            expires_at: now.plus(lifetime_s),
            status: Status::Valid,
        });
        self.entries.last().ok_or(BookError::NoEntry(idx))
    }

    /// Takes back, for now, every valid statement of `origin`. Returns how many.
    pub fn suspend(&mut self, origin: &Origin, now: UnixSeconds) -> Result<usize, BookError> {
        self.change(origin, now, &[Status::Valid], Status::Suspended)
    }

    /// Takes back, for good, every statement of `origin`. Returns how many.
    pub fn revoke(&mut self, origin: &Origin, now: UnixSeconds) -> Result<usize, BookError> {
        self.change(origin, now, &[Status::Valid, Status::Suspended], Status::Revoked)
    }

    /// Lets every suspended statement of `origin` stand again. Returns how many.
    pub fn reinstate(&mut self, origin: &Origin, now: UnixSeconds) -> Result<usize, BookError> {
        self.change(origin, now, &[Status::Suspended], Status::Valid)
    }

    /// The statement of the entry at `idx`, signed. The same each time: nothing in it is drawn.
    pub fn statement(&self, key: &SigningKey, idx: u32) -> Result<String, BookError> {
        let entry = usize::try_from(idx)
            .ok()
            .and_then(|at| self.entries.get(at))
            .ok_or(BookError::NoEntry(idx))?;
        let claims = statement::Claims {
            iss: self.id.clone(),
            sub: entry.origin.clone(),
            trust_mark_type: TRUST_MARK_TYPE.to_owned(),
            iat: entry.issued_at,
            exp: entry.expires_at,
            status: statement::StatusClaim {
                status_list: statement::Reference {
                    idx,
                    uri: self.status_uri(),
                },
            },
        };
        key.sign(STATEMENT_TYP, &claims)
            .map_err(|error| BookError::Signing(error.to_string()))
    }

    /// How everything stands, signed, for `lifetime_s` seconds from `now`.
    pub fn status_list(
        &self,
        key: &SigningKey,
        now: UnixSeconds,
        lifetime_s: i64,
    ) -> Result<String, BookError> {
        if !(1..=STATUS_LIST_LIFETIME_S).contains(&lifetime_s) {
            return Err(BookError::ListLifetime);
        }
        let statuses = self.entries.iter().map(|entry| (entry.idx, entry.status));
        let claims = status::Claims {
            iss: Some(self.id.clone()),
            sub: self.status_uri(),
            iat: now,
            exp: now.plus(lifetime_s),
            ttl: Some(TTL_S.min(lifetime_s)),
            status_list: status::List {
                bits: status::BITS,
                lst: encode(&status::deflate(statuses, LIST_BYTES)),
            },
        };
        key.sign(STATUS_LIST_TYP, &claims)
            .map_err(|error| BookError::Signing(error.to_string()))
    }

    fn running<'a>(&'a self, origin: &'a Origin, now: UnixSeconds) -> impl Iterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.origin == *origin && now < entry.expires_at)
    }

    fn change(
        &mut self,
        origin: &Origin,
        now: UnixSeconds,
        from: &[Status],
        to: Status,
    ) -> Result<usize, BookError> {
        let last = self.running(origin, now).last().map(|entry| entry.status);
        let mut changed = 0;
        for entry in &mut self.entries {
            if entry.origin == *origin && now < entry.expires_at && from.contains(&entry.status) {
                entry.status = to;
                changed += 1;
            }
        }
        match last {
            _ if changed > 0 => Ok(changed),
            None => Err(BookError::NoStatement(origin.clone())),
            Some(Status::Revoked) => Err(BookError::Revoked(origin.clone())),
            Some(status) => Err(BookError::Already(origin.clone(), status)),
        }
    }
}

/// A status in a sentence.
const fn word(status: Status) -> &'static str {
    match status {
        Status::Valid => "valid",
        Status::Revoked => "revoked",
        Status::Suspended => "suspended",
    }
}

/// The book as it is kept.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: Origin,
    name: Label,
    entries: Vec<Entry>,
}

impl TryFrom<Written> for Book {
    type Error = BookError;

    fn try_from(written: Written) -> Result<Self, BookError> {
        let Written { id, name, entries } = written;
        if entries.len() > BOOK_ENTRIES {
            return Err(BookError::Full);
        }
        let wrong = entries
            .iter()
            .enumerate()
            .find(|(at, entry)| u32::try_from(*at) != Ok(entry.idx));
        match wrong {
            Some((at, _)) => Err(BookError::Order(at)),
            None => Ok(Self { id, name, entries }),
        }
    }
}
