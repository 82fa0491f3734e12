//! The card's side wants to know that it is the shopper: there is no token before it does.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

use std::sync::Arc;

use farthing_gateway::{
    Answered, Authenticated, Clock, Gateway, IdempotencyKey, NoAnswer, Proof, Tried, Way,
};
use farthing_protocol::{
    Challenge, ChargeRequest, ChargeStatus, Code, ConsentGiven, MethodKind, Passcode, Quote, TokenAnswer,
    TokenReply, TokenRequest, UnixSeconds, limits,
};
use farthing_store_sqlite::SqliteStore;
use farthing_testkit::{Bank, NOW, SeededRng, SetClock, Shop, card, seal};

const CARD: &str = "4242424242424242";

struct Scene {
    shop: Shop,
    gateway: Gateway<SqliteStore, Bank, SetClock, SeededRng>,
    clock: SetClock,
    bank: Bank,
}

impl Scene {
    fn new(answer: Result<Authenticated, NoAnswer>) -> Self {
        let shop = Shop::number(1);
        let (gateway, clock, bank) = Shop::gateway(&[&shop], farthing_store_sqlite::memory().unwrap(), 7);
        bank.step_up(|step_up| step_up.answer = Some(answer));
        Self {
            shop,
            gateway,
            clock,
            bank,
        }
    }

    /// It is this late.
    fn at(&self, time: UnixSeconds) {
        self.clock.pass(time.since(self.clock.now()));
    }

    async fn quote(&self) -> Quote {
        let request = self.shop.quote_request(self.shop.order("order", NOW));
        self.gateway.quote(request).await.unwrap().quote
    }

    fn request(quote: &Quote) -> TokenRequest {
        let consent = &quote.offer(MethodKind::Card).unwrap().consent;
        TokenRequest {
            method: MethodKind::Card,
            quote: quote.id.clone(),
            sealed: seal(quote, &card(CARD), [5; 32]),
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text.clone(),
            },
        }
    }

    async fn token(&self, quote: &Quote) -> Result<TokenAnswer, Code> {
        self.gateway
            .token(Self::request(quote))
            .await
            .map_err(|refusal| refusal.code)
    }

    async fn challenge(&self, quote: &Quote) -> Challenge {
        match self.token(quote).await.unwrap() {
            TokenAnswer::Challenged { challenge } => challenge,
            TokenAnswer::Token(_) => panic!("there is nothing to meet"),
        }
    }

    async fn answer(&self, challenge: &Challenge) -> Result<Answered, Code> {
        let passcode = Passcode::parse("123 456").unwrap();
        let answered = self.gateway.answer_challenge(&challenge.id, &passcode).await;
        answered.map_err(|refusal| refusal.code)
    }

    async fn given(&self, quote: &Quote) -> TokenReply {
        farthing_testkit::given(self.token(quote).await.unwrap())
    }

    async fn charge(&self, quote: &Quote, token: TokenReply) -> Result<ChargeStatus, Code> {
        let key = IdempotencyKey::parse(token.token.expose()).unwrap();
        let request = ChargeRequest {
            token: token.token,
            order: quote.order.clone(),
            amount: quote.lines.iter().map(|line| line.amount).sum(),
            currency: quote.methods[0].total.currency(),
            capture: true,
        };
        let charged = self.gateway.charge(&self.shop.id, key, [1; 32], request).await;
        charged
            .map(|charged| charged.charge.status)
            .map_err(|refusal| refusal.code)
    }
}

#[tokio::test]
async fn a_page_that_is_met_gives_the_token_and_before_that_there_is_none() {
    let page = Way::Page("https://bank.example/3ds?a=1".to_owned());
    let scene = Scene::new(Ok(Authenticated::Needed(page.clone())));
    let quote = scene.quote().await;
    let challenge = scene.challenge(&quote).await;
    assert_eq!(challenge.expires_at, NOW.plus(limits::CHALLENGE_LIFETIME_S));
    let (shown, merchant) = scene.gateway.challenge(&challenge.id).await.unwrap();
    assert_eq!(
        (shown.total, shown.payee.as_str()),
        (quote.methods[0].total, quote.payee.name.as_str())
    );
    assert_eq!(
        (shown.way, shown.met, merchant),
        (Some(page), false, scene.shop.id.clone())
    );

    // Whatever the bank says or does not, it is the same challenge until it is met.
    for proof in [None, Some(Proof::Pending)] {
        scene.bank.step_up(|step_up| step_up.proof = proof);
        assert_eq!(scene.challenge(&quote).await, challenge);
    }
    scene.bank.step_up(|step_up| step_up.proof = Some(Proof::Met));
    let first = scene.given(&quote).await;
    // An answer that is lost is asked for again, as ever.
    let token = scene.given(&quote).await;
    assert!(first.token.expose() != token.token.expose());
    assert!(matches!(
        scene.charge(&quote, first).await,
        Err(Code::TokenUnknown)
    ));
    let charged = scene.charge(&quote, token).await.unwrap();
    assert!(matches!(charged, ChargeStatus::Paid { .. }), "{charged:?}");
    let asked = scene
        .bank
        .step_up(|step_up| (step_up.asked.clone(), step_up.codes.clone()));
    assert_eq!(
        asked,
        (vec![quote.id], vec![Some("123".to_owned())]),
        "the bank is asked once"
    );
    assert_eq!(
        scene.bank.codes_seen(),
        [Some("123".to_owned())],
        "the code is there for both"
    );
}

#[tokio::test]
async fn a_passcode_is_tried_until_it_is_right_or_used_up() {
    let scene = Scene::new(Ok(Authenticated::Needed(Way::Passcode)));
    let quote = scene.quote().await;
    let challenge = scene.challenge(&quote).await;
    scene
        .bank
        .step_up(|step_up| step_up.tried = Some(Tried::Wrong(2)));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Wrong(2)));
    assert_eq!(scene.challenge(&quote).await, challenge);
    scene.bank.step_up(|step_up| step_up.tried = None);
    assert_eq!(scene.answer(&challenge).await, Err(Code::Busy));
    scene.bank.step_up(|step_up| step_up.tried = Some(Tried::Met));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Over));
    // Nothing said afterwards changes it.
    scene.bank.step_up(|step_up| step_up.tried = Some(Tried::Failed));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Over));
    assert!(scene.gateway.challenge(&challenge.id).await.unwrap().0.met);
    let token = scene.given(&quote).await;
    assert!(matches!(
        scene.charge(&quote, token).await,
        Ok(ChargeStatus::Paid { .. })
    ));

    let scene = Scene::new(Ok(Authenticated::Needed(Way::Passcode)));
    let quote = scene.quote().await;
    let challenge = scene.challenge(&quote).await;
    scene.bank.step_up(|step_up| step_up.tried = Some(Tried::Failed));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Over));
    scene.bank.step_up(|step_up| step_up.tried = Some(Tried::Met));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Over));
    assert_eq!(scene.token(&quote).await.err(), Some(Code::ChallengeFailed));
    let (shown, _) = scene.gateway.challenge(&challenge.id).await.unwrap();
    assert_eq!((shown.way, shown.met), (None, false));
}

#[tokio::test]
async fn a_challenge_has_an_end() {
    let scene = Scene::new(Ok(Authenticated::Needed(Way::Passcode)));
    let quote = scene.quote().await;
    // The form took nearly all of the quote's time: the challenge has its own.
    scene.at(quote.expires_at.plus(-1));
    let challenge = scene.challenge(&quote).await;
    scene.at(challenge.expires_at.plus(-1));
    assert_eq!(scene.challenge(&quote).await, challenge);
    scene.at(challenge.expires_at);
    scene.bank.step_up(|step_up| step_up.tried = Some(Tried::Met));
    assert_eq!(scene.answer(&challenge).await, Ok(Answered::Over));
    assert_eq!(scene.token(&quote).await.err(), Some(Code::ChallengeExpired));
    // What was begun at the bank is let go of once nobody can use it, and not before.
    scene.gateway.sweep().await.unwrap();
    assert_eq!(scene.bank.step_up(|step_up| step_up.abandoned.clone()), []);
    scene.at(quote.expires_at.plus(limits::TOKEN_LIFETIME_S));
    for _ in 0..2 {
        scene.gateway.sweep().await.unwrap();
    }
    assert_eq!(
        scene.bank.step_up(|step_up| step_up.abandoned.clone()),
        [quote.id]
    );
}

#[tokio::test]
async fn what_is_charged_is_not_let_go() {
    let scene = Scene::new(Ok(Authenticated::Unneeded));
    let quote = scene.quote().await;
    let token = scene.given(&quote).await;
    assert!(matches!(
        scene.charge(&quote, token).await,
        Ok(ChargeStatus::Paid { .. })
    ));
    scene.at(NOW.plus(10 * limits::TOKEN_LIFETIME_S));
    scene.gateway.sweep().await.unwrap();
    assert_eq!(scene.bank.step_up(|step_up| step_up.abandoned.clone()), []);
}

#[tokio::test]
async fn a_bank_that_says_nothing_is_asked_again() {
    let scene = Scene::new(Err(NoAnswer));
    let quote = scene.quote().await;
    for _ in 0..2 {
        assert_eq!(scene.token(&quote).await.err(), Some(Code::Busy));
    }
    scene
        .bank
        .step_up(|step_up| step_up.answer = Some(Ok(Authenticated::Unneeded)));
    let token = scene.given(&quote).await;
    let codes = scene.bank.step_up(|step_up| step_up.codes.clone());
    assert_eq!(codes, vec![Some("123".to_owned()); 3]);
    assert!(matches!(
        scene.charge(&quote, token).await,
        Ok(ChargeStatus::Paid { .. })
    ));
}

/// The bank says that it is met, and the frame and its double ask at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_ask_at_once_get_one_token_that_works() {
    let scene = Arc::new(Scene::new(Ok(Authenticated::Needed(Way::Page(
        "https://bank.example/".to_owned(),
    )))));
    let quote = scene.quote().await;
    scene.challenge(&quote).await;
    scene.bank.step_up(|step_up| step_up.proof = Some(Proof::Met));
    let asking: Vec<_> = (0..16)
        .map(|_| {
            let (scene, quote) = (Arc::clone(&scene), quote.clone());
            tokio::spawn(async move { scene.given(&quote).await })
        })
        .collect();
    let mut tokens = Vec::new();
    for asked in asking {
        tokens.push(asked.await.unwrap());
    }
    let mut paid = 0;
    for token in tokens {
        paid += usize::from(matches!(
            scene.charge(&quote, token).await,
            Ok(ChargeStatus::Paid { .. })
        ));
    }
    assert_eq!(paid, 1);
}
