//! One consent, one token, one charge: whatever is clicked, opened twice, repeated, lost or tried at once.

mod clicks;
mod redemptions;

use farthing_journeys::{
    card::PAYS,
    journey::{World, journey},
    merchant::Redemption,
};

/// The looks at the books that the journeys rest on, at books that are wrong.
#[test]
fn wrong_books_are_found_out() {
    journey(async |world| {
        let redemption = paid_for(world).await;
        assert_eq!(world.kiosk.redeem(&redemption).await.status, 201);
        must_be_paid_once(world, &redemption.order);
        world.provider.stop();
        for (fault, seed) in [
            (
                "an entry too many",
                "INSERT INTO entries SELECT posting, max(line) + 1, account, 1 FROM entries GROUP BY posting",
            ),
            (
                "another amount than was agreed to",
                "PRAGMA foreign_keys = OFF; UPDATE tokens SET amount = amount - 1",
            ),
            (
                "another amount than was taken",
                "DROP TRIGGER entries_stay; UPDATE entries SET amount = 2 * amount",
            ),
            (
                "a refund that is not booked",
                "UPDATE charges SET refunded = refunded + 1",
            ),
            (
                "a posting for a charge that is not paid",
                "DROP TRIGGER charges_go_forward; DROP TRIGGER charges_stay;
                 UPDATE charges SET stage = 'unknown', look_at = 1, receipt = NULL, captured = 0",
            ),
            (
                "a charge that is not booked",
                "DROP TRIGGER entries_remain; DROP TRIGGER postings_remain;
                 DELETE FROM entries; DELETE FROM postings",
            ),
            (
                "an order that is paid twice",
                "DROP INDEX charges_one_live_per_order;
                 INSERT INTO quotes SELECT 'quo_2', merchant, reference, body, jws, terms, NULL, expires_at FROM quotes;
                 INSERT INTO consents SELECT 'con_2', 'quo_2', body, jws FROM consents;
                 INSERT INTO tokens SELECT 'quo_2', randomblob(32), sealed_hash, NULL, fingerprint, hint, merchant,
                     reference, amount, fee, currency, made_at, expires_at, 'con_2', 'chg_2' FROM tokens;
                 INSERT INTO charges SELECT 'chg_2', merchant, reference, 'quo_2', 'con_2', amount, fee, currency, hint,
                     at_once, stage, NULL, 'rcp_2', expires_at, NULL, captured, 0, 0, 0, created_at FROM charges;
                 INSERT INTO postings SELECT 2, kind, 'chg_2', NULL, at, currency, remainder, randomblob(32)
                     FROM postings;
                 INSERT INTO entries SELECT 2, line, account, amount FROM entries ORDER BY line",
            ),
        ] {
            let copy = world.provider.books.copy(&world.folder.join(fault));
            copy.must_balance();
            copy.seed(seed);
            let told = std::panic::catch_unwind(|| copy.must_balance());
            assert!(told.is_err(), "{fault} was not noticed");
        }
    });
}

/// A token from the frame, and what redeems it.
async fn paid_for(world: &World) -> Redemption {
    let (order, reference) = world.kiosk.order().await;
    world.open_kiosk(&order).await.pay_with(&PAYS).await;
    let token = world.token().await;
    world.kiosk.redemption(&token, &reference)
}

fn must_be_paid_once(world: &World, reference: &str) {
    assert_eq!(world.provider.books.paid(reference), 1);
    world.provider.books.must_balance();
}
