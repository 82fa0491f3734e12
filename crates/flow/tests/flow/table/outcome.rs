use farthing_flow::UNKNOWN_LOOKUPS;

use super::{AGAIN, CANCEL, DELIVERED, OTHER_ORDER, RAN_OUT, RESET, SEALING, check, said};
use crate::rig::Rig;

const ENDS: &str = "
    outcome:lapsed     | expired                          | wipe, tell failed quote_lapsed
    outcome:paid       | completed(1)                     |
    outcome:authorised | reserved(1)                      |
    outcome:declined   | refused insufficient_funds again | wipe, tell failed insufficient_funds
";

#[test]
fn delivered() {
    let nudges = "
        waited       | =                         | look up(1)
        said:paid    | delivered(1) said:paid    | look up(1)
        said:failed  | delivered(1) said:failed  | look up(1)
        said:unknown | delivered(1) said:unknown | look up(1)
    ";
    check(DELIVERED, "delivered(1)", &[nudges]);
    check(&format!("{DELIVERED} order:B"), "delivered(1)", &[nudges]);

    // While a lookup is open, the page's word is a reason for one more, and no more than one.
    let said = "
        said:paid    | delivered(1) said:paid    |
        said:failed  | delivered(1) said:failed  |
        said:unknown | delivered(1) said:unknown |
    ";
    let later = "
        outcome:open outcome-lost | =                 | wait 3 s
        outcome:unknown           | unknown(1) left:39 | wait 3 s
    ";
    check(
        &format!("{DELIVERED} waited"),
        "delivered(1)",
        &[ENDS, said, later],
    );
    check(
        &format!("{DELIVERED} said:paid"),
        "delivered(1) said:paid",
        &[ENDS, said, later],
    );
    let at_once = "
        outcome:open outcome-lost | =                 | look up(1)
        outcome:unknown           | unknown(1) left:39 | look up(1)
    ";
    let nudged = format!("{DELIVERED} waited said:failed");
    check(&nudged, "delivered(1) said:failed", &[ENDS, said, at_once]);
}

/// The page's word ends nothing. The provider knows of no charge so far, so the shopper may try again, and
/// the doubt goes on until there is a new quote.
#[test]
fn delivered_and_the_page_says_that_it_failed() {
    let open = format!("{DELIVERED} said:failed outcome:open");
    check(
        &open,
        "delivered(1) said:failed again",
        &["
        waited       | =                         | look up(1)
        said:failed  | =                         | look up(1)
        said:paid    | delivered(1) said:paid    | look up(1)
        said:unknown | delivered(1) said:unknown | look up(1)
        again        | delivered(1) said:failed  | ask for quote of A
    "],
    );
    check(
        &format!("{DELIVERED} said:failed outcome-lost"),
        "delivered(1) said:failed",
        &["
        waited       | =                         | look up(1)
        said:failed  | =                         | look up(1)
        said:paid    | delivered(1) said:paid    | look up(1)
        said:unknown | delivered(1) said:unknown | look up(1)
    "],
    );
    check(
        &format!("{open} again"),
        "delivered(1) said:failed",
        &["
        said:paid    | delivered(1) said:paid    |
        said:unknown | delivered(1) said:unknown |
        quote        | ready(2)                  | watch(2) 600 s, tell ready
        quote-lost   | =                         | look up(1)
        quote-refused:order_in_flight quote-refused:order_expired | = | look up(1)
    "],
    );
    // The page has another order by now: the new quote ends the old token, then the other has its turn.
    let record = Rig::at(&format!("{open} order:B again")).answer("quote");
    assert_eq!(
        said(&record),
        ("loading".to_owned(), "wipe, ask for quote of B".to_owned())
    );
}

#[test]
fn unknown() {
    let nudges = "said:paid said:failed said:unknown | = | look up(1)";
    let first = format!("{DELIVERED} waited outcome:unknown");
    check(&first, "unknown(1) left:39", &[nudges, "waited | = | look up(1)"]);
    let no_end = |then: &str| format!("outcome:open outcome:unknown outcome-lost | {then}");
    let later = no_end("unknown(1) left:38 | wait 5 s");
    check(&format!("{first} waited"), "unknown(1) left:39", &[ENDS, &later]);
    let at_once = no_end("unknown(1) left:38 | look up(1)");
    check(
        &format!("{first} waited said:paid"),
        "unknown(1) left:39",
        &[ENDS, &at_once],
    );

    // At 0 it rests: the shopper, or the page, gives a reason to look.
    let most = " waited outcome:unknown".repeat(usize::from(UNKNOWN_LOOKUPS) - 2);
    let last = format!("{first}{most} waited");
    check(
        &last,
        "unknown(1) left:1",
        &[ENDS, &no_end("unknown(1) left:0 |")],
    );
    let rests = format!("{last} outcome-lost");
    check(
        &rests,
        "unknown(1) left:0",
        &[nudges, "again | unknown(1) left:40 | look up(1)"],
    );
    let nudged = format!("{rests} said:paid");
    check(
        &nudged,
        "unknown(1) left:0",
        &[ENDS, &no_end("= |"), "again | unknown(1) left:40 |"],
    );
}

#[test]
fn completed() {
    for (outcome, state) in [
        ("outcome:paid", "completed(1)"),
        ("outcome:authorised", "reserved(1)"),
    ] {
        check(&format!("{DELIVERED} said:paid {outcome}"), state, &[OTHER_ORDER]);
        // Another order that came during the payment does not take this screen away; given again, it does.
        check(
            &format!("{DELIVERED} order:B said:paid {outcome}"),
            state,
            &[OTHER_ORDER],
        );
    }
}

#[test]
fn not_paid() {
    let declined = format!("{DELIVERED} waited outcome:declined");
    for (path, start) in [
        (declined.as_str(), "refused insufficient_funds again"),
        (
            "order:A quote-refused:order_in_flight",
            "refused order_in_flight again",
        ),
        ("order:A quote ran-out:1", "expired"),
        ("order:A quote-lost", "unreachable quote"),
    ] {
        check(path, start, &[OTHER_ORDER, RESET, AGAIN, CANCEL]);
    }
    check("order:A quote cancel", "cancelled", &[OTHER_ORDER, RESET, AGAIN]);
    let final_one = "order:A quote-refused:order_expired";
    check(final_one, "refused order_expired", &[OTHER_ORDER, RESET]);
    let first_order = "order:A | loading | wipe, ask for quote of A";
    check(
        "host-missing",
        "refused host_missing",
        &[OTHER_ORDER, first_order],
    );

    // Nobody has the token: the page has to wait, the shopper need not.
    let lost = format!("{SEALING} token-lost waited token-lost waited token-lost");
    check(
        &lost,
        "unreachable token(1)",
        &[RAN_OUT, CANCEL, "again | sealing(1) | send again"],
    );
}

/// An order that came while a payment was under way is what is quoted next, whatever ended the payment.
#[test]
fn another_order_has_its_turn_after_the_payment() {
    let next = "again reset order:B | loading | wipe, ask for quote of B";
    let sealing = format!("{SEALING} order:B");
    check(
        &format!("{sealing} token-refused:quote_used"),
        "expired",
        &[next, CANCEL],
    );
    let declined = format!("{sealing} token waited outcome:declined");
    check(&declined, "refused insufficient_funds again", &[next, CANCEL]);
    // The page changed its mind back.
    let back = format!("{sealing} order:A token-refused:quote_used");
    check(&back, "expired", &[OTHER_ORDER, RESET, AGAIN, CANCEL]);
}
