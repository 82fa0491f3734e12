//! The provider's store on SQLite: one file, one writing thread, one commit for all who wait.
//!
//! Every operation is a closure that runs on the thread that owns the connection. The thread takes whatever
//! has queued up, runs each operation in a savepoint of its own, commits once, and only then answers: what
//! was acknowledged is on disk (`synchronous=FULL`), and a full disk flush is shared by all who waited.

mod charges;
mod copy;
mod disputes;
mod events;
mod ledger;
mod open;
mod operations;
mod quotes;
mod registry;
mod requests;
mod rows;
mod tokens;
#[cfg(test)]
mod weak_tests;
mod webhooks;
mod writer;

use std::path::Path;

use farthing_gateway::{
    AttemptEnd, Backlog, Begun, ChargeEnd, ChargeStore, Contest, DeadDelivery, DisputeOpened, DisputeStore,
    DueDelivery, EndpointAdded, NewCharge, NewDispute, NewEndpoint, NewOperation, NewQuote, NewToken,
    OperationBegun, OperationEnd, OperationStore, QuoteInserted, QuoteStore, Rejection, Renewal, StoreError,
    StoredCharge, StoredConsent, StoredDispute, StoredEndpoint, StoredOperation, StoredPosting, StoredQuote,
    StoredReceipt, TokenInserted, Verdicts, WebhookStore,
};
use farthing_protocol::{
    ChargeId, ConsentId, DisputeId, EndpointId, EventId, MerchantId, OperationId, QuoteId, ReceiptId,
    UnixSeconds,
};

pub use copy::{CopyError, copy};
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

impl QuoteStore for SqliteStore {
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

    async fn consent(&self, id: &ConsentId) -> Result<Option<StoredConsent>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| tokens::consent(db, &id)).await
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        self.writer.run(move |db| tokens::sweep(db, now)).await
    }
}

impl ChargeStore for SqliteStore {
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

    async fn charge_of_receipt(&self, id: &ReceiptId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::by_receipt(db, &id)).await
    }

    async fn verdicts(
        &self,
        merchant: &MerchantId,
        since: UnixSeconds,
        of: u32,
    ) -> Result<Verdicts, StoreError> {
        let merchant = merchant.clone();
        self.writer
            .run(move |db| charges::verdicts(db, &merchant, since, of))
            .await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.writer.run(charges::backlog).await
    }

    async fn unresolved(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredCharge>, StoreError> {
        self.writer
            .run(move |db| charges::unresolved(db, now, begun_before, limit))
            .await
    }

    async fn look_again(&self, id: &ChargeId, at: UnixSeconds) -> Result<(), StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::look_again(db, &id, at)).await
    }

    async fn expired_authorisations(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredCharge>, StoreError> {
        self.writer
            .run(move |db| charges::expired_authorisations(db, now, refused_before, limit))
            .await
    }

    async fn receipt(&self, id: &ReceiptId) -> Result<Option<StoredReceipt>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| charges::receipt(db, &id)).await
    }

    async fn ledger(&self) -> Result<Vec<StoredPosting>, StoreError> {
        self.writer.run(ledger::read).await
    }
}

impl DisputeStore for SqliteStore {
    async fn open_dispute(&self, dispute: NewDispute) -> Result<DisputeOpened, StoreError> {
        self.writer.run(move |db| disputes::open(db, &dispute)).await
    }

    async fn dispute(&self, id: &DisputeId) -> Result<Option<StoredDispute>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| disputes::by_id(db, &id)).await
    }

    async fn dispute_of(&self, charge: &ChargeId) -> Result<Option<StoredDispute>, StoreError> {
        let charge = charge.clone();
        self.writer.run(move |db| disputes::of_charge(db, &charge)).await
    }

    async fn disputes(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<StoredDispute>, StoreError> {
        let merchant = merchant.cloned();
        self.writer
            .run(move |db| disputes::list(db, merchant.as_ref(), limit))
            .await
    }

    async fn contest_dispute(&self, id: &DisputeId, contest: Contest) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer
            .run(move |db| disputes::contest(db, &id, &contest))
            .await
    }

    async fn reject_dispute(&self, id: &DisputeId, rejection: Rejection) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer
            .run(move |db| disputes::reject(db, &id, &rejection))
            .await
    }

    async fn disputes_due(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredDispute>, StoreError> {
        self.writer
            .run(move |db| disputes::due(db, now, refused_before, limit))
            .await
    }
}

impl OperationStore for SqliteStore {
    async fn begin_operation(&self, operation: NewOperation) -> Result<OperationBegun, StoreError> {
        self.writer.run(move |db| operations::begin(db, &operation)).await
    }

    async fn end_operation(&self, id: &OperationId, end: OperationEnd) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| operations::end(db, &id, &end)).await
    }

    async fn operation(&self, id: &OperationId) -> Result<Option<StoredOperation>, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| operations::by_id(db, &id)).await
    }

    async fn operations_of(&self, charge: &ChargeId) -> Result<Vec<StoredOperation>, StoreError> {
        let charge = charge.clone();
        self.writer
            .run(move |db| operations::of_charge(db, &charge))
            .await
    }

    async fn unresolved_operations(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredOperation>, StoreError> {
        self.writer
            .run(move |db| operations::unresolved(db, now, begun_before, limit))
            .await
    }

    async fn ask_again(&self, id: &OperationId, at: UnixSeconds) -> Result<(), StoreError> {
        let id = id.clone();
        self.writer
            .run(move |db| operations::ask_again(db, &id, at))
            .await
    }
}

impl WebhookStore for SqliteStore {
    async fn add_endpoint(&self, endpoint: NewEndpoint) -> Result<EndpointAdded, StoreError> {
        self.writer.run(move |db| webhooks::add(db, &endpoint)).await
    }

    async fn endpoints(&self, merchant: Option<&MerchantId>) -> Result<Vec<StoredEndpoint>, StoreError> {
        let merchant = merchant.cloned();
        self.writer
            .run(move |db| webhooks::list(db, merchant.as_ref()))
            .await
    }

    async fn remove_endpoint(&self, id: &EndpointId, now: UnixSeconds) -> Result<bool, StoreError> {
        let id = id.clone();
        self.writer.run(move |db| webhooks::remove(db, &id, now)).await
    }

    async fn take_due(
        &self,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<DueDelivery>, StoreError> {
        self.writer
            .run(move |db| webhooks::take_due(db, now, until, limit))
            .await
    }

    async fn end_attempt(
        &self,
        event: &EventId,
        endpoint: &EndpointId,
        end: AttemptEnd,
    ) -> Result<bool, StoreError> {
        let (event, endpoint) = (event.clone(), endpoint.clone());
        self.writer
            .run(move |db| webhooks::end_attempt(db, &event, &endpoint, end))
            .await
    }

    async fn dead_deliveries(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        let merchant = merchant.cloned();
        self.writer
            .run(move |db| webhooks::dead(db, merchant.as_ref(), limit))
            .await
    }

    async fn replay(&self, event: &EventId, now: UnixSeconds) -> Result<u64, StoreError> {
        let event = event.clone();
        self.writer.run(move |db| webhooks::replay(db, &event, now)).await
    }
}
