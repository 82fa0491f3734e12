//! At the shop's server: tokens redeemed at once, wrongly, late, again, after a lost answer or a restart.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use farthing_journeys::{
    card::{PAYS, SILENT_THEN_PAID},
    checkout::Checkout,
    journey::{Setup, World, journey, journey_with},
    merchant::{Redemption, new_reference},
    wait,
};
use farthing_protocol::PlainToken;

use crate::{must_be_paid_once, paid_for};

#[test]
fn sixty_four_redemptions_of_one_token_make_one_charge() {
    journey(async |world| {
        // Each with a key of its own: as if 64 servers had got the token.
        let redemption = paid_for(world).await;
        let all = (0..64).map(|_| Redemption {
            key: new_reference(),
            ..redemption.clone()
        });
        let answers = at_once(world, all).await;
        let paid = answers.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(paid, 1, "{answers:?}");
        for (status, code) in answers.iter().filter(|(status, _)| *status != 201) {
            let known = matches!(
                (status, code.as_str()),
                (409, "token_used" | "order_paid" | "order_in_flight")
            );
            assert!(known, "{status} {code}");
        }
        must_be_paid_once(world, &redemption.order);

        // All with one key: as if one server had tried again and again.
        let redemption = paid_for(world).await;
        let answers = at_once(world, (0..64).map(|_| redemption.clone())).await;
        for (status, code) in &answers {
            let known = matches!((status, code.as_str()), (201, "") | (409, "request_in_flight"));
            assert!(known, "{status} {code}");
        }
        must_be_paid_once(world, &redemption.order);
    });
}

#[test]
fn a_redemption_that_is_not_what_was_agreed_to_is_refused_and_books_nothing() {
    journey(async |world| {
        let right = paid_for(world).await;
        let other_order = new_reference();
        let unknown = PlainToken::from_random([7; 16]).expose().to_owned();
        let wrong = [
            (
                Redemption {
                    amount: 251,
                    ..again(&right)
                },
                (422, "token_amount_differs"),
            ),
            (
                Redemption {
                    amount: 249,
                    ..again(&right)
                },
                (422, "token_amount_differs"),
            ),
            (
                Redemption {
                    amount: 0,
                    ..again(&right)
                },
                (422, "order_amount_invalid"),
            ),
            (
                Redemption {
                    amount: -250,
                    ..again(&right)
                },
                (422, "order_amount_invalid"),
            ),
            (
                Redemption {
                    currency: "USD".to_owned(),
                    ..again(&right)
                },
                (422, "token_currency_differs"),
            ),
            (
                Redemption {
                    currency: "JPY".to_owned(),
                    ..again(&right)
                },
                (422, "token_currency_differs"),
            ),
            (
                Redemption {
                    order: other_order,
                    ..again(&right)
                },
                (422, "token_order_differs"),
            ),
            (
                Redemption {
                    token: changed_end(&right.token),
                    ..again(&right)
                },
                (400, "body_malformed"),
            ),
            (
                Redemption {
                    token: unknown,
                    ..again(&right)
                },
                (404, "token_unknown"),
            ),
        ];
        for (redemption, verdict) in wrong {
            let answer = world.kiosk.redeem(&redemption).await;
            let (status, code) = answer.verdict();
            assert_eq!((status, code.as_str()), verdict, "{redemption:?}: {answer:?}");
            must_have_booked_nothing(world);
        }
        let answer = world.stranger.redeem(&again(&right)).await;
        assert_eq!(answer.verdict(), (403, "token_merchant_differs".to_owned()));
        must_have_booked_nothing(world);

        // None of it took the token. Repeated, it is the same charge; with another key, it is used.
        let first = world.kiosk.redeem(&right).await;
        assert_eq!(first.status, 201, "{first:?}");
        let repeated = world.kiosk.redeem(&right).await;
        assert_eq!((repeated.status, repeated.json()), (201, first.json()));
        assert_eq!(repeated.headers["idempotency-replayed"], "true");
        assert_eq!(
            world.kiosk.redeem(&again(&right)).await.verdict(),
            (409, "token_used".to_owned())
        );
        let reused = Redemption {
            amount: 251,
            ..right.clone()
        };
        assert_eq!(
            world.kiosk.redeem(&reused).await.verdict(),
            (422, "idempotency_key_reused".to_owned())
        );
        must_be_paid_once(world, &right.order);
    });
}

#[test]
fn a_late_redemption_is_refused_and_books_nothing() {
    journey(async |world| {
        let redemption = paid_for(world).await;
        world
            .provider
            .books
            .make_time_pass("UPDATE tokens SET expires_at = expires_at - 900");
        assert_eq!(
            world.kiosk.redeem(&redemption).await.verdict(),
            (410, "token_expired".to_owned())
        );
        must_have_booked_nothing(world);
    });
}

#[test]
fn a_lost_answer_makes_no_second_token_that_works() {
    journey_with(
        Setup {
            wire: true,
            ..Setup::default()
        },
        async |world| {
            let (order, reference) = world.kiosk.order().await;
            let checkout = world.open_kiosk(&order).await;
            // The token is made, and its answer never arrives. The frame asks again, with the same sealed text.
            let lost = Arc::new(AtomicU32::new(0));
            let counter = Arc::clone(&lost);
            world.wire().has(move |request, answer| {
                let lose = request == "POST /v1/tokens" && counter.fetch_add(1, Ordering::Relaxed) == 0;
                (!lose).then_some(answer)
            });
            checkout.pay_with(&PAYS).await;
            let token = world.token().await;
            assert!(lost.load(Ordering::Relaxed) > 1, "nothing was lost");
            assert_eq!(world.provider.books.count("tokens"), 1);
            assert_eq!(world.redeem(&token, &reference).await, 201);
            must_be_paid_once(world, &reference);
        },
    );
}

#[test]
fn a_token_outlives_a_restart_and_an_unknown_charge_blocks_the_order() {
    journey(async |world| {
        let redemption = paid_for(world).await;
        world.provider.stop();
        world.provider.start_again().await;
        assert_eq!(world.kiosk.redeem(&redemption).await.status, 201);
        must_be_paid_once(world, &redemption.order);

        let (order, reference) = world.kiosk.order().await;
        world.open_kiosk(&order).await.pay_with(&SILENT_THEN_PAID).await;
        let token = world.token().await;
        let charge = world
            .kiosk
            .redeem(&world.kiosk.redemption(&token, &reference))
            .await;
        assert_eq!(charge.status, 202, "{charge:?}");
        // While nobody knows, the order can't be paid a second time.
        world.show_kiosk(&order).await;
        let checkout = Checkout::new(&world.browser);
        checkout.must_show("refused").await;
        let path = format!("/v1/charges/{}", charge.json()["id"].as_str().unwrap());
        wait::until("the charge is resolved", async || {
            (world.kiosk.get(&path).await.json()["status"] == "paid").then_some(())
        })
        .await;
        must_be_paid_once(world, &reference);
    });
}

/// The same redemption as another attempt.
fn again(redemption: &Redemption) -> Redemption {
    Redemption {
        key: new_reference(),
        ..redemption.clone()
    }
}

fn changed_end(token: &str) -> String {
    let (kept, last) = token.split_at(token.len() - 1);
    format!("{kept}{}", if last == "0" { "1" } else { "0" })
}

/// Status and code of every answer.
async fn at_once(world: &World, redemptions: impl Iterator<Item = Redemption>) -> Vec<(u16, String)> {
    let mut tasks = tokio::task::JoinSet::new();
    for redemption in redemptions {
        let kiosk = world.kiosk.clone();
        tasks.spawn(async move { kiosk.redeem(&redemption).await.verdict() });
    }
    tasks.join_all().await
}

fn must_have_booked_nothing(world: &World) {
    assert_eq!(world.provider.books.count("charges"), 0);
    assert_eq!(world.provider.books.count("entries"), 0);
}
