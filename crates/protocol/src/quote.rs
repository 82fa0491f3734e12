use serde::{Deserialize, Serialize};

use crate::{
    ConsentText, Label, Language, MerchantId, Money, MoneyError, OrderLine, Origin, PriceId, QuoteId,
    Reference, UnixSeconds,
};

/// `POST /v1/quotes`: the frame asks what an order, or a price, costs and how it can be paid.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct QuoteRequest {
    /// The merchant whose frame this is (from the frame's address).
    pub merchant: MerchantId,
    /// The order, as the merchant's page gave it: foreign text until its signature is checked. Or the id of a price,
    /// which no signed order can be taken for: then the provider makes the order.
    #[cfg_attr(feature = "schema", schemars(length(max = crate::limits::ORDER_JWT_BYTES)))]
    pub order: String,
    /// The origin that the browser named as the embedding page's.
    pub origin: Origin,
    /// The language of the sentences to agree to.
    #[serde(default)]
    pub language: Language,
}

/// What the shopper is shown about money, all of it. Nothing on the screen comes from anywhere else.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// Names this quote; whoever holds it may ask how the payment ended.
    pub id: QuoteId,
    /// The merchant's reference of the order; the provider's own where it made the order.
    pub order: Reference,
    /// The price that the provider made the order from. Then it charges too, for there is no merchant's server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<PriceId>,
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
    /// What else is to be known before it is chosen.
    #[serde(default)]
    pub conditions: Conditions,
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

/// What is to be known of a way to pay beside its fee.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    /// The most that one payment may be, in minor units; 0 where only [`limits::AMOUNT_MINOR`] bounds it.
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = crate::limits::AMOUNT_MINOR)))]
    pub most: i64,
    /// How many working days pass until the payee has the money; 0 at once.
    pub arrives_days: u8,
    /// For how many days the payee can give it back the way it came; 0 never.
    pub refundable_days: u16,
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

/// A way to pay, with what its form needs. A prepaid balance comes as a fourth.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "kind")]
pub enum Method {
    /// A payment card.
    Card {
        /// The brands that the provider takes.
        brands: Vec<CardBrand>,
        /// Whether the merchant asks for the billing address.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        address: bool,
    },
    /// A bank account, by SEPA direct debit.
    BankAccount {
        /// The creditor's identifier, as it stands in the mandate.
        creditor: Label,
    },
    /// A phone bill.
    PhoneBill {
        /// The carriers whose bills can be paid with, at least one.
        carriers: Vec<Carrier>,
    },
}

impl Method {
    /// Which way it is.
    #[must_use]
    pub const fn kind(&self) -> MethodKind {
        match self {
            Self::Card { .. } => MethodKind::Card,
            Self::BankAccount { .. } => MethodKind::BankAccount,
            Self::PhoneBill { .. } => MethodKind::PhoneBill,
        }
    }
}

/// A phone carrier.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Carrier {
    /// The provider's name for it: lower-case letters, digits and hyphens.
    pub id: Reference,
    /// As shoppers know it.
    pub name: Label,
    /// The country calling code of its numbers, without `+`: `49`.
    pub calling_code: u16,
}

/// Which way to pay.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// A payment card.
    Card,
    /// A bank account.
    BankAccount,
    /// A phone bill.
    PhoneBill,
}

impl MethodKind {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Card, Self::BankAccount, Self::PhoneBill];

    /// As it is written, `card`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::BankAccount => "bank_account",
            Self::PhoneBill => "phone_bill",
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
    /// Cartes Bancaires, of France: on cards that are Visa or Mastercard too.
    CartesBancaires,
    /// Dankort, of Denmark: on cards that are Visa too.
    Dankort,
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
            Self::CartesBancaires => "Cartes Bancaires",
            Self::Dankort => "Dankort",
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
