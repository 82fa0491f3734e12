//! A payment by phone bill through the provider's own API, with a carrier behind it, and the sandbox's bank for the rest.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_protocol::{
    Carrier, Charge, ChargeStatus, Conditions, Currency, Label, MethodKind, Quote, Reference, TokenAnswer,
};
use farthing_provider::{
    config::{Config, Database, PhoneCarriers},
    http::Bounds,
    init::init,
    wiring::{AnyClock, AnyRng, App, StartError, SystemClock, SystemRng},
};
use farthing_testkit::{CarrierManner, PhoneCarrier, free, seal};
use serde_json::{Value, json};

use crate::common::{PAYS, Provider, frame, redemption};

struct Scene {
    carrier: PhoneCarrier,
    provider: Provider,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let (carrier, folder) = (PhoneCarrier::start(), tempfile::tempdir().unwrap());
        let token = folder.path().join("token");
        std::fs::write(&token, "letmein").unwrap();
        let address = |api: &str| format!("http://127.0.0.1:{}/{api}", carrier.port());
        let provider = Provider::configured(frame(), Bounds::default(), |config| {
            config.database = Database::File(folder.path().join("farthing.db"));
            for merchant in &mut config.merchants {
                merchant.fees.push(free(MethodKind::PhoneBill, "EUR"));
            }
            config.carrier = Some(PhoneCarriers {
                payments: address("cb"),
                refunds: address("cbr"),
                token,
                carriers: vec![Carrier {
                    id: Reference::parse("fern").unwrap(),
                    name: Label::parse("Fern Mobile").unwrap(),
                    calling_code: 49,
                }],
                currency: Currency::parse("EUR").unwrap(),
                conditions: Conditions {
                    most: 1_000,
                    arrives_days: 30,
                    refundable_days: 90,
                },
            });
        });
        Self {
            carrier,
            provider,
            folder,
        }
    }

    async fn ask(&self, quote: &Quote, number: &str) -> (Value, StatusCode, Value) {
        let sealed = seal(quote, &json!({"phone": number, "carrier": "fern"}), [9; 32]);
        let consent = &quote.offer(MethodKind::PhoneBill).unwrap().consent;
        let request =
            json!({"quote": quote.id, "method": "phone_bill", "sealed": sealed, "consent": consent});
        let answer = self.provider.post("/v1/tokens", &request).await;
        (
            request,
            answer.status,
            serde_json::from_slice(&answer.body).unwrap(),
        )
    }

    /// The token of a shopper who typed the right code.
    async fn token(&self, reference: &str) -> (String, Quote) {
        let quote = self.provider.quote(reference).await;
        let (request, status, challenge) = self.ask(&quote, PhoneCarrier::PAYS).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{challenge}");
        let Ok(TokenAnswer::Challenged { challenge }) = serde_json::from_value(challenge) else {
            panic!("nothing to meet")
        };
        let path = format!("/v1/challenges/{}", challenge.id);
        let page = self.provider.get(&path).await.text().to_owned();
        // The carrier sends a code, also where no real money moves: the sandbox's own would be none.
        for (part, is_there) in [
            ("Fern Mobile has sent you a code", true),
            ("takes nothing beyond its monthly limit", true),
            ("123456", false),
        ] {
            assert_eq!(page.contains(part), is_there, "{part}: {page}");
        }
        for (code, status) in [
            ("111111", StatusCode::OK),
            (PhoneCarrier::PASSCODE, StatusCode::SEE_OTHER),
        ] {
            let form = Request::post(&path)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header("sec-fetch-site", "same-origin")
                .body(Body::from(format!("passcode={code}")));
            assert_eq!(self.provider.send(form.unwrap()).await.status, status);
        }
        let token: Value = self
            .provider
            .post("/v1/tokens", &request)
            .await
            .json(StatusCode::CREATED);
        (token["token"].as_str().unwrap().to_owned(), quote)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_bill_is_charged_and_given_back_by_the_carrier() {
    let scene = Scene::new();
    let (token, quote) = scene.token("A-1").await;
    let offer = quote.offer(MethodKind::PhoneBill).unwrap();
    assert_eq!(
        (offer.conditions.most, offer.conditions.arrives_days),
        (1_000, 30)
    );
    let charge: Charge = scene
        .provider
        .charge("k1", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::CREATED);
    assert!(matches!(charge.status, ChargeStatus::Paid { .. }), "{charge:?}");
    let mut refund = Request::post(format!("/v1/charges/{}/refunds", charge.id))
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(json!({ "amount": 50 }).to_string()))
        .unwrap();
    for (name, value) in [
        (
            "authorization",
            format!("Bearer {}", scene.provider.shop.secret_key),
        ),
        ("idempotency-key", "k2".to_owned()),
    ] {
        refund.headers_mut().insert(name, value.parse().unwrap());
    }
    let refund: Value = scene.provider.send(refund).await.json(StatusCode::CREATED);
    assert_eq!(refund["status"], "done", "{refund}");
    let account = scene.carrier.account(quote.id.as_str());
    assert_eq!((account.charged, account.refunded), (150, 50));
    assert!(scene.folder.path().join("farthing.camara").exists());

    // Cards are still the bank's.
    let (token, _) = scene.provider.token("A-2", PAYS).await;
    let charge: Charge = scene
        .provider
        .charge("k3", &redemption(&token, "A-2"))
        .await
        .json(StatusCode::CREATED);
    assert!(matches!(charge.status, ChargeStatus::Paid { .. }), "{charge:?}");

    // Who may not pay so is told why.
    let quote = scene.provider.quote("A-3").await;
    for (number, code) in [
        (PhoneCarrier::LOW, "phone_limit_reached"),
        (PhoneCarrier::BARRED, "phone_not_allowed"),
    ] {
        let quote = if number == PhoneCarrier::LOW {
            quote.clone()
        } else {
            scene.provider.quote("A-4").await
        };
        let (_, _, problem) = scene.ask(&quote, number).await;
        assert_eq!(problem["code"], code, "{problem}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_stays_out_is_found_out_later() {
    let scene = Scene::new();
    let (token, quote) = scene.token("A-1").await;
    scene.carrier.manner(CarrierManner {
        gone: true,
        ..CarrierManner::default()
    });
    let charge: Charge = scene
        .provider
        .charge("k1", &redemption(&token, "A-1"))
        .await
        .json(StatusCode::ACCEPTED);
    assert!(
        matches!(charge.status, ChargeStatus::Unknown { .. }),
        "{charge:?}"
    );
    scene.carrier.manner(CarrierManner::default());
    scene.provider.clock.pass(60);
    scene.provider.app.rules.resolve().await.unwrap();
    let charge = scene.provider.charge_of(&charge).await;
    assert!(
        matches!(charge.status, ChargeStatus::Declined { .. }),
        "{charge:?}"
    );
    let account = scene.carrier.account(quote.id.as_str());
    assert_eq!((account.held, account.charged), (0, 0));
}

const SECTION: &str = r#"[camara]
payments = "http://127.0.0.1:1/carrier-billing/v0.5"
refunds = "http://127.0.0.1:1/carrier-billing-refund/v0.3"
token_file = "camara.token"
test = true
currency = "EUR"
most = 3000
arrives_days = 30
refundable_days = 90
carriers = [{ id = "fern", name = "Fern Mobile", calling_code = 49 }]

[keys]"#;

#[tokio::test]
async fn the_section_is_read_and_every_error_names_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let origin = |text: &str| farthing_protocol::Origin::parse(text).unwrap();
    let [path, _] = init(
        folder.path(),
        &origin("http://localhost:8787"),
        &origin("http://127.0.0.1:8788"),
        &SystemClock,
        &SystemRng,
    )
    .unwrap();
    let good = std::fs::read_to_string(&path)
        .unwrap()
        .replacen("[keys]", SECTION, 1);
    let load = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path), |_| None)
    };
    let carrier = load(&good).unwrap().carrier.unwrap();
    assert_eq!(carrier.token, folder.path().join("camara.token"));
    assert_eq!(
        (carrier.conditions.most, carrier.carriers[0].calling_code),
        (3_000, 49)
    );
    for (from, to, said) in [
        ("test = true", "test = false", "camara.test: must be true"),
        ("test = true\n", "", "missing field `test`"),
        (
            "payments = \"http:",
            "payments = \"ftp:",
            "camara.payments: an https address",
        ),
        (
            "refunds = \"http:",
            "refunds = \"",
            "camara.refunds: an https address",
        ),
        ("\"EUR\"\nmost", "\"XXX\"\nmost", "camara.currency: a currency"),
        ("\"EUR\"\nmost", "\"CLF\"\nmost", "camara.currency: a currency"),
        ("most = 3000", "most = -1", "camara.most: minor units"),
        (
            "[{ id = \"fern\", name = \"Fern Mobile\", calling_code = 49 }]",
            "[]",
            "camara.carriers: from one to",
        ),
        (
            "id = \"fern\"",
            "id = \"Fern\"",
            "camara.carriers[0].id: lower-case",
        ),
        ("\"Fern Mobile\"", "\"\"", "camara.carriers[0].name: "),
        (
            "calling_code = 49",
            "calling_code = 1000",
            "camara.carriers[0].calling_code: ",
        ),
        (
            "calling_code = 49 }",
            "calling_code = 49 }, { id = \"fern\", name = \"Other\", calling_code = 43 }",
            "camara.carriers[1].id: ",
        ),
    ] {
        assert!(good.contains(from), "{from}");
        let error = load(&good.replacen(from, to, 1)).err();
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(said), "{to}: {error}");
    }
    // Without a token in its file nothing starts; nor without a file for what was asked of the carrier.
    let start = async |text: &str| {
        let config = load(text).unwrap();
        let (clock, rng) = (AnyClock::new(SystemClock), AnyRng::new(SystemRng));
        App::new(config, frame(), clock, rng).await.err()
    };
    let error = start(&good).await.unwrap().to_string();
    assert!(error.contains("camara.token: holds no access token"), "{error}");
    std::fs::write(folder.path().join("camara.token"), "hunter2 \n").unwrap();
    assert!(start(&good).await.is_none());
    let memory = good.replacen("\"farthing.db\"", "\"memory\"", 1);
    assert!(matches!(start(&memory).await, Some(StartError::NoFile)));
}
