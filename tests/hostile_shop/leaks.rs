//! The same searches, pointed at builds that leak on purpose.

use std::{fs, path::Path};

use farthing_journeys::{
    canary::{Canary, search},
    checkout::Checkout,
    journey::{Setup, journey_with},
    wait,
};
use rusqlite::Connection;
use tokio::sync::Mutex;

use crate::page::{self, Seen};

const CANARY: Canary = Canary {
    number: "4929184730562818",
    expiry_month: 8,
    expiry_year: 2041,
    security_code: "0739",
    name: "Quillon Vexworth",
};

/// How a frame can leak to the page, as what it does with the text `t` of the number's field.
const TO_THE_PAGE: [(&str, &str); 14] = [
    ("plain", "say(t)"),
    ("in an object", "parent.postMessage({ details: { n: [t] } }, '*')"),
    ("base64", "say(btoa(t))"),
    (
        "hex",
        "say([...t].map((c) => c.charCodeAt(0).toString(16)).join(''))",
    ),
    (
        "character codes",
        "parent.postMessage([...t].map((c) => c.charCodeAt(0)), '*')",
    ),
    ("bytes", "parent.postMessage(new TextEncoder().encode(t), '*')"),
    (
        "UTF-16",
        "parent.postMessage(Uint16Array.from([...t], (c) => c.charCodeAt(0)).buffer, '*')",
    ),
    ("backwards", "say([...t].reverse().join(''))"),
    (
        "percent encoding of base64",
        "say([...btoa(t)].map((c) => '%' + c.charCodeAt(0).toString(16)).join(''))",
    ),
    ("digit by digit", "[...t].forEach((c) => say(c))"),
    ("half of it", "say(t.slice(0, 9))"),
    (
        "on the port, in the hint",
        "farthing.connected.then(({ port }) => port.postMessage(JSON.stringify({ type: 'failed', code: t })))",
    ),
    (
        "in the frame's height",
        "farthing.connected.then(({ port }) => t.match(/\\d{4}/g).forEach((d) => port.postMessage(`{\"type\":\"resize\",\"height\":${d}}`)))",
    ),
    (
        "in the frame's name",
        "window.name = t; parent.postMessage(window.name, '*')",
    ),
];

#[test]
fn a_frame_that_leaks_to_the_page_is_found_out() {
    journey_with(
        Setup {
            frame: Some(|_| {}),
            ..Setup::default()
        },
        async |world| {
            let boot = world.folder.join("frame/boot.js");
            let good = fs::read_to_string(&boot).unwrap();
            for (how, leak) in TO_THE_PAGE {
                leak_by(&boot, &good, leak);
                let seen = type_into_hostile_page(world).await;
                wait::until(&format!("a leak {how} is found"), async || {
                    let mut seen = seen.lock().await;
                    seen.take(world).await;
                    seen.search(&CANARY)
                        .iter()
                        .any(|find| find.detail == "number")
                        .then_some(())
                })
                .await;
            }
            // And without a leak, nothing.
            fs::write(&boot, &good).unwrap();
            let seen = type_into_hostile_page(world).await;
            seen.lock().await.take(world).await;
            assert_eq!(seen.lock().await.search(&CANARY), []);
        },
    );
}

#[test]
fn a_frame_that_leaks_to_an_address_is_found_out() {
    journey_with(
        Setup {
            frame: Some(|_| {}),
            ..Setup::default()
        },
        async |world| {
            let boot = world.folder.join("frame/boot.js");
            let good = fs::read_to_string(&boot).unwrap();
            leak_by(&boot, &good, "fetch('/v1/receipts/' + btoa(t)).catch(() => {})");
            type_into_hostile_page(world).await;
            wait::until("the address is asked for", async || {
                (world.provider.answered("GET", "/v1/receipts/{receipt}") > 0).then_some(())
            })
            .await;
            // The provider's log has no addresses; the browser knows them.
            assert_eq!(search(world.provider.log().as_bytes(), &CANARY), []);
            let addresses: Vec<String> = world
                .browser
                .end()
                .await
                .into_iter()
                .map(|request| request.url)
                .collect();
            assert!(!search(addresses.join("\n").as_bytes(), &CANARY).is_empty());
            assert!(!search(world.browser.network_log().as_bytes(), &CANARY).is_empty());
        },
    );
}

#[test]
fn a_number_in_a_database_or_in_its_write_ahead_log_is_found() {
    let folder = tempfile::tempdir().unwrap();
    for (name, table, value) in [
        ("text", "TEXT", format!("'{}'", CANARY.number)),
        ("integer", "INTEGER", CANARY.number.to_owned()),
        ("blob", "BLOB", format!("x'{}'", CANARY.number)),
        ("json", "TEXT", format!("'{{\"number\":\"{}\"}}'", CANARY.number)),
    ] {
        let path = folder.path().join(name);
        let db = Connection::open(&path).unwrap();
        db.execute_batch(&format!(
            "PRAGMA journal_mode = WAL; CREATE TABLE t (v {table}); INSERT INTO t VALUES ({value});"
        ))
        .unwrap();
        let wal = fs::read(folder.path().join(format!("{name}-wal"))).unwrap();
        assert!(!search(&wal, &CANARY).is_empty(), "{name} in the write-ahead log");
        // Without the secure deletion that the store sets, what is deleted lingers.
        db.execute_batch("PRAGMA secure_delete = OFF; DELETE FROM t; PRAGMA wal_checkpoint(TRUNCATE);")
            .unwrap();
        drop(db);
        assert!(
            !search(&fs::read(&path).unwrap(), &CANARY).is_empty(),
            "{name}, deleted, in the file"
        );
    }
}

#[test]
fn a_detail_in_a_log_is_found() {
    for line in [
        format!(
            "2026-11-23T16:00:00Z  INFO answered body={{\"number\":\"{}\"}}",
            CANARY.number
        ),
        format!(
            "2026-11-23T16:00:00Z ERROR details are invalid: \"{}\"",
            CANARY.name
        ),
        format!("2026-11-23T16:00:00Z  WARN cvc={} refused", CANARY.security_code),
        "2026-11-23T16:00:00Z DEBUG CardDetails { expiry: 08/41 }".to_owned(),
        r#"2026-11-23T16:00:00Z DEBUG {"expiry_month":8,"expiry_year":2041}"#.to_owned(),
    ] {
        assert!(!search(line.as_bytes(), &CANARY).is_empty(), "{line}");
    }
}

/// Makes the frame leak whatever is typed into the number's field.
fn leak_by(boot: &Path, good: &str, leak: &str) {
    let script = format!(
        "{good}\nconst say = (text) => parent.postMessage(text, '*');\n\
         document.addEventListener('change', ({{ target }}) => {{\n\
           if (target.id !== 'number') return;\n const t = target.value.replace(/ /g, '');\n {leak};\n\
         }});\n"
    );
    fs::write(boot, script).unwrap();
}

async fn type_into_hostile_page(world: &farthing_journeys::journey::World) -> Mutex<Seen> {
    let (order, _) = world.kiosk.order().await;
    page::open(world, &order).await;
    let checkout = Checkout::with_form(&world.browser).await;
    checkout
        .find("#number")
        .await
        .send_keys(CANARY.number)
        .await
        .unwrap();
    // Leaving the field says that it has changed.
    checkout.find("#name").await.send_keys(CANARY.name).await.unwrap();
    Mutex::new(Seen::default())
}
