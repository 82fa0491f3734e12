//! One payment from order to receipt, and the ways in which answers get lost.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use farthing_gateway::{Answer, ChargeStore, Charged, IdempotencyKey, QuoteStore, jose::Jws};
use farthing_protocol::{
    ChargeRequest, ChargeStatus, Code, ConsentGiven, ConsentRecord, DeclineReason, MethodKind, Offer,
    PlainToken, Quote, QuoteOutcome, Receipt, TokenReply, TokenRequest, limits,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, NOW, SeededRng, SetClock, Shop, card, given, seal};

type Gateway = farthing_gateway::Gateway<SqliteStore, Bank, SetClock, SeededRng>;

struct Scene {
    shop: Shop,
    gateway: Gateway,
    clock: SetClock,
    bank: Bank,
}

impl Scene {
    fn new() -> Self {
        let shop = Shop::number(1);
        let (gateway, clock, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::memory().unwrap(), 7);
        Self {
            shop,
            gateway,
            clock,
            bank,
        }
    }

    async fn quote(&self, reference: &str) -> Quote {
        let order = self.shop.order(reference, NOW);
        let reply = self.gateway.quote(self.shop.quote_request(order)).await;
        reply.unwrap().quote
    }

    async fn token(&self, quote: &Quote, sealed: &str) -> Result<TokenReply, Code> {
        let consent = ConsentGiven {
            version: offer(quote).consent.version,
            text: offer(quote).consent.text.clone(),
        };
        let request = TokenRequest {
            method: MethodKind::Card,
            quote: quote.id.clone(),
            sealed: sealed.to_owned(),
            consent,
        };
        let answer = self.gateway.token(request).await;
        answer.map(given).map_err(|refusal| refusal.code)
    }

    async fn charge(&self, quote: &Quote, token: &str, key: &str) -> Result<Charged, Code> {
        let request = ChargeRequest {
            token: PlainToken::parse(token).unwrap(),
            order: quote.order.clone(),
            amount: lines_of(quote),
            currency: offer(quote).total.currency(),
            capture: true,
        };
        let key = IdempotencyKey::parse(key).unwrap();
        let hash = [u8::try_from(token.len() % 7).unwrap(); 32];
        self.gateway
            .charge(&self.shop.id, key, hash, request)
            .await
            .map_err(|refusal| refusal.code)
    }
}

fn offer(quote: &Quote) -> &Offer {
    quote.offer(MethodKind::Card).unwrap()
}

fn lines_of(quote: &Quote) -> i64 {
    quote.lines.iter().map(|line| line.amount).sum()
}

fn sealed(quote: &Quote) -> String {
    seal(quote, &card("4242424242424242"), [5; 32])
}

#[tokio::test]
async fn what_was_shown_is_what_was_agreed_is_what_was_charged_is_what_the_receipt_says() {
    let scene = Scene::new();
    let lines = [("Article", 50), ("Sticker", 150), ("Stamp", 7)];
    let order = scene.shop.sign(&scene.shop.claims("o", "EUR", &lines, NOW));
    let reply = scene
        .gateway
        .quote(scene.shop.quote_request(order))
        .await
        .unwrap();
    let quote = reply.quote;
    let agreed = offer(&quote).clone();
    assert_eq!(agreed.total.minor(), 207);
    assert_eq!(
        agreed.consent.text,
        "I agree to pay €2.07 to The Corner Press, once. Nothing else will be charged. My card details go to \
         Farthing Sandbox, which makes the payment; The Corner Press does not get them."
    );
    let token = scene.token(&quote, &sealed(&quote)).await.unwrap();
    assert_eq!(token.expires_at, NOW.plus(limits::TOKEN_LIFETIME_S));
    let charged = scene.charge(&quote, token.token.expose(), "k").await.unwrap();
    let ChargeStatus::Paid { receipt } = charged.charge.status else {
        panic!("not paid")
    };

    let key = scene.gateway.keys().signing.verifying_key();
    let signed: Quote = Jws::parse(&reply.jws).unwrap().verify(&key).unwrap();
    assert_eq!(signed, quote);
    let stored = scene.gateway.receipt_of(&receipt).await.unwrap();
    let receipt: Receipt = Jws::parse(&stored.jws).unwrap().verify(&key).unwrap();
    assert_eq!((receipt.total, &receipt.lines), (agreed.total, &quote.lines));
    let consent = scene.gateway.consent_of(&receipt.consent).await.unwrap();
    let consent: ConsentRecord = Jws::parse(&consent.jws).unwrap().verify(&key).unwrap();
    assert_eq!(
        (consent.total, consent.text, consent.lines),
        (agreed.total, agreed.consent.text, quote.lines)
    );
    assert_eq!(scene.bank.moved(), [(receipt.charge.clone(), agreed.total)]);
    let outcome = scene.gateway.outcome(&quote.id).await.unwrap();
    assert!(matches!(outcome, QuoteOutcome::Paid { total, .. } if total == agreed.total));
    let again = scene
        .shop
        .quote_request(scene.shop.sign(&scene.shop.claims("o", "EUR", &lines, NOW)));
    assert_eq!(
        scene.gateway.quote(again).await.unwrap_err().code,
        Code::OrderPaid
    );
}

#[tokio::test]
async fn the_security_code_reaches_the_bank_and_is_not_kept() {
    let scene = Scene::new();
    let quote = scene.quote("o").await;
    let token = scene.token(&quote, &sealed(&quote)).await.unwrap();
    scene.charge(&quote, token.token.expose(), "k").await.unwrap();
    assert_eq!(scene.bank.codes_seen(), [Some("123".to_owned())]);

    // A code that nobody came for is gone when its token is.
    let quote = scene.quote("p").await;
    scene.token(&quote, &sealed(&quote)).await.unwrap();
    scene.clock.pass(limits::TOKEN_LIFETIME_S);
    assert_eq!(scene.gateway.sweep().await.unwrap(), 1);
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
}

#[tokio::test]
async fn a_lost_reply_gives_a_new_token_and_ends_the_old_one() {
    let scene = Scene::new();
    let quote = scene.quote("o").await;
    let text = sealed(&quote);
    let lost = scene.token(&quote, &text).await.unwrap();
    let found = scene.token(&quote, &text).await.unwrap();
    assert!(lost.token.expose() != found.token.expose());
    assert_eq!(found.expires_at, lost.expires_at);
    let other = seal(&quote, &card("4242424242424242"), [6; 32]);
    assert_eq!(scene.token(&quote, &other).await.err(), Some(Code::QuoteUsed));
    assert_eq!(
        scene.charge(&quote, lost.token.expose(), "k").await.err(),
        Some(Code::TokenUnknown)
    );
    assert!(scene.charge(&quote, found.token.expose(), "k").await.is_ok());
    assert_eq!(
        scene.bank.codes_seen(),
        [Some("123".to_owned())],
        "the code outlived the lost token"
    );
    assert_eq!(scene.token(&quote, &text).await.err(), Some(Code::QuoteUsed));
}

#[tokio::test]
async fn a_key_asks_for_one_charge_however_often_it_is_sent() {
    let scene = Scene::new();
    let quote = scene.quote("o").await;
    let token = scene.token(&quote, &sealed(&quote)).await.unwrap();
    let first = scene.charge(&quote, token.token.expose(), "k").await.unwrap();
    let again = scene.charge(&quote, token.token.expose(), "k").await.unwrap();
    assert!(!first.replayed && again.replayed);
    assert_eq!(first.charge, again.charge);
    let request = ChargeRequest {
        token: PlainToken::parse(token.token.expose()).unwrap(),
        order: quote.order.clone(),
        amount: 1,
        currency: offer(&quote).total.currency(),
        capture: true,
    };
    let key = IdempotencyKey::parse("k").unwrap();
    let other_body = scene.gateway.charge(&scene.shop.id, key, [99; 32], request).await;
    assert_eq!(other_body.unwrap_err().code, Code::IdempotencyKeyReused);
    assert_eq!(scene.bank.moved().len(), 1);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_unknown_until_it_is_found() {
    for (decided, end) in [
        (Answer::Approved, "paid"),
        (Answer::Declined(DeclineReason::InsufficientFunds), "declined"),
    ] {
        let scene = Scene::new();
        let quote = scene.quote("o").await;
        let token = scene.token(&quote, &sealed(&quote)).await.unwrap();
        scene.bank.answer(Some(decided), true);
        let charged = scene.charge(&quote, token.token.expose(), "k").await.unwrap();
        assert_eq!(charged.charge.status, ChargeStatus::Unknown {});
        assert!(matches!(
            scene.gateway.outcome(&quote.id).await.unwrap(),
            QuoteOutcome::Unknown { .. }
        ));
        assert!(scene.gateway.store().ledger().await.unwrap().is_empty());
        let again = scene.shop.quote_request(scene.shop.order("o", NOW));
        assert_eq!(
            scene.gateway.quote(again).await.unwrap_err().code,
            Code::OrderInFlight
        );
        assert_eq!(
            scene.gateway.resolve().await.unwrap(),
            0,
            "the bank is still silent"
        );

        scene.bank.answer(Some(decided), false);
        scene.clock.pass(1);
        assert_eq!(scene.gateway.resolve().await.unwrap(), 1);
        assert_eq!(scene.gateway.resolve().await.unwrap(), 0);
        let charge = scene
            .gateway
            .charge_of(&scene.shop.id, &charged.charge.id)
            .await
            .unwrap();
        let replay = scene.charge(&quote, token.token.expose(), "k").await.unwrap();
        assert_eq!(replay.charge, charge, "a retry learns the one true outcome");
        match end {
            "paid" => {
                assert!(matches!(charge.status, ChargeStatus::Paid { .. }));
                assert_eq!(scene.gateway.store().ledger().await.unwrap().len(), 1);
            }
            _ => {
                let reason = DeclineReason::InsufficientFunds;
                assert_eq!(charge.status, ChargeStatus::Declined { reason });
                assert!(scene.gateway.store().ledger().await.unwrap().is_empty());
                scene.quote("o").await;
            }
        }
    }
}

#[tokio::test]
async fn time_runs_out_for_a_quote_and_for_a_token() {
    let scene = Scene::new();
    let (unused, quote) = (scene.quote("o").await, scene.quote("o").await);
    scene.token(&quote, &sealed(&quote)).await.unwrap();
    let open = scene.gateway.outcome(&quote.id).await.unwrap();
    assert_eq!(
        open,
        QuoteOutcome::Open {
            until: NOW.plus(limits::TOKEN_LIFETIME_S)
        }
    );
    scene.clock.pass(limits::TOKEN_LIFETIME_S);
    assert_eq!(
        scene.gateway.outcome(&quote.id).await.unwrap(),
        QuoteOutcome::Lapsed {}
    );
    let open = scene.gateway.outcome(&unused.id).await.unwrap();
    assert_eq!(
        open,
        QuoteOutcome::Open {
            until: unused.expires_at
        }
    );
    scene.clock.pass(limits::QUOTE_LIFETIME_S);
    assert_eq!(
        scene.gateway.outcome(&unused.id).await.unwrap(),
        QuoteOutcome::Lapsed {}
    );
}

#[tokio::test]
async fn nothing_of_a_card_is_in_the_store_in_the_clear() {
    let dir = std::env::temp_dir().join(format!("farthing-at-rest-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join("f.db");
    let shop = Shop::number(1);
    let (gateway, _, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::open(&path).unwrap(), 7);
    let scene = Scene {
        shop,
        gateway,
        clock: SetClock::at(NOW),
        bank,
    };
    let quote = scene.quote("o").await;
    let details = serde_json::json!({
        "number": "4929939187355598", "expiry_month": 7, "expiry_year": 2031, "security_code": "907",
        "name": "Zephyrine Quillfeather",
    });
    scene
        .token(&quote, &seal(&quote, &details, [5; 32]))
        .await
        .unwrap();
    let seen: Vec<u8> = ["f.db", "f.db-wal"]
        .iter()
        .filter_map(|name| std::fs::read(dir.join(name)).ok())
        .flatten()
        .collect();
    std::fs::remove_dir_all(&dir).unwrap();
    let holds = |text: &str| seen.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("The Corner Press"), "the search looks in the right place");
    for detail in ["4929939187355598", "49299391", "Zephyrine", "Quillfeather"] {
        assert!(!holds(detail), "{detail} is on disk");
    }
}

#[tokio::test]
async fn a_merchant_whose_payments_are_declined_is_paused_for_a_while() {
    let scene = Scene::new();
    let waiting = scene.quote("waiting").await;
    let waiting_token = scene.token(&waiting, &sealed(&waiting)).await.unwrap();
    scene
        .bank
        .answer(Some(Answer::Declined(DeclineReason::CardDeclined)), false);
    for n in 0..20 {
        let quote = scene.quote(&format!("o{n}")).await;
        let sealed = seal(&quote, &card("4242424242424242"), [n + 1; 32]);
        let token = scene.token(&quote, &sealed).await.unwrap();
        let charged = scene
            .charge(&quote, token.token.expose(), &format!("k{n}"))
            .await
            .unwrap();
        assert!(matches!(charged.charge.status, ChargeStatus::Declined { .. }));
    }
    let now = scene.gateway.now();
    let next = || {
        scene
            .gateway
            .quote(scene.shop.quote_request(scene.shop.order("next", now)))
    };
    assert_eq!(next().await.unwrap_err().code, Code::MerchantPaused);
    let charge = async || scene.charge(&waiting, waiting_token.token.expose(), "w").await;
    assert_eq!(charge().await, Err(Code::MerchantPaused));

    // It ends by itself, and the token has waited.
    scene.bank.answer(Some(Answer::Approved), false);
    scene.clock.pass(limits::DECLINES_WINDOW_S - 1);
    assert_eq!(charge().await, Err(Code::MerchantPaused));
    scene.clock.pass(1);
    assert!(matches!(
        charge().await.unwrap().charge.status,
        ChargeStatus::Paid { .. }
    ));
    next().await.unwrap();
}

#[tokio::test]
async fn a_reserved_order_says_that_it_is() {
    let scene = Scene::new();
    let quote = scene.quote("o").await;
    let token = scene.token(&quote, &sealed(&quote)).await.unwrap();
    let request = ChargeRequest {
        token: PlainToken::parse(token.token.expose()).unwrap(),
        order: quote.order.clone(),
        amount: lines_of(&quote),
        currency: offer(&quote).total.currency(),
        capture: false,
    };
    let key = IdempotencyKey::parse("k").unwrap();
    scene
        .gateway
        .charge(&scene.shop.id, key, [1; 32], request)
        .await
        .unwrap();
    let again = scene.shop.quote_request(scene.shop.order("o", NOW));
    assert_eq!(
        scene.gateway.quote(again).await.unwrap_err().code,
        Code::OrderReserved
    );
}
