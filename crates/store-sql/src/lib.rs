//! The provider's store in SQL. Which database runs it is an [`Engine`]; what is run is the same for each, so that they
//! can't come to differ in a rule: the statements are those that SQLite and what speaks PostgreSQL's protocol share.
//!
//! Every operation is a closure over a transaction that the engine opens, commits, and answers after.

mod challenges;
mod charges;
pub mod db;
mod disputes;
mod either;
mod events;
mod ledger;
mod operations;
mod quotes;
mod registry;
mod requests;
mod rows;
mod tokens;
mod watch;
mod webhooks;

use std::future::Future;

use db::Connection;
pub use either::Either;
use farthing_gateway::{
    AttemptEnd, Backlog, Begun, ChallengeState, ChargeEnd, ChargeStore, Contest, DeadDelivery, DisputeOpened,
    DisputeStore, DueDelivery, EndpointAdded, NewCharge, NewDispute, NewEndpoint, NewOperation, NewQuote,
    NewToken, OperationBegun, OperationEnd, OperationStore, QuoteInserted, QuoteStore, Rejection, Renewal,
    StoreError, StoredChallenge, StoredCharge, StoredConsent, StoredDispute, StoredEndpoint, StoredOperation,
    StoredPosting, StoredQuote, StoredReceipt, TokenInserted, Verdicts, WebhookStore,
};
use farthing_protocol::{
    ChallengeId, ChargeId, ConsentId, DisputeId, EndpointId, EventId, MerchantId, OperationId, QuoteId,
    ReceiptId, UnixSeconds,
};
pub use watch::Watch;

/// What opens transactions, and commits them.
pub trait Engine: Send + Sync + 'static {
    /// Runs `operation` in a transaction and answers after the commit. An operation that fails leaves no trace.
    fn run<T: Send + 'static>(
        &self,
        operation: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send;

    /// As [`Self::run`], for an `operation` that changes nothing: what it reads is of one moment, and holds all that was
    /// answered before.
    fn read<T: Send + 'static>(
        &self,
        operation: impl Fn(&Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> impl Future<Output = Result<T, StoreError>> + Send {
        self.run(operation)
    }

    /// Where it says how long its commits take.
    fn watch(&self) -> &Watch;
}

/// A store on some engine.
pub struct SqlStore<E> {
    engine: E,
}

impl<E: Engine> SqlStore<E> {
    /// The store on `engine`, whose schema is up to date.
    pub fn new(engine: E) -> Self {
        Self { engine }
    }

    /// Whether it writes: that a transaction can be begun and committed now.
    pub async fn writes(&self) -> Result<(), StoreError> {
        self.engine.run(answers).await
    }

    /// Whether it reads.
    pub async fn reads(&self) -> Result<(), StoreError> {
        self.engine.read(answers).await
    }

    /// Where it says how long its commits take.
    pub fn watch(&self) -> &Watch {
        self.engine.watch()
    }

    /// What runs it, for one who chooses between several.
    pub fn into_engine(self) -> E {
        self.engine
    }
}

fn answers(db: &Connection<'_>) -> Result<(), StoreError> {
    db.query("SELECT 1 AS one", &[], &mut |_| Ok(false))
}

impl<E: Engine> QuoteStore for SqlStore<E> {
    async fn insert_quote(&self, quote: NewQuote) -> Result<QuoteInserted, StoreError> {
        self.engine.run(move |db| quotes::insert(db, &quote)).await
    }

    async fn quote(&self, id: &QuoteId) -> Result<Option<StoredQuote>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| quotes::read(db, &id)).await
    }

    async fn insert_token(&self, token: NewToken) -> Result<TokenInserted, StoreError> {
        self.engine.run(move |db| tokens::insert(db, &token)).await
    }

    async fn renew_token(&self, renewal: Renewal) -> Result<bool, StoreError> {
        self.engine.run(move |db| tokens::renew(db, &renewal)).await
    }

    async fn challenge_of(&self, quote: &QuoteId) -> Result<Option<StoredChallenge>, StoreError> {
        let quote = quote.clone();
        self.engine.read(move |db| challenges::of_quote(db, &quote)).await
    }

    async fn challenged_quote(&self, id: &ChallengeId) -> Result<Option<QuoteId>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| challenges::quote_of(db, &id)).await
    }

    async fn move_challenge(&self, quote: &QuoteId, to: ChallengeState) -> Result<bool, StoreError> {
        let quote = quote.clone();
        self.engine
            .run(move |db| challenges::advance(db, &quote, &to))
            .await
    }

    async fn challenges_in_vain(&self, now: UnixSeconds, limit: u32) -> Result<Vec<QuoteId>, StoreError> {
        self.engine
            .read(move |db| challenges::in_vain(db, now, limit))
            .await
    }

    async fn forget_challenge(&self, quote: &QuoteId) -> Result<(), StoreError> {
        let quote = quote.clone();
        self.engine.run(move |db| challenges::forget(db, &quote)).await
    }

    async fn consent(&self, id: &ConsentId) -> Result<Option<StoredConsent>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| tokens::consent(db, &id)).await
    }

    async fn sweep(&self, now: UnixSeconds) -> Result<u64, StoreError> {
        self.engine.run(move |db| tokens::sweep(db, now)).await
    }
}

impl<E: Engine> ChargeStore for SqlStore<E> {
    async fn begin_charge(&self, charge: NewCharge) -> Result<Begun, StoreError> {
        self.engine.run(move |db| charges::begin(db, &charge)).await
    }

    async fn end_charge(&self, id: &ChargeId, end: ChargeEnd) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| charges::end(db, &id, &end)).await
    }

    async fn charge(&self, id: &ChargeId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| charges::by_id(db, &id)).await
    }

    async fn charge_of_quote(&self, id: &QuoteId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| charges::by_quote(db, &id)).await
    }

    async fn charge_of_receipt(&self, id: &ReceiptId) -> Result<Option<StoredCharge>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| charges::by_receipt(db, &id)).await
    }

    async fn verdicts(
        &self,
        merchant: &MerchantId,
        since: UnixSeconds,
        of: u32,
    ) -> Result<Verdicts, StoreError> {
        let merchant = merchant.clone();
        self.engine
            .read(move |db| charges::verdicts(db, &merchant, since, of))
            .await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.engine.read(charges::backlog).await
    }

    async fn unresolved(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredCharge>, StoreError> {
        self.engine
            .read(move |db| charges::unresolved(db, now, begun_before, limit))
            .await
    }

    async fn look_again(&self, id: &ChargeId, at: UnixSeconds) -> Result<(), StoreError> {
        let id = id.clone();
        self.engine.run(move |db| charges::look_again(db, &id, at)).await
    }

    async fn expired_authorisations(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredCharge>, StoreError> {
        self.engine
            .read(move |db| charges::expired_authorisations(db, now, refused_before, limit))
            .await
    }

    async fn receipt(&self, id: &ReceiptId) -> Result<Option<StoredReceipt>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| charges::receipt(db, &id)).await
    }

    async fn ledger(&self) -> Result<Vec<StoredPosting>, StoreError> {
        self.engine.read(ledger::read).await
    }
}

impl<E: Engine> DisputeStore for SqlStore<E> {
    async fn open_dispute(&self, dispute: NewDispute) -> Result<DisputeOpened, StoreError> {
        self.engine.run(move |db| disputes::open(db, &dispute)).await
    }

    async fn dispute(&self, id: &DisputeId) -> Result<Option<StoredDispute>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| disputes::by_id(db, &id)).await
    }

    async fn dispute_of(&self, charge: &ChargeId) -> Result<Option<StoredDispute>, StoreError> {
        let charge = charge.clone();
        self.engine.read(move |db| disputes::of_charge(db, &charge)).await
    }

    async fn disputes(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<StoredDispute>, StoreError> {
        let merchant = merchant.cloned();
        self.engine
            .read(move |db| disputes::list(db, merchant.as_ref(), limit))
            .await
    }

    async fn contest_dispute(&self, id: &DisputeId, contest: Contest) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine
            .run(move |db| disputes::contest(db, &id, &contest))
            .await
    }

    async fn reject_dispute(&self, id: &DisputeId, rejection: Rejection) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine
            .run(move |db| disputes::reject(db, &id, &rejection))
            .await
    }

    async fn disputes_due(
        &self,
        now: UnixSeconds,
        refused_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredDispute>, StoreError> {
        self.engine
            .read(move |db| disputes::due(db, now, refused_before, limit))
            .await
    }
}

impl<E: Engine> OperationStore for SqlStore<E> {
    async fn begin_operation(&self, operation: NewOperation) -> Result<OperationBegun, StoreError> {
        self.engine.run(move |db| operations::begin(db, &operation)).await
    }

    async fn end_operation(&self, id: &OperationId, end: OperationEnd) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| operations::end(db, &id, &end)).await
    }

    async fn operation(&self, id: &OperationId) -> Result<Option<StoredOperation>, StoreError> {
        let id = id.clone();
        self.engine.read(move |db| operations::by_id(db, &id)).await
    }

    async fn operations_of(&self, charge: &ChargeId) -> Result<Vec<StoredOperation>, StoreError> {
        let charge = charge.clone();
        self.engine
            .read(move |db| operations::of_charge(db, &charge))
            .await
    }

    async fn unresolved_operations(
        &self,
        now: UnixSeconds,
        begun_before: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<StoredOperation>, StoreError> {
        self.engine
            .read(move |db| operations::unresolved(db, now, begun_before, limit))
            .await
    }

    async fn ask_again(&self, id: &OperationId, at: UnixSeconds) -> Result<(), StoreError> {
        let id = id.clone();
        self.engine
            .run(move |db| operations::ask_again(db, &id, at))
            .await
    }
}

impl<E: Engine> WebhookStore for SqlStore<E> {
    async fn add_endpoint(&self, endpoint: NewEndpoint) -> Result<EndpointAdded, StoreError> {
        self.engine.run(move |db| webhooks::add(db, &endpoint)).await
    }

    async fn endpoints(&self, merchant: Option<&MerchantId>) -> Result<Vec<StoredEndpoint>, StoreError> {
        let merchant = merchant.cloned();
        self.engine
            .read(move |db| webhooks::list(db, merchant.as_ref()))
            .await
    }

    async fn remove_endpoint(&self, id: &EndpointId, now: UnixSeconds) -> Result<bool, StoreError> {
        let id = id.clone();
        self.engine.run(move |db| webhooks::remove(db, &id, now)).await
    }

    async fn take_due(
        &self,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<DueDelivery>, StoreError> {
        self.engine
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
        self.engine
            .run(move |db| webhooks::end_attempt(db, &event, &endpoint, end))
            .await
    }

    async fn dead_deliveries(
        &self,
        merchant: Option<&MerchantId>,
        limit: u32,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        let merchant = merchant.cloned();
        self.engine
            .read(move |db| webhooks::dead(db, merchant.as_ref(), limit))
            .await
    }

    async fn replay(&self, event: &EventId, now: UnixSeconds) -> Result<u64, StoreError> {
        let event = event.clone();
        self.engine.run(move |db| webhooks::replay(db, &event, now)).await
    }
}
