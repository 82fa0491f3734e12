//! The examples of `docs/PROTOCOL.md`: they stand in the document, and are what its schemas say.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use super::{document::document, skipped};

const PROTOCOL: &str = include_str!("../../../../../docs/PROTOCOL.md");

/// What crosses no HTTP: between the page and the frame, and inside a JWT.
const ELSEWHERE: [&str; 5] = [
    "Connect",
    "HostMessage",
    "FrameMessage",
    "OrderClaims",
    "Purchase",
];

/// The examples that are headed `name`, as OpenAPI lists them.
pub fn examples(name: &str) -> Value {
    let of_name = all().filter(|(of, _)| *of == name);
    let numbered = of_name.zip(1..).map(|((_, value), number)| {
        let key = format!("{name}-{number}");
        (key, json!({"value": value}))
    });
    Value::Object(numbered.collect())
}

#[test]
fn every_example_of_the_protocol_is_what_its_schema_says() {
    let Some(python) = std::env::var_os("FARTHING_PYTHON") else {
        return skipped("the examples' judge");
    };
    let examples: Vec<_> = all().filter(|(name, _)| !ELSEWHERE.contains(name)).collect();
    assert!(examples.len() > 30);
    let judge = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/http/openapi/examples.py"
        ))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut judge = judge.unwrap();
    let asked = json!({"document": document(), "examples": examples}).to_string();
    judge.stdin.take().unwrap().write_all(asked.as_bytes()).unwrap();
    let said = judge.wait_with_output().unwrap();
    assert!(said.status.success());
    let said: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(said, json!({"judged": examples.len(), "faults": []}));
}

/// The blocks that begin with "```json Name", and the values in each.
fn all() -> impl Iterator<Item = (&'static str, Value)> {
    PROTOCOL.split("```json ").skip(1).flat_map(|block| {
        let (name, rest) = block.split_once('\n').unwrap();
        let (values, _) = rest.split_once("```").unwrap();
        let values = serde_json::Deserializer::from_str(values).into_iter::<Value>();
        values.map(move |value| (name, value.unwrap()))
    })
}
