use fantoccini::key::Key;
use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
    wait,
};

#[test]
fn pays_by_keyboard_only() {
    journey(async |world| {
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        into_the_frame(world, &checkout).await;
        for (field, text) in [
            ("number", PAYS.number),
            ("expiry", PAYS.expiry),
            ("security-code", PAYS.security_code),
            ("name", PAYS.name),
        ] {
            assert_eq!(active_id(world).await, field);
            type_text(world, text).await;
            world.browser.press(Key::Tab.into()).await;
        }
        assert_eq!(active_id(world).await, "consent");
        world.browser.press(' ').await;
        assert_eq!(
            checkout
                .run("return document.getElementById('consent').checked")
                .await,
            true
        );
        world.browser.press(Key::Tab.into()).await;
        assert_eq!(active_id(world).await, "pay");
        world.browser.press(Key::Enter.into()).await;
        checkout.must_show("completed").await;
        // Whoever can't see the screen is taken to what it says now.
        assert_eq!(active_id(world).await, "title");
        world.shop.must_come_to(&reference, "paid").await;
        world.provider.books.must_balance();
        assert_eq!(world.provider.books.paid(&reference), 1);
    });
}

/// From the top of the page into the frame, by Tab alone.
pub async fn into_the_frame(world: &World, checkout: &Checkout<'_>) {
    checkout.leave().await.unwrap();
    let mut tabs = 0;
    while world.browser.read("return document.activeElement.tagName").await != "FARTHING-CHECKOUT" {
        world
            .browser
            .read("window.hadFocus = document.activeElement")
            .await;
        world.browser.press(Key::Tab.into()).await;
        // A frame in a process of its own has the focus before the page around it knows.
        wait::until("the focus is elsewhere", async || {
            let moved = "return String(document.activeElement !== window.hadFocus)";
            (world.browser.read(moved).await == "true").then_some(())
        })
        .await;
        tabs += 1;
        assert!(tabs < 20, "Tab does not lead to the checkout");
    }
    checkout.enter().await.unwrap();
}

/// Types `text`, wherever the focus is.
pub async fn type_text(world: &World, text: &str) {
    for c in text.chars() {
        world.browser.press(c).await;
    }
}

/// What has the focus.
pub async fn active_id(world: &World) -> String {
    world.browser.read("return document.activeElement.id").await
}

/// What stands in a field.
pub async fn value(checkout: &Checkout<'_>, id: &str) -> String {
    let value = checkout
        .run(&format!("return document.getElementById('{id}').value"))
        .await;
    value.as_str().unwrap().to_owned()
}
