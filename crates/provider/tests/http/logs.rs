use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use farthing_protocol::{Charge, ChargeStatus, QuoteOutcome};
use serde_json::json;

use crate::{
    common::{PAYS, Provider, redemption},
    plain::{Plain, card},
};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_what_was_asked_and_nothing_of_what_was_said() {
    let lines = Lines::default();
    let writer = lines.clone();
    // Everything that any crate has to say, down to the last trace.
    let log = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    // For every test of this program: what the others do must not be in the log either.
    tracing::subscriber::set_global_default(log).unwrap();

    let provider = Provider::new();
    let (token, quote) = provider.token("Secret-Order-1", PAYS).await;
    let body = redemption(&token, "Secret-Order-1");
    let answer = provider.charge("secret-key-1", &body).await;
    let charge: Charge = answer.json(StatusCode::CREATED);
    let ChargeStatus::Paid { receipt } = &charge.status else {
        panic!("{charge:?}")
    };
    provider.charge_of(&charge).await;
    provider.get(&QuoteOutcome::path(&quote)).await;
    provider.get(&format!("/v1/receipts/{receipt}")).await;
    provider.get("/v1/4242424242424242?name=Lovelace").await;
    provider
        .post("/v1/tokens", &json!({"number": "4242424242424242"}))
        .await;
    provider.charge("secret-key-2", &body).await.problem("token_used");

    // The page without script is sent the card itself.
    let page = Plain::of(&provider, "Secret-Order-2").await;
    for card in [card(), json!({"number": "4242424242424241", "name": "Lovelace"})] {
        page.send(&provider, &page.fields(&card)).await;
    }

    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for said in [
        &format!("request{{id=\"{}\"}}: ", answer.header("x-request-id")),
        "method=\"POST\" route=\"/v1/charges\" status=201",
        "method=\"GET\" route=\"/v1/receipts/{receipt}\" status=200",
        "method=\"GET\" route=\"none\" status=404",
        "code=\"token_used\"",
        "method=\"POST\" route=\"/v1/pay/{quote}\" status=200",
    ] {
        assert!(log.contains(said), "{said}: {log}");
    }
    for secret in [
        token.as_str(),
        quote.as_str(),
        page.quote.as_str(),
        page.order.as_str(),
        "737",
        "/paid/",
        receipt.as_str(),
        charge.id.as_str(),
        provider.shop.secret_key.as_str(),
        "424242",
        "Lovelace",
        "ecret-",
        "Sticker",
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
