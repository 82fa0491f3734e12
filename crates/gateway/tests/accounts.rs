//! Paying from a bank account: what is offered, what is agreed to, what reaches the bank, and what is kept of it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use farthing_gateway::{
    Charged, IdempotencyKey, QuoteStore,
    fee::{Bearer, FeeSchedule, Terms},
    jose::Jws,
};
use farthing_protocol::{
    ChargeRequest, ChargeStatus, Code, ConsentGiven, ConsentRecord, Hint, MethodKind, PlainToken, Quote,
    Receipt, TokenReply, TokenRequest, limits,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, DEBIT_MOST, NOW, SeededRng, SetClock, Shop, account, card, free, given, seal};
use serde_json::{Value, json};

const IBAN: &str = "DE89370400440532013000";

struct Scene {
    shop: Shop,
    gateway: farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>,
    bank: Bank,
}

impl Scene {
    /// A shop where cards cost it 5 %, and bank accounts 7 cents.
    fn new() -> Self {
        let terms = |method, fixed, rate_bp| Terms {
            bearer: Bearer::Merchant,
            fixed,
            rate_bp,
            ..*free(method, "EUR").terms()
        };
        let mut shop = Shop::number(1);
        shop.fees = [
            terms(MethodKind::Card, 0, 500),
            terms(MethodKind::BankAccount, 7, 0),
            *free(MethodKind::Card, "USD").terms(),
            *free(MethodKind::BankAccount, "USD").terms(),
        ]
        .map(|terms| FeeSchedule::try_from(terms).unwrap())
        .to_vec();
        Self::of(shop)
    }

    fn of(shop: Shop) -> Self {
        let (gateway, _, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::memory().unwrap(), 7);
        Self { shop, gateway, bank }
    }

    async fn quote(&self, reference: &str, currency: &str, minor: i64) -> Result<Quote, Code> {
        let order = self.shop.claims(reference, currency, &[("Sticker", minor)], NOW);
        let request = self.shop.quote_request(self.shop.sign(&order));
        let reply = self.gateway.quote(request).await;
        reply.map(|reply| reply.quote).map_err(|refusal| refusal.code)
    }

    async fn token(&self, quote: &Quote, method: MethodKind, details: &Value) -> Result<TokenReply, Code> {
        let consent = &quote.offer(method).unwrap().consent;
        let request = TokenRequest {
            method,
            quote: quote.id.clone(),
            sealed: seal(quote, details, [5; 32]),
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text.clone(),
            },
        };
        self.gateway.token(request).await.map(given).map_err(|refusal| {
            let said = format!("{refusal:?}");
            assert!(
                !said.contains("370400") && !said.contains("Lovelace"),
                "a refusal repeats a detail: {said}"
            );
            refusal.code
        })
    }

    async fn charge(&self, quote: &Quote, token: &str) -> Charged {
        let request = ChargeRequest {
            token: PlainToken::parse(token).unwrap(),
            order: quote.order.clone(),
            amount: quote.lines.iter().map(|line| line.amount).sum(),
            currency: quote.methods[0].total.currency(),
            capture: true,
        };
        let key = IdempotencyKey::parse(quote.order.as_str()).unwrap();
        self.gateway
            .charge(&self.shop.id, key, [1; 32], request)
            .await
            .unwrap()
    }
}

fn kinds(quote: &Quote) -> Vec<MethodKind> {
    quote.methods.iter().map(|offer| offer.method.kind()).collect()
}

#[tokio::test]
async fn what_is_on_offer_is_what_has_a_schedule_and_is_possible() {
    use MethodKind::{BankAccount, Card};
    let scene = Scene::new();
    assert_eq!(
        kinds(&scene.quote("a", "EUR", 150).await.unwrap()),
        [Card, BankAccount]
    );
    assert_eq!(
        kinds(&scene.quote("b", "USD", 150).await.unwrap()),
        [Card],
        "in euro alone"
    );
    assert_eq!(
        kinds(&scene.quote("c", "EUR", DEBIT_MOST).await.unwrap()),
        [Card, BankAccount]
    );
    let beyond = scene.quote("d", "EUR", DEBIT_MOST + 1).await.unwrap();
    assert_eq!(kinds(&beyond), [Card], "more than a debit may be");

    let mut shop = Shop::number(1);
    shop.fees = vec![free(BankAccount, "EUR"), free(BankAccount, "USD")];
    let debits = Scene::of(shop);
    assert_eq!(
        kinds(&debits.quote("a", "EUR", 150).await.unwrap()),
        [BankAccount]
    );
    assert_eq!(
        debits.quote("b", "USD", 150).await.err(),
        Some(Code::MethodNotOffered)
    );
    let beyond = debits.quote("c", "EUR", DEBIT_MOST + 1).await;
    assert_eq!(beyond.err(), Some(Code::MethodNotOffered));
}

#[tokio::test]
async fn a_debit_is_agreed_to_with_its_mandate_and_paid_by_its_own_schedule() {
    let scene = Scene::new();
    let quote = scene.quote("o", "EUR", 2_000).await.unwrap();
    let offer = quote.offer(MethodKind::BankAccount).unwrap().clone();
    assert!(
        offer.consent.text.contains("(creditor DE98ZZZ09999999999)") && offer.consent.text.contains("€20.00"),
        "{}",
        offer.consent.text
    );
    assert_eq!(
        (offer.conditions.most, offer.conditions.arrives_days),
        (DEBIT_MOST, 2)
    );

    let token = scene
        .token(&quote, MethodKind::BankAccount, &account(IBAN))
        .await
        .unwrap();
    let Hint::BankAccount { country, last_four } = &token.hint else {
        panic!("{:?}", token.hint)
    };
    assert_eq!((country.as_str(), last_four.as_str()), ("DE", "3000"));
    let charged = scene.charge(&quote, token.token.expose()).await;
    assert_eq!(
        scene.bank.accounts_seen(),
        [(IBAN.to_owned(), "Ada Lovelace".to_owned())]
    );
    assert_eq!(scene.bank.codes_seen(), [], "a card was charged");

    let ChargeStatus::Paid { receipt } = charged.charge.status else {
        panic!("not paid")
    };
    let key = scene.gateway.keys().signing.verifying_key();
    let stored = scene.gateway.receipt_of(&receipt).await.unwrap();
    let receipt: Receipt = Jws::parse(&stored.jws).unwrap().verify(&key).unwrap();
    assert_eq!((receipt.method, receipt.fee.amount), (MethodKind::BankAccount, 7));
    let consent = scene.gateway.consent_of(&receipt.consent).await.unwrap();
    let consent: ConsentRecord = Jws::parse(&consent.jws).unwrap().verify(&key).unwrap();
    assert_eq!(
        (consent.method, consent.text),
        (MethodKind::BankAccount, offer.consent.text)
    );

    // By card, the same costs the shop another fee.
    let quote = scene.quote("p", "EUR", 2_000).await.unwrap();
    let token = scene
        .token(&quote, MethodKind::Card, &card("4242424242424242"))
        .await
        .unwrap();
    let charged = scene.charge(&quote, token.token.expose()).await;
    let ChargeStatus::Paid { receipt } = charged.charge.status else {
        panic!("not paid")
    };
    let receipt = scene.gateway.receipt_of(&receipt).await.unwrap().receipt;
    assert_eq!((receipt.method, receipt.fee.amount), (MethodKind::Card, 100));
}

#[tokio::test]
async fn details_are_read_strictly_and_the_quote_survives_it() {
    let scene = Scene::new();
    let quote = scene.quote("o", "EUR", 150).await.unwrap();
    for details in [
        account("DE89 3704 0044 0532 0130 00"),
        account("de89370400440532013000"),
        account("DE89370400440532013001"),
        account(""),
        // Whole, and outside SEPA.
        account("TR330006100519786457841326"),
        json!({"iban": IBAN}),
        json!({"iban": IBAN, "holder": ""}),
        json!({"iban": IBAN, "holder": "Ada\nLovelace"}),
        json!({"iban": IBAN, "holder": "Ada Lovelace", "bic": "COBADEFFXXX"}),
        json!([IBAN, "Ada Lovelace"]),
        card("4242424242424242"),
    ] {
        let refused = scene.token(&quote, MethodKind::BankAccount, &details).await.err();
        assert_eq!(refused, Some(Code::DetailsInvalid), "{details}");
    }
    let refused = scene.token(&quote, MethodKind::Card, &account(IBAN)).await.err();
    assert_eq!(refused, Some(Code::DetailsInvalid));
    scene
        .token(&quote, MethodKind::BankAccount, &account(IBAN))
        .await
        .unwrap();
}

#[tokio::test]
async fn one_account_pays_a_bounded_number_of_times_and_others_go_on() {
    let scene = Scene::new();
    for n in 0..=limits::TOKENS_PER_INSTRUMENT {
        let quote = scene.quote(&format!("o-{n}"), "EUR", 150).await.unwrap();
        let token = scene.token(&quote, MethodKind::BankAccount, &account(IBAN)).await;
        let beyond = n == limits::TOKENS_PER_INSTRUMENT;
        assert_eq!(token.err(), beyond.then_some(Code::TooManyAttempts), "{n}");
    }
    let quote = scene.quote("other", "EUR", 150).await.unwrap();
    let other = account("DE35370400440532013002");
    scene
        .token(&quote, MethodKind::BankAccount, &other)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_store_holds_no_account_in_the_clear() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.db");
    let shop = {
        let mut shop = Shop::number(1);
        shop.fees.push(free(MethodKind::BankAccount, "EUR"));
        shop
    };
    let (gateway, _, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::open(&path).unwrap(), 7);
    let scene = Scene { shop, gateway, bank };
    let quote = scene.quote("o", "EUR", 150).await.unwrap();
    let token = scene
        .token(&quote, MethodKind::BankAccount, &account(IBAN))
        .await
        .unwrap();
    let on_disk = || {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let bytes: Vec<u8> = files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
        let finds = |needle: &str| {
            bytes
                .windows(needle.len())
                .any(|window| window == needle.as_bytes())
        };
        assert!(finds("DE98ZZZ09999999999"), "the search would find what is there");
        [IBAN, "0532013000", "Lovelace"]
            .into_iter()
            .find(|needle| finds(needle))
    };
    assert_eq!(on_disk(), None);
    assert!(
        scene
            .gateway
            .store()
            .quote(&quote.id)
            .await
            .unwrap()
            .unwrap()
            .token
            .is_some()
    );
    scene.charge(&quote, token.token.expose()).await;
    assert_eq!(on_disk(), None);
}
