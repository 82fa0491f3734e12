//! `farthing audit` and `farthing receipt verify`, as they are typed.

use std::fs;

use farthing_gateway::jose::SigningKey;
use serde_json::json;

use crate::farthing;

#[test]
fn the_exit_code_says_how_the_books_are() {
    let folder = tempfile::tempdir().unwrap();
    let store = farthing_store_sqlite::open(&folder.path().join("a.db")).unwrap();
    let run = |line| farthing(folder.path(), line);

    let (code, said, complaint) = run("audit --database a.db");
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        said.contains("0 charges") && said.contains("Nothing is wrong"),
        "{said}"
    );
    assert_eq!(run("audit export out.jsonl --database a.db").0, Some(0));
    let (code, _, complaint) = run("audit export out.jsonl --database a.db");
    assert_eq!(code, Some(2), "no file is overwritten");
    assert!(complaint.contains("out.jsonl"), "{complaint}");
    assert_eq!(run("audit --export out.jsonl").0, Some(0));
    drop(store);

    let astray = json!({"table": "entries_astray", "row": {"posting": 7, "line": 1}});
    let whole = fs::read_to_string(folder.path().join("out.jsonl")).unwrap();
    fs::write(folder.path().join("bad.jsonl"), format!("{astray}\n{whole}")).unwrap();
    let (code, said, _) = run("audit --export bad.jsonl --json");
    assert_eq!(code, Some(1));
    assert!(said.contains("entry.astray") && said.contains("7/1"), "{said}");

    for line in ["audit --database none.db", "audit --export a.db", "audit judge"] {
        let (code, _, complaint) = run(line);
        assert_eq!(code, Some(2), "{line}");
        assert!(complaint.starts_with("farthing: "), "{complaint}");
    }
    assert!(!folder.path().join("none.db").exists());
}

#[test]
fn a_receipt_is_checked_without_a_provider() {
    let folder = tempfile::tempdir().unwrap();
    let [key, other] = [[3; 32], [4; 32]].map(|scalar| SigningKey::from_scalar(&scalar).unwrap());
    for (name, key) in [("jwks.json", &key), ("other.json", &other)] {
        fs::write(folder.path().join(name), json!({"keys": [key.jwk()]}).to_string()).unwrap();
    }
    let receipt = json!({
        "id": "rcp_1", "iss": "https://pay.example", "sandbox": true, "payee": {"name": "The Corner\u{1b} Press"},
        "order": "order-1", "total": {"amount": 123_450, "currency": "EUR"}, "paid_at": 1_800_000_000,
    });
    let jws = key.sign("farthing-receipt+jws", &receipt).unwrap();
    fs::write(folder.path().join("a.jws"), &jws).unwrap();
    let reply = json!({"receipt": receipt, "jws": jws, "refunds": []});
    fs::write(folder.path().join("a.json"), reply.to_string()).unwrap();
    for file in ["a.jws", "a.json"] {
        let line = format!("receipt verify {file} --jwks jwks.json");
        let (code, said, complaint) = farthing(folder.path(), &line);
        assert_eq!(code, Some(0), "{complaint}");
        for part in [
            "The Corner\u{FFFD} Press",
            "€1,234.50",
            "2027-01-15T08:00:00Z",
            "https://pay.example",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let line = format!("receipt verify {file} --jwks other.json");
        let (code, said, complaint) = farthing(folder.path(), &line);
        assert_eq!((code, said.as_str()), (Some(1), ""));
        assert!(complaint.contains("not in the JWKS"), "{complaint}");
    }
}
