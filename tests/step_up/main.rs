//! The bank wants to know that it is the shopper: it asks within the checkout, and nothing is paid before it knows.

use fantoccini::key::Key;
use farthing_journeys::{
    card::{ASKS, Card, KNOWN_TO_THE_BANK, PAYS, TAKES_NO_PASSCODE},
    checkout::Checkout,
    journey::{World, journey},
    wait,
};

const RIGHT: &str = "123456";
const WRONG: &str = "000000";

#[test]
fn a_passcode_pays_and_leaves_nothing_to_go_back_to() {
    journey(async |world| {
        let (reference, checkout) = asked(world, &ASKS).await;
        checkout.must_say("Your bank wants to know that it is you").await;
        let pages = pages(world, &checkout).await;
        assert_eq!(world.provider.books.paid(&reference), 0);
        assert_eq!(
            world.provider.books.count("charges"),
            0,
            "the page has no token yet"
        );

        // Who is paid and how much is said where the code is typed.
        checkout.enter_the_banks_page("#passcode").await;
        checkout.must_say("Confirm €1.50 to The Corner Press").await;
        checkout.answer_the_bank(WRONG).await;
        checkout.enter_the_banks_page("#passcode-error").await;
        checkout.must_say("You can try 2 more times.").await;
        assert_eq!(typed(&checkout).await, "", "what was wrong is typed anew");
        checkout.answer_the_bank(RIGHT).await;

        checkout.must_show("completed").await;
        assert_eq!(self::pages(world, &checkout).await, pages);
        world.shop.must_come_to(&reference, "paid").await;
        assert_eq!(world.provider.books.paid(&reference), 1);
        world.provider.books.must_balance();
    });
}

#[test]
fn three_wrong_passcodes_charge_nothing_and_another_card_pays() {
    journey(async |world| {
        let (reference, checkout) = asked(world, &TAKES_NO_PASSCODE).await;
        for left in ["You can try 2 more times.", "You can try once more."] {
            checkout.answer_the_bank(WRONG).await;
            checkout.enter_the_banks_page("#passcode-error").await;
            checkout.must_say(left).await;
        }
        checkout.answer_the_bank(RIGHT).await;
        checkout.must_show("refused").await;
        checkout.must_say("The payment was not confirmed").await;
        checkout.must_say("Nothing was charged").await;
        assert_eq!(world.provider.books.count("charges"), 0);

        checkout.click("#again").await;
        checkout.must_show("form").await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        world.shop.must_come_to(&reference, "paid").await;
        assert_eq!(world.provider.books.paid(&reference), 1);
        world.provider.books.must_balance();
    });
}

#[test]
fn a_time_that_ran_out_and_a_change_of_mind_charge_nothing() {
    journey(async |world| {
        let (reference, checkout) = asked(world, &ASKS).await;
        let late = "UPDATE challenges SET expires_at = expires_at - 300";
        world.provider.books.make_time_pass(late);
        checkout.must_show("refused").await;
        checkout.must_say("The time to confirm ran out").await;

        checkout.click("#again").await;
        checkout.must_show("form").await;
        checkout.pay_with(&ASKS).await;
        checkout.must_show("challenged").await;
        checkout.click("#cancel").await;
        checkout.must_show("cancelled").await;
        checkout.must_say("Nothing was charged").await;
        assert_eq!(world.provider.books.count("charges"), 0);
        assert_eq!(world.shop.order(&reference).await["status"], "open");
    });
}

#[test]
fn a_bank_that_knows_the_shopper_asks_nothing() {
    journey(async |world| {
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&KNOWN_TO_THE_BANK).await;
        assert_eq!(
            checkout.must_show_one_of(&["completed", "challenged"]).await,
            "completed"
        );
        world.shop.must_come_to(&reference, "paid").await;
    });
}

#[test]
fn confirms_by_keyboard_only() {
    journey(async |world| {
        let (reference, checkout) = asked(world, &ASKS).await;
        // Whoever can't see the screen is told what it asks, and goes on from there.
        let active = "return document.activeElement.id";
        wait::until("the focus is on what the screen asks", async || {
            (checkout.run(active).await == "title").then_some(())
        })
        .await;
        checkout.enter_the_banks_page("#passcode").await;
        let mut tabs = 0;
        while checkout.run(active).await != "passcode" {
            world.browser.press(Key::Tab.into()).await;
            tabs += 1;
            assert!(tabs < 10, "Tab does not lead to the code");
        }
        for digit in RIGHT.chars() {
            world.browser.press(digit).await;
        }
        world.browser.press(Key::Enter.into()).await;
        checkout.must_show("completed").await;
        world.shop.must_come_to(&reference, "paid").await;
        assert_eq!(world.provider.books.paid(&reference), 1);
    });
}

/// A shopper who paid with `card` and is asked.
async fn asked<'a>(world: &'a World, card: &Card) -> (String, Checkout<'a>) {
    let reference = world.shop.buy(&world.browser, "sticker").await;
    let checkout = Checkout::with_form(&world.browser).await;
    checkout.pay_with(card).await;
    checkout.must_show("challenged").await;
    (reference, checkout)
}

async fn typed(checkout: &Checkout<'_>) -> serde_json::Value {
    checkout
        .run("return document.getElementById('passcode').value")
        .await
}

/// How many pages “Back” goes through.
async fn pages(world: &World, checkout: &Checkout<'_>) -> String {
    checkout.enter().await.unwrap();
    world.browser.read("return String(history.length)").await
}
