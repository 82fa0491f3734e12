//! Orders that are changed, expired, paid, or shown where they don't belong: no form, and a reason.

mod page;

use std::panic::AssertUnwindSafe;

use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    engine::Capability,
    http::{Answer, send},
    journey::{Setup, World, journey, journey_with},
    merchant::new_reference,
    wait,
};
use futures_util::FutureExt;
use http::{Request, header};
use http_body_util::Full;
use serde_json::json;

const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[test]
fn an_order_with_any_byte_changed_gets_no_quote() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        assert_eq!(quote(world, &order).await.status, 201);
        for at in 0..order.len() {
            let was = order.as_bytes()[at];
            // The last character of each part has bits that mean nothing: a lenient reader takes several.
            let is_last = order.as_bytes().get(at + 1).is_none_or(|next| *next == b'.');
            let others = BASE64URL
                .iter()
                .filter(|other| **other != was)
                .take(if is_last { 64 } else { 1 });
            for other in others.chain(b".") {
                let mut bytes = order.clone().into_bytes();
                bytes[at] = *other;
                let changed = String::from_utf8(bytes).unwrap();
                if changed == order {
                    continue;
                }
                let answer = quote(world, &changed).await;
                assert!((400..500).contains(&answer.status), "byte {at}: {answer:?}");
                assert!(answer.verdict().1.starts_with("order_"), "byte {at}: {answer:?}");
            }
        }
        assert_eq!(world.provider.books.count("quotes"), 1);
    });
}

#[test]
fn a_changed_order_shows_a_refusal_and_no_form() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        let parts: Vec<usize> = order.split('.').map(str::len).collect();
        let (header, payload, signature) = (0, parts[0] + 1, parts[0] + parts[1] + 2);
        for at in [
            header + 5,
            payload + parts[1] / 3,
            payload + parts[1] / 2,
            payload + parts[1] - 3,
            signature,
            signature + 40,
            order.len() - 1,
        ] {
            let mut bytes = order.clone().into_bytes();
            // Another bit that counts, also in a last character.
            bytes[at] = BASE64URL[(BASE64URL.iter().position(|c| *c == bytes[at]).unwrap() + 32) % 64];
            let changed = String::from_utf8(bytes).unwrap();
            world.show_kiosk(&changed).await;
            let (what, detail) = wait::until("the page is told", async || world.told().await.pop()).await;
            assert_eq!(what, "failed", "byte {at}");
            let code = detail["code"].as_str().unwrap();
            assert!(code.starts_with("order_"), "byte {at}: {code}");
            must_show_no_form(world).await;
        }
        assert_eq!(world.provider.books.count("quotes"), 0);
    });
}

#[test]
fn an_order_that_is_none_is_refused_by_the_loader() {
    journey(async |world| {
        for order in ["", "x", "a.b.c", "eyJ9.eyJ9.eyJ9", &"x".repeat(9000)] {
            world.show_kiosk(order).await;
            let (what, detail) = wait::until("the page is told", async || world.told().await.pop()).await;
            assert_eq!(
                (what.as_str(), detail["code"].as_str()),
                ("failed", Some("order_malformed")),
                "{order}"
            );
            must_show_no_form(world).await;
        }
    });
}

#[test]
fn an_expired_order_shows_a_refusal() {
    journey(async |world| {
        let order = world.kiosk.order_over(&new_reference(), 250, 1).await;
        wait::until("the order expires", async || {
            (quote(world, &order).await.status == 410).then_some(())
        })
        .await;
        world.show_kiosk(&order).await;
        let checkout = Checkout::new(&world.browser);
        checkout.must_show("refused").await;
        checkout.must_say("expired").await;
        must_show_no_form(world).await;
    });
}

#[test]
fn a_paid_order_shows_a_refusal() {
    journey(async |world| {
        let (order, reference) = world.kiosk.order().await;
        world.open_kiosk(&order).await.pay_with(&PAYS).await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        world.show_kiosk(&order).await;
        let checkout = Checkout::new(&world.browser);
        checkout.must_show("refused").await;
        checkout.must_say("already paid").await;
        must_show_no_form(world).await;
    });
}

#[test]
fn one_reference_is_one_order() {
    journey(async |world| {
        let reference = new_reference();
        let cheap = world.kiosk.order_over(&reference, 250, 3600).await;
        world.open_kiosk(&cheap).await;
        let dear = world.kiosk.order_over(&reference, 9900, 3600).await;
        world.show_kiosk(&dear).await;
        Checkout::new(&world.browser).must_show("refused").await;
        must_show_no_form(world).await;
    });
}

#[test]
fn an_unregistered_origin_is_not_framed_at_all() {
    journey(async |world| {
        // The same pages under another origin; and an order of a merchant whose pages are elsewhere.
        let elsewhere = world.kiosk.origin.replace("localhost", "127.0.0.1");
        let (own, _) = world.kiosk.order().await;
        let (strange, _) = world.stranger.order().await;
        for (page, order) in [(&elsewhere, own), (&world.kiosk.origin, strange)] {
            world.site.put("/", world.kiosk_page(&order));
            world.browser.client.goto(&format!("{page}/")).await.unwrap();
            let (what, detail) = wait::until("the page is told", async || world.told().await.pop()).await;
            assert_eq!(
                (what.as_str(), detail["code"].as_str()),
                ("failed", Some("frame_unreachable"))
            );
            must_show_no_form(world).await;
        }
        let engine = world.browser.engine;
        if engine.is_enough_for("what blocked the frame", &[Capability::Consoles]) {
            let console = world.browser.console();
            let blocked = console
                .iter()
                .filter(|line| line.contains("frame-ancestors"))
                .count();
            assert!(blocked >= 2, "{console:?}");
        }
        assert_eq!(world.provider.books.count("quotes"), 0);
    });
}

#[test]
fn an_order_for_another_origin_gets_no_quote() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        for (origin, code) in [
            ("https://evil.example", "origin_not_registered"),
            (&world.shop.origin, "origin_not_registered"),
        ] {
            let answer = quote_for(world, world.kiosk.id.as_str(), &order, origin).await;
            assert_eq!(answer.verdict(), (403, code.to_owned()));
        }
        // Another merchant's frame, on that merchant's own page.
        let answer = quote_for(world, world.stranger.id.as_str(), &order, &world.stranger.origin).await;
        assert_eq!(answer.verdict(), (403, "order_merchant_wrong".to_owned()));
    });
}

/// The policy is one lock; this is the other: with the policy gone, the frame still opens to nobody.
#[test]
fn without_its_policy_a_frame_is_framed_and_still_shows_no_form() {
    journey_with(
        Setup {
            wire: true,
            ..Setup::default()
        },
        async |world| {
            world.wire().has(|request, mut answer| {
                if request.starts_with("GET /v1/frame/") {
                    answer.headers.remove("content-security-policy");
                }
                Some(answer)
            });
            let elsewhere = world.kiosk.origin.replace("localhost", "127.0.0.1");
            let (order, _) = world.kiosk.order().await;
            world.site.put("/", world.kiosk_page(&order));
            world.browser.client.goto(&format!("{elsewhere}/")).await.unwrap();
            let checkout = Checkout::new(&world.browser);
            checkout.must_show("loading").await;
            let (what, detail) = wait::until("the page is told", async || world.told().await.pop()).await;
            assert_eq!(
                (what.as_str(), detail["code"].as_str()),
                ("failed", Some("frame_unreachable"))
            );
            must_show_no_form(world).await;
            assert_eq!(world.provider.books.count("quotes"), 0);
        },
    );
}

/// Amounts that are changed between the provider and the screen: nothing is charged that was not agreed to,
/// and nothing is agreed to that the provider does not offer.
#[test]
fn a_quote_that_was_changed_on_the_way_makes_no_charge() {
    journey_with(
        Setup {
            wire: true,
            ..Setup::default()
        },
        async |world| {
            let checkout = Checkout::new(&world.browser);
            // A total that is not the sum of its lines is not shown at all.
            changed_quotes(world, &[("\"total\":{\"amount\":250", "\"total\":{\"amount\":1")]);
            let (order, _) = world.kiosk.order().await;
            world.show_kiosk(&order).await;
            checkout.must_show("unreachable").await;
            must_show_no_form(world).await;

            // One that is, with a consent to go with it, is shown, and agreed to in vain.
            changed_quotes(world, &[("\"amount\":250", "\"amount\":1"), ("€2.50", "€0.01")]);
            let (order, _) = world.kiosk.order().await;
            let checkout = world.open_kiosk(&order).await;
            assert_eq!(checkout.text_of("#pay").await, "Pay €0.01");
            checkout.pay_with(&PAYS).await;
            checkout.must_show("refused").await;
            checkout.must_say("The offer has changed").await;
            assert_eq!(world.provider.books.count("tokens"), 0);
        },
    );
}

/// From now on each quote arrives with these texts in the place of those.
fn changed_quotes(world: &World, changes: &'static [(&'static str, &'static str)]) {
    world.wire().has(move |request, mut answer| {
        if request == "POST /v1/quotes" {
            let mut text = answer.text().to_owned();
            for (was, is) in changes {
                assert!(text.contains(was), "{text}");
                text = text.replace(was, is);
            }
            answer.body = text.into();
        }
        Some(answer)
    });
}

/// The look for a form, where there is one.
#[test]
fn a_form_is_found() {
    journey(async |world| {
        let (order, _) = world.kiosk.order().await;
        world.open_kiosk(&order).await;
        let look = AssertUnwindSafe(must_show_no_form(world)).catch_unwind().await;
        assert!(look.is_err(), "the form was not noticed");
    });
}

async fn must_show_no_form(world: &World) {
    let checkout = Checkout::new(&world.browser);
    if checkout.enter().await.is_ok() {
        // A frame that was blocked has a page of the browser's own.
        let inputs = world
            .browser
            .client
            .execute("return document.querySelectorAll('input').length", vec![])
            .await;
        assert!(inputs.is_err() || inputs.is_ok_and(|inputs| inputs == 0));
    }
    checkout.leave().await.unwrap();
}

/// `POST /v1/quotes` as the frame on the kiosk's page sends it.
async fn quote(world: &World, order: &str) -> Answer {
    quote_for(world, world.kiosk.id.as_str(), order, &world.kiosk.origin).await
}

async fn quote_for(world: &World, merchant: &str, order: &str, origin: &str) -> Answer {
    let body = json!({ "merchant": merchant, "order": order, "origin": origin }).to_string();
    let request = Request::post(format!("{}/v1/quotes", world.provider.origin))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, &world.provider.origin)
        .header("sec-fetch-site", "same-origin")
        .body(Full::from(body))
        .unwrap();
    send(request).await.unwrap()
}
