//! A merchant that takes cards and phone bills. The amount is agreed on one screen, and a passcode that the phone company
//! sends is typed on another, which says again who is paid and how much.

use fantoccini::key::Key;
use farthing_journeys::{
    card,
    checkout::Checkout,
    journey::{World, journey},
    phone::{
        DECLINED, NEAR_ITS_LIMIT, NOT_ALLOWED, PASSCODE, SILENT_THEN_PAID, TAKES_NO_PASSCODE, UNREACHABLE,
    },
};

use crate::keyboard::{active_id, into_the_frame, type_text, value};

#[test]
fn pays_by_phone_bill_by_keyboard_only() {
    journey(async |world| {
        world.offer_phones();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        into_the_frame(world, &checkout).await;
        let press = async |key: Key| world.browser.press(key.into()).await;
        let said = checkout.text_of("[data-row=phone_bill]").await;
        for words in [
            "Phone bill",
            "no fee",
            "Arrives at once, can be refunded for 90 days, up to €30.00",
        ] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        press(Key::Down).await;
        let consent = checkout.text_of("#consent-text").await;
        assert!(consent.contains("my phone bill"), "{consent}");
        assert_eq!(checkout.text_of(".total").await, "€2.50");

        press(Key::Tab).await;
        assert_eq!(active_id(world).await, "carrier");
        world.browser.press('F').await;
        assert_eq!(value(&checkout, "carrier").await, "fern");
        press(Key::Tab).await;
        assert_eq!(active_id(world).await, "phone");
        // Another country's: said beside the field, and nothing is sent.
        type_text(world, "+43 664 1234567").await;
        press(Key::Tab).await;
        let help = checkout.text_of("#phone-help").await;
        assert_eq!(help, "No number of this company begins like this");
        world.browser.press(' ').await;
        press(Key::Tab).await;
        assert_eq!(active_id(world).await, "pay");
        press(Key::Enter).await;
        assert_eq!(active_id(world).await, "phone");
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);
        checkout.run("document.getElementById('phone').select()").await;
        type_text(world, "(0171) 392-00 00").await;
        for _ in ["consent", "pay"] {
            press(Key::Tab).await;
        }
        press(Key::Enter).await;

        checkout.must_show("challenged").await;
        checkout
            .must_say("Your phone company sends a code to your phone. Confirm €2.50 to Test Kiosk")
            .await;
        let said = checkout.text().await;
        assert!(!said.to_lowercase().contains("bank"), "{said}");
        assert_eq!(
            world.provider.books.count("charges"),
            0,
            "the page has no token yet"
        );
        checkout.enter_the_banks_page("#passcode").await;
        checkout.must_say("Confirm €2.50 to Test Kiosk").await;
        checkout
            .must_say(
                "On your phone bill with Fern Mobile. Its monthly limit is €50.00; €36.50 of it is left.",
            )
            .await;
        let mut tabs = 0;
        while active_id(world).await != "passcode" {
            press(Key::Tab).await;
            tabs += 1;
            assert!(tabs < 10, "Tab does not lead to the code");
        }
        type_text(world, PASSCODE).await;
        press(Key::Enter).await;
        checkout.must_show("delivered").await;
        checkout.must_say("with the phone bill of Fern Mobile").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        assert_eq!(checkout.text_of("#title").await, "€2.50 paid");
        world.provider.books.must_balance();
        assert_eq!(world.provider.books.paid(&reference), 1);
        assert_eq!(
            world.provider.books.notices(),
            ["Fern Mobile: €2.50 to Test Kiosk is on your phone bill."]
        );
    });
}

#[test]
fn three_wrong_passcodes_charge_nothing_and_a_card_pays() {
    journey(async |world| {
        world.offer_phones();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_by_phone(&TAKES_NO_PASSCODE).await;
        checkout.must_show("challenged").await;
        for left in ["You can try 2 more times.", "You can try once more."] {
            checkout.answer_the_bank(PASSCODE).await;
            checkout.enter_the_banks_page("#passcode-error").await;
            checkout.must_say(left).await;
        }
        checkout.answer_the_bank(PASSCODE).await;
        refused(&checkout, "The payment was not confirmed").await;
        pays_by_card(world, &checkout, &reference).await;
    });
}

#[test]
fn what_the_phone_company_does_not_allow_is_refused_and_a_card_pays() {
    journey(async |world| {
        world.offer_phones();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        for (phone, title) in [
            (NEAR_ITS_LIMIT, "This is beyond your phone bill’s limit"),
            (NOT_ALLOWED, "This number can't pay here"),
        ] {
            checkout.pay_by_phone(&phone).await;
            refused(&checkout, title).await;
            checkout.click("#again").await;
            checkout.must_show("form").await;
        }
        checkout.pay_by_phone(&DECLINED).await;
        checkout.must_show("challenged").await;
        checkout.answer_the_bank(PASSCODE).await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 402);
        refused(&checkout, "The payment was declined").await;
        checkout.must_say("Your phone company did not make it").await;
        assert!(world.provider.books.notices().is_empty());
        pays_by_card(world, &checkout, &reference).await;
    });
}

#[test]
fn a_phone_company_that_gives_no_answer_keeps_no_card_from_paying() {
    journey(async |world| {
        world.offer_phones();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_by_phone(&UNREACHABLE).await;
        checkout.must_say("No answer yet").await;
        checkout
            .must_say("Nothing was charged, and what you typed is still here")
            .await;
        checkout.click("#cancel").await;
        checkout.must_show("cancelled").await;
        pays_by_card(world, &checkout, &reference).await;
    });
}

#[test]
fn a_phone_bill_in_doubt_is_looked_into_and_paid_once() {
    journey(async |world| {
        world.offer_phones();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_by_phone(&SILENT_THEN_PAID).await;
        checkout.must_show("challenged").await;
        checkout.answer_the_bank(PASSCODE).await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 202);
        checkout.must_show("completed").await;
        assert_eq!(world.provider.books.paid(&reference), 1);
        assert_eq!(world.provider.books.notices().len(), 1);
        world.provider.books.must_balance();
    });
}

async fn refused(checkout: &Checkout<'_>, title: &str) {
    checkout.must_show("refused").await;
    assert_eq!(checkout.text_of("#title").await, title);
    checkout.must_say("Nothing was charged").await;
    let said = checkout.text().await;
    assert!(!said.to_lowercase().contains("bank"), "{said}");
}

async fn pays_by_card(world: &World, checkout: &Checkout<'_>, reference: &str) {
    checkout.click("#again").await;
    checkout.must_show("form").await;
    checkout.pay_with(&card::PAYS).await;
    checkout.must_show("delivered").await;
    let token = world.token().await;
    assert_eq!(world.redeem(&token, reference).await, 201);
    checkout.must_show("completed").await;
    assert_eq!(world.provider.books.paid(reference), 1);
    world.provider.books.must_balance();
}
