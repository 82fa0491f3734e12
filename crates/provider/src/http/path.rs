use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use farthing_protocol::{
    ChallengeId, ChargeId, Code, ConsentId, DisputeId, IdError, OperationId, QuoteId, ReceiptId,
};

use super::Failure;

/// An id out of the address. One that is malformed names nothing, and the detail says why.
pub struct Id<T>(pub T);

/// Ids that stand in addresses.
pub trait InPath: Sized + Send {
    /// What to say where there is nothing of this name.
    const UNKNOWN: Code;
    /// Reads one.
    fn read(text: &str) -> Result<Self, IdError>;
}

impl<S: Send + Sync, T: InPath> FromRequestParts<S> for Id<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(T::UNKNOWN.into());
        };
        T::read(&text)
            .map(Self)
            .map_err(|error| Failure::with_detail(T::UNKNOWN, error.to_string()))
    }
}

macro_rules! in_path {
    ($($id:ident: $unknown:ident;)*) => {$(
        impl InPath for $id {
            const UNKNOWN: Code = Code::$unknown;

            fn read(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
    )*};
}

in_path! {
    ChallengeId: NotFound;
    ChargeId: ChargeUnknown;
    ConsentId: ConsentUnknown;
    DisputeId: DisputeUnknown;
    OperationId: OperationUnknown;
    QuoteId: QuoteUnknown;
    ReceiptId: ReceiptUnknown;
}
