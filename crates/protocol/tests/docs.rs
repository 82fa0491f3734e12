//! `docs/PROTOCOL.md` says what the code does: its examples are read as the types they are headed with, its
//! error codes and limits are compared with the code's.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on has failed"
)]

use std::collections::BTreeSet;

use farthing_protocol::{
    CaptureRequest, Charge, ChargeRequest, Code, Connect, ConsentRecord, Dispute, DisputeAnswer,
    DisputeRequest, EventKind, FrameMessage, HostMessage, Offer, Operation, OrderClaims, OrderLine,
    OrderReply, OrderRequest, Problem, Purchase, PurchaseRequest, QuoteOutcome, QuoteReply, QuoteRequest,
    ReceiptReply, RefundRequest, TokenAnswer, TokenRequest, VoidRequest, limits,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
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
            "QuoteReply" => reads::<QuoteReply>(&example),
            "Offer" => reads::<Offer>(&example),
            "TokenRequest" => reads::<TokenRequest>(&example),
            "TokenAnswer" => reads::<TokenAnswer>(&example),
            // Brings a token in, so it can't be written out again.
            "ChargeRequest" => drop(serde_json::from_value::<ChargeRequest>(example).unwrap()),
            "Charge" => reads::<Charge>(&example),
            "CaptureRequest" => reads::<CaptureRequest>(&example),
            "VoidRequest" => reads::<VoidRequest>(&example),
            "RefundRequest" => reads::<RefundRequest>(&example),
            "Operation" => reads::<Operation>(&example),
            "Purchase" => reads::<Purchase>(&example),
            "PurchaseRequest" => reads::<PurchaseRequest>(&example),
            "QuoteOutcome" => reads::<QuoteOutcome>(&example),
            "ReceiptReply" => reads::<ReceiptReply>(&example),
            "DisputeRequest" => reads::<DisputeRequest>(&example),
            "DisputeAnswer" => reads::<DisputeAnswer>(&example),
            "Dispute" => reads::<Dispute>(&example),
            "ConsentRecord" => reads::<ConsentRecord>(&example),
            "Event" => reads::<Event>(&example),
            "Problem" => reads::<Problem>(&example),
            other => panic!("an example of {other}, which this test does not know"),
        }
        seen.insert(name);
    }
    assert_eq!(seen.len(), 27, "examples of {seen:?} alone");
}

#[test]
fn examples_agree_with_the_rules() {
    for (name, example) in examples() {
        match name {
            "QuoteReply" => {
                let QuoteReply { quote, .. } = serde_json::from_value(example).unwrap();
                quote.methods.iter().for_each(|offer| sums(offer, &quote.lines));
                assert_eq!(quote.expires_at.since(quote.quoted_at), limits::QUOTE_LIFETIME_S);
                assert!(quote.accreditation.until > quote.quoted_at);
            }
            "Offer" => {
                let offer: Offer = serde_json::from_value(example).unwrap();
                let QuoteReply { quote, .. } = first("QuoteReply");
                sums(&offer, &quote.lines);
                assert!(offer.fee > 0);
            }
            "Charge" => {
                let charge: Charge = serde_json::from_value(example).unwrap();
                let (most, taken) = (charge.total.minor(), charge.captured);
                assert!(
                    charge.fee < most && taken <= most && charge.refunded <= taken,
                    "{charge:?}"
                );
            }
            "ReceiptReply" => {
                let reply: ReceiptReply = serde_json::from_value(example).unwrap();
                let back = reply.refunds.iter().map(|refund| refund.amount.minor());
                let held = reply.dispute.map_or(0, |dispute| dispute.amount.minor());
                assert_eq!(back.sum::<i64>() + held, reply.receipt.total.minor());
                assert_eq!(
                    reply.receipt.objection.until.since(reply.receipt.paid_at),
                    limits::DISPUTE_OPEN_S
                );
            }
            "Problem" => {
                let problem: Problem = serde_json::from_value(example).unwrap();
                assert_eq!(problem, Problem::new(problem.code));
            }
            "Event" => {
                let Event { kind, data, .. } = serde_json::from_value(example).unwrap();
                let kind = serde_json::to_value(kind).unwrap();
                match kind.as_str().unwrap().split_once('.').unwrap() {
                    ("charge", status) => {
                        reads::<Charge>(&data);
                        assert_eq!(data["status"], status);
                    }
                    ("operation", _) => reads::<Operation>(&data),
                    ("dispute", _) => reads::<Dispute>(&data),
                    (other, _) => panic!("an event about a {other}"),
                }
            }
            _ => {}
        }
    }
}

#[test]
fn every_state_has_an_example() {
    let shown = |of: &str, tag: &str| -> BTreeSet<String> {
        let examples = examples().into_iter().filter(|(name, _)| *name == of);
        examples
            .map(|(_, value)| value[tag].as_str().unwrap().to_owned())
            .collect()
    };
    for (of, tag, states) in [
        (
            "Charge",
            "status",
            "authorised declined expired paid unknown voided",
        ),
        ("Operation", "status", "done failed unknown"),
        ("Dispute", "status", "contested open rejected returned returning"),
        (
            "QuoteOutcome",
            "outcome",
            "authorised declined lapsed open paid unknown",
        ),
    ] {
        let states: BTreeSet<_> = states.split(' ').map(str::to_owned).collect();
        assert_eq!(shown(of, tag), states, "{of}");
    }
}

#[test]
fn every_event_is_in_the_table() {
    let (_, section) = PROTOCOL.split_once("\n## Events\n").unwrap();
    let (_, table) = section.split_once("| type | `data` |").unwrap();
    let (table, _) = table.split_once("\n##").unwrap();
    let about = table
        .lines()
        .filter_map(|row| row.strip_prefix("| `")?.split_once("` |"));
    let documented: Vec<&str> = about.flat_map(|(kinds, _)| kinds.split("`, `")).collect();
    let in_code: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(documented, in_code);
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

/// What a webhook carries. The provider writes it; nothing of ours reads it.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Event {
    #[serde(rename = "type")]
    kind: EventKind,
    timestamp: String,
    data: Value,
}

/// The offer's total is the lines and its fee, and its sentence names both.
fn sums(offer: &Offer, lines: &[OrderLine]) {
    assert_eq!(offer.sum(lines), Ok(offer.total));
    let shown = |minor: i64| format!("€{}.{:02}", minor / 100, minor % 100);
    let (total, fee) = (shown(offer.total.minor()), shown(offer.fee));
    let text = offer
        .consent
        .version
        .text("The Small Shop", "Farthing Sandbox", &total, &fee, "");
    assert_eq!(offer.consent.text, text);
}

fn first<T: DeserializeOwned>(of: &str) -> T {
    let example = examples().into_iter().find(|(name, _)| *name == of);
    serde_json::from_value(example.unwrap().1).unwrap()
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
