//! The messages and bodies of `protocol` that the frame reads and writes, to and from a JSON tree.
//!
//! By hand, although `protocol` has it all by serde: what serde derives for these few types is an eighth of
//! what the shopper downloads (docs/ARCHITECTURE.md, "Sizes"). The tests hold the two against each other.

mod method;

use farthing_protocol::{
    Accreditation, CardBrand, Challenge, ChallengeId, ChargeId, Code, Conditions, ConsentGiven, ConsentId,
    ConsentText, ConsentVersion, Currency, DeclineReason, FrameMessage, Hint, HostMessage, HostOutcome,
    Label, LastFour, MerchantId, Money, Offer, OrderLine, Origin, Payee, PlainToken, PriceId, Quote, QuoteId,
    QuoteOutcome, QuoteReply, QuoteRequest, ReceiptId, Reference, TokenAnswer, TokenReply, TokenRequest,
    UnixSeconds, VaultKey, limits,
};

use crate::json::{Fields, Json};
use method::method;

const BRANDS: [(&str, CardBrand); 10] = [
    ("visa", CardBrand::Visa),
    ("mastercard", CardBrand::Mastercard),
    ("amex", CardBrand::Amex),
    ("discover", CardBrand::Discover),
    ("diners", CardBrand::Diners),
    ("jcb", CardBrand::Jcb),
    ("unionpay", CardBrand::Unionpay),
    ("maestro", CardBrand::Maestro),
    ("cartes_bancaires", CardBrand::CartesBancaires),
    ("dankort", CardBrand::Dankort),
];

const REASONS: [(&str, DeclineReason); 3] = [
    ("card_declined", DeclineReason::CardDeclined),
    ("insufficient_funds", DeclineReason::InsufficientFunds),
    ("processing_failed", DeclineReason::ProcessingFailed),
];

const OUTCOMES: [(&str, HostOutcome); 3] = [
    ("paid", HostOutcome::Paid),
    ("failed", HostOutcome::Failed),
    ("unknown", HostOutcome::Unknown),
];

macro_rules! codes {
    ($($code:ident)*) => { &[$((Code::$code.as_str(), Code::$code)),*] };
}

/// The codes that a frame can meet or tell. The others are between the merchant's server and the provider, and
/// their names need no place in the download.
const CODES: &[(&str, Code)] = codes![
    NotFound MethodNotAllowed BodyTooLarge BodyMalformed ContentTypeUnsupported RequestTimeout TooManyRequests
    OrderMalformed OrderAlgorithmUnsupported OrderKeyUnknown OrderSignatureInvalid OrderAudienceWrong
    OrderMerchantWrong OrderExpired OrderNotYetValid OrderLifetimeTooLong OrderLinesInvalid OrderAmountInvalid
    CurrencyUnknown OrderPaid OrderReserved OrderChanged OrderInFlight TooManyAttempts
    PriceUnknown PriceClosed
    MerchantUnknown OriginNotRegistered MerchantSuspended MerchantNotAccredited MerchantPaused
    QuoteUnknown QuoteExpired QuoteUsed SealedMalformed SealedUnreadable DetailsInvalid CardExpired
    BrandUnsupported ConsentDiffers MethodNotOffered ChallengeExpired ChallengeFailed
    PhoneLimitReached PhoneNotAllowed
    CardDeclined InsufficientFunds ProcessingFailed
    Busy Internal FrameFailed FrameCovered ProviderUnreachable HostMissing QuoteLapsed
];

/// A message from the merchant's page; `None` for anything else that a page may send.
pub fn host_message(json: Json) -> Option<HostMessage> {
    let mut message = json.object()?;
    let read = match message.text("type")?.as_str() {
        "order" => {
            let order = message.text("order")?;
            if order.len() > limits::ORDER_JWT_BYTES {
                return None;
            }
            HostMessage::Order { order }
        }
        "complete" => HostMessage::Complete {
            outcome: named(&OUTCOMES, &message.text("outcome")?)?,
        },
        "reset" => HostMessage::Reset {},
        _ => return None,
    };
    message.end()?;
    Some(read)
}

/// A message to the merchant's page.
pub fn frame_message(message: &FrameMessage) -> String {
    let of_type = |name: &str| Fields::default().with("type", name);
    let fields = match message {
        FrameMessage::Hello {} => of_type("hello"),
        FrameMessage::Ready {} => of_type("ready"),
        FrameMessage::Resize { height } => of_type("resize").with("height", i64::from(*height)),
        FrameMessage::Token {
            token,
            expires_at,
            hint,
        } => of_type("token")
            .with("token", token.expose())
            .with("expires_at", expires_at.0)
            .with("hint", written_hint(hint)),
        FrameMessage::Paid { proof, receipt } => of_type("paid")
            .with("proof", proof.as_str())
            .with("receipt", receipt.as_str()),
        FrameMessage::Failed { code } => of_type("failed").with("code", name_of(CODES, *code)),
        FrameMessage::Cancelled {} => of_type("cancelled"),
        FrameMessage::Fatal { code } => of_type("fatal").with("code", name_of(CODES, *code)),
    };
    Json::from(fields).write()
}

/// `POST /v1/quotes`.
pub fn quote_request(request: &QuoteRequest) -> String {
    let fields = Fields::default()
        .with("merchant", request.merchant.as_str())
        .with("order", request.order.as_str())
        .with("origin", request.origin.as_str())
        .with("language", request.language.as_str());
    Json::from(fields).write()
}

/// `POST /v1/tokens`.
pub fn token_request(request: &TokenRequest) -> String {
    let ConsentGiven { version, text } = &request.consent;
    let consent = Fields::default()
        .with("version", version.to_string().as_str())
        .with("text", text.as_str());
    let fields = Fields::default()
        .with("quote", request.quote.as_str())
        .with("method", request.method.as_str())
        .with("sealed", request.sealed.as_str())
        .with("consent", consent);
    Json::from(fields).write()
}

/// The answer to `POST /v1/quotes`.
pub fn quote_reply(json: Json) -> Option<QuoteReply> {
    let mut reply = json.object()?;
    let read = QuoteReply {
        quote: quote(reply.object("quote")?)?,
        jws: reply.text("jws")?,
    };
    reply.end()?;
    Some(read)
}

fn quote(mut quote: Fields) -> Option<Quote> {
    let read = Quote {
        id: QuoteId::parse(&quote.text("id")?).ok()?,
        order: Reference::parse(&quote.text("order")?).ok()?,
        price: given(quote.take("price"), |price| PriceId::parse(&price).ok())?,
        payee: payee(quote.object("payee")?)?,
        provider: label(quote.text("provider"))?,
        sandbox: quote.bool("sandbox")?,
        accreditation: accreditation(quote.object("accreditation")?)?,
        lines: quote.list("lines", line)?,
        decimals: u8::try_from(quote.number("decimals")?).ok()?,
        methods: quote.list("methods", offer)?,
        vault_key: vault_key(quote.object("vault_key")?)?,
        quoted_at: UnixSeconds(quote.number("quoted_at")?),
        expires_at: UnixSeconds(quote.number("expires_at")?),
    };
    quote.end()?;
    Some(read)
}

/// The answer to `POST /v1/tokens`.
pub fn token_answer(json: Json) -> Option<TokenAnswer> {
    let mut reply = json.object()?;
    if let Some(mut challenge) = reply.object("challenge") {
        let read = Challenge {
            id: ChallengeId::parse(&challenge.text("id")?).ok()?,
            expires_at: UnixSeconds(challenge.number("expires_at")?),
        };
        challenge.end()?;
        reply.end()?;
        return Some(TokenAnswer::Challenged { challenge: read });
    }
    let read = TokenReply {
        token: PlainToken::parse(&reply.text("token")?).ok()?,
        expires_at: UnixSeconds(reply.number("expires_at")?),
        hint: hint(reply.object("hint")?)?,
    };
    reply.end()?;
    Some(TokenAnswer::Token(read))
}

/// The answer to `GET /v1/quotes/{id}/outcome`.
pub fn outcome(json: Json) -> Option<QuoteOutcome> {
    let mut outcome = json.object()?;
    let read = match outcome.text("outcome")?.as_str() {
        "open" => QuoteOutcome::Open {
            until: UnixSeconds(outcome.number("until")?),
        },
        "lapsed" => QuoteOutcome::Lapsed {},
        "unknown" => QuoteOutcome::Unknown {
            charge: ChargeId::parse(&outcome.text("charge")?).ok()?,
        },
        "authorised" => QuoteOutcome::Authorised {
            consent: ConsentId::parse(&outcome.text("consent")?).ok()?,
            total: money(outcome.object("total")?)?,
        },
        "paid" => QuoteOutcome::Paid {
            receipt: ReceiptId::parse(&outcome.text("receipt")?).ok()?,
            consent: ConsentId::parse(&outcome.text("consent")?).ok()?,
            total: money(outcome.object("total")?)?,
            proof: given(outcome.take("proof"), Some)?,
        },
        "declined" => QuoteOutcome::Declined {
            reason: named(&REASONS, &outcome.text("reason")?)?,
        },
        _ => return None,
    };
    outcome.end()?;
    Some(read)
}

/// The code of a problem (RFC 9457). What else the problem says is for developers. One of the provider's that this
/// frame does not know, as a newer provider may have, is a reason to stop.
pub fn problem(json: Json) -> Option<Code> {
    let mut problem = json.object()?;
    let code = problem.text("code")?;
    let kind = problem.text("type")?;
    let ours = kind.strip_prefix("/docs/problems#") == Some(&code);
    ours.then(|| named(CODES, &code).unwrap_or(Code::FrameFailed))
}

/// A text that may be left out.
fn given<T>(value: Option<Json>, read: impl FnOnce(String) -> Option<T>) -> Option<Option<T>> {
    match value {
        None | Some(Json::Null) => Some(None),
        Some(Json::Text(text)) => read(text).map(Some),
        Some(_) => None,
    }
}

fn payee(mut payee: Fields) -> Option<Payee> {
    let read = Payee {
        id: MerchantId::parse(&payee.text("id")?).ok()?,
        name: label(payee.text("name"))?,
        contact: label(payee.text("contact"))?,
    };
    payee.end()?;
    Some(read)
}

fn accreditation(mut accreditation: Fields) -> Option<Accreditation> {
    let read = Accreditation {
        accreditor: label(accreditation.text("accreditor"))?,
        origin: Origin::parse(&accreditation.text("origin")?).ok()?,
        until: UnixSeconds(accreditation.number("until")?),
    };
    accreditation.end()?;
    Some(read)
}

fn line(json: Json) -> Option<OrderLine> {
    let mut line = json.object()?;
    let read = OrderLine {
        label: label(line.text("label"))?,
        amount: line.number("amount")?,
    };
    line.end()?;
    Some(read)
}

fn money(mut money: Fields) -> Option<Money> {
    let currency = Currency::parse(&money.text("currency")?).ok()?;
    let read = Money::new(money.number("amount")?, currency).ok()?;
    money.end()?;
    Some(read)
}

fn consent_text(mut consent: Fields) -> Option<ConsentText> {
    let read = ConsentText {
        version: ConsentVersion::parse(&consent.text("version")?)?,
        text: consent.text("text")?,
    };
    consent.end()?;
    Some(read)
}

fn offer(json: Json) -> Option<Offer> {
    let mut offer = json.object()?;
    let read = Offer {
        method: method(offer.object("method")?)?,
        fee: offer.number("fee")?,
        total: money(offer.object("total")?)?,
        conditions: match offer.take("conditions") {
            Some(json) => conditions(json.object()?)?,
            None => Conditions::default(),
        },
        consent: consent_text(offer.object("consent")?)?,
    };
    offer.end()?;
    Some(read)
}

fn conditions(mut conditions: Fields) -> Option<Conditions> {
    let read = Conditions {
        most: conditions.number("most")?,
        arrives_days: u8::try_from(conditions.number("arrives_days")?).ok()?,
        refundable_days: u16::try_from(conditions.number("refundable_days")?).ok()?,
    };
    conditions.end()?;
    Some(read)
}

fn vault_key(mut key: Fields) -> Option<VaultKey> {
    let read = VaultKey {
        x: key.text("x")?,
        y: key.text("y")?,
    };
    key.end()?;
    Some(read)
}

fn hint(mut hint: Fields) -> Option<Hint> {
    let read = if let Some(carrier) = hint.text("carrier") {
        Hint::PhoneBill {
            carrier: label(Some(carrier))?,
        }
    } else {
        let four = hint.text("last_four")?;
        let last_four = LastFour::of(&four).filter(|_| four.len() == 4)?;
        match hint.text("country") {
            Some(country) => Hint::BankAccount {
                country: label(Some(country))?,
                last_four,
            },
            None => Hint::Card {
                brand: named(&BRANDS, &hint.text("brand")?)?,
                last_four,
            },
        }
    };
    hint.end()?;
    Some(read)
}

fn written_hint(hint: &Hint) -> Fields {
    let fields = Fields::default();
    match hint {
        Hint::Card { brand, last_four } => fields
            .with("brand", name_of(&BRANDS, *brand))
            .with("last_four", last_four.as_str()),
        Hint::BankAccount { country, last_four } => fields
            .with("country", country.as_str())
            .with("last_four", last_four.as_str()),
        Hint::PhoneBill { carrier } => fields.with("carrier", carrier.as_str()),
    }
}

fn label(text: Option<String>) -> Option<Label> {
    Label::parse(&text?).ok()
}

fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], value: T) -> &'static str {
    names
        .iter()
        .find(|(_, known)| *known == value)
        .map_or("", |(name, _)| *name)
}

fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

#[cfg(test)]
mod tests;
