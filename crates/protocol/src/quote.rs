use serde::{Deserialize, Serialize};

use crate::{ConsentText, Label, MerchantId, Money, OrderLine, Origin, QuoteId, Reference, UnixSeconds};

/// `POST /v1/quotes`: the frame asks what an order costs and how it can be paid.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The merchant whose frame this is (from the frame's address).
    pub merchant: MerchantId,
    /// The order, as the merchant's page gave it: foreign text until its signature is checked.
    pub order: String,
    /// The origin that the browser named as the embedding page's.
    pub origin: Origin,
}

/// What the shopper is shown about money, all of it. Nothing on the screen comes from anywhere else.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Names this quote; whoever holds it may ask how the payment ended.
    pub id: QuoteId,
    /// The merchant's reference of the order.
    pub order: Reference,
    /// Who is paid.
    pub payee: Payee,
    /// The provider's name, as the shopper reads it.
    pub provider: Label,
    /// Whether no real money moves. Said on the screen.
    pub sandbox: bool,
    /// What is bought.
    pub lines: Vec<OrderLine>,
    /// The sum of the lines: what the shopper agrees to.
    pub total: Money,
    /// How many decimals the currency has, by ISO 4217. The frame formats amounts with exactly these:
    /// a browser's `Intl` has other ideas for some currencies (AFN, IQD), which would show a hundredfold.
    pub decimals: u8,
    /// The sentence to agree to.
    pub consent: ConsentText,
    /// The ways to pay on offer, at least one.
    pub methods: Vec<Method>,
    /// The key to which the details are sealed, for this quote alone.
    pub vault_key: VaultKey,
    /// When the quote was made, by the provider's clock.
    pub quoted_at: UnixSeconds,
    /// From when on it can no longer be paid with.
    pub expires_at: UnixSeconds,
}

/// Who is paid.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Payee {
    /// The merchant.
    pub id: MerchantId,
    /// The merchant's registered name.
    pub name: Label,
    /// Where the merchant can be reached: a mail address or a web address.
    pub contact: Label,
}

/// A way to pay. Others come beside `card`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "method")]
pub enum Method {
    /// A payment card.
    Card {
        /// The brands that the provider takes.
        brands: Vec<CardBrand>,
    },
}

/// A card's brand, as far as Farthing treats them apart.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardBrand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Discover.
    Discover,
    /// Diners Club.
    Diners,
    /// JCB.
    Jcb,
    /// UnionPay.
    Unionpay,
    /// Maestro.
    Maestro,
}

impl CardBrand {
    /// The brand's own spelling of its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visa => "Visa",
            Self::Mastercard => "Mastercard",
            Self::Amex => "American Express",
            Self::Discover => "Discover",
            Self::Diners => "Diners Club",
            Self::Jcb => "JCB",
            Self::Unionpay => "UnionPay",
            Self::Maestro => "Maestro",
        }
    }
}

/// A public key on P-256 for `ECDH-ES` (RFC 7518 §6.2): coordinates in base64url without padding.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VaultKey {
    /// The x coordinate, 32 bytes.
    pub x: String,
    /// The y coordinate, 32 bytes.
    pub y: String,
}
