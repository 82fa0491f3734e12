use serde_json::Value;

use crate::jws::{Jwks, JwsError};

/// Why a receipt does not count.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReceiptError {
    /// The signature.
    #[error(transparent)]
    Jws(#[from] JwsError),
    /// Signed, and not a receipt.
    #[error("what was signed lacks what a receipt says")]
    Payload,
    /// The reply around it says something else.
    #[error("the reply's receipt is not what was signed")]
    Reply,
}

/// What a receipt says. Texts are foreign.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReceiptFacts {
    /// The receipt's id.
    pub id: String,
    /// The provider's address.
    pub provider: String,
    /// Whether no real money moved.
    pub sandbox: bool,
    /// Who was paid.
    pub payee: String,
    /// The merchant's reference of the order.
    pub order: String,
    /// Minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// When, in seconds since 1970.
    pub paid_at: i64,
}

/// Reads a receipt, its JWS or the JSON reply that holds it, and checks that one of `keys` signed it.
pub fn receipt(text: &str, keys: &Jwks) -> Result<ReceiptFacts, ReceiptError> {
    let text = text.trim();
    let reply: Option<Value> = serde_json::from_str(text).ok();
    let jws = match &reply {
        Some(reply) => reply["jws"].as_str().ok_or(JwsError::Malformed)?,
        None => text,
    };
    let signed = keys.verify(jws, "farthing-receipt+jws")?;
    if reply.is_some_and(|reply| reply["receipt"] != signed) {
        return Err(ReceiptError::Reply);
    }
    facts(&signed).ok_or(ReceiptError::Payload)
}

fn facts(signed: &Value) -> Option<ReceiptFacts> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some(ReceiptFacts {
        id: text(&signed["id"])?,
        provider: text(&signed["iss"])?,
        sandbox: signed["sandbox"].as_bool()?,
        payee: text(&signed["payee"]["name"])?,
        order: text(&signed["order"])?,
        amount: signed["total"]["amount"].as_i64()?,
        currency: text(&signed["total"]["currency"])?,
        paid_at: signed["paid_at"].as_i64()?,
    })
}
