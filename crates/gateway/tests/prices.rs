//! A price is sold without a merchant's server: the provider makes the order, charges it once, and proves it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

use std::sync::Arc;

use farthing_gateway::{
    Answer, Authenticated, Gateway, IdempotencyKey, QuoteStore, RegistryStore, Way, jose::Jws,
};
use farthing_protocol::{
    ChargeRequest, Code, ConsentGiven, Currency, DeclineReason, Label, MethodKind, OrderBody, OrderLine,
    PriceId, Purchase, Quote, QuoteOutcome, TokenAnswer, TokenReply, TokenRequest, limits,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, NOW, SeededRng, SetClock, Shop, card, given, seal};

struct Scene {
    shops: [Shop; 2],
    gateway: Gateway<SqliteStore, Bank, SetClock, SeededRng>,
    clock: SetClock,
    bank: Bank,
}

impl Scene {
    fn new() -> Self {
        let shops = [Shop::number(1), Shop::number(2)];
        let store = farthing_store_sqlite::memory().unwrap();
        let (gateway, clock, bank) = Shop::gateway(&[&shops[0], &shops[1]], store, 7);
        Self {
            shops,
            gateway,
            clock,
            bank,
        }
    }

    async fn price(&self, lines: &[(&str, i64)]) -> PriceId {
        let registrar = self.gateway.registrar();
        registrar.add_price(&self.shops[0].id, body(lines)).await.unwrap()
    }

    async fn quote_at(&self, shop: usize, price: &str) -> Result<Quote, Code> {
        let request = self.shops[shop].quote_request(price.to_owned());
        let reply = self.gateway.quote(request).await;
        reply.map(|reply| reply.quote).map_err(|refusal| refusal.code)
    }

    async fn quote(&self, price: &PriceId) -> Quote {
        self.quote_at(0, price.as_str()).await.unwrap()
    }

    async fn token_answer(&self, quote: &Quote) -> TokenAnswer {
        let consent = &quote.offer(MethodKind::Card).unwrap().consent;
        let request = TokenRequest {
            method: MethodKind::Card,
            quote: quote.id.clone(),
            sealed: seal(quote, &card("4242424242424242"), [5; 32]),
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text.clone(),
            },
        };
        self.gateway.token(request).await.unwrap()
    }

    async fn token(&self, quote: &Quote) -> TokenReply {
        given(self.token_answer(quote).await)
    }

    async fn purchase(&self, quote: &Quote) -> Result<QuoteOutcome, Code> {
        let outcome = self.gateway.purchase(&quote.id).await;
        outcome.map_err(|refusal| refusal.code)
    }

    fn proven(&self, outcome: &QuoteOutcome) -> Purchase {
        let QuoteOutcome::Paid {
            proof: Some(proof), ..
        } = outcome
        else {
            panic!("no proof: {outcome:?}")
        };
        assert!(proof.len() + 100 <= limits::FRAME_MESSAGE_CHARS);
        let jws = Jws::parse(proof).unwrap();
        assert_eq!(jws.typ(), Some("farthing-purchase+jws"));
        jws.verify(&self.gateway.keys().signing.verifying_key()).unwrap()
    }
}

fn body(lines: &[(&str, i64)]) -> OrderBody {
    let line = |(label, amount): &(&str, i64)| OrderLine {
        label: Label::parse(label).unwrap(),
        amount: *amount,
    };
    OrderBody {
        currency: Currency::parse("EUR").unwrap(),
        lines: lines.iter().map(line).collect(),
    }
}

#[tokio::test]
async fn a_price_is_bought_as_it_was_registered_and_proven() {
    let scene = Scene::new();
    let lines = [("Article", 50), ("Sticker", 150)];
    let price = scene.price(&lines).await;
    let quote = scene.quote(&price).await;
    assert_eq!(
        (quote.lines.clone(), quote.price.clone()),
        (body(&lines).lines, Some(price.clone()))
    );
    assert!(quote.order.as_str().starts_with(price.as_str()));
    scene.token(&quote).await;
    assert!(scene.bank.moved().is_empty(), "the token alone charges nothing");
    let outcome = scene.purchase(&quote).await.unwrap();
    let QuoteOutcome::Paid { receipt, total, .. } = &outcome else {
        panic!("{outcome:?}")
    };
    let purchase = scene.proven(&outcome);
    let stored = scene.gateway.receipt_of(receipt).await.unwrap().receipt;
    assert_eq!(total.minor(), 200);
    assert_eq!((purchase.total, stored.total), (*total, *total));
    assert_eq!(
        (purchase.price, purchase.lines, purchase.payee),
        (price, quote.lines, quote.payee)
    );
    assert_eq!(
        (&purchase.receipt, &purchase.order, purchase.paid_at),
        (receipt, &quote.order, NOW)
    );
    assert_eq!(purchase.iss, scene.gateway.settings().origin);
}

#[tokio::test]
async fn it_is_charged_once_though_asked_for_often() {
    let scene = Scene::new();
    let price = scene.price(&[("Sticker", 150)]).await;
    let quote = scene.quote(&price).await;
    let token = scene.token(&quote).await;
    let first = scene.purchase(&quote).await.unwrap();
    for _ in 0..3 {
        scene.clock.pass(600);
        assert_eq!(scene.purchase(&quote).await.unwrap(), first);
    }
    assert_eq!(scene.bank.moved().len(), 1);
    // Whoever holds the merchant's key can't charge it anew.
    let request = ChargeRequest {
        token: token.token,
        order: quote.order.clone(),
        amount: 150,
        currency: Currency::parse("EUR").unwrap(),
        capture: true,
    };
    let key = IdempotencyKey::parse("k").unwrap();
    let refused = scene
        .gateway
        .charge(&scene.shops[0].id, key, [1; 32], request)
        .await;
    assert_eq!(refused.err().map(|refusal| refusal.code), Some(Code::TokenUsed));
    // Another purchase is another order.
    let again = scene.quote(&price).await;
    assert!(again.order != quote.order);
    scene.token(&again).await;
    assert!(matches!(
        scene.purchase(&again).await,
        Ok(QuoteOutcome::Paid { .. })
    ));
    assert_eq!(scene.bank.moved().len(), 2);
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_charges() {
    let scene = Arc::new(Scene::new());
    let quote = scene.quote(&scene.price(&[("Sticker", 150)]).await).await;
    scene.token(&quote).await;
    let mut asked = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (scene, quote) = (Arc::clone(&scene), quote.clone());
        asked.spawn(async move { scene.purchase(&quote).await });
    }
    let outcomes = asked.join_all().await;
    let of_books = |outcome: &Result<QuoteOutcome, Code>| {
        matches!(
            outcome,
            Ok(QuoteOutcome::Paid { .. } | QuoteOutcome::Unknown { .. })
        )
    };
    assert!(outcomes.iter().all(of_books), "{outcomes:?}");
    assert_eq!(scene.bank.moved().len(), 1);
}

#[tokio::test]
async fn who_sells_nothing_gets_no_quote() {
    let scene = Scene::new();
    let price = scene.price(&[("Sticker", 150)]).await;
    let quote = scene.quote(&price).await;
    let at = |shop, text: &str| {
        let text = text.to_owned();
        let scene = &scene;
        async move { scene.quote_at(shop, &text).await.err() }
    };
    assert_eq!(at(1, price.as_str()).await, Some(Code::PriceUnknown), "another's");
    let none = PriceId::from_random([9; 16]);
    assert_eq!(at(0, none.as_str()).await, Some(Code::PriceUnknown));
    assert_eq!(at(0, "prc_").await, Some(Code::PriceUnknown));

    let registrar = scene.gateway.registrar();
    registrar.suspend(&scene.shops[0].id).await.unwrap();
    assert_eq!(at(0, price.as_str()).await, Some(Code::MerchantSuspended));
    registrar.resume(&scene.shops[0].id).await.unwrap();

    registrar.close_price(&price).await.unwrap();
    assert_eq!(at(0, price.as_str()).await, Some(Code::PriceClosed));
    // A quote that was given stands.
    scene.token(&quote).await;
    assert!(matches!(
        scene.purchase(&quote).await,
        Ok(QuoteOutcome::Paid { .. })
    ));
}

#[tokio::test]
async fn nothing_is_charged_before_the_shopper_agreed_or_of_an_order() {
    let scene = Scene::new();
    let quote = scene.quote(&scene.price(&[("Sticker", 150)]).await).await;
    assert!(matches!(
        scene.purchase(&quote).await,
        Ok(QuoteOutcome::Open { .. })
    ));
    // An order is its merchant's server's to charge.
    let order = scene.shops[0].order("order-1", NOW);
    let signed = scene.quote_at(0, &order).await.unwrap();
    assert_eq!(signed.price, None);
    scene.token(&signed).await;
    assert_eq!(scene.purchase(&signed).await, Err(Code::PriceUnknown));
    // A token that nobody let be charged in time.
    scene.token(&quote).await;
    scene.clock.pass(limits::TOKEN_LIFETIME_S);
    assert_eq!(scene.purchase(&quote).await, Ok(QuoteOutcome::Lapsed {}));
    assert!(scene.bank.moved().is_empty());
}

#[tokio::test]
async fn a_challenge_comes_first() {
    let scene = Scene::new();
    let needed = Authenticated::Needed(Way::Passcode);
    scene
        .bank
        .step_up(|step_up| step_up.answer = Some(Ok(needed.clone())));
    let quote = scene.quote(&scene.price(&[("Sticker", 150)]).await).await;
    assert!(matches!(
        scene.token_answer(&quote).await,
        TokenAnswer::Challenged { .. }
    ));
    assert!(matches!(
        scene.purchase(&quote).await,
        Ok(QuoteOutcome::Open { .. })
    ));
    assert!(scene.bank.moved().is_empty());
}

#[tokio::test]
async fn what_is_declined_or_not_known_is_told_as_that() {
    let scene = Scene::new();
    let price = scene.price(&[("Sticker", 150)]).await;
    scene
        .bank
        .answer(Some(Answer::Declined(DeclineReason::InsufficientFunds)), false);
    let quote = scene.quote(&price).await;
    scene.token(&quote).await;
    let declined = QuoteOutcome::Declined {
        reason: DeclineReason::InsufficientFunds,
    };
    assert_eq!(scene.purchase(&quote).await, Ok(declined));

    scene
        .bank
        .answer(Some(Answer::Declined(DeclineReason::CardDeclined)), true);
    let quote = scene.quote(&price).await;
    scene.token(&quote).await;
    for _ in 0..2 {
        assert!(matches!(
            scene.purchase(&quote).await,
            Ok(QuoteOutcome::Unknown { .. })
        ));
    }
    assert!(scene.bank.moved().is_empty());
}

#[tokio::test]
async fn the_longest_proof_fits_into_a_message() {
    let scene = Scene::new();
    let label = "\u{1F600}".repeat(limits::LABEL_CHARS);
    let lines = vec![(label.as_str(), 5_000_000); limits::ORDER_LINES];
    let quote = scene.quote(&scene.price(&lines).await).await;
    scene.token(&quote).await;
    let outcome = scene.purchase(&quote).await.unwrap();
    assert_eq!(scene.proven(&outcome).lines.len(), limits::ORDER_LINES);
}

#[tokio::test]
async fn what_can_not_be_sold_is_no_price() {
    let scene = Scene::new();
    let registrar = scene.gateway.registrar();
    let long = vec![("Sticker", 1); limits::ORDER_LINES + 1];
    for (lines, said) in [
        (&[][..], Code::OrderLinesInvalid),
        (&[("Sticker", 0)], Code::OrderAmountInvalid),
        (
            &[("Sticker", limits::AMOUNT_MINOR), ("Stamp", 1)],
            Code::OrderAmountInvalid,
        ),
        (&long, Code::OrderLinesInvalid),
    ] {
        let refused = registrar.add_price(&scene.shops[0].id, body(lines)).await;
        assert_eq!(refused.unwrap_err().to_string(), said.title());
    }
    let none = scene
        .gateway
        .store()
        .prices_of(&scene.shops[0].id, 9)
        .await
        .unwrap();
    assert!(none.is_empty());
    let quote = scene.quote(&scene.price(&[("Sticker", 1)]).await).await;
    assert!(scene.gateway.store().quote(&quote.id).await.unwrap().is_some());
}
