//! What the frame reads and writes by hand is what `protocol` reads and writes by serde.

use farthing_protocol::{Language, Method, MethodKind, Origin, PlainToken, Problem, Wording};
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::*;
use crate::json::tests::{from_serde, parse};
use crate::text::refusal;

const PROTOCOL: &str = include_str!("../../docs/PROTOCOL.md");

/// The blocks of `docs/PROTOCOL.md` that begin with "```json Name", and the values in each.
fn examples(of: &str) -> Vec<Value> {
    let blocks = PROTOCOL
        .split("```json ")
        .skip(1)
        .filter_map(|block| block.split_once('\n'));
    let values: Vec<Value> = blocks
        .filter(|(name, _)| *name == of)
        .flat_map(|(_, rest)| {
            serde_json::Deserializer::from_str(rest.split_once("```").unwrap().0).into_iter()
        })
        .map(Result::unwrap)
        .collect();
    assert!(!values.is_empty(), "no example of {of}");
    values
}

/// Each example, and what becomes of it when anything in it is taken out, added or changed.
fn variants(example: &Value) -> Vec<Value> {
    let mut all = vec![example.clone()];
    let odd = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(1.5),
        Value::from("x"),
        Value::from(""),
    ];
    match example {
        Value::Object(fields) => {
            let mut more = fields.clone();
            more.insert("unknown".into(), Value::from(1));
            all.push(Value::Object(more));
            for (name, value) in fields {
                let mut without = fields.clone();
                without.remove(name);
                all.push(Value::Object(without));
                for variant in variants(value).into_iter().skip(1).chain(odd.clone()) {
                    let mut with = fields.clone();
                    with.insert(name.clone(), variant);
                    all.push(Value::Object(with));
                }
            }
        }
        Value::Array(items) => {
            all.push(Value::Array(vec![]));
            for (place, item) in items.iter().enumerate() {
                for variant in variants(item).into_iter().skip(1).chain(odd.clone()) {
                    let mut with = items.clone();
                    with[place] = variant;
                    all.push(Value::Array(with));
                }
            }
        }
        _ => {}
    }
    all
}

fn same<T: DeserializeOwned + Serialize>(of: &str, read: fn(Json) -> Option<T>, also: fn(&T) -> bool) {
    for example in examples(of) {
        for (place, value) in variants(&example).into_iter().enumerate() {
            let theirs = serde_json::from_value::<T>(value.clone()).ok().filter(also);
            let ours = from_serde(value.clone()).and_then(read);
            let written = |read: Option<T>| read.map(|read| serde_json::to_value(read).unwrap());
            let ours = written(ours);
            assert_eq!(ours, written(theirs), "{of}: {value}");
            assert!(
                place > 0 || ours.is_some(),
                "{of}: the example itself is not read"
            );
        }
    }
}

#[test]
fn answers_are_read_as_serde_reads_them() {
    // Reading by serde leaves the bounds of `Money` to the edge, and ours is the edge.
    fn bounded(money: Money) -> bool {
        Money::new(money.minor(), money.currency()).is_ok()
    }
    same("QuoteReply", quote_reply, |reply| {
        reply.quote.methods.iter().all(|offer| bounded(offer.total))
    });
    same("Offer", offer, |offer| bounded(offer.total));
    same("TokenAnswer", token_answer, |_| true);
    same("QuoteOutcome", outcome, |outcome| match outcome {
        QuoteOutcome::Authorised { total, .. } | QuoteOutcome::Paid { total, .. } => bounded(*total),
        _ => true,
    });
    same("HostMessage", host_message, |_| true);
}

#[test]
fn a_quote_of_a_price_is_read_as_serde_reads_it() {
    let priced = "prc_387d9hygfch2hf6hdq4yqyb5tq4j3s";
    for (price, wanted) in [
        (Value::from(priced), Some(Some(priced))),
        (Value::Null, Some(None)),
        (Value::from("prc_387d9hygfch2hf6hdq4yqyb5tq4j3t"), None),
        (Value::from(1), None),
    ] {
        let mut example = examples("QuoteReply").remove(0);
        example["quote"]["price"] = price;
        let ours = from_serde(example.clone()).and_then(quote_reply);
        let theirs = serde_json::from_value::<QuoteReply>(example).ok();
        assert_eq!(ours, theirs);
        let read = ours.map(|reply| reply.quote.price);
        assert_eq!(
            read.as_ref().map(|price| price.as_ref().map(PriceId::as_str)),
            wanted
        );
    }
}

#[test]
fn every_way_to_pay_and_its_hint_is_read() {
    for (kind, with) in [("bank_account", "creditor"), ("phone_bill", "carriers")] {
        let carriers = json!([{ "id": "tele", "name": "Tele", "calling_code": 49 }]);
        let value = if with == "creditor" {
            json!("DE98ZZZ09999999999")
        } else {
            carriers
        };
        let whole = json!({ "kind": kind, with: value });
        let theirs: Method = serde_json::from_value(whole.clone()).unwrap();
        let read = from_serde(whole).and_then(Json::object).and_then(method).unwrap();
        assert_eq!(read.kind().as_str(), kind);
        assert_eq!(read, theirs);
        let less = from_serde(json!({ "kind": kind })).and_then(Json::object);
        assert_eq!(less.and_then(method), None);
    }
    for written in [
        json!({ "country": "DE", "last_four": "3000" }),
        json!({ "brand": "visa", "last_four": "4242" }),
        json!({ "carrier": "Tele" }),
    ] {
        let theirs: Hint = serde_json::from_value(written.clone()).unwrap();
        let ours = from_serde(written).and_then(Json::object).and_then(hint);
        assert_eq!(ours, Some(theirs));
    }
}

#[test]
fn golden_host_messages() {
    let golden: Vec<Value> =
        serde_json::from_str(include_str!("../../tests/golden/host_messages.json")).unwrap();
    let mut accepted = 0;
    for entry in golden {
        let text = entry["text"].as_str().unwrap();
        let padded = entry["padded_to"].as_u64().unwrap_or(0);
        if usize::try_from(padded).unwrap() > limits::HOST_MESSAGE_CHARS {
            continue; // the length is checked before there is a tree: browser/bridge.rs
        }
        let read = parse(text).and_then(host_message);
        assert_eq!(
            read.is_some(),
            entry["accepted"].as_bool().unwrap(),
            "{}: {text}",
            entry["name"]
        );
        accepted += usize::from(read.is_some());
    }
    assert!(accepted > 3);
}

#[test]
fn problems_are_read_by_their_code() {
    for code in Code::ALL {
        let json = serde_json::to_value(Problem::new(*code)).unwrap();
        let known = CODES.iter().any(|(_, known)| known == code);
        let read = if known { *code } else { Code::FrameFailed };
        assert_eq!(from_serde(json).and_then(problem), Some(read));
    }
    // The provider's, and newer than this frame; and what somebody between us and the provider may say.
    let newer = r##"{"type":"/docs/problems#too_new","code":"too_new"}"##;
    assert_eq!(parse(newer).and_then(problem), Some(Code::FrameFailed));
    for other in [
        "{}",
        "[]",
        r#"{"code":"busy"}"#,
        r#"{"type":"about:blank","code":"busy"}"#,
        r##"{"type":"/docs/problems#busy","code":"internal"}"##,
        r##"{"type":"/docs/problems#1","code":1}"##,
    ] {
        assert_eq!(parse(other).and_then(problem), None, "{other}");
    }
}

/// What a code that the frame does not know is told as is true of each of them.
#[test]
fn a_code_with_a_sentence_of_its_own_is_known() {
    for code in Code::ALL {
        let known = CODES.iter().any(|(_, known)| known == code);
        let general = refusal(*code) == refusal(Code::FrameFailed);
        assert!(known || general, "{code:?}");
    }
}

#[test]
fn messages_to_the_page_are_written_as_serde_writes_them() {
    let hint = |brand| Hint::Card {
        brand,
        last_four: LastFour::of("4242").unwrap(),
    };
    let token = |brand| FrameMessage::Token {
        token: PlainToken::from_random([7; 16]),
        expires_at: UnixSeconds(1_795_000_000),
        hint: hint(brand),
    };
    let mut messages = vec![
        FrameMessage::Hello {},
        FrameMessage::Ready {},
        FrameMessage::Resize { height: 10_000 },
        FrameMessage::Cancelled {},
        FrameMessage::Paid {
            proof: "a.b.c".to_owned(),
            receipt: ReceiptId::from_random([8; 16]),
        },
        FrameMessage::Fatal {
            code: Code::FrameFailed,
        },
    ];
    messages.extend(BRANDS.map(|(_, brand)| token(brand)));
    messages.extend(CODES.iter().map(|(_, code)| FrameMessage::Failed { code: *code }));
    for message in messages {
        let ours: Value = serde_json::from_str(&frame_message(&message)).unwrap();
        assert_eq!(ours, serde_json::to_value(message).unwrap());
    }
}

#[test]
fn every_name_is_serdes() {
    fn check<T: Serialize + Copy>(names: &[(&str, T)]) {
        for (name, value) in names {
            assert_eq!(serde_json::to_value(value).unwrap(), Value::from(*name));
        }
    }
    check(CODES);
    check(&BRANDS);
    check(&REASONS);
    check(&OUTCOMES);
}

proptest! {
    #[test]
    fn requests_are_written_as_serde_writes_them(order: String, text: String) {
        let origin = Origin::parse("https://shop.example").unwrap();
        let request = QuoteRequest { merchant: MerchantId::from_random([1; 16]), order: order.clone(), origin, language: Language::De };
        let ours: Value = serde_json::from_str(&quote_request(&request)).unwrap();
        prop_assert_eq!(ours, serde_json::to_value(request).unwrap());

        let consent = ConsentGiven { version: ConsentVersion::new(Wording::CardOnceFee1, Language::En), text };
        let quote = QuoteId::from_random([2; 16]);
        let request = TokenRequest { quote, method: MethodKind::Card, sealed: order, consent };
        let ours: Value = serde_json::from_str(&token_request(&request)).unwrap();
        prop_assert_eq!(ours, serde_json::to_value(request).unwrap());
    }
}
