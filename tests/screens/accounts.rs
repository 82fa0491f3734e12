use farthing_journeys::{
    account::{Account, DECLINED},
    journey::World,
};

/// A choice of ways to pay, and the form for a bank account.
pub async fn walk(world: &World, looks: &impl AsyncFn(&str)) {
    world.wire().has(|_, answer| Some(answer));
    world.offer_accounts();
    let (order, reference) = world.kiosk.order().await;
    let checkout = world.open_kiosk(&order).await;
    looks("ways-card").await;
    checkout.choose("bank_account").await;
    looks("ways-account").await;
    let wrong = Account {
        iban: "DE89370400440532013001",
        holder: "4",
    };
    checkout.fill_account(&wrong).await;
    checkout.click("#pay").await;
    checkout.must_say("Tick the box if you agree to pay.").await;
    looks("account-wrong").await;

    let checkout = world.open_kiosk(&order).await;
    checkout.choose("bank_account").await;
    checkout.fill_account(&DECLINED).await;
    checkout.consent().await;
    looks("account-filled").await;
    checkout.click("#pay").await;
    checkout.must_show("delivered").await;
    looks("account-delivered").await;
    let token = world.token().await;
    assert_eq!(world.redeem(&token, &reference).await, 402);
    checkout.must_show("refused").await;
    looks("account-declined").await;
}
