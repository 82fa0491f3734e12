use serde::{Deserialize, Serialize};

use crate::{
    ConsentText, Label, MerchantId, Money, MoneyError, OrderLine, Origin, QuoteId, Reference, UnixSeconds,
};

/// `POST /v1/quotes`: the frame asks what an order costs and how it can be paid.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The merchant whose frame this is (from the frame's address).
    pub merchant: MerchantId,
    /// The order, as the merchant's page gave it: foreign text until its signature is checked.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::ORDER_JWT_BYTES)))]
    pub order: String,
    /// The origin that the browser named as the embedding page's.
    pub origin: Origin,
}

/// What the shopper is shown about money, all of it. Nothing on the screen comes from anywhere else.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// Who vouches for the payee, for which origin, and until when.
    pub accreditation: Accreditation,
    /// What is bought, in the currency of every total.
    pub lines: Vec<OrderLine>,
    /// How many decimals the currency has, by ISO 4217. The frame formats amounts with exactly these:
    /// a browser's `Intl` has other ideas for some currencies (AFN, IQD), which would show a hundredfold.
    pub decimals: u8,
    /// The ways to pay on offer, at least one, each with what it costs and the sentence to agree to.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub methods: Vec<Offer>,
    /// The key to which the details are sealed, for this quote alone.
    pub vault_key: VaultKey,
    /// When the quote was made, by the provider's clock.
    pub quoted_at: UnixSeconds,
    /// From when on it can no longer be paid with.
    pub expires_at: UnixSeconds,
}

impl Quote {
    /// The offer of paying by `kind`, if there is one.
    #[must_use]
    pub fn offer(&self, kind: MethodKind) -> Option<&Offer> {
        self.methods.iter().find(|offer| offer.method.kind() == kind)
    }
}

/// The answer to [`QuoteRequest`].
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteReply {
    /// The quote, to read.
    pub quote: Quote,
    /// The same, signed by the provider: JWS compact, `typ` `farthing-quote+jws`.
    pub jws: String,
}

/// Who vouches for a merchant: an accreditor's statement that holds at the time of the quote.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Accreditation {
    /// The accreditor's name, as the provider registered it.
    pub accreditor: Label,
    /// The origin that the statement is about: the embedding page's.
    pub origin: Origin,
    /// When the statement ends.
    pub until: UnixSeconds,
}

/// One way to pay, and what it costs.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// The way.
    pub method: Method,
    /// What paying this way adds to the lines, in minor units; 0 where nothing is added.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub fee: i64,
    /// The lines and the fee: what the shopper agrees to.
    pub total: Money,
    /// The sentence to agree to.
    pub consent: ConsentText,
}

impl Offer {
    /// The sum of `lines` and this offer's fee, which its total must be. Refuses what [`Money`] refuses, and a
    /// negative fee.
    pub fn sum(&self, lines: &[OrderLine]) -> Result<Money, MoneyError> {
        let fee = (self.fee != 0).then_some(self.fee);
        Money::sum(
            self.total.currency(),
            lines.iter().map(|line| line.amount).chain(fee),
        )
    }
}

/// Who is paid.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// A way to pay, with what the shopper needs to know of it. Others come beside `card`.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "kind")]
pub enum Method {
    /// A payment card.
    Card {
        /// The brands that the provider takes.
        brands: Vec<CardBrand>,
    },
}

impl Method {
    /// Which way it is.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        match self {
            Self::Card { .. } => MethodKind::Card,
        }
    }
}

/// Which way to pay.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A payment card.
    Card,
}

impl MethodKind {
    /// As it is written, `card`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
        }
    }
}

/// A card's brand, as far as Farthing treats them apart.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VaultKey {
    /// The x coordinate, 32 bytes.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Za-z0-9_-]{43}$")))]
    pub x: String,
    /// The y coordinate, 32 bytes.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[A-Za-z0-9_-]{43}$")))]
    pub y: String,
}
