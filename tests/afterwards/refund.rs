use farthing_journeys::journey::journey;

use crate::{must_hold, pay, read_receipt};

#[test]
fn a_part_that_went_back_is_on_the_receipt_with_what_was_paid_in_the_end() {
    journey(async |world| {
        let payment = pay(world, 250).await;
        let before = read_receipt(world, &payment).await;
        assert!(!before.contains("got back"), "{before}");

        let refund = world.kiosk.refund(&payment.charge, 100).await;
        assert_eq!(refund.status, 201, "{refund:?}");
        assert_eq!(refund.json()["status"], "done");
        let rows = "return [...document.querySelectorAll('table:nth-of-type(2) tr')].map(row => \
                    [...row.children].map(cell => cell.innerText.split(',')[0]).join(': ')).join('; ')";
        must_hold(&read_receipt(world, &payment).await, &["What you got back"]);
        assert_eq!(
            world.browser.read(rows).await,
            "Refunded: €1.00; You paid in the end: €1.50"
        );
        let books = &world.provider.books;
        books.must_balance();
        assert_eq!(books.number("SELECT refunded FROM charges", &[]), 100);

        // More than is left does not go back.
        let refund = world.kiosk.refund(&payment.charge, 151).await;
        assert_eq!(refund.verdict(), (422, "refund_exceeds_captured".to_owned()));
        assert_eq!(world.kiosk.refund(&payment.charge, 150).await.status, 201);
        read_receipt(world, &payment).await;
        assert_eq!(
            world.browser.read(rows).await,
            "Refunded: €1.00; Refunded: €1.50; You paid in the end: nothing"
        );
        world.provider.books.must_balance();
    });
}
