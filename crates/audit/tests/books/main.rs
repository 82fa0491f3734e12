//! Books made by a real life are clean; and whatever is done to them is found, and nothing else.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod corruptions;
mod life;

use std::{collections::BTreeSet, fs, path::Path};

use farthing_audit::{Jwks, Source, audit, receipt};
use farthing_testkit::{NOW, block_on};
use tempfile::TempDir;

use corruptions::ALL;
use life::Life;

struct Books {
    dir: TempDir,
    jwks: String,
}

/// A database, and the provider that made it gone.
fn books() -> Books {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("books.db");
    let mut life = Life::begin(&path);
    block_on(life.live());
    let jwks = life.jwks();
    // Beside a provider that runs.
    assert_eq!(codes(&Source::database(&path).unwrap(), &jwks), BTreeSet::new());
    Books { dir, jwks }
}

fn codes(source: &Source, jwks: &str) -> BTreeSet<String> {
    let report = audit(source, Some(&Jwks::parse(jwks).unwrap()), NOW.0).unwrap();
    report.findings.iter().map(ToString::to_string).collect()
}

fn names(findings: &BTreeSet<String>) -> BTreeSet<&str> {
    findings
        .iter()
        .filter_map(|line| line.split("  ").next())
        .collect()
}

fn export(from: &Path, to: &Path) -> Source {
    let mut out = fs::File::create(to).unwrap();
    Source::database(from).unwrap().export_to(&mut out).unwrap();
    Source::export(to).unwrap()
}

#[test]
fn whatever_is_done_to_the_books_is_found_and_nothing_else() {
    let Books { dir, jwks } = books();
    let (clean, copy) = (dir.path().join("books.db"), dir.path().join("copy.db"));
    let mut wrong = vec![];
    for corruption in ALL {
        fs::copy(&clean, &copy).unwrap();
        corruption.plant(&copy);
        let found = codes(&Source::database(&copy).unwrap(), &jwks);
        let exported = codes(&export(&copy, &dir.path().join("copy.jsonl")), &jwks);
        assert_eq!(found, exported, "{}", corruption.what);
        let expected: BTreeSet<&str> = corruption.found.iter().copied().collect();
        if names(&found) != expected {
            wrong.push(format!(
                "{}: expected {expected:?}, found {found:#?}",
                corruption.what
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn books_stay_clean_when_the_time_has_run_out_and_when_they_are_exported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("books.db");
    let mut life = Life::begin(&path);
    block_on(async {
        life.live().await;
        life.end().await;
    });
    let keys = Jwks::parse(&life.jwks()).unwrap();
    let exported = export(&path, &dir.path().join("books.jsonl"));
    for source in [Source::database(&path).unwrap(), exported] {
        let report = audit(&source, Some(&keys), NOW.0 + 8 * 86_400).unwrap();
        assert!(report.is_clean(), "{report}");
        assert!(report.charges >= 13 && report.postings >= 17, "{report}");
        let sum: i128 = report.balances.iter().map(|(_, _, amount)| amount).sum();
        assert_eq!(sum, 0);
    }
}

#[test]
fn an_export_holds_no_secret_and_says_when_it_is_cut_off() {
    let Books { dir, jwks } = books();
    let to = dir.path().join("books.jsonl");
    export(&dir.path().join("books.db"), &to);
    let text = fs::read_to_string(&to).unwrap();
    for column in [
        "\"details\"",
        "\"vault_secret\"",
        "\"sealed_hash\"",
        "\"secret\":",
    ] {
        assert!(!text.contains(column), "{column}");
    }
    let key_hash = text.lines().filter(|line| line.contains("\"api_keys\""));
    assert!(key_hash.clone().count() > 0 && key_hash.into_iter().all(|line| !line.contains("\"hash\"")));
    let cut = &text[..text.trim_end().rfind('\n').unwrap() + 1];
    fs::write(&to, cut).unwrap();
    assert!(Source::export(&to).is_err());
    assert!(Jwks::parse(&jwks).is_some());
}

#[test]
fn a_receipt_is_read_with_the_key_that_signed_it_alone() {
    let Books { dir, jwks } = books();
    let db = rusqlite::Connection::open(dir.path().join("books.db")).unwrap();
    let jws: String = db
        .query_row(
            "SELECT jws FROM receipts JOIN charges ON charges.id = charge WHERE reference = 'large'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let keys = Jwks::parse(&jwks).unwrap();
    let facts = receipt(&jws, &keys).unwrap();
    assert_eq!((facts.amount, facts.currency.as_str()), (123_456, "EUR"));
    assert_eq!((facts.payee.as_str(), facts.paid_at), ("The Corner Press", NOW.0));
    let consent: String = db
        .query_row("SELECT jws FROM consents LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert!(receipt(&consent, &keys).is_err());
    let (input, signature) = jws.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    assert!(receipt(&format!("{input}.{first}{}", &signature[1..]), &keys).is_err());
    let other = jwks.replace("\"kid\":\"", "\"kid\":\"x");
    assert!(receipt(&jws, &Jwks::parse(&other).unwrap()).is_err());
    let reply = serde_json::json!({ "jws": jws, "receipt": {} }).to_string();
    assert!(receipt(&reply, &keys).is_err());
}
