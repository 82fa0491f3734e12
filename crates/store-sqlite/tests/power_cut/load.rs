//! What the store is asked to do while the power goes: payments, numbered, each in steps. Whoever changes
//! what a store keeps changes this file, and no other of this test.

use farthing_gateway::{
    Begun, ChargeEnd, Claim, NewCharge, NewEvent, NewQuote, NewToken, Paid, Posting, PostingKind,
    QuoteInserted, Store, StoreError, StoredPosting, Terms, TokenInserted, entries_of_capture,
};
use farthing_protocol::{
    Accreditation, Bearer, CardBrand, ChargeId, Conditions, ConsentId, ConsentRecord, ConsentText,
    ConsentVersion, Currency, DeclineReason, EventId, EventKind, Hint, Label, Language, LastFour, MerchantId,
    Method, MethodKind, Money, Objection, Offer, OrderLine, Origin, Payee, Quote, QuoteId, Receipt,
    ReceiptFee, ReceiptId, Reference, UnixSeconds, VaultKey, Wording,
};

/// Steps of a payment: quote, token, charge begun, charge ended.
pub(crate) const STEPS: usize = 4;

const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// Takes the step after `done` of payment `n`; whether the store took it.
pub(crate) async fn step<S: Store>(store: &S, n: u32, done: usize) -> Result<bool, StoreError> {
    match done {
        0 => Ok(store.insert_quote(quote(n)).await? == QuoteInserted::Inserted),
        1 => Ok(store.insert_token(token(n)).await? == TokenInserted::Inserted),
        2 => match store.begin_charge(charge(n)).await? {
            Begun::Taken(taken) => Ok(taken.details == b"details"),
            _ => Ok(false),
        },
        _ => store.end_charge(&ChargeId::from_random(id(n)), end(n)).await,
    }
}

/// Everything that the store says about payment `n`, to be compared; `ledger` is all of it.
pub(crate) async fn seen<S: Store>(
    store: &S,
    n: u32,
    ledger: &[StoredPosting],
) -> Result<String, StoreError> {
    let id = id(n);
    let (quote, consent) = (QuoteId::from_random(id), ConsentId::from_random(id));
    let (charge, receipt) = (ChargeId::from_random(id), ReceiptId::from_random(id));
    let (quote, consent, charge, receipt) = tokio::try_join!(
        store.quote(&quote),
        store.consent(&consent),
        store.charge(&charge),
        store.receipt(&receipt),
    )?;
    let quote = quote.map(|stored| {
        let token = stored
            .token
            .map(|token| (token.sealed_hash, token.hint, token.expires_at, token.consent));
        (stored.quote, stored.vault_secret, token)
    });
    let booked = booked(ledger, n);
    Ok(format!("{quote:?} {consent:?} {charge:?} {receipt:?} {booked:?}"))
}

/// What the ledger has for payment `n`.
pub(crate) fn booked(ledger: &[StoredPosting], n: u32) -> Vec<&Posting> {
    let charge = ChargeId::from_random(id(n));
    let postings = ledger.iter().map(|stored| &stored.posting);
    postings.filter(|posting| posting.charge == charge).collect()
}

fn id(n: u32) -> [u8; 16] {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    id
}

fn hash(n: u32) -> [u8; 32] {
    let mut hash = [7; 32];
    hash[..4].copy_from_slice(&n.to_be_bytes());
    hash
}

fn order(n: u32) -> Reference {
    Reference::parse(&format!("order-{n}")).unwrap()
}

fn total() -> Money {
    Money::new(150, Currency::parse("EUR").unwrap()).unwrap()
}

fn payee() -> Payee {
    let [name, contact] = ["The Corner Press", "help@corner.example"].map(|text| Label::parse(text).unwrap());
    Payee {
        id: MerchantId::from_random([7; 16]),
        name,
        contact,
    }
}

fn accreditation() -> Accreditation {
    Accreditation {
        accreditor: Label::parse("The Guild").unwrap(),
        origin: Origin::parse("https://corner.example").unwrap(),
        until: NOW.plus(86_400),
    }
}

fn event(n: u32, kind: EventKind) -> NewEvent {
    NewEvent {
        id: EventId::from_random(id(n)),
        merchant: payee().id,
        kind,
        at: NOW,
        body: "{}".to_owned(),
    }
}

fn lines() -> Vec<OrderLine> {
    vec![OrderLine {
        label: Label::parse("Sticker").unwrap(),
        amount: 150,
    }]
}

fn hint() -> Hint {
    Hint::Card {
        brand: CardBrand::Visa,
        last_four: LastFour::of("4242").unwrap(),
    }
}

fn consent(n: u32) -> ConsentRecord {
    let version = ConsentVersion::new(Wording::CardOnce1, Language::En);
    ConsentRecord {
        id: ConsentId::from_random(id(n)),
        quote: QuoteId::from_random(id(n)),
        order: order(n),
        payee: payee(),
        lines: lines(),
        accreditation: accreditation(),
        method: MethodKind::Card,
        fee: 0,
        total: total(),
        version,
        text: version.text("The Corner Press", "Farthing", "€1.50", "", ""),
        text_sha256: "00".repeat(32),
        given_at: NOW,
    }
}

fn quote(n: u32) -> NewQuote {
    let ConsentRecord { version, text, .. } = consent(n);
    NewQuote {
        quote: Quote {
            id: QuoteId::from_random(id(n)),
            order: order(n),
            price: None,
            payee: payee(),
            provider: Label::parse("Farthing").unwrap(),
            sandbox: true,
            accreditation: accreditation(),
            lines: lines(),
            decimals: 2,
            methods: vec![Offer {
                method: Method::Card {
                    brands: vec![CardBrand::Visa],
                    address: false,
                },
                fee: 0,
                total: total(),
                conditions: Conditions::default(),
                consent: ConsentText { version, text },
            }],
            vault_key: VaultKey {
                x: "x".to_owned(),
                y: "y".to_owned(),
            },
            quoted_at: NOW,
            expires_at: NOW.plus(1_800),
        },
        jws: "quote.jws".to_owned(),
        terms: Terms::default(),
        order_digest: hash(n),
        vault_secret: b"vault".to_vec(),
        limit: 100,
    }
}

fn token(n: u32) -> NewToken {
    NewToken {
        quote: QuoteId::from_random(id(n)),
        hash: hash(n),
        sealed_hash: hash(n),
        details: b"details".to_vec(),
        hint: hint(),
        fingerprint: hash(n),
        now: NOW,
        expires_at: NOW.plus(900),
        consent: consent(n),
        consent_jws: "consent.jws".to_owned(),
        challenge: None,
        limit: 100,
        instrument_limit: 100,
        instrument_since: NOW,
    }
}

fn charge(n: u32) -> NewCharge {
    NewCharge {
        id: ChargeId::from_random(id(n)),
        merchant: payee().id,
        claim: Claim {
            key: format!("key-{n}"),
            body_hash: hash(n),
        },
        token_hash: hash(n),
        order: order(n),
        amount: total(),
        capture: true,
        paused: false,
        now: NOW,
    }
}

/// Most are paid, some declined, some unknown.
fn end(n: u32) -> ChargeEnd {
    match n % 5 {
        0 => {
            return ChargeEnd::Unknown {
                look_at: NOW,
                event: event(n, EventKind::ChargeUnknown),
            };
        }
        1 => {
            return ChargeEnd::Declined {
                reason: DeclineReason::InsufficientFunds,
                event: event(n, EventKind::ChargeDeclined),
            };
        }
        _ => {}
    }
    let charge = ChargeId::from_random(id(n));
    let receipt = Receipt {
        id: ReceiptId::from_random(id(n)),
        iss: Origin::parse("https://pay.example").unwrap(),
        provider: Label::parse("Farthing").unwrap(),
        sandbox: true,
        charge: charge.clone(),
        order: order(n),
        payee: payee(),
        accreditation: accreditation(),
        lines: lines(),
        fee: ReceiptFee {
            amount: 5,
            bearer: Bearer::Merchant,
        },
        total: total(),
        method: MethodKind::Card,
        hint: hint(),
        consent: ConsentId::from_random(id(n)),
        paid_at: NOW,
        objection: Objection {
            address: "https://pay.example/v1/receipts/".to_owned(),
            until: NOW.plus(86_400),
        },
    };
    ChargeEnd::Paid {
        paid: Box::new(Paid {
            posting: Posting {
                kind: PostingKind::Capture,
                charge,
                operation: None,
                at: NOW,
                currency: total().currency(),
                remainder: 0,
                entries: entries_of_capture(&payee().id, total().minor(), 5),
            },
            receipt,
            jws: "receipt.jws".to_owned(),
        }),
        event: event(n, EventKind::ChargePaid),
    }
}
