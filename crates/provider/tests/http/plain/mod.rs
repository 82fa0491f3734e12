//! The page that pays without script: one form, one token, nothing of the card in any answer.

mod after;
mod languages;
mod price;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_gateway::ChargeStore;
use farthing_protocol::limits;
use farthing_testkit::NOW;
use serde_json::{Value, json};

use crate::common::{Answer, PAYS, Provider, redemption};

/// A page that a shop's form led to.
pub struct Plain {
    pub order: String,
    pub to: String,
    pub quote: String,
    once: String,
    consent: String,
}

/// A card's four fields.
pub fn card() -> Value {
    typed(PAYS)
}

fn typed(number: &str) -> Value {
    json!({"number": number, "expiry": "12 / 30", "security_code": "737", "name": "Ada Lovelace"})
}

impl Plain {
    pub async fn of(provider: &Provider, reference: &str) -> Self {
        let (order, to) = (provider.shop.order(reference, NOW), returns(provider));
        let answer = begin(provider, &order, &to, Some("null")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        Self::read(&answer)
    }

    fn read(answer: &Answer) -> Self {
        let page = answer.text();
        Self {
            order: hidden(page, "order"),
            to: hidden(page, "return"),
            quote: between(page, "action=\"/v1/pay/", "\"").to_owned(),
            once: hidden(page, "once"),
            consent: between(page, "name=\"consent\" value=\"", "\"").to_owned(),
        }
    }

    /// What the form sends with the box ticked.
    pub fn fields(&self, card: &Value) -> Value {
        let mut fields = json!({
            "order": self.order, "return": self.to, "once": self.once, "consent": self.consent,
        });
        fields
            .as_object_mut()
            .unwrap()
            .extend(card.as_object().unwrap().clone());
        fields
    }

    /// The card pays with this form, and the shop gets its money.
    async fn pays(&self, provider: &Provider) {
        let answer = self.send(provider, &self.fields(&card())).await;
        paid(provider, &token(&answer), "A-1").await;
    }

    pub async fn send(&self, provider: &Provider, fields: &Value) -> Answer {
        self.send_from(provider, fields, "same-origin", "null").await
    }

    async fn send_from(&self, provider: &Provider, fields: &Value, site: &str, origin: &str) -> Answer {
        let mut request = form(&format!("/v1/pay/{}", self.quote), fields);
        let headers = request.headers_mut();
        headers.insert("sec-fetch-site", site.parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        provider.send(request).await
    }
}

/// Where the shop takes tokens.
fn returns(provider: &Provider) -> String {
    format!("{}/paid/A?b=1&c=2", provider.shop.origin)
}

async fn begin(provider: &Provider, order: &str, to: &str, origin: Option<&str>) -> Answer {
    let mut request = form("/v1/pay", &json!({"order": order, "return": to}));
    if let Some(origin) = origin {
        let headers = request.headers_mut();
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    }
    provider.send(request).await
}

fn form(path: &str, fields: &Value) -> Request<Body> {
    let mut body = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields.as_object().unwrap() {
        body.append_pair(name, value.as_str().unwrap());
    }
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.finish()))
        .unwrap()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split_once(after).unwrap().0
}

fn hidden(page: &str, name: &str) -> String {
    let value = between(page, &format!("type=\"hidden\" name=\"{name}\" value=\""), "\"");
    value.replace("&amp;", "&")
}

/// The token that goes to the shop.
fn token(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    hidden(answer.text(), "farthing-token")
}

async fn paid(provider: &Provider, token: &str, reference: &str) {
    let charge: Value = provider
        .charge(&format!("key-{reference}"), &redemption(token, reference))
        .await
        .json(StatusCode::CREATED);
    assert_eq!(charge["status"], "paid", "{charge}");
}

async fn charges(provider: &Provider) -> usize {
    provider.app.rules.store().ledger().await.unwrap().len()
}

/// Nobody's but the shopper's: in no answer.
fn holds_nothing_of_the_card(answer: &Answer) {
    for secret in [PAYS, "4242", "737"] {
        assert!(!answer.text().contains(secret), "{secret}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_form_says_who_is_paid_what_for_and_asks_for_nothing_twice() {
    let provider = Provider::new();
    let order = provider.shop.order("A-1", NOW);
    let answer = begin(
        &provider,
        &order,
        &returns(&provider),
        Some("https://shop1.example"),
    )
    .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; \
         form-action 'self' https://shop1.example; frame-ancestors 'none'"
    );
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), value);
    }
    let page = answer.text();
    for part in [
        "Pay The Corner Press",
        "<th scope=\"row\">Sticker</th><td>€1.50</td>",
        "<th scope=\"row\">Total</th><td>€1.50</td>",
        "autocomplete=\"cc-number\"",
        "autocomplete=\"cc-exp\"",
        "autocomplete=\"cc-csc\"",
        "autocomplete=\"cc-name\"",
        "<label for=\"number\">Card number</label>",
        "<span lang=\"en\" dir=\"ltr\">I agree to pay €1.50 to The Corner Press, once.",
        "Pay €1.50</button>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("checked") && !page.contains("<script"));
}

#[tokio::test]
async fn the_sentence_to_agree_to_is_in_the_shopper_s_language() {
    let provider = Provider::new();
    let order = provider.shop.order("A-1", NOW);
    let mut request = form("/v1/pay", &json!({"order": order, "return": returns(&provider)}));
    request.headers_mut().insert(
        header::ACCEPT_LANGUAGE,
        "nl, de-AT;q=0.8, en;q=0.5".parse().unwrap(),
    );
    let answer = provider.send(request).await;
    assert!(
        answer.text().contains("<span lang=\"de\" dir=\"ltr\">"),
        "{}",
        answer.text()
    );
    let page = Plain::read(&answer);
    let token = token(&page.send(&provider, &page.fields(&card())).await);
    paid(&provider, &token, "A-1").await;
}

#[tokio::test]
async fn a_card_and_a_tick_make_a_token_that_goes_to_the_shop() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let answer = page.send(&provider, &page.fields(&card())).await;
    holds_nothing_of_the_card(&answer);
    assert!(!answer.text().contains("Lovelace"));
    assert!(
        answer
            .text()
            .contains("method=\"post\" action=\"https://shop1.example/paid/A?b=1&amp;c=2\""),
        "{}",
        answer.text()
    );
    assert!(answer.text().contains("nothing is charged before that"));
    assert_eq!(charges(&provider).await, 0, "and so it is");
    paid(&provider, &token(&answer), "A-1").await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_token() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let fields = page.fields(&card());
    let (first, second) = tokio::join!(page.send(&provider, &fields), page.send(&provider, &fields));
    let third = page.send(&provider, &fields).await;
    let answers = [first, second, third];
    let tokens = answers.map(|answer| token(&answer));
    for earlier in &tokens[..2] {
        provider
            .charge(earlier, &redemption(earlier, "A-1"))
            .await
            .problem("token_unknown");
    }
    paid(&provider, &tokens[2], "A-1").await;
    assert_eq!(charges(&provider).await, 1);
    let late = page.send(&provider, &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(
        late.text().contains("This order is already paid"),
        "{}",
        late.text()
    );
}

#[tokio::test]
async fn another_card_in_a_form_that_was_sent_begins_anew() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let first = token(&page.send(&provider, &page.fields(&card())).await);
    let other = page
        .send(&provider, &page.fields(&typed("5555555555554444")))
        .await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.text().contains("This form was sent already"));
    assert!(!other.text().contains("5555"));
    provider
        .charge("k", &redemption(&first, "A-1"))
        .await
        .problem("token_expired");
    let anew = Plain::read(&other);
    anew.pays(&provider).await;
}

#[tokio::test]
async fn a_form_that_was_open_too_long_comes_anew() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    provider.clock.pass(limits::QUOTE_LIFETIME_S);
    let late = page.send(&provider, &page.fields(&card())).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.text().contains("The time to pay ran out"), "{}", late.text());
    holds_nothing_of_the_card(&late);
    let anew = Plain::read(&late);
    assert_ne!(anew.quote, page.quote);
    anew.pays(&provider).await;
}

#[tokio::test]
async fn faults_stand_beside_their_fields_and_the_number_and_code_are_gone() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let mut fields = page.fields(&typed("4242424242424241"));
    fields.as_object_mut().unwrap().remove("consent");
    let answer = page.send(&provider, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = answer.text();
    for part in [
        "Error: Pay The Corner Press</title>",
        "aria-describedby=\"number-error\" autofocus>\n<p id=\"number-error\" class=\"error\">Check the number: a digit is wrong",
        "value=\"12 / 30\"",
        "value=\"Ada Lovelace\"",
        "<p id=\"consent-error\" class=\"error\">Tick the box if you agree",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("424242") && !html.contains("737"), "{html}");

    let again = Plain::read(&answer);
    assert_eq!(again.quote, page.quote, "the quote is the same");
    let wrong_places = json!({
        "number": "", "expiry": PAYS, "security_code": "73", "name": "4242 4242 4242 4242",
    });
    let answer = again.send(&provider, &again.fields(&wrong_places)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("This looks like a card number"));
    holds_nothing_of_the_card(&answer);
    let markup = json!({"number": "x", "expiry": "12 / 30", "security_code": "1", "name": "A \"><b>"});
    let answer = again.send(&provider, &again.fields(&markup)).await;
    assert!(
        answer.text().contains("A &quot;&gt;&lt;b&gt;"),
        "{}",
        answer.text()
    );
    let old = json!({"number": PAYS, "expiry": "01 / 20", "security_code": "737", "name": "Ada Lovelace"});
    let answer = again.send(&provider, &again.fields(&old)).await;
    assert!(answer.text().contains("Card has expired"), "{}", answer.text());
    holds_nothing_of_the_card(&answer);
    paid(
        &provider,
        &token(&again.send(&provider, &again.fields(&card())).await),
        "A-1",
    )
    .await;
}

#[tokio::test]
async fn another_sentence_is_not_agreed_to() {
    let provider = Provider::new();
    let page = Plain::of(&provider, "A-1").await;
    let mut fields = page.fields(&card());
    fields["consent"] = "A".repeat(43).into();
    let answer = page.send(&provider, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .text()
            .contains("What you agreed to is no longer what is offered")
    );
    holds_nothing_of_the_card(&answer);
}

#[tokio::test]
async fn a_changed_order_has_no_form() {
    let provider = Provider::new();
    let order = provider.shop.order("A-1", NOW);
    let (rest, signature) = order.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{rest}.{first}{}", &signature[1..]);
    for (order, status) in [
        (changed.as_str(), StatusCode::FORBIDDEN),
        (rest, StatusCode::BAD_REQUEST),
        ("", StatusCode::BAD_REQUEST),
    ] {
        let answer = begin(&provider, order, &returns(&provider), None).await;
        assert_eq!(answer.status, status);
        assert!(answer.text().contains("can't be paid"), "{}", answer.text());
        assert!(!answer.text().contains("<form"));
    }
    for fields in [
        json!({"order": order}),
        json!({"return": returns(&provider)}),
        json!({"order": order, "return": "/paid"}),
        json!({"order": order, "return": returns(&provider), "amount": "1"}),
    ] {
        provider
            .send(form("/v1/pay", &fields))
            .await
            .problem("body_malformed");
    }
}
