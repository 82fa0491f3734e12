//! An order is foreign text until [`read`] has checked everything about it.

use farthing_protocol::{
    Code, MerchantId, Money, OrderBody, OrderClaims, OrderReply, OrderRequest, PriceId, UnixSeconds, limits,
};
use sha2::{Digest, Sha256};

use crate::{
    Clock, Connector, Gateway, Keys, Merchant, Refusal, Rng, Settings, Store, currency,
    jose::{Jws, JwsError},
};

const TYP: &str = "JWT";

/// An order that its merchant signed, or registered the price of; in time, for this provider, and within every bound.
pub(crate) struct Order {
    pub claims: OrderClaims,
    pub total: Money,
    pub decimals: u8,
    pub digest: [u8; 32],
    pub price: Option<PriceId>,
}

impl<S: Store, C: Connector, T: Clock, R: Rng> Gateway<S, C, T, R> {
    /// `POST /v1/orders`: signs an order for a merchant who would rather not. It is the same JWT that the
    /// merchant could have signed, and it is checked in the same way before it is given out.
    pub fn order(&self, merchant: &MerchantId, request: OrderRequest) -> Result<OrderReply, Refusal> {
        let now = self.clock.now();
        if !(1..=limits::ORDER_LIFETIME_S).contains(&request.expires_in_s) {
            return Err(Refusal::with_detail(Code::OrderLifetimeTooLong, "expires_in_s"));
        }
        let expires_at = now.plus(request.expires_in_s);
        check_body(&request.order)?;
        let claims = OrderClaims {
            iss: merchant.clone(),
            aud: self.settings.origin.clone(),
            jti: request.reference,
            iat: now,
            exp: expires_at,
            order: request.order,
        };
        let order = self.sign(TYP, &claims)?;
        if order.len() > limits::ORDER_JWT_BYTES {
            return Err(Refusal::with_detail(
                Code::OrderLinesInvalid,
                "the order is longer than 8 KiB",
            ));
        }
        Ok(OrderReply { order, expires_at })
    }
}

/// Reads an order: form, algorithm, key, signature, claims, times, amounts, in this order.
pub(crate) fn read(
    text: &str,
    merchant: &Merchant,
    keys: &Keys,
    settings: &Settings,
    now: UnixSeconds,
) -> Result<Order, Refusal> {
    if text.len() > limits::ORDER_JWT_BYTES {
        return Err(Refusal::with_detail(Code::OrderMalformed, "longer than 8 KiB"));
    }
    let jws = Jws::parse(text).map_err(code_of)?;
    if !jws.algorithm_is_taken() {
        return Err(Code::OrderAlgorithmUnsupported.into());
    }
    if jws.typ().is_some_and(|typ| typ != TYP) {
        return Err(Refusal::with_detail(Code::OrderMalformed, "typ"));
    }
    // The provider's own keys sign for merchants who would rather not, the retired ones for as long as an order lives.
    let key = keys
        .verifying_key(jws.kid())
        .or_else(|| merchant.order_key(jws.kid()));
    let key = key.ok_or(Code::OrderKeyUnknown)?;
    let claims: OrderClaims = jws.verify(&key).map_err(code_of)?;

    if claims.iss != *merchant.id() {
        return Err(Code::OrderMerchantWrong.into());
    }
    if claims.aud != settings.origin {
        return Err(Code::OrderAudienceWrong.into());
    }
    check_times(&claims, now)?;
    Order::of(claims, None)
}

impl Order {
    /// What `claims` amount to, for they are the merchant's: by its signature, or by the price that it registered.
    pub(crate) fn of(claims: OrderClaims, price: Option<PriceId>) -> Result<Self, Refusal> {
        let (total, decimals) = check_body(&claims.order)?;
        Ok(Self {
            digest: digest(&claims.order)?,
            claims,
            total,
            decimals,
            price,
        })
    }
}

fn code_of(error: JwsError) -> Refusal {
    match error {
        JwsError::Malformed | JwsError::Payload => Code::OrderMalformed.into(),
        // A known algorithm, but not the one of the key that `kid` names: nothing verified.
        JwsError::Algorithm | JwsError::Signature => Code::OrderSignatureInvalid.into(),
    }
}

fn check_times(claims: &OrderClaims, now: UnixSeconds) -> Result<(), Refusal> {
    let lifetime = claims.exp.since(claims.iat);
    if !(1..=limits::ORDER_LIFETIME_S).contains(&lifetime) {
        return Err(Code::OrderLifetimeTooLong.into());
    }
    if claims.iat > now.plus(limits::CLOCK_SKEW_S) {
        return Err(Code::OrderNotYetValid.into());
    }
    if claims.exp <= now {
        return Err(Code::OrderExpired.into());
    }
    Ok(())
}

pub(crate) fn check_body(order: &OrderBody) -> Result<(Money, u8), Refusal> {
    if order.lines.is_empty() || order.lines.len() > limits::ORDER_LINES {
        return Err(Code::OrderLinesInvalid.into());
    }
    let total = order.total().map_err(|_| Code::OrderAmountInvalid)?;
    let decimals = currency::decimals(order.currency).ok_or(Code::CurrencyUnknown)?;
    Ok((total, decimals))
}

/// What makes two orders the same: currency and lines. Times may differ, for a page may sign anew.
fn digest(order: &OrderBody) -> Result<[u8; 32], Refusal> {
    let bytes = serde_json::to_vec(order)
        .map_err(|error| Refusal::internal(format!("an order's digest: {error}")))?;
    Ok(Sha256::digest(bytes).into())
}
