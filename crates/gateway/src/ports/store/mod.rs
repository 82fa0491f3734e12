//! Where everything is kept. Each method is one transaction: all of it happened, or nothing did.
//!
//! A store decides nothing. It applies conditional writes and returns the facts it saw in the same
//! transaction; which refusal they amount to is decided by the rules.

mod charges;
mod disputes;
mod events;
mod operations;
mod quotes;
mod registry;
mod webhooks;

pub use charges::{
    Backlog, Begun, ChargeEnd, ChargeStore, Claim, NewCharge, Paid, Stage, StoredCharge, StoredReceipt,
    Taken, TokenFacts,
};
pub use disputes::{Contest, DisputeOpened, DisputeStore, NewDispute, Rejection, StoredDispute};
pub use events::NewEvent;
pub use operations::{
    NewOperation, OperationBegun, OperationEnd, OperationStage, OperationStore, StoredOperation,
};
pub use quotes::{
    ChallengeState, NewQuote, NewToken, QuoteInserted, QuoteStore, Renewal, StoredChallenge, StoredConsent,
    StoredQuote, TokenInserted, TokenOfQuote,
};
pub use registry::{
    Added, NewMerchant, Registration, RegistryStore, StoredAccreditor, StoredStatement, StoredStatusList,
};
pub use webhooks::{
    AttemptEnd, DeadDelivery, DueDelivery, EndpointAdded, NewEndpoint, StoredEndpoint, WebhookStore,
};

/// A whole store.
pub trait Store:
    RegistryStore + QuoteStore + ChargeStore + OperationStore + DisputeStore + WebhookStore
{
}

impl<S: RegistryStore + QuoteStore + ChargeStore + OperationStore + DisputeStore + WebhookStore> Store for S {}

/// The store could not do it. Texts are for the log and hold no value that was to be stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// Too much at once; the same may work a moment later. It was not done.
    #[error("the store is busy")]
    Busy,
    /// Anything else. It was not done.
    #[error("the store failed: {0}")]
    Failed(String),
    /// The disk failed while it was done. Whether it was shows once the store works again: reads fail until then.
    #[error("the store does not know whether it was done: {0}")]
    InDoubt(String),
}
