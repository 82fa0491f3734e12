//! The log beside the database does every statement again. So none may ask for anything that is another time something
//! else: a clock, randomness, what came before on the same connection.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What SQLite answers with something else each time, or says about the connection.
const NEVER: [&str; 15] = [
    "random(",
    "randomblob(",
    "current_date",
    "current_time",
    "date(",
    "datetime(",
    "time(",
    "julianday(",
    "strftime(",
    "unixepoch(",
    "changes(",
    "last_insert_rowid(",
    "sqlite_version(",
    "temp.",
    "autoincrement",
];

/// What is wrong with a source of statements.
fn found(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let begins_a_word =
        |at: usize| !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
    let used = |word: &&str| text.match_indices(*word).any(|(at, _)| begins_a_word(at));
    let mut found: Vec<_> = NEVER.into_iter().filter(used).collect();
    // What a row is numbered without our doing is another number in a copy.
    let writes = ["insert into", "update ", "delete from"];
    for (at, _) in text.match_indices("rowid") {
        let before = &text[..at];
        let statement = &before[before.rfind('"').unwrap_or(0)..];
        if !before.ends_with("without ") && writes.iter().any(|word| statement.contains(word)) {
            found.push("rowid");
        }
    }
    found
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push(path);
        }
    }
}

#[test]
fn every_statement_does_the_same_again() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&here.join("../store-sql/src"), &mut files);
    sources(&here.join("migrations"), &mut files);
    assert!(files.len() > 20, "{files:?}");
    let mut statements = 0;
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        // A function of our own may be called as one of SQLite's is: only what is in quotes is a statement.
        let quoted = |text: &str| {
            format!(
                "\"{}\"",
                text.split('"')
                    .skip(1)
                    .step_by(2)
                    .collect::<Vec<_>>()
                    .join("\"\n\"")
            )
        };
        let is_sql = file.extension().is_some_and(|end| end == "sql");
        let sql = if is_sql { text.clone() } else { quoted(&text) };
        assert_eq!(found(&sql), Vec::<&str>::new(), "{}", file.display());
        statements += text.matches("named_params!").count();
    }
    assert!(statements > 80, "only {statements} statements");
}

#[test]
fn what_would_not_is_found() {
    for text in [
        "\"INSERT INTO t VALUES (random())\"",
        "\"UPDATE t SET at = unixepoch()\"",
        "\"DELETE FROM t WHERE rowid = :n\"",
        "CREATE TABLE t (at TEXT DEFAULT CURRENT_TIMESTAMP)",
    ] {
        assert_eq!(found(text).len(), 1, "{text}");
    }
    assert!(found("\"SELECT 1 FROM t ORDER BY rowid\"").is_empty());
}
