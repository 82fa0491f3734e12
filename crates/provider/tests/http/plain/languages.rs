//! Every page of the provider's own in every language that there is: it says which it is in, and no sentence of it is English.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use farthing_protocol::{Charge, ChargeStatus, Language, TokenAnswer, limits};
use farthing_testkit::NOW;
use farthing_text::{Words, frame, pages};
use serde_json::{Value, json};

use super::{Plain, begin, card, form, hidden, returns, token, typed};
use crate::{
    challenges::ASKS,
    common::{Answer, PAYS, Provider, redemption, token_request},
};

#[tokio::test]
async fn the_page_that_pays_without_script_is_in_the_language_that_is_named() {
    for language in Language::ALL {
        let provider = Provider::new();
        let page = opened(&provider, language).await;
        let marked = page
            .send(&provider, &fields(&page, language, &typed("4242")))
            .await;
        speaks(&marked, language, "marked");
        let old = json!({"number": PAYS, "expiry": "01 / 20", "security_code": "1", "name": ""});
        speaks(
            &page.send(&provider, &fields(&page, language, &old)).await,
            language,
            "wrong",
        );
        let asked = page.send(&provider, &fields(&page, language, &typed(ASKS))).await;
        speaks(&asked, language, "asked");
        let mut again = json!({
            "order": page.order, "return": page.to, "consent": page.consent,
            "sealed": hidden(asked.text(), "sealed"),
        });
        for passcode in ["000000", "12", "123456"] {
            again["passcode"] = passcode.into();
            // The language is that of the quote where the form does not name it.
            let answer = page.send(&provider, &again).await;
            speaks(&answer, language, passcode);
        }
        let late = page
            .send(&provider, &fields(&page, language, &typed("5555555555554444")))
            .await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        speaks(&late, language, "used");
        provider.clock.pass(limits::QUOTE_LIFETIME_S);
        let late = page.send(&provider, &fields(&page, language, &card())).await;
        speaks(&late, language, "late");
        let fields = json!({"order": "no.order", "return": page.to, "locale": language.as_str()});
        let refused = provider.send(form("/v1/pay", &fields)).await;
        speaks(&refused, language, "refused");
    }
}

#[tokio::test]
async fn what_is_sold_without_a_shop_s_server_ends_in_its_language() {
    for language in Language::ALL {
        let provider = Provider::new();
        let price = provider.price().await.to_string();
        let page = opened_with(&provider, language, &price).await;
        let declined = page
            .send(&provider, &fields(&page, language, &typed("4000000000000002")))
            .await;
        speaks(&declined, language, "declined");
        let page = Plain::read(&declined);
        let paid = page.send(&provider, &fields(&page, language, &card())).await;
        speaks(&paid, language, "paid");
        let page = opened_with(&provider, language, &price).await;
        let silent = page
            .send(&provider, &fields(&page, language, &typed("4000000000004087")))
            .await;
        speaks(&silent, language, "silent");
    }
}

#[tokio::test]
async fn what_is_to_be_confirmed_is_asked_in_the_language_that_was_agreed_in() {
    for language in Language::ALL {
        let provider = Provider::new();
        let quote = quoted(&provider, language).await;
        let request = token_request(&quote, ASKS);
        let answer = provider.post("/v1/tokens", &request).await;
        let TokenAnswer::Challenged { challenge } = answer.json(StatusCode::ACCEPTED) else {
            panic!("nothing to meet");
        };
        let path = format!("/v1/challenges/{}", challenge.id);
        speaks(&provider.get(&path).await, language, "challenge");
        for passcode in ["000000", "12", "0000"] {
            let wrong = provider.send(form(&path, &json!({"passcode": passcode}))).await;
            speaks(&wrong, language, passcode);
        }
        let met = provider.send(form(&path, &json!({"passcode": "123456"}))).await;
        assert_eq!(met.status, StatusCode::SEE_OTHER);
        speaks(&provider.get(&path).await, language, "met");
        speaks(&provider.get(&format!("{path}/back")).await, language, "back");
        let nobodys = accepting(&provider, "/v1/challenges/chl_x", language).await;
        speaks(&nobodys, language, "nobody's");
    }
}

#[tokio::test]
async fn a_receipt_and_its_complaint_are_in_the_language_that_was_agreed_in() {
    for language in Language::ALL {
        let provider = Provider::new();
        let path = paid(&provider, language).await;
        // Whoever reads it later with another browser still reads what was agreed to.
        let receipt = accepting(&provider, &path, Language::En).await;
        speaks(&receipt, language, "receipt");
        let to = format!("{path}/disputes");
        for fields in [
            json!({}),
            json!({"reason": "other"}),
            json!({"reason": "other", "words": PAYS}),
        ] {
            let unsent = provider.send(form(&to, &fields)).await;
            assert!(unsent.status.is_client_error());
            speaks(&unsent, language, "unsent");
        }
        let sent = provider.send(form(&to, &json!({"reason": "not_received"}))).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        speaks(
            &accepting(&provider, &path, Language::En).await,
            language,
            "complaint",
        );
        let unknown = accepting(&provider, "/v1/receipts/rcp_x", language).await;
        speaks(&unknown, language, "no receipt");
    }
}

#[tokio::test]
async fn a_receipt_s_address_can_name_another_language_and_its_form_keeps_it() {
    let provider = Provider::new();
    let path = paid(&provider, Language::De).await;
    let asked = format!("{path}?locale=ar");
    let receipt = accepting(&provider, &asked, Language::En).await;
    speaks(&receipt, Language::Ar, "receipt");
    let action = format!("action=\"{path}/disputes?locale=ar\"");
    assert!(receipt.text().contains(&action), "{}", receipt.text());
    let to = format!("{path}/disputes?locale=ar");
    let unsent = provider.send(form(&to, &json!({}))).await;
    speaks(&unsent, Language::Ar, "unsent");
    assert!(unsent.text().contains(&format!("href=\"{asked}\"")));
    let sent = provider.send(form(&to, &json!({"reason": "not_received"}))).await;
    assert_eq!(sent.header("location"), asked);
}

#[tokio::test]
async fn a_shop_that_is_not_known_is_told_of_in_the_language_that_is_named() {
    let provider = Provider::new();
    for language in Language::ALL {
        let path = format!("/v1/frame/mer_1?locale={}", language.as_str());
        speaks(&provider.get(&path).await, language, "frame");
        speaks(
            &accepting(&provider, "/v1/frame/mer_1", language).await,
            language,
            "frame",
        );
    }
}

#[tokio::test]
async fn another_language_is_chosen_on_the_page_and_a_token_is_made_in_it() {
    let provider = Provider::new();
    let order = provider.shop.order("A-1", NOW);
    let answer = begin(&provider, &order, &returns(&provider), Some("null")).await;
    for language in Language::ALL {
        let option = format!("<option value=\"{}\"", language.as_str());
        assert!(answer.text().contains(&option), "{option}");
    }
    let page = opened_with(&provider, Language::Ja, &order).await;
    let finish = page.send(&provider, &page.fields(&card())).await;
    speaks(&finish, Language::Ja, "finish");
    super::paid(&provider, &token(&finish), "A-1").await;
    // One that nobody here speaks is as none.
    let fields = json!({"order": order, "return": page.to, "locale": "nl\"><script>"});
    let refused = provider.send(form("/v1/pay", &fields)).await;
    speaks(&refused, Language::En, "none");
    assert!(!refused.text().contains("<script"));
}

/// A sentence that no page says any more would be translated for nobody.
#[test]
fn every_sentence_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    for folder in ["src/page", "src/page/pay", "src/routes"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            code += &fs::read_to_string(entry.unwrap().path()).unwrap_or_default();
        }
    }
    let table = fs::read_to_string(root.join("../text/pages/en.toml")).unwrap();
    let keys = table
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key)
        .filter(|key| !key.starts_with('#'));
    for key in keys {
        let (constant, function) = (format!("pages::{}", key.to_uppercase()), format!(".{key}("));
        assert!(code.contains(&constant) || code.contains(&function), "{key}");
    }
}

async fn opened(provider: &Provider, language: Language) -> Plain {
    opened_with(provider, language, &provider.shop.order("A-1", NOW)).await
}

async fn opened_with(provider: &Provider, language: Language, order: &str) -> Plain {
    let fields = json!({"order": order, "return": returns(provider), "locale": language.as_str()});
    let answer = provider.send(form("/v1/pay", &fields)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    speaks(&answer, language, "form");
    assert_eq!(hidden(answer.text(), "locale"), language.as_str());
    Plain::read(&answer)
}

fn fields(page: &Plain, language: Language, card: &Value) -> Value {
    let mut fields = page.fields(card);
    fields["locale"] = language.as_str().into();
    fields
}

async fn quoted(provider: &Provider, language: Language) -> farthing_protocol::Quote {
    let mut request = provider.quote_request(provider.shop.order("A-1", NOW));
    request["language"] = language.as_str().into();
    let reply: farthing_protocol::QuoteReply = provider
        .post("/v1/quotes", &request)
        .await
        .json(StatusCode::CREATED);
    reply.quote
}

/// A payment; the receipt's path.
async fn paid(provider: &Provider, language: Language) -> String {
    let quote = quoted(provider, language).await;
    let made: Value = provider
        .post("/v1/tokens", &token_request(&quote, PAYS))
        .await
        .json(StatusCode::CREATED);
    let redeemed = redemption(made["token"].as_str().unwrap(), "A-1");
    let charge: Charge = provider.charge("k", &redeemed).await.json(StatusCode::CREATED);
    let ChargeStatus::Paid { receipt } = charge.status else {
        panic!("{charge:?}")
    };
    format!("/v1/receipts/{receipt}")
}

/// What a browser of this language is answered.
async fn accepting(provider: &Provider, path: &str, language: Language) -> Answer {
    let request = Request::get(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ACCEPT_LANGUAGE, language.as_str());
    provider.send(request.body(Body::empty()).unwrap()).await
}

/// # Panics
/// If the page says that it is in another language, or holds a sentence of English that this language says otherwise.
fn speaks(answer: &Answer, language: Language, page: &str) {
    let html = answer.text();
    let dir = if language.is_rtl() { "rtl" } else { "ltr" };
    let said = format!("<html lang=\"{}\" dir=\"{dir}\">", language.as_str());
    assert!(html.contains(&said), "{page}: no {said} in {html}");
    let frame = |language| lines(frame::words(language), frame::LINES);
    let own = |language| lines(pages::words(language), pages::LINES);
    let english = [frame(Language::En), own(Language::En)].concat();
    let spoken = [frame(language), own(language)].concat();
    // What stands between tags, whole: a word of one language within a sentence of another is none by chance.
    let texts: Vec<&str> = html
        .split('>')
        .filter_map(|piece| piece.split('<').next())
        .map(str::trim)
        .collect();
    for (english, _) in english
        .iter()
        .zip(&spoken)
        .filter(|(english, own)| english != own && !english.is_empty())
    {
        assert!(
            !texts.contains(english) || spoken.contains(english),
            "{page} in {language:?}: “{english}” is in {html}"
        );
        let pieces = english.split(['{', '}']).map(str::trim);
        for piece in pieces.filter(|piece| piece.contains(' ')) {
            assert!(
                !html.contains(piece),
                "{page} in {language:?}: “{piece}” is in {html}"
            );
        }
    }
}

fn lines<T: Copy>(words: Words<T>, count: u16) -> Vec<&'static str> {
    (0..count).map(|line| words.line(line)).collect()
}
