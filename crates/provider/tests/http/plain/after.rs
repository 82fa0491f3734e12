//! What comes after the form: the bank's question, and the way back to the shop.

use axum::http::StatusCode;
use farthing_protocol::limits;
use farthing_testkit::NOW;
use serde_json::json;

use super::{Plain, begin, card, hidden, holds_nothing_of_the_card, paid, returns, token, typed};
use crate::{
    challenges::ASKS,
    common::{ORIGIN, Provider},
};

/// A page that pays for somebody else's order, or has somebody else's token, is no page of the shop's.
#[tokio::test]
async fn a_token_goes_to_the_shop_alone() {
    let provider = Provider::new();
    let order = provider.shop.order("A-1", NOW);
    for to in ["https://evil.example/paid", "https://shop2.example/paid"] {
        let answer = begin(&provider, &order, to, Some("null")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{to}");
        assert!(!answer.text().contains("<form"));
    }
    for site in [
        "https://evil.example",
        "https://shop2.example",
        "https://shop1.example.evil.example",
    ] {
        let answer = begin(&provider, &order, &returns(&provider), Some(site)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site}");
    }
    let page = Plain::of(&provider, "A-1").await;
    for to in ["https://evil.example/paid", "https://shop2.example/paid"] {
        let mut fields = page.fields(&card());
        fields["return"] = to.into();
        let answer = page.send(&provider, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{to}");
        assert!(!answer.text().contains("tok_"), "{}", answer.text());
        holds_nothing_of_the_card(&answer);
    }
    for (site, origin) in [
        ("cross-site", "https://evil.example"),
        ("cross-site", "null"),
        ("same-site", "https://other.pay.example"),
        ("same-origin", "https://evil.example"),
    ] {
        page.send_from(&provider, &page.fields(&card()), site, origin)
            .await
            .problem("origin_not_registered");
    }
    let answer = page
        .send_from(&provider, &page.fields(&card()), "same-origin", ORIGIN)
        .await;
    paid(&provider, &token(&answer), "A-1").await;
}

#[tokio::test]
async fn what_the_bank_asks_is_asked_on_the_page() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let asked = page.send(&provider, &page.fields(&typed(ASKS))).await;
    assert_eq!(asked.status, StatusCode::OK);
    for part in [
        "Confirm €1.50 to The Corner Press",
        "one-time-code",
        "You have 5 minutes",
    ] {
        assert!(asked.text().contains(part), "{part}: {}", asked.text());
    }
    assert!(
        !asked.text().contains("400000") && !asked.text().contains("3155") && !asked.text().contains("tok_")
    );
    let mut again = json!({
        "order": page.order, "return": page.to, "consent": page.consent,
        "sealed": hidden(asked.text(), "sealed"),
    });
    for (passcode, says) in [("000000", "You can try 2 more times."), ("12", "4 to 10 digits")] {
        again["passcode"] = passcode.into();
        let wrong = page.send(&provider, &again).await;
        assert!(wrong.text().contains(says), "{}", wrong.text());
        assert!(!wrong.text().contains("tok_"));
    }
    again["passcode"] = "123456".into();
    let met = page.send(&provider, &again).await;
    paid(&provider, &token(&met), "A-1").await;
}

#[tokio::test]
async fn a_confirmation_that_comes_too_late_begins_anew() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let asked = page.send(&provider, &page.fields(&typed(ASKS))).await;
    let again = json!({
        "order": page.order, "return": page.to, "consent": page.consent,
        "sealed": hidden(asked.text(), "sealed"), "passcode": "123456",
    });
    provider.clock.pass(limits::CHALLENGE_LIFETIME_S);
    let late = page.send(&provider, &again).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(
        late.text().contains("The time to confirm ran out"),
        "{}",
        late.text()
    );
    let anew = Plain::read(&late);
    anew.pays(&provider).await;
}
