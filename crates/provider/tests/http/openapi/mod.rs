//! `docs/openapi.json`: made from the code, served, and compared.

mod document;
mod examples;
mod held;
mod judge;
mod routes;

pub use held::documented;

use std::{collections::BTreeSet, fs, io::Write, path::PathBuf};

use axum::http::StatusCode;
use serde_json::Value;

use crate::common::Provider;

/// Rewrites the file where this is set.
const WRITE: &str = "FARTHING_WRITE_OPENAPI";

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json")
}

/// Said past the capture of what a test prints, for this test passes.
fn skipped(judge: &str) {
    let line = format!(
        "{judge} is skipped: FARTHING_PYTHON names no Python with it. `cargo xtask test unit` sees to it\n"
    );
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

#[test]
fn the_file_is_what_the_code_says() {
    let made = document::document();
    if std::env::var_os(WRITE).is_some() {
        let text = serde_json::to_string_pretty(&made).unwrap() + "\n";
        fs::write(file(), text).unwrap();
    }
    let kept: Value = serde_json::from_str(&fs::read_to_string(file()).unwrap()).unwrap();
    assert!(
        kept == made,
        "docs/openapi.json is not what the code says. {WRITE}=1 cargo test -p farthing-provider --test http openapi \
         writes it anew"
    );
}

#[test]
fn every_route_is_in_the_document_and_no_other() {
    let (mut routed, mut documented) = (BTreeSet::new(), BTreeSet::new());
    let router = include_str!("../../../src/router.rs");
    for route in router.split(".route(\"").skip(1) {
        let (path, rest) = route.split_once("\", ").unwrap();
        let (method, _) = rest.split_once('(').unwrap();
        routed.insert(format!("{method} {path}"));
    }
    for (path, methods) in document::document()["paths"].as_object().unwrap() {
        let methods = methods.as_object().unwrap().keys();
        documented.extend(methods.map(|method| format!("{method} {path}")));
    }
    assert_eq!(routed, documented);
    assert_eq!(router.matches(".route(").count(), routed.len());
}

#[tokio::test]
async fn it_is_served_to_anyone() {
    let answer = Provider::new().get("/v1/openapi.json").await;
    let served: Value = answer.json(StatusCode::OK);
    assert!(served == document::document());
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}
