//! Ready-made values: number `n` of each kind belongs to number `n` of the others. A charge is for [`amount`] and
//! [`FEE`]; unless told otherwise its money is taken at once, and all of it.

use farthing_gateway::{Claim, NewCharge, NewOperation, NewQuote, NewToken, Terms};
use farthing_protocol::{
    Accreditation, CardBrand, ChargeId, Conditions, ConsentId, ConsentRecord, ConsentText, ConsentVersion,
    Currency, DisputeId, Hint, Label, Language, LastFour, MerchantId, Method, MethodKind, Money, Offer,
    OperationId, OperationKind, OrderLine, Origin, Payee, Quote, QuoteId, ReceiptId, Reference, UnixSeconds,
    VaultKey, Wording,
};

/// When everything in the suite happens, unless a part says otherwise.
pub(super) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);
/// What the shopper bears beyond the lines.
pub(super) const FEE: i64 = 5;

pub(super) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

pub(super) fn amount() -> Money {
    eur(150)
}

pub(super) fn total() -> Money {
    eur(150 + FEE)
}

pub(super) fn merchant() -> MerchantId {
    MerchantId::from_random([7; 16])
}

pub(super) fn stranger() -> MerchantId {
    MerchantId::from_random([8; 16])
}

pub(super) fn quote_id(n: u8) -> QuoteId {
    QuoteId::from_random([n; 16])
}

pub(super) fn charge_id(n: u8) -> ChargeId {
    ChargeId::from_random([n; 16])
}

pub(super) fn receipt_id(n: u8) -> ReceiptId {
    ReceiptId::from_random([n; 16])
}

pub(super) fn operation_id(n: u8) -> OperationId {
    OperationId::from_random([n; 16])
}

pub(super) fn dispute_id(n: u8) -> DisputeId {
    DisputeId::from_random([n; 16])
}

pub(super) fn order(order: &str) -> Reference {
    Reference::parse(order).unwrap()
}

pub(super) fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

pub(super) fn hint() -> Hint {
    Hint::Card {
        brand: CardBrand::Visa,
        last_four: LastFour::of("4242").unwrap(),
    }
}

pub(super) fn payee() -> Payee {
    Payee {
        id: merchant(),
        name: label("The Corner Press"),
        contact: label("help@corner.example"),
    }
}

pub(super) fn accreditation() -> Accreditation {
    Accreditation {
        accreditor: label("Chamber of Trade"),
        origin: Origin::parse("https://corner.example").unwrap(),
        until: NOW.plus(86_400),
    }
}

pub(super) fn lines() -> Vec<OrderLine> {
    vec![OrderLine {
        label: label("Sticker"),
        amount: amount().minor(),
    }]
}

fn consent_text() -> ConsentText {
    let version = ConsentVersion::new(Wording::CardOnceFee1, Language::En);
    ConsentText {
        version,
        text: version.text("The Corner Press", "Farthing", "€1.55", "€0.05", ""),
    }
}

pub(super) fn quote(n: u8, reference: &str, order_digest: [u8; 32]) -> NewQuote {
    let quote = Quote {
        id: quote_id(n),
        order: order(reference),
        price: None,
        payee: payee(),
        provider: label("Farthing"),
        sandbox: true,
        accreditation: accreditation(),
        lines: lines(),
        decimals: 2,
        methods: vec![Offer {
            method: Method::Card {
                brands: vec![CardBrand::Visa],
                address: false,
            },
            fee: FEE,
            total: total(),
            conditions: Conditions::default(),
            consent: consent_text(),
        }],
        vault_key: VaultKey {
            x: "x".to_owned(),
            y: "y".to_owned(),
        },
        quoted_at: NOW,
        expires_at: NOW.plus(1_800),
    };
    NewQuote {
        quote,
        jws: "quote.jws".to_owned(),
        terms: Terms::default(),
        order_digest,
        vault_secret: b"vault".to_vec(),
        limit: 100,
    }
}

pub(super) fn token(n: u8, reference: &str) -> NewToken {
    NewToken {
        quote: quote_id(n),
        hash: [n; 32],
        sealed_hash: [n; 32],
        details: b"details".to_vec(),
        hint: hint(),
        fingerprint: [n; 32],
        now: NOW,
        expires_at: NOW.plus(900),
        consent: ConsentRecord {
            id: ConsentId::from_random([n; 16]),
            quote: quote_id(n),
            order: order(reference),
            payee: payee(),
            lines: lines(),
            accreditation: accreditation(),
            method: MethodKind::Card,
            fee: FEE,
            total: total(),
            version: consent_text().version,
            text: consent_text().text,
            text_sha256: "00".repeat(32),
            given_at: NOW,
        },
        consent_jws: "consent.jws".to_owned(),
        challenge: None,
        limit: 100,
        instrument_limit: 100,
        instrument_since: NOW.plus(-86_400),
    }
}

pub(super) fn claim(key: &str, body: u8) -> Claim {
    Claim {
        key: key.to_owned(),
        body_hash: [body; 32],
    }
}

pub(super) fn charge(n: u8, token: u8, reference: &str) -> NewCharge {
    NewCharge {
        id: charge_id(n),
        merchant: merchant(),
        claim: claim(&format!("charge-{n}"), 1),
        token_hash: [token; 32],
        order: order(reference),
        amount: amount(),
        capture: true,
        paused: false,
        now: NOW,
    }
}

/// Operation number `n`, on charge number 1.
pub(super) fn operation(n: u8, kind: OperationKind, minor: i64) -> NewOperation {
    NewOperation {
        id: operation_id(n),
        charge: charge_id(1),
        merchant: merchant(),
        kind,
        amount: eur(minor),
        claim: Some(claim(&format!("operation-{n}"), n)),
        limit: 100,
        now: NOW,
        event: None,
    }
}
