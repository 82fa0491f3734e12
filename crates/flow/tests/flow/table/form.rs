use crate::{rig::Rig, words::describe};

use super::{CANCEL, CHALLENGED, OTHER_ORDER, OTHER_WAY, RAN_OUT, RESET, SEALING, check};

#[test]
fn loading() {
    check(
        "",
        "loading",
        &["
        order:A      | =                    | ask for quote of A
        order:B      | =                    | ask for quote of B
        host-missing | refused host_missing | wipe, tell failed host_missing
    "],
    );
    let refused = "
        quote-refused:order_expired   | refused order_expired         | wipe, tell failed order_expired
        quote-refused:order_in_flight | refused order_in_flight again | wipe, tell failed order_in_flight
        quote-lost                    | unreachable quote             | wipe, tell failed provider_unreachable
    ";
    let fresh = "quote | ready(1) | watch(1) 600 s, tell ready";
    check("order:A", "loading", &[OTHER_ORDER, CANCEL, refused, fresh]);
    // What was typed before the quote came counts; what was wiped does not.
    let typed = "quote | ready(1) complete | watch(1) 600 s, tell ready";
    check(
        "details order:A",
        "loading",
        &[OTHER_ORDER, CANCEL, refused, typed],
    );
    check(
        "order:A details",
        "loading",
        &[OTHER_ORDER, CANCEL, refused, typed],
    );
    check(
        "order:A details no-details",
        "loading",
        &[OTHER_ORDER, CANCEL, refused, fresh],
    );
    check(
        "order:B details order:A",
        "loading",
        &[OTHER_ORDER, CANCEL, refused, fresh],
    );
    check(
        "details host-missing order:A",
        "loading",
        &[OTHER_ORDER, CANCEL, refused, fresh],
    );
}

#[test]
fn ready() {
    let check = |path: &str, start: &str, table: &str| {
        let other = other_order(start);
        check(path, start, &[&other, OTHER_WAY, RESET, CANCEL, RAN_OUT, table]);
    };
    check(
        "order:A quote",
        "ready(1)",
        "
        details    | ready(1) complete        |
        agree      | ready(1) agreed          |
        pay pay-covered | ready(1) missing:details |
    ",
    );
    check(
        "order:A quote agree",
        "ready(1) agreed",
        "
        details    | ready(1) complete agreed        |
        disagree   | ready(1)                        |
        pay pay-covered | ready(1) agreed missing:details |
    ",
    );
    check(
        "order:A quote details",
        "ready(1) complete",
        "
        no-details | ready(1)                          |
        agree      | ready(1) complete agreed          |
        pay pay-covered | ready(1) complete missing:consent |
    ",
    );
    check(
        "order:A quote details agree",
        "ready(1) complete agreed",
        "
        no-details | ready(1) agreed   |
        disagree   | ready(1) complete |
        pay        | sealing(1)        | ask for token(1)
        pay-covered | ready(1) complete agreed notice:frame_covered | tell failed frame_covered
    ",
    );
    check(
        "order:A quote pay",
        "ready(1) missing:details",
        "
        details    | ready(1) complete               |
        agree      | ready(1) agreed missing:details |
    ",
    );
    check(
        "order:A quote details pay",
        "ready(1) complete missing:consent",
        "
        no-details | ready(1) missing:consent |
        agree      | ready(1) complete agreed |
    ",
    );
    // The same details are not sent again, and consent is given anew.
    check(
        "order:A quote details agree pay token-refused:card_expired",
        "ready(1) notice:card_expired",
        "
        details    | ready(1) complete                            |
        no-details | ready(1)                                     |
        agree      | ready(1) agreed notice:card_expired          |
        pay pay-covered | ready(1) missing:details notice:card_expired |
    ",
    );
}

/// What another order makes of a form: what was typed stays, and what was agreed to does not.
fn other_order(start: &str) -> String {
    let (on, _) = start.split_once(')').unwrap();
    let complete = if start.contains("complete") {
        " complete"
    } else {
        ""
    };
    format!("order:B | {on}){complete} renewing | ask for quote of B")
}

#[test]
fn a_press_on_a_covered_form_is_not_the_shoppers_word() {
    check(
        "order:A quote details agree pay-covered",
        "ready(1) complete agreed notice:frame_covered",
        &[
            &other_order("ready(1) complete"),
            OTHER_WAY,
            RESET,
            CANCEL,
            RAN_OUT,
            "
        details     | ready(1) complete agreed               |
        no-details  | ready(1) agreed                        |
        disagree    | ready(1) complete notice:frame_covered |
        pay         | sealing(1)                             | ask for token(1)
        pay-covered | =                                      | tell failed frame_covered
    ",
        ],
    );
}

#[test]
fn another_order_while_the_form_is_filled_in() {
    const REFUSED: &str = "
        quote-refused:order_expired   | refused order_expired         | wipe, tell failed order_expired
        quote-refused:order_in_flight | refused order_in_flight again | wipe, tell failed order_in_flight
        quote-lost                    | unreachable quote             | wipe, tell failed provider_unreachable
    ";
    let reset = "reset | loading | wipe, ask for quote of B";
    for (path, on) in [("", "(1)"), (" choose:bank_account", "(1 by bank_account)")] {
        let renewed = on.replace('1', "2");
        for agreed in ["", " agree", " agree pay-covered"] {
            check(
                &format!("order:A quote{path} details{agreed} order:B"),
                &format!("ready{on} complete renewing"),
                &[
                    REFUSED,
                    reset,
                    CANCEL,
                    &format!(
                        "
                    order:A    | =                        | ask for quote of A
                    no-details | ready{on} renewing       |
                    quote      | ready{renewed} complete  | watch(2) 600 s, tell ready
                "
                    ),
                ],
            );
        }
        check(
            &format!("order:A quote{path} order:B"),
            &format!("ready{on} renewing"),
            &[
                REFUSED,
                reset,
                CANCEL,
                &format!(
                    "
                order:A | =                             | ask for quote of A
                details | ready{on} complete renewing   |
                quote   | ready{renewed}                | watch(2) 600 s, tell ready
            "
                ),
            ],
        );
    }
}

/// Each way has a form and a sentence of its own: nothing of the one counts for the other.
#[test]
fn another_way() {
    let check = |path: &str, start: &str, table: &str| {
        let back = "choose:card | ready(1) |";
        check(
            path,
            start,
            &[&other_order(start), RESET, CANCEL, RAN_OUT, back, table],
        );
    };
    for before in [
        "details",
        "details agree",
        "agree pay",
        "details pay",
        "details agree pay token-refused:card_expired",
        "details agree choose:bank_account details agree choose:card",
    ] {
        check(
            &format!("order:A quote {before} choose:bank_account"),
            "ready(1 by bank_account)",
            "
            details | ready(1 by bank_account) complete        |
            agree   | ready(1 by bank_account) agreed          |
            pay pay-covered | ready(1 by bank_account) missing:details |
        ",
        );
    }
    check(
        "order:A quote choose:bank_account details agree",
        "ready(1 by bank_account) complete agreed",
        "
        no-details | ready(1 by bank_account) agreed   |
        disagree   | ready(1 by bank_account) complete |
        pay        | sealing(1 by bank_account)        | ask for token(1 by bank_account)
        pay-covered | ready(1 by bank_account) complete agreed notice:frame_covered | tell failed frame_covered
    ",
    );
    let declined = "order:A quote choose:bank_account details agree pay token waited outcome:declined";
    assert_eq!(
        describe(Rig::at(&format!("{declined} again quote")).flow.state()),
        "ready(2)",
        "any way can be chosen for the next attempt"
    );
}

#[test]
fn sealing() {
    let answered = "
        token                          | delivered(1)                   | wipe, tell token 1, wait 2 s
        token-challenged               | challenged(1)                  | wait 2 s
        token-refused:order_paid       | refused order_paid             | wipe, tell failed order_paid
        token-refused:sealed_malformed | refused sealed_malformed again | wipe, tell failed sealed_malformed
        token-refused:quote_expired token-refused:quote_used token-refused:quote_unknown \
                                       | expired                        | wipe, tell failed quote_lapsed
    ";
    let mend = "
        token-refused:details_invalid   | ready(1) notice:details_invalid   |
        token-refused:card_expired      | ready(1) notice:card_expired      |
        token-refused:brand_unsupported | ready(1) notice:brand_unsupported |
    ";
    let no_token = |then: &str| {
        let passing = "token-refused:busy token-refused:internal token-refused:request_timeout \
            token-refused:too_many_requests";
        format!("token-lost {passing} | {then}")
    };
    check(
        SEALING,
        "sealing(1)",
        &[answered, mend, &no_token("= | wait 2 s")],
    );
    let waiting = format!("{SEALING} token-lost");
    check(&waiting, "sealing(1)", &["waited | = | send again"]);
    let second = format!("{waiting} waited");
    check(
        &second,
        "sealing(1)",
        &[answered, mend, &no_token("= | wait 3 s")],
    );
    let third = format!("{second} token-lost waited");
    let gone = no_token("unreachable token(1) | tell failed provider_unreachable");
    check(&third, "sealing(1)", &[answered, mend, &gone]);

    // The quote's time ran out meanwhile: a token that was made is good, but the form does not come back.
    let late = "token-refused:details_invalid token-refused:card_expired token-refused:brand_unsupported \
        | expired | wipe, tell failed quote_lapsed";
    let lapsed = no_token("expired | wipe, tell failed quote_lapsed");
    check(
        &format!("{SEALING} ran-out:1"),
        "sealing(1)",
        &[answered, late, &lapsed],
    );
    let waited = "waited | expired | wipe, tell failed quote_lapsed";
    check(&format!("{waiting} ran-out:1"), "sealing(1)", &[waited]);
}

#[test]
fn challenged() {
    check(CHALLENGED, "challenged(1)", &[CANCEL, "waited | = | send again"]);
    let answered = "
        token                          | delivered(1)                   | wipe, tell token 1, wait 2 s
        token-challenged               | =                              | wait 2 s
        token-refused:order_paid       | refused order_paid             | wipe, tell failed order_paid
        token-refused:sealed_malformed | refused sealed_malformed again | wipe, tell failed sealed_malformed
        token-refused:details_invalid  | refused details_invalid        | wipe, tell failed details_invalid
        token-refused:card_expired     | refused card_expired           | wipe, tell failed card_expired
        token-refused:brand_unsupported | refused brand_unsupported     | wipe, tell failed brand_unsupported
        token-refused:quote_expired token-refused:quote_used token-refused:quote_unknown \
                                       | expired                        | wipe, tell failed quote_lapsed
    ";
    let passing = "token-lost token-refused:busy token-refused:internal token-refused:request_timeout \
        token-refused:too_many_requests";
    // However often it is asked, and however long the quote is over: it is the challenge's time that counts.
    let mut path = format!("{CHALLENGED} waited token-challenged ran-out:1");
    for seconds in [2, 3, 5, 10, 20] {
        path += " waited";
        let wait = format!("{passing} | = | wait {seconds} s");
        check(&path, "challenged(1)", &[CANCEL, answered, &wait]);
        path += " token-lost";
    }
    path += " waited";
    let gone = format!("{passing} | unreachable token(1) | tell failed provider_unreachable");
    check(&path, "challenged(1)", &[CANCEL, answered, &gone]);
    let again = format!("{path} token-lost again token-challenged");
    check(&again, "challenged(1)", &[CANCEL, "waited | = | send again"]);
}
