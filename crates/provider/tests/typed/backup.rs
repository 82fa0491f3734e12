//! `farthing backup` and `farthing restore`, as they are typed, beside a store that has the database open.

use std::fs;

use farthing_store_sqlite::SqliteStore;

use crate::farthing;

#[test]
fn a_database_goes_to_a_backup_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line| farthing(folder.path(), line);
    assert_eq!(run("init --dir .farthing").0, Some(0));
    let path = folder.path().join(".farthing/farthing.db");
    // The first command makes the database.
    let (code, before, _) = run("merchant list");
    assert!(code == Some(0) && before.contains("mer_"), "{before}");
    let store = SqliteStore::open(&path).unwrap();

    let (code, said, complaint) = run("backup b.db");
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        said.contains("wrote b.db") && said.contains("Nothing is wrong"),
        "{said}"
    );
    for (line, there) in [("backup b.db", "b.db"), ("restore b.db", "farthing.db")] {
        let (code, _, complaint) = run(line);
        assert_eq!(code, Some(1), "{line}");
        assert!(
            complaint.contains(&format!("{there} is there already")),
            "{complaint}"
        );
    }

    drop(store);
    fs::rename(&path, folder.path().join("old.db")).unwrap();
    let (code, said, complaint) = run("restore b.db");
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        said.contains("farthing.db") && said.contains("Nothing is wrong"),
        "{said}"
    );
    assert_eq!(run("merchant list").1, before);
    // A backup whose books are wrong is not put in place.
    fs::remove_file(&path).unwrap();
    let wrong = rusqlite::Connection::open(folder.path().join("b.db")).unwrap();
    wrong
        .execute_batch("PRAGMA foreign_keys = OFF; DROP TRIGGER entries_follow; INSERT INTO entries VALUES (7, 1, 'bank', 100);")
        .unwrap();
    drop(wrong);
    let (code, said, complaint) = run("restore b.db");
    assert_eq!(code, Some(1), "{complaint}");
    assert!(
        said.contains("entry.astray") && said.contains("nothing was written"),
        "{said} {complaint}"
    );
    assert!(!path.exists());
    for line in ["backup help", "restore --help"] {
        assert!(run(line).1.contains("farthing restore FROM"));
    }
}

#[test]
fn without_a_file_there_is_no_backup() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line| farthing(folder.path(), line);
    assert_eq!(run("init --dir .farthing").0, Some(0));
    let config = folder.path().join(".farthing/provider.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(config, text.replace("\"farthing.db\"", "\"memory\"")).unwrap();
    let (code, _, complaint) = run("backup b.db");
    assert_eq!(code, Some(1));
    assert!(complaint.contains("\"memory\""), "{complaint}");
    assert!(!folder.path().join("b.db").exists());
}
