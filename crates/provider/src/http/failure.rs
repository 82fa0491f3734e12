use axum::response::{IntoResponse, Response};
use farthing_gateway::Refusal;
use farthing_protocol::{ChargeId, Code, Problem};
use http_body_util::Empty;

/// An answer that is a problem. It travels in the response's extensions to [`super::finish`], which writes the
/// body, with the request's id in it, and the log's line.
#[derive(Clone, Debug)]
pub struct Failure {
    pub(super) code: Code,
    pub(super) detail: Option<String>,
    pub(super) charge: Option<ChargeId>,
    /// What failed underneath: for the log, never for the answer.
    pub(super) cause: Option<String>,
}

impl Failure {
    /// A failure with a detail: the name of a field or a place in the text, never a value that came in.
    #[must_use]
    pub fn with_detail(code: Code, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..code.into()
        }
    }

    /// A failure about a charge.
    #[must_use]
    pub fn about(code: Code, charge: ChargeId) -> Self {
        Self {
            charge: Some(charge),
            ..code.into()
        }
    }

    /// Something that should not fail did.
    #[must_use]
    pub fn internal(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Code::Internal.into()
        }
    }

    /// Something that will be there a moment later is not.
    #[must_use]
    pub fn unavailable(cause: impl Into<String>) -> Self {
        Self {
            cause: Some(cause.into()),
            ..Code::Busy.into()
        }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// How long to wait before asking again, for those where asking again helps.
    pub(crate) fn retry_after_s(&self) -> Option<u8> {
        match self.code {
            Code::RequestInFlight | Code::OrderInFlight | Code::OperationInFlight => Some(2),
            Code::Busy => Some(1),
            Code::TooManyRequests => Some(10),
            Code::MerchantPaused => Some(60),
            _ => None,
        }
    }

    pub(super) fn problem(&self, request: &str) -> Problem {
        Problem {
            detail: self.detail.clone(),
            charge: self.charge.clone(),
            request: Some(request.to_owned()),
            ..Problem::new(self.code)
        }
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self {
            code,
            detail: None,
            charge: None,
            cause: None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let Refusal {
            code,
            detail,
            charge,
            cause,
        } = refusal;
        Self {
            code,
            detail: detail.map(str::to_owned),
            charge,
            cause,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(axum::body::Body::new(Empty::new()));
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_to_wait_says_for_how_long() {
        for code in Code::ALL {
            let says = code.title().contains("Retry-After");
            let told = Failure::from(*code).retry_after_s().is_some();
            assert!(told || !says, "{code:?}");
        }
    }
}
