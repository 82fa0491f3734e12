use farthing_protocol::{ChargeId, Code};

use crate::StoreError;

/// Why something was not done. Nothing was changed, unless the code says otherwise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// What is particular to this one: a field's name, never a value.
    pub detail: Option<&'static str>,
    /// The charge that this is about.
    pub charge: Option<ChargeId>,
    /// For the log alone: what failed underneath.
    pub cause: Option<String>,
}

impl Refusal {
    /// A refusal with `detail`.
    #[must_use]
    pub fn with_detail(code: Code, detail: &'static str) -> Self {
        Self {
            detail: Some(detail),
            ..Self::from(code)
        }
    }

    /// Something that should not fail did.
    pub(crate) fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Self::from(Code::Internal)
        }
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self {
            code,
            detail: None,
            charge: None,
            cause: None,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::from(Code::Busy),
            error @ (StoreError::Failed(_) | StoreError::InDoubt(_)) => Self::internal(error.to_string()),
        }
    }
}
