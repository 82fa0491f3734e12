use std::{marker::PhantomData, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use farthing_gateway::{Caller, IdempotencyKey, Permission, Refusal};
use farthing_protocol::{Code, MerchantId};

use super::Failure;
use crate::wiring::App;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The merchant whose API key came with the request (RFC 6750 §2.1), where the key is good for what `N` names. A route
/// has no merchant without saying what it needs the key to be good for.
pub struct Merchant<N> {
    /// Whose key it is.
    pub id: MerchantId,
    needs: PhantomData<N>,
}

/// What a route needs a key to be good for.
pub trait Needs {
    /// Refuses where `caller`'s key is not good for it.
    fn check(caller: &Caller) -> Result<(), Refusal>;
}

macro_rules! needs {
    ($($(#[$doc:meta])* $name:ident: $check:expr;)*) => {$(
        $(#[$doc])*
        pub struct $name;

        impl Needs for $name {
            fn check(caller: &Caller) -> Result<(), Refusal> {
                $check(caller)
            }
        }
    )*};
}

needs! {
    /// To have orders signed.
    Orders: |caller: &Caller| caller.must(Permission::Orders);
    /// To redeem tokens; to take or let go what was authorised.
    Charges: |caller: &Caller| caller.must(Permission::Charges);
    /// To give money back.
    Refunds: |caller: &Caller| caller.must(Permission::Refunds);
    /// To answer disputes.
    Disputes: |caller: &Caller| caller.must(Permission::Disputes);
    /// To read what there is.
    Read: |caller: &Caller| caller.must(Permission::Read);
    /// To read what is published.
    ReadFees: Caller::must_read_fees;
}

impl<N: Needs> FromRequestParts<Arc<App>> for Merchant<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Failure> {
        let key = bearer(&parts.headers).ok_or(Code::KeyMissing)?;
        let caller = match app.rules.authenticate(key).await {
            Ok(caller) => caller,
            // Whoever guesses is told nothing any more.
            Err(_) if !app.admits_client(&parts.extensions, &parts.headers) => {
                return Err(Code::TooManyRequests.into());
            }
            Err(refusal) => return Err(refusal.into()),
        };
        if !app
            .paces
            .merchant
            .admits(caller.merchant.clone(), app.rules.now())
        {
            return Err(Code::TooManyRequests.into());
        }
        N::check(&caller)?;
        Ok(Self {
            id: caller.merchant,
            needs: PhantomData,
        })
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

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = one(headers, &header::AUTHORIZATION)?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The header's value, if there is one and only one: of two, a proxy may have looked at the other.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}
