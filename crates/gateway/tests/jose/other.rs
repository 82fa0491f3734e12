//! The other implementation: jwcrypto, in one Python process that all tests here ask.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{LazyLock, Mutex, PoisonError},
};

use serde_json::{Value, json};

/// A Python that has jwcrypto; `cargo xtask test` sets it.
const PYTHON: &str = "FARTHING_PYTHON";

static OTHER: LazyLock<Option<Mutex<Other>>> = LazyLock::new(Other::start);

struct Other {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// Whether there is one to ask. Where there is none, says which test does not run, past the capture of
/// tests that pass.
pub fn is_there(test: &str) -> bool {
    if OTHER.is_none() {
        let reason = format!(
            "skipped: {test}: {PYTHON} names no Python with jwcrypto; `cargo xtask test unit` does\n"
        );
        io::stderr().write_all(reason.as_bytes()).unwrap();
    }
    OTHER.is_some()
}

/// `payload` signed by it.
pub fn sign(key: &Value, header: &Value, payload: &str) -> String {
    made(&json!({"act": "sign", "key": key, "header": header, "payload": payload}))
}

/// The payload of `text`, if its signature holds by its judgement.
pub fn verify(key: &Value, text: &str) -> Option<String> {
    ask(&json!({"act": "verify", "key": key, "text": text}))
}

/// `payload` sealed by it, to `key`.
pub fn seal(key: &Value, header: &Value, payload: &str) -> String {
    made(&json!({"act": "seal", "key": key, "header": header, "payload": payload}))
}

/// What was sealed in `text`, if it opens.
pub fn unseal(key: &Value, text: &str) -> Option<String> {
    ask(&json!({"act": "unseal", "key": key, "text": text}))
}

/// The thumbprint of `key`.
pub fn thumbprint(key: &Value) -> String {
    made(&json!({"act": "thumbprint", "key": key}))
}

fn made(request: &Value) -> String {
    ask(request).unwrap_or_else(|| panic!("refused: {request}"))
}

/// The answer; `None` where it refuses.
fn ask(request: &Value) -> Option<String> {
    let other = OTHER.as_ref().unwrap();
    let mut other = other.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(other.requests, "{request}").unwrap();
    let mut line = String::new();
    other.answers.read_line(&mut line).unwrap();
    let Ok(answer) = serde_json::from_str::<Value>(&line) else {
        panic!("no answer to {request}: {:?}", other.process.wait())
    };
    match &answer["text"] {
        Value::String(text) => Some(text.clone()),
        _ => {
            assert!(answer["refused"].is_string(), "{answer}");
            None
        }
    }
}

impl Other {
    /// It ends with its standard input, and that with this process.
    fn start() -> Option<Mutex<Self>> {
        let python = env::var_os(PYTHON)?;
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jose/other.py");
        let mut process = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        Some(Mutex::new(Self {
            requests: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        }))
    }
}
