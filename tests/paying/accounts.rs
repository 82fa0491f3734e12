//! A merchant that takes cards and bank accounts.

use fantoccini::key::Key;
use farthing_journeys::{
    account::{DECLINED, PAYS},
    card,
    journey::{World, journey},
};

use crate::keyboard::{active_id, into_the_frame, type_text, value};

#[test]
fn pays_from_an_account_by_keyboard_only() {
    journey(async |world| {
        world.offer_accounts();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        into_the_frame(world, &checkout).await;
        let press = async |key: Key| world.browser.press(key.into()).await;
        assert_eq!(active_way(world).await, "card");
        let said = checkout.text_of("[data-row=bank_account]").await;
        for words in [
            "Bank account",
            "no fee",
            "Arrives within 2 working days, can be refunded for 56 days, up to €",
        ] {
            assert!(said.contains(words), "{words} is not in {said}");
        }
        assert_eq!(checkout.text_of(".total").await, "€2.55");
        press(Key::Down).await;
        assert_eq!(active_way(world).await, "bank_account");
        assert_eq!(checkout.text_of(".total").await, "€2.50");
        let consent = checkout.text_of("#consent-text").await;
        assert!(consent.contains("SEPA direct debit"), "{consent}");

        // A digit is wrong: said beside the field, and nothing is sent.
        press(Key::Tab).await;
        type_text(world, "DE89 3704 0044 0532 0130 01").await;
        press(Key::Tab).await;
        let help = checkout.text_of("#iban-help").await;
        assert_eq!(help, "Check the IBAN: a character is wrong");
        type_text(world, PAYS.holder).await;
        press(Key::Tab).await;
        type_text(world, " ").await;
        press(Key::Tab).await;
        assert_eq!(active_id(world).await, "pay");
        press(Key::Enter).await;
        assert_eq!(active_id(world).await, "iban");
        let invalid = "return document.activeElement.getAttribute('aria-invalid')
            + document.activeElement.getAttribute('aria-describedby')";
        assert_eq!(checkout.run(invalid).await, "trueiban-help");
        assert_eq!(world.provider.answered("POST", "/v1/tokens"), 0);

        press(Key::End).await;
        press(Key::Backspace).await;
        type_text(world, "0").await;
        let mended = checkout.text_of("#iban-help").await;
        assert_eq!(mended, "On your bank card or statement");
        for _ in ["holder", "consent", "pay"] {
            press(Key::Tab).await;
        }
        press(Key::Enter).await;
        checkout.must_show("delivered").await;
        assert_eq!(active_id(world).await, "title");
        checkout.must_say("from the account DE … ending in 3000").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        assert_eq!(checkout.text_of("#title").await, "€2.50 paid");
        world.provider.books.must_balance();
        assert_eq!(world.provider.books.paid(&reference), 1);
    });
}

#[test]
fn an_account_that_is_declined_keeps_no_card_from_paying() {
    journey(async |world| {
        world.offer_accounts();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.pay_from(&DECLINED).await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 402);
        checkout.must_show("refused").await;
        assert_eq!(checkout.text_of("#title").await, "The payment was declined");
        checkout.must_say("Nothing was charged").await;

        checkout.click("#again").await;
        checkout.must_show("form").await;
        checkout.pay_with(&card::PAYS).await;
        checkout.must_show("delivered").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
        checkout.must_show("completed").await;
        assert_eq!(checkout.text_of("#title").await, "€2.55 paid");
        world.provider.books.must_balance();
        assert_eq!(world.provider.books.paid(&reference), 1);
    });
}

#[test]
fn what_was_typed_for_one_way_is_there_when_it_is_chosen_again() {
    journey(async |world| {
        world.offer_accounts();
        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        checkout.fill(&card::PAYS).await;
        checkout.consent().await;
        checkout.choose("bank_account").await;
        let agreed = "return document.getElementById('consent').checked";
        assert_eq!(checkout.run(agreed).await, false, "agreed to another sentence");
        // As a phone with a Japanese keyboard has them.
        checkout.type_into("#iban", "ｄｅ８９３７０４").await;
        assert_eq!(value(&checkout, "iban").await, "DE89 3704");
        checkout.choose("card").await;
        assert_eq!(checkout.run(agreed).await, false);
        assert_eq!(value(&checkout, "number").await, "4242 4242 4242 4242");
        checkout.choose("bank_account").await;
        assert_eq!(value(&checkout, "iban").await, "DE89 3704");
        checkout.type_into("#iban", "00440532013000").await;
        checkout.type_into("#holder", PAYS.holder).await;
        checkout.choose("card").await;
        checkout.consent().await;
        checkout.click("#pay").await;
        checkout.must_show("delivered").await;
        checkout.must_say("with Visa ending in 4242").await;
        let token = world.token().await;
        assert_eq!(world.redeem(&token, &reference).await, 201);
    });
}

/// The way whose button has the focus.
async fn active_way(world: &World) -> String {
    world
        .browser
        .read("return document.activeElement.closest('label').dataset.row")
        .await
}
