//! What an outside judge says: schemathesis sends what the document allows and what it does not, and holds every
//! answer against the document.

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_protocol::{QuoteId, QuoteOutcome};
use farthing_provider::server;
use farthing_testkit::NOW;
use serde_json::{Value, json};
use tokio::{net::TcpListener, process::Command, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{file, routes, skipped};
use crate::{
    challenges::ASKS,
    common::{PAYS, Provider, json_post, redemption, token_request},
    plain::{Plain, card},
};

/// Far beyond what it takes.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_answer_that_is_not_in_the_document() {
    let Some(python) = std::env::var_os("FARTHING_PYTHON") else {
        return skipped("schemathesis");
    };
    let provider = Provider::new();
    let known = known(&provider).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let server = tokio::spawn(server::serve(listener, Arc::clone(&provider.app), stop.clone()));

    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/http/openapi");
    let scratch = tempfile::tempdir().unwrap();
    let judge = Command::new(python)
        .args(["-m", "schemathesis.cli", "--config-file"])
        .arg(here.join("schemathesis.toml"))
        .args(["run", "--no-color", "--checks", "all", "--url"])
        .arg(format!("http://{address}"))
        .arg(file())
        .current_dir(scratch.path())
        .env("PYTHONPATH", &here)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "known")
        .env("FARTHING_SECRET_KEY", &provider.shop.secret_key)
        .env("FARTHING_KNOWN", known.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let judged = timeout(PATIENCE, judge).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&judged.stdout);
    let errors = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success(), "{said}\n{errors}");
    let answered = std::fs::read(scratch.path().join("answered.json")).unwrap();
    all_was_taken_once(&serde_json::from_slice(&answered).unwrap());

    stop.cancel();
    server.await.unwrap();
    let (sum, _) = provider.ledger().await;
    assert_eq!(sum, 0);
}

/// Of each operation the judge has seen an answer that is no refusal.
fn all_was_taken_once(answered: &Value) {
    let answered = answered.as_object().unwrap();
    for (operation, statuses) in answered {
        let mut statuses = statuses.as_array().unwrap().iter();
        assert!(
            statuses.any(|status| status.as_u64() < Some(300)),
            "{operation} refused everything"
        );
    }
    assert_eq!(answered.len(), routes::all().count());
}

/// Things that are there, and what is taken: whom the judge met with refusals alone it can't judge.
async fn known(provider: &Provider) -> Value {
    let mut ids = json!({"mer_": [provider.shop.id]});
    let mut add = |kind: &str, id: &Value| {
        let of_kind = ids.as_object_mut().unwrap().entry(kind).or_insert(json!([]));
        of_kind.as_array_mut().unwrap().push(id.clone());
    };
    for (number, capture) in [(1, true), (2, false), (3, true), (4, false)] {
        let (charge, quote) = provider.charged(&format!("known-{number}"), capture).await;
        let outcome: Value = provider
            .get(&QuoteOutcome::path(&quote))
            .await
            .json(StatusCode::OK);
        add("quo_", &json!(quote));
        add("con_", &outcome["consent"]);
        add("chg_", &charge["id"]);
        if let Some(receipt) = charge.get("receipt") {
            add("rcp_", receipt);
        }
    }
    let (refunded, dispute) = provider.refunded_and_disputed().await;
    add("opr_", &refunded);
    add("dsp_", &dispute);

    let asked = token_request(&provider.quote("challenged").await, ASKS);
    let asked: Value = provider
        .post("/v1/tokens", &asked)
        .await
        .json(StatusCode::ACCEPTED);
    add("chl_", &asked["challenge"]["id"]);

    let quote = provider.quote("sealed").await;
    let (token, _) = provider.token("redeemed", PAYS).await;
    let release = provider.app.frame.release().await.unwrap();
    let priced = provider.quote_of(&provider.price().await).await;
    let plain = Plain::of(provider, "plain").await;
    let paid = json!({"order": provider.shop.order("known-1", NOW), "return": plain.to});
    let charge =
        async |order: &str, capture| json!({"charge": provider.charged(order, capture).await.0["id"]});
    json!({
        "ids": ids,
        "fields": {"origin": provider.shop.origin, "currency": "EUR"},
        "bodies": {
            "POST /v1/quotes": provider.quote_request(provider.shop.order("quoted", NOW)),
            "POST /v1/tokens": token_request(&quote, PAYS),
            "POST /v1/charges": redemption(&token, "redeemed"),
            "POST /v1/charges/{charge}/capture": {"amount": 100},
            "POST /v1/charges/{charge}/refunds": {"amount": 100},
            "POST /v1/charges/{charge}/void": {},
            "POST /v1/pay": {"order": plain.order, "return": plain.to},
            "POST /v1/pay/{quote}": plain.fields(&card()),
            "POST /v1/quotes/{quote}/charge": {},
        },
        // What no schema can write. Of an order that is paid there is no end of refusals.
        "forms": {"POST /v1/pay": paid, "POST /v1/pay/{quote}": paid},
        "paths": {
            "GET /v1/loader/{release}/farthing.js": {"release": release.loader().sha256()},
            "GET /v1/release/{release}/{file}": {"release": release.id(), "file": "boot.js"},
            "POST /v1/pay/{quote}": {"quote": plain.quote},
            "POST /v1/quotes/{quote}/charge": {"quote": priced.id},
            "POST /v1/charges/{charge}/capture": charge("captured", false).await,
            "POST /v1/charges/{charge}/refunds": charge("refunded", true).await,
            "POST /v1/charges/{charge}/void": charge("voided", false).await,
        },
    })
}

impl Provider {
    async fn charged(&self, order: &str, capture: bool) -> (Value, QuoteId) {
        let (token, quote) = self.token(order, PAYS).await;
        let mut request = redemption(&token, order);
        request["capture"] = capture.into();
        let charge = self.charge(order, &request).await;
        (charge.json(StatusCode::CREATED), quote)
    }

    /// A refund's id, and that of a dispute about what is left.
    async fn refunded_and_disputed(&self) -> (Value, Value) {
        let (charge, _) = self.charged("disputed", true).await;
        let id = charge["id"].as_str().unwrap();
        let mut request = json_post(&format!("/v1/charges/{id}/refunds"), &json!({"amount": 50}));
        self.sign_in(&mut request);
        let headers = request.headers_mut();
        headers.insert("idempotency-key", "disputed-refund".parse().unwrap());
        let refund: Value = self.send(request).await.json(StatusCode::CREATED);

        let receipt = charge["receipt"].as_str().unwrap();
        let reason = json!({"reason": "not_received"});
        let opened = self
            .post(&format!("/v1/receipts/{receipt}/disputes"), &reason)
            .await;
        assert_eq!(opened.status, StatusCode::CREATED);
        let mut request = Request::get("/v1/disputes").body(Body::empty()).unwrap();
        self.sign_in(&mut request);
        let disputes: Value = self.send(request).await.json(StatusCode::OK);
        (refund["id"].clone(), disputes["disputes"][0]["id"].clone())
    }

    fn sign_in(&self, request: &mut Request<Body>) {
        let bearer = format!("Bearer {}", self.shop.secret_key);
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
    }
}
