//! `docs/PROTOCOL.md` says what the code does: its examples are read as the types they are headed with, its
//! error codes and limits are compared with the code's.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

use std::collections::BTreeSet;

use farthing_protocol::{
    Charge, ChargeRequest, Code, Connect, ConsentRecord, FrameMessage, HostMessage, OrderClaims, OrderReply,
    OrderRequest, Problem, Quote, QuoteOutcome, QuoteRequest, ReceiptReply, TokenReply, TokenRequest, limits,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const PROTOCOL: &str = include_str!("../../../docs/PROTOCOL.md");

#[test]
fn every_example_is_of_its_type() {
    let mut seen = BTreeSet::new();
    for (name, example) in examples() {
        match name {
            "Connect" => reads::<Connect>(&example),
            "HostMessage" => reads::<HostMessage>(&example),
            "FrameMessage" => reads::<FrameMessage>(&example),
            "OrderClaims" => reads::<OrderClaims>(&example),
            "OrderRequest" => reads::<OrderRequest>(&example),
            "OrderReply" => reads::<OrderReply>(&example),
            "QuoteRequest" => reads::<QuoteRequest>(&example),
            "Quote" => reads::<Quote>(&example),
            "TokenRequest" => reads::<TokenRequest>(&example),
            "TokenReply" => reads::<TokenReply>(&example),
            // Brings a token in, so it can't be written out again.
            "ChargeRequest" => drop(serde_json::from_value::<ChargeRequest>(example).unwrap()),
            "Charge" => reads::<Charge>(&example),
            "QuoteOutcome" => reads::<QuoteOutcome>(&example),
            "ReceiptReply" => reads::<ReceiptReply>(&example),
            "ConsentRecord" => reads::<ConsentRecord>(&example),
            "Problem" => reads::<Problem>(&example),
            other => panic!("an example of {other}, which this test does not know"),
        }
        seen.insert(name);
    }
    assert_eq!(seen.len(), 16, "examples of {seen:?} alone");
}

#[test]
fn examples_agree_with_the_rules() {
    for (name, example) in examples() {
        match name {
            "Quote" => {
                let quote: Quote = serde_json::from_value(example).unwrap();
                let text =
                    quote
                        .consent
                        .version
                        .text(quote.payee.name.as_str(), quote.provider.as_str(), "€1.50");
                assert_eq!(quote.consent.text, text);
                assert_eq!(quote.expires_at.since(quote.quoted_at), limits::QUOTE_LIFETIME_S);
            }
            "Problem" => {
                let problem: Problem = serde_json::from_value(example).unwrap();
                assert_eq!(problem, Problem::new(problem.code));
            }
            _ => {}
        }
    }
}

#[test]
fn every_code_is_in_the_list() {
    let documented: Vec<&str> = PROTOCOL
        .lines()
        .filter(|line| line.starts_with("| <a id="))
        .collect();
    let codes: Vec<String> = Code::ALL
        .iter()
        .map(|code| {
            let status = match code.status() {
                0 => "–".to_owned(),
                status => status.to_string(),
            };
            let text = code.as_str();
            format!("| <a id=\"{text}\"></a>`{text}` | {status} | {} |", code.title())
        })
        .collect();
    assert_eq!(documented, codes);
}

#[test]
fn every_limit_is_in_the_list() {
    let rows: Vec<String> = include_str!("../src/limits.rs")
        .lines()
        .filter_map(|line| {
            line.strip_prefix("pub const ")?
                .strip_suffix(';')?
                .split_once(": ")
        })
        .map(|(name, rest)| {
            let (_, value) = rest.split_once(" = ").unwrap();
            let factors = value.split(" * ").map(|factor| factor.replace('_', ""));
            let value: i64 = factors.map(|factor| factor.parse::<i64>().unwrap()).product();
            format!("| `{name}` | {value} |")
        })
        .collect();
    let (_, section) = PROTOCOL.split_once("\n## Limits\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let documented: Vec<&str> = section.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(documented, rows);
}

/// The blocks that begin with "```json Name", and the values in each.
fn examples() -> Vec<(&'static str, Value)> {
    let mut examples = Vec::new();
    for block in PROTOCOL.split("```json ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let (values, _) = rest.split_once("```").unwrap();
        for value in serde_json::Deserializer::from_str(values).into_iter::<Value>() {
            examples.push((name, value.unwrap()));
        }
    }
    examples
}

fn reads<T: DeserializeOwned + Serialize>(example: &Value) {
    let read: T =
        serde_json::from_value(example.clone()).unwrap_or_else(|error| panic!("{error} in {example}"));
    assert_eq!(&serde_json::to_value(read).unwrap(), example);
}
