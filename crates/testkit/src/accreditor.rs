use farthing_gateway::{
    StoredAccreditor,
    accreditation::{STATEMENT_LIFETIME_S, STATUS_LIST_LIFETIME_S, issue::Book},
    jose::SigningKey,
};
use farthing_protocol::{Label, Origin, UnixSeconds};

/// Someone who vouches for shops, with a key and a book of its own.
pub struct Accreditor {
    /// What it signs with.
    pub key: SigningKey,
    /// What it has issued.
    pub book: Book,
}

impl Accreditor {
    /// Accreditor number `n`: every number is another one, with another key.
    #[must_use]
    pub fn number(n: u8) -> Self {
        let id = Origin::parse(&format!("https://accreditor{n}.example")).unwrap();
        Self {
            key: SigningKey::from_scalar(&[n; 32]).unwrap(),
            book: Book::new(id, Label::parse("Fair Shops").unwrap()),
        }
    }

    /// As a provider trusts it.
    #[must_use]
    pub fn stored(&self) -> StoredAccreditor {
        StoredAccreditor {
            id: self.book.id().clone(),
            name: self.book.name().clone(),
            keys: vec![self.key.jwk().clone()],
        }
    }

    /// A statement about `origin` that holds for as long as one may.
    pub fn vouch(&mut self, origin: &Origin, now: UnixSeconds) -> String {
        self.vouch_for_s(origin, now, STATEMENT_LIFETIME_S)
    }

    /// A statement about `origin` that holds for so many seconds.
    pub fn vouch_for_s(&mut self, origin: &Origin, now: UnixSeconds, seconds: i64) -> String {
        let issued = self.book.issue(origin.clone(), None, now, seconds);
        let idx = issued.unwrap().idx;
        self.book.statement(&self.key, idx).unwrap()
    }

    /// How everything stands.
    #[must_use]
    pub fn status_list(&self, now: UnixSeconds) -> String {
        self.book
            .status_list(&self.key, now, STATUS_LIST_LIFETIME_S)
            .unwrap()
    }
}
