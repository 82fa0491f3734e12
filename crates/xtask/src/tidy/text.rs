//! What may be written where.

/// The most lines a file of code may have: beyond it, nobody has the whole of it in mind.
const LINES: usize = 400;

const CODE: [&str; 6] = [".rs", ".js", ".mjs", ".ts", ".css", ".html"];

/// Crates that read no clock, no randomness, and do no IO.
const PURE: [&str; 5] = [
    "crates/protocol/src/",
    "crates/instrument/src/",
    "crates/flow/src/",
    "crates/text/src/",
    "crates/gateway/src/",
];

/// Ways to a clock, to randomness, to the world. Those of `std` are also found in `use std::{…}`.
const IMPURE: [&str; 9] = [
    "std::time",
    "std::fs",
    "std::net",
    "std::env",
    "SystemTime",
    "OsRng",
    "getrandom",
    "rand::",
    "thread_rng",
];

/// In two pieces each, so that this file does not hold what it forbids.
const REGISTRIES: [(&str, &str); 6] = [
    ("registry.npmjs", ".org"),
    ("registry.yarnpkg", ".com"),
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("files.pythonhosted", ".org"),
    ("proxy.golang", ".org"),
];

/// Faults in one file, whose path is relative to the root and has forward slashes.
pub fn faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut add = |line: usize, what: &str| faults.push(format!("{path}:{line}: {what}"));
    let lines = text.lines().count();
    if CODE.iter().any(|ending| path.ends_with(ending)) && lines > LINES {
        add(lines, &format!("{lines} lines; a file has at most {LINES}"));
    }
    if path != "Cargo.lock" {
        for (one, two) in REGISTRIES {
            for line in find(text, &format!("{one}{two}")) {
                add(line, "a registry's host: it is the user's to choose");
            }
        }
    }
    if path.ends_with("tests.rs") {
        return faults;
    }
    let code = without_comments(production(text));
    if path.starts_with("src/") || path.starts_with("www/") {
        for line in [" style=", " style ="]
            .iter()
            .flat_map(|written| find(&code, written))
        {
            add(line, "an inline style: the frame's policy forbids it");
        }
        for line in find(&code, "from_html_unchecked") {
            add(line, "unchecked HTML: what a merchant sent could be in it");
        }
    }
    if !path.ends_with(".rs") {
        return faults;
    }
    if path.starts_with("src/") && !path.starts_with("src/browser/") {
        for line in ["web_sys", "js_sys", "wasm_bindgen"]
            .iter()
            .flat_map(|name| find_word(&code, name))
        {
            add(
                line,
                "web_sys, js_sys and wasm_bindgen are named under src/browser/ only",
            );
        }
    }
    if path.starts_with("crates/provider/src/") && !path.starts_with("crates/provider/src/wiring") {
        for line in [
            "farthing_store_sqlite",
            "farthing_store_postgres",
            "farthing_connectors",
        ]
        .iter()
        .flat_map(|name| find_word(&code, name))
        {
            add(line, "a store or a connector is named in wiring.rs only");
        }
    }
    if PURE.iter().any(|folder| path.starts_with(folder)) {
        for name in IMPURE {
            let grouped = name
                .strip_prefix("std::")
                .map(|module| find_grouped(&code, module))
                .unwrap_or_default();
            for line in find_word(&code, name).into_iter().chain(grouped) {
                add(
                    line,
                    &format!("{name}: this crate reads no clock, no randomness, and does no IO"),
                );
            }
        }
    }
    faults
}

/// The text before a module of tests, which come last in a file.
fn production(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod ")
        .map_or(text, |(code, _)| code)
}

/// Without line comments. A `//` within a string ends that line too, which hides nothing that is looked for.
fn without_comments(text: &str) -> String {
    text.lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The lines on which `what` is.
fn find(text: &str, what: &str) -> Vec<usize> {
    text.match_indices(what)
        .map(|(at, _)| line_of(text, at))
        .collect()
}

/// As [`find`], where `what` is not a part of a longer name.
fn find_word(text: &str, what: &str) -> Vec<usize> {
    let joins = |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    let alone = |at: usize| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + what.len()..).and_then(|text| text.chars().next());
        !joins(before) && (what.ends_with(':') || !joins(after))
    };
    text.match_indices(what)
        .filter(|(at, _)| alone(*at))
        .map(|(at, _)| line_of(text, at))
        .collect()
}

/// The lines of `use std::{…}` with `module` in it.
fn find_grouped(text: &str, module: &str) -> Vec<usize> {
    let named = |at: usize| {
        let group = text
            .get(at..)
            .and_then(|rest| rest.split_once(';'))
            .map_or("", |(group, _)| group);
        let mut depth = 0_usize;
        let mut outer = String::new();
        for sign in group.chars() {
            match sign {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ if depth == 1 => outer.push(sign),
                _ => {}
            }
        }
        outer
            .split(',')
            .any(|item| item.trim().split("::").next() == Some(module))
    };
    text.match_indices("std::{")
        .filter(|(at, _)| named(*at))
        .map(|(at, _)| line_of(text, at))
        .collect()
}

fn line_of(text: &str, at: usize) -> usize {
    text.get(..at)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
