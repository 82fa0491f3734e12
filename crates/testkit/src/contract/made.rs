//! Ready-made values: number `n` of each kind belongs to number `n` of the others.

use farthing_gateway::{ChargeEnd, NewCharge, NewQuote, NewToken, entries_of_payment};
use farthing_protocol::{
    CardBrand, ChargeId, ConsentId, ConsentRecord, ConsentText, ConsentVersion, Currency, Hint, Label,
    LastFour, MerchantId, Method, Money, OrderLine, Origin, Payee, Quote, QuoteId, Receipt, ReceiptId,
    Reference, UnixSeconds, VaultKey,
};

/// When everything in the suite happens.
pub(super) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

pub(super) fn eur() -> Currency {
    Currency::parse("EUR").unwrap()
}

pub(super) fn total() -> Money {
    Money::new(150, eur()).unwrap()
}

pub(super) fn merchant() -> MerchantId {
    MerchantId::from_random([7; 16])
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

pub(super) fn hint() -> Hint {
    Hint {
        brand: CardBrand::Visa,
        last_four: LastFour::of("4242").unwrap(),
    }
}

pub(super) fn payee() -> Payee {
    let [name, contact] = ["The Corner Press", "help@corner.example"].map(|t| Label::parse(t).unwrap());
    Payee {
        id: merchant(),
        name,
        contact,
    }
}

pub(super) fn lines() -> Vec<OrderLine> {
    vec![OrderLine {
        label: Label::parse("Sticker").unwrap(),
        amount: 150,
    }]
}

pub(super) fn consent_text() -> ConsentText {
    let version = ConsentVersion::CardOnce1En;
    ConsentText {
        version,
        text: version.text("The Corner Press", "Farthing", "€1.50"),
    }
}

pub(super) fn quote(n: u8, order: &str, order_digest: [u8; 32]) -> NewQuote {
    let quote = Quote {
        id: quote_id(n),
        order: Reference::parse(order).unwrap(),
        payee: payee(),
        provider: Label::parse("Farthing").unwrap(),
        sandbox: true,
        lines: lines(),
        total: total(),
        decimals: 2,
        consent: consent_text(),
        methods: vec![Method::Card {
            brands: vec![CardBrand::Visa],
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
        order_digest,
        vault_secret: b"vault".to_vec(),
        limit: 100,
    }
}

pub(super) fn token(n: u8, order: &str) -> NewToken {
    NewToken {
        quote: quote_id(n),
        hash: [n; 32],
        sealed_hash: [n; 32],
        details: b"details".to_vec(),
        hint: hint(),
        now: NOW,
        expires_at: NOW.plus(900),
        consent: ConsentRecord {
            id: ConsentId::from_random([n; 16]),
            quote: quote_id(n),
            order: Reference::parse(order).unwrap(),
            payee: payee(),
            lines: lines(),
            total: total(),
            version: ConsentVersion::CardOnce1En,
            text: consent_text().text,
            text_sha256: "00".repeat(32),
            given_at: NOW,
        },
        consent_jws: "consent.jws".to_owned(),
        limit: 100,
    }
}

pub(super) fn charge(n: u8, token: u8, order: &str) -> NewCharge {
    NewCharge {
        id: charge_id(n),
        merchant: merchant(),
        key: format!("key-{n}"),
        body_hash: [1; 32],
        token_hash: [token; 32],
        order: Reference::parse(order).unwrap(),
        total: total(),
        now: NOW,
    }
}

pub(super) fn paid(n: u8, order: &str) -> ChargeEnd {
    let receipt = Receipt {
        id: receipt_id(n),
        iss: Origin::parse("https://pay.example").unwrap(),
        provider: Label::parse("Farthing").unwrap(),
        sandbox: true,
        charge: charge_id(n),
        order: Reference::parse(order).unwrap(),
        payee: payee(),
        lines: lines(),
        total: total(),
        hint: hint(),
        consent: ConsentId::from_random([n; 16]),
        paid_at: NOW,
    };
    ChargeEnd::Paid {
        entries: entries_of_payment(&charge_id(n), &merchant(), total()),
        receipt: Box::new(receipt),
        jws: "receipt.jws".to_owned(),
    }
}
