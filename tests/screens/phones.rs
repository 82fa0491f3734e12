use farthing_journeys::{
    journey::World,
    phone::{NEAR_ITS_LIMIT, PAYS, Phone},
    wait,
};

use crate::{aria, axe};

/// The form for a phone bill, the passcode, and a limit that is reached.
pub async fn walk(world: &World, looks: &impl AsyncFn(&str)) {
    world.wire().has(|_, answer| Some(answer));
    world.offer_phones();
    let (order, _) = world.kiosk.order().await;
    let checkout = world.open_kiosk(&order).await;
    checkout.choose("phone_bill").await;
    looks("ways-phone").await;
    let wrong = Phone {
        carrier: "wren",
        number: "+49 171 3920000",
    };
    checkout.fill_phone(&wrong).await;
    // What is wrong is said when the field is left, and on a narrow screen would move the button under the mouse.
    checkout.click("#pay").await;
    checkout.must_say("Tick the box if you agree to pay.").await;
    looks("phone-wrong").await;

    let checkout = world.open_kiosk(&order).await;
    checkout.choose("phone_bill").await;
    checkout.fill_phone(&PAYS).await;
    checkout.consent().await;
    looks("phone-filled").await;
    checkout.click("#pay").await;
    checkout.must_show("challenged").await;
    checkout.enter_the_banks_page("#passcode").await;
    axe::must_be_accessible(world, "phone-passcode").await;
    aria::must_be_as_written(world, "phone-passcode").await;
    looks("phone-challenged").await;
    checkout.enter().await.unwrap();
    checkout.click("#cancel").await;
    checkout.must_show("cancelled").await;

    let checkout = world.open_kiosk(&order).await;
    checkout.pay_by_phone(&NEAR_ITS_LIMIT).await;
    checkout.must_show("refused").await;
    looks("phone-limit").await;
}
