//! The provider's store on SQLite: one file, one writing thread, one commit for all who wait.
//!
//! Every operation is a closure that runs on the thread that owns the connection. The thread takes whatever
//! has queued up, runs each operation in a savepoint of its own, commits once, and only then answers: what
//! was acknowledged is on disk (`synchronous=FULL`), and a full disk flush is shared by all who waited.

mod charges;
mod open;
mod quotes;
mod rows;
mod tokens;
#[cfg(test)]
mod weak_tests;
mod writer;

use std::path::Path;

use farthing_gateway::{
    Begun, ChargeEnd, Entry, NewCharge, NewQuote, NewToken, QuoteInserted, Renewal, Store, StoreError,
    StoredCharge, StoredConsent, StoredQuote, StoredReceipt, TokenInserted,
};
use farthing_protocol::{ChargeId, ConsentId, QuoteId, ReceiptId, UnixSeconds};

pub use open::OpenError;
use writer::Writer;

/// The store. Dropping it ends the thread, once everything that is queued is committed.
pub struct SqliteStore {
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database file at `path`, or makes it; brings its schema up to date and checks that the
    /// settings that durability rests on are in force.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::start(open::file(path)?)
    }

    /// A database in memory, gone with the process: for a demo or a test.
    pub fn memory() -> Result<Self, OpenError> {
        Self::start(open::memory()?)
    }

    fn start(connection: rusqlite::Connection) -> Result<Self, OpenError> {
        Ok(Self {
            writer: Writer::start(connection)?,
        })
    }
}

impl Store for SqliteStore {
    async fn insert_quote(&self, quote: NewQuote) -> Result<QuoteInserted, StoreError> {
        self.writer.run(move |db| quotes::insert(db, &quote)).await
    }

    async fn quote(&self, id: &QuoteId) -> Result<Option<StoredQuote>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| quotes::read(db, &id)).await
    }

    async fn insert_token(&self, token: NewToken) -> Result<TokenInserted, StoreError> {
        self.writer.run(move |db| tokens::insert(db, &token)).await
    }

    async fn renew_token(&self, renewal: Renewal) -> Result<bool, StoreError> {
        self.writer.run(move |db| tokens::renew(db, &renewal)).await
    }

    async fn begin_charge(&self, charge: NewCharge) -> Result<Begun, StoreError> {
        self.writer.run(move |db| charges::begin(db, &charge)).await
    }

    async fn end_charge(&self, id: &ChargeId, end: ChargeEnd) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::end(db, &id, &end)).await
    }

    async fn charge(&self, id: &ChargeId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::by_id(db, &id)).await
    }

    async fn charge_of_quote(&self, id: &QuoteId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::by_quote(db, &id)).await
    }

    async fn unresolved(
        &self,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredCharge>, StoreError> {
        self.writer
            .run(move |db| charges::unresolved(db, begun_before, limit))
            .await
    }

    async fn receipt(&self, id: &ReceiptId) -> Result<Option<StoredReceipt>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::receipt(db, &id)).await
    }

    async fn consent(&self, id: &ConsentId) -> Result<Option<StoredConsent>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| tokens::consent(db, &id)).await
    }

    async fn ledger(&self) -> Result<Vec<Entry>, StoreError> {
        self.writer.run(charges::ledger).await
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        self.writer.run(move |db| tokens::sweep(db, now)).await
    }
}
