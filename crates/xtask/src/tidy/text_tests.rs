use super::*;

#[track_caller]
fn one(path: &str, text: &str) {
    assert_eq!(faults(path, text).len(), 1, "{path}: {text}");
}

#[track_caller]
fn none(path: &str, text: &str) {
    assert_eq!(faults(path, text), Vec::<String>::new());
}

#[test]
fn long_files_are_named() {
    none("src/a.rs", &"\n".repeat(LINES));
    one("src/a.rs", &"\n".repeat(LINES + 1));
    one("www/frame.css", &"\n".repeat(LINES + 1));
    none("docs/PROTOCOL.md", &"\n".repeat(LINES + 1));
}

#[test]
fn the_browser_is_named_in_one_place() {
    for name in ["web_sys::window()", "use js_sys::Date;", "#[wasm_bindgen]"] {
        one("src/view/form.rs", name);
        none("src/browser/http.rs", name);
    }
    none(
        "src/view/form.rs",
        "// web_sys is not named here\nfn web_system() {}",
    );
    none(
        "src/view/form.rs",
        "fn a() {}\n#[cfg(test)]\nmod tests { use wasm_bindgen_test::*; use web_sys::*; }",
    );
}

#[test]
fn pure_crates_reach_for_nothing() {
    for text in [
        "let now = std::time::SystemTime::now();",
        "use std::fs;",
        "use std::{collections::BTreeMap, fs::File};",
        "use std::{\n    env,\n    fmt,\n};",
        "use std::net::IpAddr;",
        "let seed = rand::random();",
        "getrandom::fill(&mut bytes)",
        "use p256::elliptic_curve::rand_core::OsRng;",
    ] {
        assert!(!faults("crates/gateway/src/token.rs", text).is_empty(), "{text}");
        none("crates/provider/src/main.rs", text);
        none("crates/gateway/src/token_tests.rs", text);
    }
    none(
        "crates/flow/src/a.rs",
        "let brand = brand::of(number); // std::fs is not used",
    );
    none(
        "crates/flow/src/a.rs",
        "use std::{collections::{BTreeMap, time}, fmt};\nuse rand_core::RngCore;",
    );
}

#[test]
fn stores_and_connectors_are_named_in_the_wiring() {
    for name in [
        "use farthing_store_sqlite::Sqlite;",
        "farthing_connectors::Sandbox::new()",
    ] {
        one("crates/provider/src/routes/tokens.rs", name);
        none("crates/provider/src/wiring.rs", name);
    }
}

#[test]
fn no_inline_style_and_no_unchecked_html() {
    one(
        "src/view/form.rs",
        "html! { <p style=\"color: red\">{ text }</p> }",
    );
    one("src/view/form.rs", "html! { <p style={red}>{ text }</p> }");
    one("www/frame.html", "<body style=\"margin: 0\">");
    one("src/view/form.rs", "Html::from_html_unchecked(text)");
    none("www/farthing.js", "frame.style.border = 0;");
    // A test may say what must not be there.
    none("src/view/tests.rs", "assert!(!page.contains(\" style=\"));");
}

#[test]
fn no_registry_is_named() {
    for (one_half, other) in REGISTRIES {
        let text = format!("\"resolved\": \"https://{one_half}{other}/a\"");
        one("tests/loader/package-lock.json", &text);
        none("Cargo.lock", &text);
    }
}

#[test]
fn a_fault_tells_its_place() {
    assert!(
        faults("src/app.rs", "\n\nuse web_sys::Window;")
            .concat()
            .starts_with("src/app.rs:3: ")
    );
}
