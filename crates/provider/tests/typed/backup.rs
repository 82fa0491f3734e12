//! `farthing backup` and `farthing restore`, as they are typed, beside a store that has the database open.

use std::{fs, path::Path};

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
    let store = farthing_store_sqlite::open(&path).unwrap();

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

/// A demo whose database has a log, and the first command that begins both.
fn logged(folder: &Path) {
    assert_eq!(farthing(folder, "init --dir .farthing").0, Some(0));
    let config = folder.join(".farthing/provider.toml");
    let text = fs::read_to_string(&config).unwrap();
    let database = "database = \"farthing.db\"\n";
    assert!(text.contains(database));
    fs::write(
        config,
        text.replace(database, &format!("{database}log = \"log\"\n")),
    )
    .unwrap();
    assert_eq!(farthing(folder, "merchant list").0, Some(0));
}

#[test]
fn with_a_log_what_came_after_the_backup_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| farthing(folder.path(), line);
    logged(folder.path());
    let said = run("backup b.db").1;
    assert!(
        said.contains("of the log it needs 00000000000000000001.log"),
        "{said}"
    );
    let merchant = run("merchant list").1.split(' ').next().unwrap().to_owned();
    for label in ["one", "two"] {
        let made = run(&format!(
            "key create --merchant {merchant} --scope public --label {label}"
        ));
        assert_eq!(made.0, Some(0), "{}", made.2);
    }
    let keys = run(&format!("key list --merchant {merchant}")).1;
    assert!(keys.contains("two"), "{keys}");

    let path = folder.path().join(".farthing/farthing.db");
    let lose = || fs::remove_file(&path).unwrap();
    lose();
    let (code, said, complaint) = run("restore b.db");
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        said.contains("replayed the log from entry") && said.contains("Nothing is wrong"),
        "{said}"
    );
    assert_eq!(run(&format!("key list --merchant {merchant}")).1, keys);

    // An entry that was not written to its end was never acknowledged. One that changed is another matter.
    let log = folder.path().join("elsewhere");
    fs::rename(folder.path().join(".farthing/log"), &log).unwrap();
    let segment = log.join("00000000000000000001.log");
    let mut bytes = fs::read(&segment).unwrap();
    lose();
    fs::write(&segment, &bytes[..bytes.len() - 1]).unwrap();
    let (code, said, _) = run("restore b.db --log elsewhere");
    assert!(
        code == Some(0) && said.contains("was not written to its end: it was never acknowledged"),
        "{said}"
    );
    lose();
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    fs::write(&segment, &bytes).unwrap();
    let (code, said, _) = run("restore b.db --log elsewhere");
    assert!(
        code == Some(1) && said.contains("is damaged") && said.contains("is NOT in the database"),
        "{said}"
    );
    // And the log has to be there.
    let (code, _, complaint) = run("merchant list");
    assert!(
        code == Some(1) && complaint.contains("is the disk there"),
        "{complaint}"
    );
    lose();
    fs::remove_file(&segment).unwrap();
    let (code, _, complaint) = run("restore b.db --log elsewhere");
    assert!(code == Some(1) && complaint.contains("is missing"), "{complaint}");
    assert!(!path.exists());
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
