//! `farthing accreditor`: what it writes, what it prints, and that nothing is lost on the way.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File},
    io::Read,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    thread,
};

use farthing_gateway::{
    accreditation::{Accreditation, Accreditor, NotAccredited, Statement, StatusList, issue::BookError},
    jose::Jwk,
};
use farthing_protocol::{Label, Origin, UnixSeconds};
use farthing_provider::{
    accreditor::{AccreditorError, Change, change, init, issue, list, status_list},
    wiring::SystemRng,
};

const NOW: UnixSeconds = UnixSeconds(1_795_000_000);
const DAY_S: i64 = 24 * 60 * 60;
const ID: &str = "https://accreditor.example";
const SHOP: &str = "https://shop.example";

fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

fn label(text: &str) -> Label {
    Label::parse(text).unwrap()
}

fn begin(folder: &Path) -> String {
    init(folder, origin(ID), label("Fair \"Shops\" \\ Sons"), &SystemRng).unwrap()
}

fn vouch(folder: &Path, shop: &str) -> Result<String, AccreditorError> {
    issue(folder, origin(shop), None, 365, NOW)
}

/// The accreditor, as a provider makes it out of the entry that `init` prints.
fn trusted(printed: &str) -> Accreditor {
    let entry = printed.split_once("[[accreditors]]").unwrap().1;
    let entry = entry.split_once("\n\n").unwrap().0;
    let entry: toml::Table = entry.parse().unwrap();
    let keys: Vec<Jwk> = entry["keys"].clone().try_into().unwrap();
    Accreditor {
        name: label(entry["name"].as_str().unwrap()),
        id: origin(entry["id"].as_str().unwrap()),
        keys: keys
            .iter()
            .map(|jwk| (jwk.kid().unwrap(), jwk.verifying_key().unwrap()))
            .collect::<HashMap<_, _>>(),
    }
}

fn held(
    statement: &str,
    list: &str,
    accreditor: &Accreditor,
    now: UnixSeconds,
) -> Result<Accreditation, NotAccredited> {
    let accreditors = std::slice::from_ref(accreditor);
    let statement = Statement::read(statement, accreditors, &origin(SHOP), now)?;
    let list = StatusList::read(list, accreditor, statement.status_uri(), now)?;
    statement.hold(Some(&list), now)
}

#[test]
fn a_provider_holds_what_an_accreditor_issues() {
    let folder = tempfile::tempdir().unwrap();
    let desk = folder.path().join("a/desk");
    let accreditor = trusted(&begin(&desk));
    assert_eq!(accreditor.name.as_str(), "Fair \"Shops\" \\ Sons");
    for name in ["accreditor.key", "book.json"] {
        let mode = fs::metadata(desk.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }

    vouch(&desk, "https://b.example").unwrap();
    let statement = issue(&desk, origin(SHOP), Some(label("Press")), 30, NOW).unwrap();
    let published = || status_list(&desk, 7, NOW).unwrap();
    let standing = |now| held(&statement, &published(), &accreditor, now).map(|held| held.accreditor);
    assert_eq!(standing(NOW), Ok(accreditor.name.clone()));
    assert_eq!(standing(NOW.plus(7 * DAY_S)), Err(NotAccredited::StatusExpired));
    assert_eq!(standing(NOW.plus(30 * DAY_S)), Err(NotAccredited::Expired));

    let act = |what| change(&desk, &origin(SHOP), what, NOW);
    assert!(
        act(Change::Suspend)
            .unwrap()
            .starts_with("suspended 1 statement of https://shop.example.")
    );
    assert_eq!(standing(NOW), Err(NotAccredited::Suspended));
    act(Change::Reinstate).unwrap();
    assert_eq!(standing(NOW), Ok(accreditor.name.clone()));
    act(Change::Revoke).unwrap();
    assert_eq!(standing(NOW), Err(NotAccredited::Revoked));
    assert!(matches!(
        act(Change::Reinstate),
        Err(AccreditorError::Refused(BookError::Revoked(_)))
    ));
    assert_eq!(standing(NOW), Err(NotAccredited::Revoked));

    assert_eq!(
        list(&desk, NOW.plus(30 * DAY_S)).unwrap(),
        "    0  valid      until 2027-11-18T11:06:40Z  https://b.example\n    \
             1  expired    until 2026-12-18T11:06:40Z  https://shop.example  Press\n"
    );
    assert!(list(&desk, NOW).unwrap().contains("    1  revoked    until"));
}

#[test]
fn init_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    vouch(folder.path(), SHOP).unwrap();
    let files = || ["accreditor.key", "book.json"].map(|name| fs::read(folder.path().join(name)).ok());
    let before = files();
    let again = || init(folder.path(), origin(ID), label("Fair"), &SystemRng).err();
    assert!(matches!(again(), Some(AccreditorError::Exists(_))));
    assert_eq!(files(), before);
    // Either of them alone is enough to stop it.
    fs::remove_file(folder.path().join("accreditor.key")).unwrap();
    assert!(matches!(again(), Some(AccreditorError::Exists(_))));
    assert_eq!(files(), [None, before[1].clone()]);
}

#[test]
fn a_write_that_fails_leaves_the_book_whole() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    let book = folder.path().join("book.json");
    let before = fs::read(&book).unwrap();

    // The old file stays as it was until the new one takes its place.
    let mut old = File::open(&book).unwrap();
    vouch(folder.path(), SHOP).unwrap();
    let mut seen = Vec::new();
    old.read_to_end(&mut seen).unwrap();
    assert_eq!(seen, before);

    // What a crash has left beside it is no obstacle; what can't be written changes nothing.
    let new = folder.path().join("book.json.new");
    fs::write(&new, "{\"id\": ").unwrap();
    vouch(folder.path(), SHOP).unwrap();
    assert!(!new.exists());
    let before = fs::read(&book).unwrap();
    fs::create_dir(&new).unwrap();
    assert!(matches!(
        vouch(folder.path(), SHOP),
        Err(AccreditorError::Io { .. })
    ));
    assert_eq!(fs::read(&book).unwrap(), before);
    assert_eq!(list(folder.path(), NOW).unwrap().lines().count(), 2);
}

#[test]
fn one_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    begin(folder.path());
    {
        let held = File::open(folder.path()).unwrap();
        held.lock().unwrap();
        let busy = |done: Result<String, AccreditorError>| matches!(done, Err(AccreditorError::Busy(_)));
        assert!(busy(vouch(folder.path(), SHOP)));
        assert!(busy(change(folder.path(), &origin(SHOP), Change::Revoke, NOW)));
        assert!(busy(list(folder.path(), NOW)));
        assert!(busy(status_list(folder.path(), 7, NOW)));
        assert!(busy(init(folder.path(), origin(ID), label("Fair"), &SystemRng)));
    }
    let issued: Vec<String> = thread::scope(|scope| {
        let work = || {
            let until_done = || loop {
                match vouch(folder.path(), SHOP) {
                    Err(AccreditorError::Busy(_)) => thread::yield_now(),
                    done => return done.unwrap(),
                }
            };
            (0..10).map(|_| until_done()).collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    // Each has its own place in the list, so no two are the same.
    assert_eq!(issued.iter().collect::<HashSet<_>>().len(), 40);
    assert_eq!(list(folder.path(), NOW).unwrap().lines().count(), 40);
}

#[test]
fn what_is_wrong_with_the_files_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (key, book) = (
        folder.path().join("accreditor.key"),
        folder.path().join("book.json"),
    );
    let missing = |path: &Path, done: Result<String, AccreditorError>| {
        assert!(matches!(done, Err(AccreditorError::Missing(missed)) if missed == path));
    };
    missing(&book, vouch(folder.path(), SHOP));
    let nowhere = folder.path().join("nowhere");
    missing(&nowhere.join("book.json"), list(&nowhere, NOW));
    begin(folder.path());

    let good = fs::read_to_string(&key).unwrap();
    for bad in [
        "",
        "AAAA",
        &"A".repeat(43),
        &good.to_uppercase().repeat(2),
        "-----BEGIN PRIVATE KEY-----",
    ] {
        fs::write(&key, bad).unwrap();
        let error = status_list(folder.path(), 7, NOW).unwrap_err();
        assert!(matches!(error, AccreditorError::Key(_)), "{bad}");
        assert!(
            bad.is_empty() || !error.to_string().contains(bad.trim()),
            "the error repeats a key"
        );
    }
    fs::remove_file(&key).unwrap();
    missing(&key, vouch(folder.path(), SHOP));
    fs::write(&key, &good).unwrap();

    vouch(folder.path(), SHOP).unwrap();
    let written = fs::read_to_string(&book).unwrap();
    for bad in [
        "",
        "{}",
        &written.replace("\"idx\": 0", "\"idx\": 1"),
        &written.replace("valid", "good"),
    ] {
        fs::write(&book, bad).unwrap();
        let error = vouch(folder.path(), SHOP).unwrap_err();
        assert!(matches!(error, AccreditorError::Book { .. }), "{bad}: {error}");
        assert_eq!(fs::read_to_string(&book).unwrap(), bad);
    }
    File::options()
        .write(true)
        .open(&book)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    let error = vouch(folder.path(), SHOP).unwrap_err().to_string();
    assert!(error.contains("64 MiB"), "{error}");

    fs::write(&book, &written).unwrap();
    for days in [0, -1, 401, i64::MAX] {
        let error = issue(folder.path(), origin(SHOP), None, days, NOW).err();
        assert!(
            matches!(error, Some(AccreditorError::Refused(BookError::Lifetime))),
            "{days}"
        );
        let error = status_list(folder.path(), days, NOW).err();
        assert!(
            matches!(error, Some(AccreditorError::Refused(BookError::ListLifetime))),
            "{days}"
        );
    }
    assert_eq!(fs::read_to_string(&book).unwrap(), written);
}

/// The example in `farthing accreditor help`, typed as it stands.
#[test]
fn the_example_in_the_help_works() {
    let folder = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_farthing"));
    let shell = |line: &str| {
        let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
        let mut command = Command::new("/bin/sh");
        let done = command
            .args(["-c", line])
            .env("PATH", path)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        let complained = String::from_utf8(done.stderr).unwrap();
        (done.status.success(), said, complained)
    };
    let (_, help, _) = shell("farthing accreditor help");
    let mut said = String::new();
    let mut lines = 0;
    for line in help
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("$ "))
    {
        let (done, output, complaint) = shell(line);
        assert!(done, "{line}: {complaint}");
        said.push_str(&output);
        lines += 1;
    }
    assert_eq!(lines, 7);
    let accreditor = trusted(&said);
    let read = |name: &str| {
        fs::read_to_string(folder.path().join(name))
            .unwrap()
            .trim_end()
            .to_owned()
    };
    let statement = read("shop.jwt");
    let list = read("www/statuslists/1");
    // By the clock of this machine, which the program read.
    let book: serde_json::Value = serde_json::from_str(&read("desk/book.json")).unwrap();
    let now = UnixSeconds(book["entries"][0]["issued_at"].as_i64().unwrap());
    assert_eq!(
        held(&statement, &list, &accreditor, now),
        Err(NotAccredited::Suspended)
    );
    assert!(said.contains("suspended  until"), "{said}");

    let (done, output, complaint) =
        shell("farthing accreditor reinstate --dir desk --origin https://b.example");
    assert!(!done && output.is_empty());
    assert!(
        complaint.contains("https://b.example has no statement"),
        "{complaint}"
    );
    let (done, _, complaint) = shell("farthing accreditor pardon");
    assert!(
        !done && complaint.contains("farthing accreditor help"),
        "{complaint}"
    );
    let (_, help, _) = shell("farthing help");
    assert!(help.contains("farthing accreditor help"));
}
