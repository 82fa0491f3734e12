//! What is signed, and what must be gone.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    facts::Facts,
    jws::{self, Jwks},
    report::Report,
    row::{Row, hex},
};

/// How long a secret may outlive what it was for: the provider sweeps every few minutes.
const SWEPT_S: i64 = 86_400;

/// A quote's key is gone a day after it, at the latest.
pub(crate) fn quote(row: &Row, keys: Option<&Jwks>, now: i64, report: &mut Report) {
    let id = row.text("id");
    signed("quote", "farthing-quote+jws", row, keys, report);
    if row.flag("has_secret") && row.number("expires_at").saturating_add(SWEPT_S) < now {
        report.find(
            "quote.secret",
            &id,
            "its private key is there more than a day after its end".to_owned(),
        );
    }
}

/// A token's details are gone once it is taken, and a day after it, at the latest.
pub(crate) fn token(row: &Row, now: i64, report: &mut Report) {
    let id = row.text("quote");
    let late = row.number("expires_at").saturating_add(SWEPT_S) < now;
    let why = match (row.flag("has_details"), row.maybe("charge"), late) {
        (true, Some(_), _) => "after it was taken",
        (true, None, true) => "more than a day after its end",
        _ => return,
    };
    report.find("token.details", &id, format!("the details are there {why}"));
}

/// A consent is to what its token was for, and its text says how much.
pub(crate) fn consent(row: &Row, facts: &Facts, keys: Option<&Jwks>, report: &mut Report) {
    let (id, quote, body) = (row.text("id"), row.text("quote"), row.json("body"));
    signed("consent", "farthing-consent+jws", row, keys, report);
    let text = body["text"].as_str().unwrap_or_default();
    let hash = hex(&Sha256::digest(text.as_bytes()));
    let kept = body["text_sha256"].as_str().unwrap_or_default();
    report.same("consent.hash", &id, "text_sha256", (kept, hash.as_str()));

    let total = amount(&body["total"]["amount"]);
    let lines = body["lines"].as_array().into_iter().flatten();
    let lines: i128 = lines.map(|line| amount(&line["amount"])).sum();
    let sum = lines + amount(&body["fee"]);
    report.same("consent.total", &id, "the total", (total, sum));
    if let Some(token) = facts.tokens.get(&quote) {
        let of_token = i128::from(token.amount) + i128::from(token.fee);
        report.same("consent.agreed", &id, "the total", (total, of_token));
        let currency = body["total"]["currency"].as_str().unwrap_or_default();
        report.same(
            "consent.agreed",
            &id,
            "the currency",
            (currency, token.currency.as_str()),
        );
        report.same(
            "consent.token",
            &id,
            "the token's consent",
            (token.consent.as_str(), id.as_str()),
        );
    } else {
        report.find("consent.token", &id, format!("its quote {quote} has no token"));
    }
    let Some(offered) = facts.quotes.get(&quote) else {
        report.find("consent.quote", &id, format!("its quote {quote} is not there"));
        return;
    };
    let of_method = offered
        .totals
        .iter()
        .find(|(method, _)| body["method"] == method.as_str());
    report.same(
        "consent.quote",
        &id,
        "the total",
        (total, of_method.map_or(0, |(_, total)| i128::from(*total))),
    );
    if !numbers(text).any(|number| is_amount(number, total, offered.decimals)) {
        let why = format!("the text does not name {total} minor units");
        report.find("consent.text", &id, why);
    }
}

/// A receipt is for what was captured, and for the fee that was booked.
pub(crate) fn receipt(row: &Row, facts: &Facts, keys: Option<&Jwks>, report: &mut Report) {
    let (id, about, body) = (row.text("id"), row.text("charge"), row.json("body"));
    signed("receipt", "farthing-receipt+jws", row, keys, report);
    let Some(charge) = facts.charges.get(&about) else {
        report.find("receipt.charge", &id, format!("its charge {about} is not there"));
        return;
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    report.same(
        "receipt.charge",
        &id,
        "the charge",
        (text(&body["charge"]), about),
    );
    report.same(
        "receipt.consent",
        &id,
        "the consent",
        (text(&body["consent"]), charge.consent.clone()),
    );
    let total = &body["total"];
    report.same(
        "receipt.total",
        &id,
        "the total",
        (amount(&total["amount"]), i128::from(charge.captured)),
    );
    report.same(
        "receipt.total",
        &id,
        "the currency",
        (text(&total["currency"]), charge.currency.clone()),
    );
    report.same(
        "receipt.fee",
        &id,
        "the fee",
        (amount(&body["fee"]["amount"]), charge.fees),
    );
    if charge.receipt.as_ref() != Some(&id) {
        report.find(
            "receipt.charge",
            &id,
            "its charge has another receipt, or none".to_owned(),
        );
    }
}

/// The body is what was signed, is the row's own, and the signature holds.
fn signed(what: &'static str, typ: &str, row: &Row, keys: Option<&Jwks>, report: &mut Report) {
    let (body_code, jws_code) = match what {
        "quote" => ("quote.body", "quote.signature"),
        "consent" => ("consent.body", "consent.signature"),
        _ => ("receipt.body", "receipt.signature"),
    };
    let (id, body, jws) = (row.text("id"), row.json("body"), row.text("jws"));
    if body["id"] != id.as_str() {
        report.find(body_code, &id, format!("the body is that of {}", body["id"]));
    }
    match jws::payload(&jws) {
        Ok(payload) if payload == body => {}
        Ok(_) => report.find(body_code, &id, "the body is not what was signed".to_owned()),
        Err(error) => report.find(body_code, &id, error.to_string()),
    }
    if let Some(Err(error)) = keys.map(|keys| keys.verify(&jws, typ)) {
        report.find(jws_code, &id, error.to_string());
    }
}

fn amount(value: &Value) -> i128 {
    value.as_i64().unwrap_or_default().into()
}

/// What stands between the digits of an amount, in one language or another.
const BETWEEN: [char; 4] = [',', '.', '\u{A0}', '\u{202F}'];

/// The numbers in a text, each with what groups and divides its digits.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && !BETWEEN.contains(&c))
        .map(|part| part.trim_matches(BETWEEN))
        .filter(|part| !part.is_empty())
}

/// Whether `number` is this amount: its digits, with the point in its place, and any groups of three before it.
fn is_amount(number: &str, minor: i128, decimals: usize) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let (whole, fraction) = match decimals {
        0 => (number, ""),
        _ => number.rsplit_once([',', '.']).unwrap_or((number, "")),
    };
    let in_threes = whole.split(BETWEEN).skip(1).all(|group| group.len() == 3);
    digits == format!("{:0>width$}", minor.max(0), width = decimals + 1)
        && fraction.len() == decimals
        && in_threes
}
