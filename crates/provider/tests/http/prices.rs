use axum::http::StatusCode;
use farthing_protocol::{Currency, Label, OrderBody, OrderLine, PriceId, Quote, QuoteOutcome, QuoteReply};
use farthing_testkit::NOW;
use serde_json::json;

use crate::common::{PAYS, Provider, token_request};

const DECLINED: &str = "4000000000000002";

impl Provider {
    pub async fn price(&self) -> PriceId {
        let order = OrderBody {
            currency: Currency::parse("EUR").unwrap(),
            lines: vec![OrderLine {
                label: Label::parse("Sticker").unwrap(),
                amount: 150,
            }],
        };
        let registrar = self.app.rules.registrar();
        registrar.add_price(&self.shop.id, order).await.unwrap()
    }

    pub async fn quote_of(&self, price: &PriceId) -> Quote {
        let request = self.quote_request(price.to_string());
        let answer = self.post("/v1/quotes", &request).await;
        answer.json::<QuoteReply>(StatusCode::CREATED).quote
    }
}

#[tokio::test]
async fn a_price_is_charged_by_the_frame_and_told_by_the_books() {
    let provider = Provider::new();
    let quote = provider.quote_of(&provider.price().await).await;
    let path = QuoteOutcome::charge_path(&quote.id);
    let charge = async || provider.post(&path, &json!({})).await.json(StatusCode::OK);
    let open: QuoteOutcome = charge().await;
    assert!(matches!(open, QuoteOutcome::Open { .. }));
    let token = provider.post("/v1/tokens", &token_request(&quote, PAYS)).await;
    assert_eq!(token.status, StatusCode::CREATED);
    let paid: QuoteOutcome = charge().await;
    let QuoteOutcome::Paid { proof: Some(_), .. } = &paid else {
        panic!("{paid:?}")
    };
    assert_eq!(charge().await, paid);
    let outcome = provider.get(&QuoteOutcome::path(&quote.id)).await;
    assert_eq!(outcome.json::<QuoteOutcome>(StatusCode::OK), paid);
    assert_eq!(provider.ledger().await.0, 0);
}

#[tokio::test]
async fn a_declined_price_can_be_bought_with_another_card() {
    let provider = Provider::new();
    let price = provider.price().await;
    for (card, paid) in [(DECLINED, false), (PAYS, true)] {
        let quote = provider.quote_of(&price).await;
        provider.post("/v1/tokens", &token_request(&quote, card)).await;
        let path = QuoteOutcome::charge_path(&quote.id);
        let outcome: QuoteOutcome = provider.post(&path, &json!({})).await.json(StatusCode::OK);
        assert_eq!(matches!(outcome, QuoteOutcome::Paid { .. }), paid, "{outcome:?}");
    }
}

#[tokio::test]
async fn the_frame_of_a_price_is_its_merchants() {
    let provider = Provider::new();
    let price = provider.price().await;
    let of_price = provider.get(&format!("/v1/frame/{price}")).await;
    let of_merchant = provider.get(&format!("/v1/frame/{}", provider.shop.id)).await;
    assert_eq!(of_price.status, StatusCode::OK);
    assert_eq!(of_price.text(), of_merchant.text());
    let name = "content-security-policy";
    assert_eq!(of_price.header(name), of_merchant.header(name));

    let registrar = provider.app.rules.registrar();
    registrar.suspend(&provider.shop.id).await.unwrap();
    let suspended = provider.get(&format!("/v1/frame/{price}")).await;
    assert_eq!(suspended.status, StatusCode::FORBIDDEN);
    let none = PriceId::from_random([9; 16]);
    let unknown = provider.get(&format!("/v1/frame/{none}")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_no_purchase_is_refused() {
    let provider = Provider::new();
    let price = provider.price().await;
    let request = |text: &str| provider.quote_request(text.to_owned());
    let none = PriceId::from_random([9; 16]);
    let refused = provider.post("/v1/quotes", &request(none.as_str())).await;
    refused.problem("price_unknown");
    let quote = provider.quote_of(&price).await;
    provider.app.rules.registrar().close_price(&price).await.unwrap();
    let refused = provider.post("/v1/quotes", &request(price.as_str())).await;
    refused.problem("price_closed");
    let path = QuoteOutcome::charge_path(&quote.id);
    let with_a_field = provider.post(&path, &json!({"amount": 1})).await;
    with_a_field.problem("body_malformed");

    let (_, signed) = provider.token("A-1", PAYS).await;
    let refused = provider
        .post(&QuoteOutcome::charge_path(&signed), &json!({}))
        .await;
    refused.problem("price_unknown");
    let still: QuoteOutcome = provider
        .get(&QuoteOutcome::path(&signed))
        .await
        .json(StatusCode::OK);
    assert_eq!(still, QuoteOutcome::Open { until: NOW.plus(900) });
}
