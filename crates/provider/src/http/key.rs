use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use farthing_gateway::IdempotencyKey;
use farthing_protocol::{Code, MerchantId};

use super::Failure;
use crate::wiring::App;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The merchant whose secret key came with the request (RFC 6750 §2.1).
pub struct Merchant(pub MerchantId);

impl FromRequestParts<Arc<App>> for Merchant {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let text = one(&parts.headers, &header::AUTHORIZATION).ok_or(Code::KeyMissing)?;
        let (scheme, key) = text.split_once(' ').ok_or(Code::KeyMissing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Code::KeyMissing.into());
        }
        let merchant = app
            .rules
            .merchants()
            .by_secret_key(key.trim())
            .ok_or(Code::KeyUnknown)?;
        Ok(Self(merchant.id().clone()))
    }
}

/// The `Idempotency-Key` that came with the request.
pub struct IdempotencyHeader(pub IdempotencyKey);

impl<S: Sync> FromRequestParts<S> for IdempotencyHeader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        if !parts.headers.contains_key(&IDEMPOTENCY_KEY) {
            return Err(Code::IdempotencyKeyMissing.into());
        }
        let text = one(&parts.headers, &IDEMPOTENCY_KEY).ok_or(Code::IdempotencyKeyMalformed)?;
        Ok(Self(IdempotencyKey::parse(text)?))
    }
}

/// The header's value, if there is one and only one: of two, a proxy may have looked at the other.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}
