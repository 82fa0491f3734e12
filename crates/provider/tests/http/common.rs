use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use bytes::Bytes;
use farthing_gateway::{ChargeStore, DataKey, Keys, Settings, jose::SigningKey};
use farthing_protocol::{
    Charge, Label, Language, MethodKind, Offer, Origin, Problem, Quote, QuoteId, QuoteReply,
};
use farthing_provider::{
    config::{Acquirer, Config, Database, Limits, LogFormat},
    http::Bounds,
    release::{self, Asset, Frame, Release},
    router,
    wiring::{AnyClock, AnyRng, App},
};
use farthing_testkit::{NOW, SeededRng, SetClock, Shop, block_on, card, seal};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower::ServiceExt;
use zeroize::Zeroizing;

use crate::openapi::documented;

pub const ORIGIN: &str = "https://pay.example";
pub const PAYS: &str = "4242424242424242";
const HTML: &str = r#"<!doctype html><html lang="en" dir="ltr"><head><meta name="farthing-merchant" content="">
    <meta name="farthing-origins" content=""><meta name="farthing-texts" content=""><link rel="stylesheet" href="/v1/release/RELEASE/frame.css">
    <script type="module" src="/v1/release/RELEASE/boot.js"></script></head><body><p>Loading</p></body></html>"#;

/// A provider with two merchants.
pub struct Provider {
    pub app: Arc<App>,
    pub router: Router,
    pub clock: SetClock,
    pub shop: Shop,
    pub other: Shop,
}

/// An answer, whole.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Provider {
    pub fn new() -> Self {
        Self::within(Bounds::default())
    }

    pub fn within(bounds: Bounds) -> Self {
        Self::made(frame(), bounds)
    }

    pub fn made(frame: Frame, bounds: Bounds) -> Self {
        Self::on(Database::Memory, frame, bounds)
    }

    /// A provider whose database is `database`.
    pub fn on(database: Database, frame: Frame, bounds: Bounds) -> Self {
        Self::configured(frame, bounds, |config| config.database = database)
    }

    /// A provider that differs from the usual one in its configuration.
    pub fn configured(frame: Frame, bounds: Bounds, change: impl FnOnce(&mut Config)) -> Self {
        let (clock, shop, other) = (SetClock::at(NOW), Shop::number(1), Shop::number(2));
        let mut config = config(Database::Memory, &[&shop, &other]);
        change(&mut config);
        let rng = AnyRng::new(SeededRng::new(7));
        let app = App::new(config, frame, AnyClock::new(clock.clone()), rng);
        let app = block_on(app).unwrap();
        Self {
            router: router(&app, bounds),
            app,
            clock,
            shop,
            other,
        }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let is_problem = parts
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind == "application/problem+json");
        let problem = is_problem.then(|| serde_json::from_slice(&body).unwrap());
        documented(&method, &path, parts.status, problem.as_ref());
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(json_post(path, body)).await
    }

    /// A quote for an order of one sticker at €1.50.
    pub async fn quote(&self, reference: &str) -> Quote {
        let request = self.quote_request(self.shop.order(reference, NOW));
        let answer = self.post("/v1/quotes", &request).await;
        answer.json::<QuoteReply>(StatusCode::CREATED).quote
    }

    pub fn quote_request(&self, order: String) -> Value {
        serde_json::to_value(self.shop.quote_request(order)).unwrap()
    }

    /// A token for an order of one sticker at €1.50, to be paid with `number`; and its quote.
    pub async fn token(&self, reference: &str, number: &str) -> (String, QuoteId) {
        let quote = self.quote(reference).await;
        let reply: Value = self
            .post("/v1/tokens", &token_request(&quote, number))
            .await
            .json(StatusCode::CREATED);
        (reply["token"].as_str().unwrap().to_owned(), quote.id)
    }

    /// The request of `shop`'s server to redeem `token`.
    pub fn charge_request(&self, shop: &Shop, key: &str, body: &Value) -> Request<Body> {
        let mut request = json_post("/v1/charges", body);
        let bearer = format!("Bearer {}", shop.secret_key);
        request
            .headers_mut()
            .insert(header::AUTHORIZATION, bearer.parse().unwrap());
        request
            .headers_mut()
            .insert("idempotency-key", key.parse().unwrap());
        request
    }

    pub async fn charge(&self, key: &str, body: &Value) -> Answer {
        self.send(self.charge_request(&self.shop, key, body)).await
    }

    pub async fn charge_of(&self, charge: &Charge) -> Charge {
        let request = Request::get(format!("/v1/charges/{}", charge.id))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.shop.secret_key))
            .body(Body::empty());
        self.send(request.unwrap()).await.json(StatusCode::OK)
    }

    /// The sum of the ledger, and how many entries it has.
    pub async fn ledger(&self) -> (i64, usize) {
        let postings = self.app.rules.store().ledger().await.unwrap();
        let entries: Vec<_> = postings.iter().flat_map(|one| &one.posting.entries).collect();
        (entries.iter().map(|entry| entry.amount).sum(), entries.len())
    }
}

/// What configures a provider with these merchants.
pub fn config(database: Database, shops: &[&Shop]) -> Config {
    let (accreditor, merchants) = Shop::entries(shops);
    Config {
        listen: ([127, 0, 0, 1], 0).into(),
        metrics: None,
        log_format: LogFormat::Text,
        database,
        acquirer: Acquirer::Sandbox,
        carrier: None,
        low_value: None,
        loaders: None,
        mail: None,
        log: None,
        settings: Settings {
            origin: Origin::parse(ORIGIN).unwrap(),
            name: Label::parse("Farthing <Sandbox>").unwrap(),
            sandbox: true,
            return_below: HashMap::new(),
        },
        keys: Keys {
            signing: SigningKey::from_scalar(&[200; 32]).unwrap(),
            retired: vec![],
            data: DataKey::new(Zeroizing::new([201; 32])),
        },
        limits: Limits::default(),
        accreditors: vec![accreditor],
        merchants,
        themes: vec![],
    }
}

pub fn frame() -> Frame {
    let file = |name: &str, text: &'static str| {
        let bytes = Bytes::from_static(text.as_bytes());
        (name.to_owned(), Asset::new(name, bytes.clone(), Some(bytes)))
    };
    let files: BTreeMap<_, _> = [
        file("index.html", HTML),
        file("boot.js", "go()"),
        file("frame.css", "a {}"),
        file("app.wasm", "\0asm"),
    ]
    .into_iter()
    .chain(texts())
    .collect();
    let (_, loader) = file("farthing.js", "load()");
    Frame::Built(Arc::new(Release::new(files, loader).unwrap()))
}

/// A file of two sentences a language: the language's tag, and the same word in all but two.
pub fn texts() -> [(String, Asset); 12] {
    Language::ALL.map(|language| {
        let name = release::file_name(language);
        let word = match language {
            Language::De => "Lädt",
            Language::Ar => "يُحمَّل",
            _ => "Loading",
        };
        let text = format!("{}\n{word}", language.as_str());
        let asset = Asset::new(&name, Bytes::from(text), None);
        (name, asset)
    })
}

pub fn json_post(path: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub fn token_request(quote: &Quote, number: &str) -> Value {
    sealed_request(quote, &seal(quote, &card(number), [9; 32]))
}

/// What asks for a token with `sealed`, with consent.
pub fn sealed_request(quote: &Quote, sealed: &str) -> Value {
    json!({"quote": quote.id, "method": "card", "sealed": sealed, "consent": offer(quote).consent})
}

/// Paying by card.
pub fn offer(quote: &Quote) -> &Offer {
    quote.offer(MethodKind::Card).unwrap()
}

/// What redeems `token`, made for an order of one sticker at €1.50.
pub fn redemption(token: &str, reference: &str) -> Value {
    json!({"token": token, "order": reference, "amount": 150, "currency": "EUR"})
}

impl Answer {
    /// The body, if the status is `status`.
    #[track_caller]
    pub fn json<T: DeserializeOwned>(&self, status: StatusCode) -> T {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The problem that this answer is. Checks what every problem has.
    #[track_caller]
    pub fn problem(&self, code: &str) -> Problem {
        let text = String::from_utf8_lossy(&self.body);
        let problem: Problem =
            serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: {text}", self.status));
        assert_eq!(problem.code.as_str(), code, "{text}");
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(problem.request.as_deref(), Some(self.header("x-request-id")));
        problem
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}
