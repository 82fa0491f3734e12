use fantoccini::key::Key;
use farthing_journeys::{
    card::PAYS,
    checkout::Checkout,
    journey::{World, journey},
};

#[test]
fn pays_by_keyboard_only() {
    journey(async |world| {
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.leave().await.unwrap();
        // From the top of the page into the frame.
        let mut tabs = 0;
        while active(world).await != "FARTHING-CHECKOUT" {
            world.browser.press(Key::Tab.into()).await;
            tabs += 1;
            assert!(tabs < 20, "Tab does not lead to the checkout");
        }
        checkout.enter().await.unwrap();
        for (field, text) in [
            ("number", PAYS.number),
            ("expiry", PAYS.expiry),
            ("security-code", PAYS.security_code),
            ("name", PAYS.name),
        ] {
            assert_eq!(active_id(world).await, field);
            for c in text.chars() {
                world.browser.press(c).await;
            }
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

async fn active(world: &World) -> String {
    world.browser.read("return document.activeElement.tagName").await
}

async fn active_id(world: &World) -> String {
    world.browser.read("return document.activeElement.id").await
}
