//! The frame runs under its policy without one violation; and what is not what it should be does not run.

use std::{fs, path::Path};

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    http::get,
    journey::{Setup, World, journey, journey_with},
    wait,
};

#[test]
fn the_frame_runs_without_a_violation() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_with(&PAYS).await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        assert_eq!(complaints(world), [""; 0]);
    });
}

#[test]
fn the_policy_is_the_strict_one() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        let url = checkout.run("return location.href").await;
        let headers = get(url.as_str().unwrap()).await.unwrap().headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ] {
            assert!(
                policy.split("; ").any(|found| found == part),
                "{part} is not in {policy}"
            );
        }
        // The page's own styles by their hash, and no others.
        let styles = policy.split("; ").find(|part| part.starts_with("style-src"));
        assert!(
            styles.is_some_and(
                |part| part.starts_with("style-src 'self' 'sha256-") && part.matches(' ').count() == 2
            ),
            "{policy}"
        );
        assert!(
            policy.contains(&format!("frame-ancestors {}", world.kiosk.origin)),
            "{policy}"
        );
        // And in the browser: none of these ways is open.
        for (attempt, script) in [
            ("eval", "(0, eval)('window.ran = 1')"),
            ("a function of text", "new Function('window.ran = 1')()"),
            ("a timer of text", "setTimeout('window.ran = 1')"),
            (
                "an inline script",
                "const s = document.createElement('script'); s.append('window.ran = 1'); document.body.append(s)",
            ),
            (
                "a script of another origin",
                "import('data:text/javascript,window.ran=1').catch(() => {})",
            ),
            (
                "an inline handler",
                "document.body.setAttribute('onclick', 'window.ran = 1'); document.body.click()",
            ),
            (
                "markup",
                "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')",
            ),
        ] {
            // Out of a timer: what the driver runs itself is above every policy.
            let script = format!(
                "const done = arguments[arguments.length - 1];
                 setTimeout(() => {{ try {{ {script} }} catch {{ }} setTimeout(() => done(window.ran ?? null), 100); }});"
            );
            let ran = world.browser.client.execute_async(&script, vec![]).await.unwrap();
            assert_eq!(ran, serde_json::Value::Null, "{attempt} ran");
        }
        assert!(!complaints(world).is_empty(), "none of it was reported");
    });
}

/// The same look at the console, at a frame that breaks its policy.
#[test]
fn a_violation_is_found_out() {
    let inline_style = |frame: &Path| {
        change(frame, "index.html", |html| {
            html.replacen("<body>", "<body style=\"color: red\">", 1)
        });
    };
    journey_with(
        Setup {
            frame: Some(inline_style),
            ..Setup::default()
        },
        async |world| {
            let (order, _) = world.kiosk.order().await;
            world.open_kiosk(&order).await;
            let complaints = wait::until("the console says so", async || {
                Some(complaints(world)).filter(|lines| !lines.is_empty())
            })
            .await;
            assert!(
                complaints
                    .iter()
                    .all(|line| line.contains("Content Security Policy")),
                "{complaints:?}"
            );
        },
    );
}

#[test]
fn a_wasm_with_the_wrong_hash_stops_the_frame_with_its_own_screen() {
    let flip = |frame: &Path| {
        let name = name_of(frame, "wasm");
        let mut bytes = fs::read(frame.join(&name)).unwrap();
        // In a data section or in code: every bit counts.
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(frame.join(name), bytes).unwrap();
    };
    journey_with(
        Setup {
            frame: Some(flip),
            ..Setup::default()
        },
        async |world| must_stop(world).await,
    );
}

#[test]
fn glue_that_was_changed_on_the_way_stops_the_frame_with_its_own_screen() {
    stopped_by_a_change_of("farthing-frame.js");
}

#[test]
fn a_wasm_that_was_changed_on_the_way_stops_the_frame_with_its_own_screen() {
    stopped_by_a_change_of(".wasm");
}

fn stopped_by_a_change_of(name: &'static str) {
    journey_with(
        Setup {
            wire: true,
            ..Setup::default()
        },
        async |world| {
            world.wire().has(move |request, mut answer| {
                if request.ends_with(name) {
                    let mut bytes = answer.body.to_vec();
                    // A changed header of the compression: other bytes, or none.
                    if let Some(last) = bytes.last_mut() {
                        *last ^= 0x40;
                    }
                    answer.body = bytes.into();
                }
                Some(answer)
            });
            must_stop(world).await;
        },
    );
}

/// The frame says that it stopped, shows no form, and tells the page.
async fn must_stop(world: &World) {
    let (order, _) = world.kiosk.order().await;
    world.show_kiosk(&order).await;
    let checkout = Checkout::new(&world.browser);
    checkout.must_show("boot-failure").await;
    checkout.must_say("The payment form stopped").await;
    assert_eq!(
        checkout
            .run("return document.querySelectorAll('input').length")
            .await,
        0
    );
    let (what, detail) = wait::until("the page is told", async || world.told().await.pop()).await;
    assert_eq!(
        (what.as_str(), detail["code"].as_str()),
        ("failed", Some("frame_failed"))
    );
    assert_eq!(world.provider.books.count("quotes"), 0);
}

/// All that the consoles say, but for what is no complaint about anything that the frame does.
fn complaints(world: &World) -> Vec<String> {
    let harmless = [
        // The policy closes what this browser does not have in the first place.
        "Permissions-Policy header: Unrecognized feature",
        // `boot.js` gives the hash again, with the request that counts.
        "`integrity` attribute is currently ignored for preload destinations",
    ];
    let mut lines = world.browser.console();
    lines.retain(|line| !harmless.iter().any(|words| line.contains(words)));
    lines
}

fn name_of(frame: &Path, extension: &str) -> String {
    let mut files = fs::read_dir(frame)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    files
        .find(|name| name.ends_with(&format!(".{extension}")))
        .unwrap()
}

fn change(frame: &Path, name: &str, with: impl Fn(&str) -> String) {
    let before = fs::read_to_string(frame.join(name)).unwrap();
    let after = with(&before);
    assert_ne!(before, after, "{name} is not what this test knows");
    fs::write(frame.join(name), after).unwrap();
}
