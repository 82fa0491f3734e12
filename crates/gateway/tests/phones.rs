//! Paying by phone bill: what is offered, that the carrier always asks, what it tells of its limit, and what is kept.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

use farthing_gateway::{
    Allowance, Answered, Authenticated, Bar, Clock, Gateway, IdempotencyKey, NoAnswer, QuoteStore, Tried, Way,
};
use farthing_protocol::{
    Challenge, ChargeRequest, ChargeStatus, Code, ConsentGiven, Currency, Hint, MethodKind, Money, Passcode,
    Quote, TokenAnswer, TokenReply, TokenRequest, limits,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{BILL_MOST, Bank, NOW, SeededRng, SetClock, Shop, card, free, given, phone, seal};
use serde_json::{Value, json};

const NUMBER: &str = "+491713920000";

struct Scene {
    shop: Shop,
    gateway: Gateway<SqliteStore, Bank, SetClock, SeededRng>,
    clock: SetClock,
    bank: Bank,
}

impl Scene {
    /// A shop that takes phone bills and cards, and a carrier that answers so when it is asked for a passcode.
    fn new(answer: Result<Authenticated, NoAnswer>) -> Self {
        let mut shop = Shop::number(1);
        shop.fees.push(free(MethodKind::PhoneBill, "EUR"));
        let (gateway, clock, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::memory().unwrap(), 7);
        bank.step_up(|step_up| step_up.answer = Some(answer));
        Self {
            shop,
            gateway,
            clock,
            bank,
        }
    }

    fn asking() -> Self {
        Self::new(Ok(Authenticated::Needed(Way::Passcode)))
    }

    async fn quote(&self, reference: &str, minor: i64) -> Quote {
        let order = self
            .shop
            .claims(reference, "EUR", &[("Sticker", minor)], self.clock.now());
        let request = self.shop.quote_request(self.shop.sign(&order));
        self.gateway.quote(request).await.unwrap().quote
    }

    async fn token_for(
        &self,
        quote: &Quote,
        method: MethodKind,
        details: &Value,
    ) -> Result<TokenAnswer, Code> {
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
        self.gateway.token(request).await.map_err(|refusal| {
            let said = format!("{refusal:?}");
            assert!(!said.contains("3920000"), "a refusal repeats a detail: {said}");
            refusal.code
        })
    }

    async fn token(&self, quote: &Quote) -> Result<TokenAnswer, Code> {
        self.token_for(quote, MethodKind::PhoneBill, &phone(NUMBER)).await
    }

    async fn challenge(&self, quote: &Quote) -> Challenge {
        match self.token(quote).await.unwrap() {
            TokenAnswer::Challenged { challenge } => challenge,
            TokenAnswer::Token(_) => panic!("a phone bill is charged by its number alone"),
        }
    }

    /// Types a passcode, which comes to `tried`.
    async fn answer(&self, challenge: &Challenge, tried: Tried) -> Answered {
        self.bank.step_up(|step_up| step_up.tried = Some(tried));
        let passcode = Passcode::parse("123456").unwrap();
        self.gateway
            .answer_challenge(&challenge.id, &passcode)
            .await
            .unwrap()
    }

    async fn pays(&self, quote: &Quote, token: TokenReply) -> bool {
        let key = IdempotencyKey::parse(token.token.expose()).unwrap();
        let request = ChargeRequest {
            token: token.token,
            order: quote.order.clone(),
            amount: quote.lines.iter().map(|line| line.amount).sum(),
            currency: quote.methods[0].total.currency(),
            capture: true,
        };
        let charged = self.gateway.charge(&self.shop.id, key, [1; 32], request).await;
        matches!(charged.unwrap().charge.status, ChargeStatus::Paid { .. })
    }
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::parse("EUR").unwrap()).unwrap()
}

#[tokio::test]
async fn a_phone_bill_pays_once_its_carrier_knows_the_shopper() {
    let scene = Scene::asking();
    let quote = scene.quote("order", 150).await;
    let offer = quote.offer(MethodKind::PhoneBill).unwrap();
    assert!(
        offer.consent.text.contains("my phone bill"),
        "{}",
        offer.consent.text
    );
    let challenge = scene.challenge(&quote).await;
    assert_eq!(challenge.expires_at, NOW.plus(limits::CHALLENGE_LIFETIME_S));

    let allowance = Allowance {
        limit: eur(5_000),
        left: eur(200),
    };
    scene.bank.step_up(|step_up| step_up.allowance = Some(allowance));
    let (shown, _) = scene.gateway.challenge(&challenge.id).await.unwrap();
    assert_eq!(
        (shown.total, shown.payee.as_str()),
        (eur(150), quote.payee.name.as_str())
    );
    assert_eq!(
        shown.carrier.as_ref().map(|carrier| carrier.as_str()),
        Some("Tele")
    );
    assert_eq!(
        (shown.allowance, shown.way),
        (Some(allowance), Some(Way::Passcode))
    );

    assert_eq!(
        scene.answer(&challenge, Tried::Wrong(2)).await,
        Answered::Wrong(2)
    );
    assert_eq!(scene.challenge(&quote).await, challenge, "it is still to be met");
    assert_eq!(scene.answer(&challenge, Tried::Met).await, Answered::Over);
    let (shown, _) = scene.gateway.challenge(&challenge.id).await.unwrap();
    assert_eq!(
        (shown.met, shown.allowance),
        (true, None),
        "there is nothing to do any more"
    );

    let token = given(scene.token(&quote).await.unwrap());
    let Hint::PhoneBill { carrier } = &token.hint else {
        panic!("{:?}", token.hint)
    };
    assert_eq!(carrier.as_str(), "Tele");
    let kept = scene.gateway.store().quote(&quote.id).await.unwrap().unwrap();
    let kept = serde_json::to_string(&kept.token.unwrap().hint).unwrap();
    assert_eq!(
        kept, r#"{"carrier":"Tele"}"#,
        "no digit of the number is shown again"
    );
    assert!(scene.pays(&quote, token).await);
    assert_eq!(scene.bank.phones_seen(), [(NUMBER.to_owned(), "tele".to_owned())]);
}

#[tokio::test]
async fn no_phone_bill_is_charged_unasked() {
    // Whatever the connector says: that it asks nobody, that there is nothing to meet, or nothing at all.
    let scene = Scene::new(Err(NoAnswer));
    scene.bank.step_up(|step_up| step_up.answer = None);
    let quote = scene.quote("silent", 150).await;
    assert_eq!(scene.token(&quote).await.err(), Some(Code::Busy));
    scene
        .bank
        .step_up(|step_up| step_up.answer = Some(Ok(Authenticated::Unneeded)));
    assert_eq!(scene.token(&quote).await.err(), Some(Code::ChallengeFailed));
    let quote = scene.quote("unneeded", 150).await;
    assert_eq!(scene.token(&quote).await.err(), Some(Code::ChallengeFailed));
    assert!(scene.bank.phones_seen().is_empty() && scene.bank.moved().is_empty());
}

#[tokio::test]
async fn what_a_carrier_does_not_allow_is_refused_with_its_reason_and_a_card_still_pays() {
    for (bar, code) in [
        (Bar::LimitReached, Code::PhoneLimitReached),
        (Bar::NotAllowed, Code::PhoneNotAllowed),
    ] {
        let scene = Scene::new(Ok(Authenticated::Barred(bar)));
        let quote = scene.quote("order", 150).await;
        for _ in 0..2 {
            assert_eq!(scene.token(&quote).await.err(), Some(code), "it stays so");
        }
        scene.bank.step_up(|step_up| step_up.answer = None);
        let quote = scene.quote("order", 150).await;
        let details = card("4242424242424242");
        let token = scene.token_for(&quote, MethodKind::Card, &details).await.unwrap();
        assert!(scene.pays(&quote, given(token)).await);
    }
}

#[tokio::test]
async fn a_carrier_that_is_silent_and_one_whose_passcodes_were_wrong_keep_no_card_from_paying() {
    let scene = Scene::new(Err(NoAnswer));
    let quote = scene.quote("order", 150).await;
    assert_eq!(scene.token(&quote).await.err(), Some(Code::Busy));
    scene
        .bank
        .step_up(|step_up| step_up.answer = Some(Ok(Authenticated::Needed(Way::Passcode))));
    let challenge = scene.challenge(&quote).await;
    assert_eq!(scene.answer(&challenge, Tried::Failed).await, Answered::Over);
    assert_eq!(scene.token(&quote).await.err(), Some(Code::ChallengeFailed));
    scene.bank.step_up(|step_up| step_up.answer = None);
    let quote = scene.quote("order", 150).await;
    let token = scene
        .token_for(&quote, MethodKind::Card, &card("4242424242424242"))
        .await
        .unwrap();
    assert!(scene.pays(&quote, given(token)).await);
    assert!(scene.bank.phones_seen().is_empty());
}

#[tokio::test]
async fn an_order_beyond_what_goes_on_a_bill_is_offered_without_it() {
    let scene = Scene::asking();
    for (reference, minor, offered) in [("most", BILL_MOST, true), ("more", BILL_MOST + 1, false)] {
        let quote = scene.quote(reference, minor).await;
        assert_eq!(
            quote.offer(MethodKind::PhoneBill).is_some(),
            offered,
            "{reference}"
        );
        assert!(quote.offer(MethodKind::Card).is_some());
    }
}

#[tokio::test]
async fn what_is_no_number_of_an_offered_carrier_is_not_taken() {
    let scene = Scene::asking();
    for (place, details) in [
        json!({"phone": "01713920000", "carrier": "tele"}),
        json!({"phone": "+49 171 3920000", "carrier": "tele"}),
        json!({"phone": "+436641234567", "carrier": "tele"}),
        json!({"phone": NUMBER, "carrier": "other"}),
        json!({"phone": NUMBER}),
        json!({"phone": NUMBER, "carrier": "tele", "name": "Ada"}),
        card("4242424242424242"),
    ]
    .iter()
    .enumerate()
    {
        let quote = scene.quote(&format!("order-{place}"), 150).await;
        let refused = scene
            .token_for(&quote, MethodKind::PhoneBill, details)
            .await
            .err();
        assert_eq!(refused, Some(Code::DetailsInvalid), "{place}");
    }
}

/// A passcode is sent to whoever has the number, so nobody may have many sent to one.
#[tokio::test]
async fn a_number_is_sent_only_so_many_passcodes() {
    let scene = Scene::asking();
    let mut sent = 0;
    for n in 0..100 {
        let quote = scene.quote(&format!("order-{n}"), 150).await;
        match scene.token(&quote).await {
            Ok(_) => sent += 1,
            Err(code) => {
                assert_eq!(code, Code::TooManyAttempts);
                break;
            }
        }
    }
    assert_eq!(sent, limits::TOKENS_PER_PHONE);
    let asked = scene.bank.step_up(|step_up| step_up.asked.len());
    assert_eq!(i64::try_from(asked).unwrap(), sent);
}
