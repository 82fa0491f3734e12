//! What is signed here is verified by the official libraries of Standard Webhooks, as a merchant's server would.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{SystemTime, UNIX_EPOCH},
};

use farthing_gateway::webhook::{Secret, headers};
use farthing_protocol::UnixSeconds;
use serde_json::{Value, json};

const ID: &str = "evt_5cke57jt2q8rtj84r2y7gczfnd2py4";
const BODY: &str =
    "{\"type\": \"charge.paid\",\n \"data\": {\"payee\": \"B\u{fc}cher \u{2615}\", \"amount\": 150}}";

const NO_MATCH: &str = "No matching signature found";
const TOO_OLD: &str = "Message timestamp too old";
const TOO_NEW: &str = "Message timestamp too new";

/// What arrives at a merchant's server, and what its library must say: nothing, or why it refuses.
struct Delivery {
    what: &'static str,
    secret: Secret,
    headers: [(&'static str, String); 3],
    body: String,
    refused: Option<&'static str>,
}

#[test]
fn the_python_library_agrees() {
    let Some(python) = std::env::var_os("FARTHING_PYTHON") else {
        println!(
            "the_python_library_agrees: skipped, for FARTHING_PYTHON names no Python with standardwebhooks. \
             `cargo xtask test unit` sees to it"
        );
        return;
    };
    agrees(Command::new(python).arg(folder().join("verify.py")));
}

#[test]
fn the_javascript_library_agrees() {
    if !folder().join("node_modules").is_dir() {
        println!(
            "the_javascript_library_agrees: skipped, for there is no node_modules in {}. \
             `cargo xtask test unit` sees to it",
            folder().display()
        );
        return;
    }
    agrees(Command::new("node").arg(folder().join("verify.mjs")));
}

fn agrees(library: &mut Command) {
    let deliveries = deliveries();
    let said = verdicts(library, &deliveries);
    assert_eq!(said.len(), deliveries.len());
    for (delivery, said) in deliveries.iter().zip(said) {
        assert_eq!(said, json!(delivery.refused), "{}", delivery.what);
    }
}

fn deliveries() -> Vec<Delivery> {
    let now = now();
    let good = |what, secret, current: &Secret, earlier: &[Secret]| Delivery {
        what,
        secret,
        headers: headers(current, earlier, ID, now, BODY.as_bytes()),
        body: BODY.to_owned(),
        refused: None,
    };
    let at = |what, at, refused| Delivery {
        what,
        secret: secret(1),
        headers: headers(&secret(1), &[], ID, at, BODY.as_bytes()),
        body: BODY.to_owned(),
        refused,
    };
    let untouched = || good("as it was sent", secret(1), &secret(1), &[]);
    let refused = |delivery: Delivery, what| Delivery {
        what,
        refused: Some(NO_MATCH),
        ..delivery
    };

    let mut altered_body = refused(untouched(), "another amount");
    altered_body.body = BODY.replace("150", "151");
    let mut altered_id = refused(untouched(), "another id");
    altered_id.headers[0].1 = ID.replace("evt_5", "evt_6");
    let mut altered_time = refused(untouched(), "another time");
    altered_time.headers[1].1 = now.plus(-1).0.to_string();
    vec![
        untouched(),
        good("the longest secret", longest(), &longest(), &[]),
        good("rotated, new secret", secret(2), &secret(2), &[secret(1)]),
        good("rotated, old secret", secret(1), &secret(2), &[secret(1)]),
        refused(
            good("", secret(3), &secret(2), &[secret(1)]),
            "rotated, neither secret",
        ),
        refused(good("", secret(2), &secret(1), &[]), "another secret"),
        altered_body,
        altered_id,
        altered_time,
        at("four minutes old", now.plus(-240), None),
        at("six minutes old", now.plus(-360), Some(TOO_OLD)),
        at("six minutes early", now.plus(360), Some(TOO_NEW)),
    ]
}

/// What the library says about each.
fn verdicts(library: &mut Command, deliveries: &[Delivery]) -> Vec<Value> {
    let written: Vec<Value> = deliveries
        .iter()
        .map(|delivery| {
            let headers: serde_json::Map<_, _> = delivery
                .headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            json!({"secret": *delivery.secret.expose(), "headers": headers, "body": delivery.body})
        })
        .collect();
    let mut child = library
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(json!(written).to_string().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{library:?} ended with {}",
        output.status
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn secret(byte: u8) -> Secret {
    Secret::from_random([byte; 32])
}

fn longest() -> Secret {
    Secret::parse(&format!("whsec_{}Q==", "+/".repeat(42) + "+")).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webhooks")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the libraries look at the real clock, and so must a delivery"
)]
fn now() -> UnixSeconds {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixSeconds(i64::try_from(since.as_secs()).unwrap())
}
