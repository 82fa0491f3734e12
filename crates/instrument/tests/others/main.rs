//! What other people's libraries say of the same numbers. Where they aren't there, each test says so and ends.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod ibans;
mod phones;

use std::{io::Write, process::Command};

use serde_json::Value;

/// What `script` of this folder writes; `None` where there is no Python with what it needs.
fn run(test: &str, script: &str) -> Option<Vec<Value>> {
    let Some(python) = std::env::var_os("FARTHING_PYTHON") else {
        let reason =
            format!("skipped: {test}: FARTHING_PYTHON names no Python; `cargo xtask test unit` does\n");
        std::io::stderr().write_all(reason.as_bytes()).unwrap();
        return None;
    };
    let script = format!("{}/tests/others/{script}", env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python).arg(&script).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}: {said}");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}
