use farthing_protocol::{Label, MerchantId, Origin, Payee, UnixSeconds};

use crate::{
    fee::{Country, FeeSchedule},
    jose::{Jwk, VerifyingKey},
};

/// A merchant, as the store has it at the time of asking.
#[derive(Clone, Debug)]
pub struct Merchant {
    /// Name and contact, as the shopper reads them.
    pub payee: Payee,
    /// Where the merchant is registered: its law says who may bear a fee.
    pub country: Country,
    /// When it was registered.
    pub created_at: UnixSeconds,
    /// Since when it can't be paid, if it can't.
    pub suspended_at: Option<UnixSeconds>,
    /// The origins of its pages. Only those that are proven count.
    pub origins: Vec<MerchantOrigin>,
    /// The public keys that sign this merchant's orders, each with its `kid`.
    pub order_keys: Vec<Jwk>,
    /// What payments cost, by method and currency.
    pub fees: Vec<FeeSchedule>,
}

/// An origin that a merchant says is its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MerchantOrigin {
    /// The origin.
    pub origin: Origin,
    /// What the origin has to serve to prove it: one line, of which nobody could guess the end.
    pub challenge: String,
    /// When it was proven, if it was.
    pub proven_at: Option<UnixSeconds>,
}

impl Merchant {
    /// The merchant's id.
    #[must_use]
    pub fn id(&self) -> &MerchantId {
        &self.payee.id
    }

    /// The merchant's name.
    #[must_use]
    pub fn name(&self) -> &Label {
        &self.payee.name
    }

    /// The origins that are proven to be the merchant's.
    pub fn proven_origins(&self) -> impl Iterator<Item = &Origin> {
        let proven = self.origins.iter().filter(|origin| origin.proven_at.is_some());
        proven.map(|origin| &origin.origin)
    }

    /// The order-signing key of this name.
    #[must_use]
    pub fn order_key(&self, kid: &str) -> Option<VerifyingKey> {
        let named = |jwk: &&Jwk| jwk.kid().is_ok_and(|own| own == kid);
        self.order_keys.iter().find(named)?.verifying_key().ok()
    }
}
