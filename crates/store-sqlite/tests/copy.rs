//! Copies of a database, made while it is written to.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use farthing_gateway::{EndpointAdded, NewEndpoint, WebhookStore};
use farthing_protocol::{EndpointId, MerchantId, UnixSeconds};
use farthing_store_sqlite::{CopyError, OpenError, SqliteStore, copy};
use farthing_testkit::block_on;
use rusqlite::Connection;

fn endpoint(n: u8) -> NewEndpoint {
    NewEndpoint {
        id: EndpointId::from_random([n; 16]),
        merchant: MerchantId::from_random([1; 16]),
        url: format!("https://shop.example/{n}"),
        secret: b"secret".to_vec(),
        now: UnixSeconds(1_800_000_000),
        limit: 1_000,
    }
}

fn add(store: &SqliteStore, n: u8) {
    let added = block_on(store.add_endpoint(endpoint(n))).unwrap();
    assert!(matches!(added, EndpointAdded::Added));
}

fn endpoints(path: &Path) -> usize {
    let store = farthing_store_sqlite::open(path).unwrap();
    block_on(store.endpoints(None)).unwrap().len()
}

#[test]
fn a_copy_has_everything_that_was_acknowledged_before_it_and_nothing_half() {
    let folder = tempfile::tempdir().unwrap();
    let [from, to, back] = ["a.db", "b.db", "c.db"].map(|name| folder.path().join(name));
    let store = farthing_store_sqlite::open(&from).unwrap();
    for n in 0..20 {
        add(&store, n);
    }
    // It stays open, with its log beside it.
    copy(&from, &to).unwrap();
    add(&store, 99);
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(endpoints(&to), 20);
    copy(&to, &back).unwrap();
    assert_eq!(endpoints(&back), 20);
    drop(store);
    assert_eq!(endpoints(&from), 21);
    let left = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert!(
        !left
            .into_iter()
            .any(|name| name.to_string_lossy().ends_with(".part"))
    );
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let [from, to] = ["a.db", "b.db"].map(|name| folder.path().join(name));
    drop(farthing_store_sqlite::open(&from).unwrap());
    for (name, text) in [("b.db", "mine"), ("b.db-wal", "a log"), ("b.db-shm", "an index")] {
        let there = folder.path().join(name);
        fs::write(&there, text).unwrap();
        match copy(&from, &to) {
            Err(CopyError::Exists(path)) => assert_eq!(path, there),
            other => panic!("{other:?}"),
        }
        assert_eq!(fs::read_to_string(&there).unwrap(), text);
        fs::remove_file(there).unwrap();
    }
    copy(&from, &to).unwrap();
}

#[test]
fn what_is_damaged_or_strange_is_not_copied() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let store = farthing_store_sqlite::open(&path("a.db")).unwrap();
    add(&store, 1);
    drop(store);

    // A row without the one that it refers to.
    copy(&path("a.db"), &path("astray.db")).unwrap();
    let db = Connection::open(path("astray.db")).unwrap();
    db.execute_batch(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO deliveries (event, endpoint, stage, due_at) VALUES ('evt_x', 'whk_x', 'due', 1);",
    )
    .unwrap();
    drop(db);
    let astray = copy(&path("astray.db"), &path("b.db"));
    assert!(matches!(astray, Err(CopyError::Damaged(_))), "{astray:?}");

    // An index whose pages nobody knows of any more.
    copy(&path("a.db"), &path("torn.db")).unwrap();
    let db = Connection::open(path("torn.db")).unwrap();
    db.execute_batch(
        "PRAGMA writable_schema = ON;
         DELETE FROM sqlite_schema WHERE name = 'charges_of_merchant';",
    )
    .unwrap();
    drop(db);
    let torn = copy(&path("torn.db"), &path("b.db"));
    assert!(matches!(torn, Err(CopyError::Damaged(_))), "{torn:?}");

    let db = Connection::open(path("newer.db")).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let newer = copy(&path("newer.db"), &path("b.db"));
    assert!(
        matches!(newer, Err(CopyError::Open(OpenError::Newer(99)))),
        "{newer:?}"
    );
    drop(Connection::open(path("empty.db")).unwrap());
    let empty = copy(&path("empty.db"), &path("b.db"));
    assert!(matches!(empty, Err(CopyError::Damaged(_))), "{empty:?}");
    fs::write(
        path("text.db"),
        "no database, whatever its name says, and longer than a header is",
    )
    .unwrap();
    assert!(copy(&path("text.db"), &path("b.db")).is_err());
    assert!(copy(&path("nowhere.db"), &path("b.db")).is_err());
    assert!(!path("nowhere.db").exists(), "looking for it does not make it");
    assert!(!path("b.db").exists() && !path("b.db.part").exists());
}
