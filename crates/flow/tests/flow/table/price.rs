//! A price: the provider charges by itself, and the page is handed a proof in the place of a token.

use super::{CANCEL, OTHER_ORDER, check};

const DELIVERED: &str = "order:A price details agree pay token";

const ENDS: &str = "
    outcome:lapsed     | expired                          | wipe, tell failed quote_lapsed
    outcome:paid       | completed(1)                     |
    outcome:authorised | reserved(1)                      |
    outcome:declined   | refused insufficient_funds again | wipe, tell failed insufficient_funds
";

#[test]
fn the_page_gets_no_token_and_the_provider_charges_at_once() {
    check(
        "order:A price details agree pay",
        "sealing(1)",
        &["
            token                        | delivered(1)            | wipe, charge(1)
            token-challenged             | challenged(1)           | wait 2 s
            token-lost                   | =                       | wait 2 s
            token-refused:quote_expired token-refused:quote_used token-refused:quote_unknown | expired | wipe, tell failed quote_lapsed
            token-refused:details_invalid | ready(1) notice:details_invalid |
            token-refused:card_expired    | ready(1) notice:card_expired    |
            token-refused:brand_unsupported | ready(1) notice:brand_unsupported |
            token-refused:order_paid      | refused order_paid      | wipe, tell failed order_paid
            token-refused:sealed_malformed | refused sealed_malformed again | wipe, tell failed sealed_malformed
            token-refused:busy token-refused:internal token-refused:request_timeout token-refused:too_many_requests | = | wait 2 s
        "],
    );
}

#[test]
fn a_charge_is_asked_for_until_its_end_is_known() {
    check(
        DELIVERED,
        "delivered(1)",
        &[
            ENDS,
            "outcome:open outcome-lost | = | wait 3 s
                 outcome:unknown           | unknown(1) left:39 | wait 3 s",
        ],
    );
    // What the page says is no reason to believe anything, and the shopper is never asked to pay again.
    check(
        &format!("{DELIVERED} outcome-lost"),
        "delivered(1)",
        &["waited | = | charge(1)"],
    );
    check(
        &format!("{DELIVERED} outcome:unknown"),
        "unknown(1) left:39",
        &["waited said:paid said:failed said:unknown | = | charge(1)"],
    );
}

#[test]
fn the_proof_goes_to_the_page_once() {
    let paid = format!("{DELIVERED} outcome-lost waited charged");
    check(&paid, "completed(1)", &[OTHER_ORDER]);
    let record = crate::rig::Rig::at(&format!("{DELIVERED} outcome-lost waited")).answer("charged");
    assert_eq!(super::said(&record).1, "tell paid pro.of.it");
}

#[test]
fn nobody_who_pressed_pay_in_vain_was_charged() {
    let lost = "order:A price details agree pay token-lost waited token-lost waited token-lost";
    check(
        lost,
        "unreachable token(1)",
        &[
            "ran-out:1 | expired | wipe, tell failed quote_lapsed",
            CANCEL,
            "again | sealing(1) | send again",
        ],
    );
}
