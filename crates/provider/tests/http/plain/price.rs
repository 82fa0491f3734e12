//! What is sold at a price: nobody redeems its token, so the page charges, once, and says how that ended.

use axum::http::StatusCode;
use farthing_protocol::PriceId;
use serde_json::json;

use super::{Plain, begin, between, card, form, holds_nothing_of_the_card, returns, typed};
use crate::common::{Answer, Provider};

const DECLINED: &str = "4000000000000002";
const SILENT: &str = "4000000000004087";

async fn opened(provider: &Provider) -> Plain {
    let price = provider.price().await.to_string();
    let answer = begin(provider, &price, &returns(provider), Some("null")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("Pay €1.50"), "{}", answer.text());
    Plain::read(&answer)
}

fn receipt(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(answer.text().contains("€1.50 paid"), "{}", answer.text());
    assert!(
        answer.text().contains("/paid/A?b=1&amp;c=2\">Go on to"),
        "{}",
        answer.text()
    );
    assert!(!answer.text().contains("tok_"));
    holds_nothing_of_the_card(answer);
    between(answer.text(), "href=\"/v1/receipts/", "\"").to_owned()
}

#[tokio::test]
async fn a_price_is_bought_without_script_and_once() {
    let provider = Provider::new();
    let page = opened(&provider).await;
    // Nothing is bought by who does not agree.
    let mut fields = page.fields(&card());
    fields.as_object_mut().unwrap().remove("consent");
    let answer = page.send(&provider, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(provider.ledger().await.1, 0);

    let first = receipt(&page.send(&provider, &page.fields(&card())).await);
    let booked = provider.ledger().await;
    let again = receipt(&page.send(&provider, &page.fields(&card())).await);
    assert_eq!(first, again);
    assert_eq!(provider.ledger().await, booked);
    assert_eq!(
        provider.get(&format!("/v1/receipts/{first}")).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_declined_card_leaves_a_form_for_another() {
    let provider = Provider::new();
    let page = opened(&provider).await;
    let answer = page.send(&provider, &page.fields(&typed(DECLINED))).await;
    assert_eq!(answer.status, StatusCode::PAYMENT_REQUIRED);
    assert!(answer.text().contains(
        "The payment was declined</p>\n<p>Your bank said no, without a reason. Nothing was charged."
    ));
    let anew = Plain::read(&answer);
    assert_ne!(anew.quote, page.quote);
    receipt(&anew.send(&provider, &anew.fields(&card())).await);
}

#[tokio::test]
async fn what_is_not_known_is_not_paid_again() {
    let provider = Provider::new();
    let page = opened(&provider).await;
    for fields in [
        page.fields(&typed(SILENT)),
        json!({"order": page.order, "return": page.to}),
    ] {
        let answer = page.send(&provider, &fields).await;
        assert_eq!(answer.status, StatusCode::OK);
        for words in ["Don't pay again yet", "Check again"] {
            assert!(answer.text().contains(words), "{}", answer.text());
        }
        holds_nothing_of_the_card(&answer);
    }
}

#[tokio::test]
async fn what_is_not_sold_has_no_form() {
    let provider = Provider::new();
    let price = provider.price().await;
    provider.app.rules.registrar().close_price(&price).await.unwrap();
    for id in [price, PriceId::from_random([9; 16])] {
        let fields = json!({"order": id.as_str(), "return": returns(&provider)});
        let answer = provider.send(form("/v1/pay", &fields)).await;
        assert!(answer.status.is_client_error());
        assert!(answer.text().contains("This is no longer sold") && !answer.text().contains("<form"));
    }
}
