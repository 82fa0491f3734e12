//! `farthing migrate`, and the commands on PostgreSQL, as they are typed.

use farthing_testkit::PostgresServer;

use crate::{farthing, farthing_on};

#[test]
fn a_schema_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(farthing(folder.path(), "init --dir .farthing").0, Some(0));
    let run = || farthing(folder.path(), "migrate");
    assert_eq!(
        run(),
        (Some(0), "made the tables, at version 7\n".into(), String::new())
    );
    let again = "the schema is at version 7 already\n";
    assert_eq!(run(), (Some(0), again.into(), String::new()));
}

#[test]
fn commands_work_on_postgresql_as_on_a_file() {
    let Some(server) = PostgresServer::start() else {
        return;
    };
    let (folder, url) = (tempfile::tempdir().unwrap(), server.schema());
    let run = |line| farthing_on(Some(&url), folder.path(), line);
    assert_eq!(run("init --dir .farthing").0, Some(0));
    assert_eq!(run("migrate").1, "made the tables, at version 6\n");
    let (code, said, complaint) = run("merchant list");
    assert!(code == Some(0) && said.contains("mer_"), "{said}{complaint}");
    let (code, said, complaint) = run("audit");
    assert!(
        code == Some(0) && said.contains("Nothing is wrong"),
        "{said}{complaint}"
    );
    let (code, _, complaint) = run("backup b.db");
    assert_eq!(code, Some(1));
    assert!(complaint.contains("pg_basebackup"), "{complaint}");
    assert!(!folder.path().join(".farthing/farthing.db").exists());

    // What was written past the rules is found there too.
    let _ = server.tell(
        &url,
        "DROP TRIGGER entries_follow ON entries; ALTER TABLE entries DROP CONSTRAINT entries_posting_fkey;
                               INSERT INTO entries VALUES (7, 1, 'bank', 100)",
    );
    let (code, said, _) = run("audit");
    assert!(code == Some(1) && !said.contains("Nothing is wrong"), "{said}");

    drop(server);
    let (code, _, complaint) = run("merchant list");
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("the database could not be opened"),
        "{complaint}"
    );
}
