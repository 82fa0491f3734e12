use fantoccini::Locator;
use farthing_journeys::{
    card::PAYS,
    journey::World,
    merchant::{Redemption, new_reference},
};

/// A fee, and the receipt with what comes after it.
pub async fn walk(world: &World, looks: &impl AsyncFn(&str)) {
    world.wire().has(|_, answer| Some(answer));
    let kiosk = world.kiosk.id.as_str();
    let fees = ["merchant", "fees", "set", kiosk, "--currency", "EUR"];
    let terms = ["--bearer", "shopper", "--fixed", "25", "--rate-bp", "0"];
    world.provider.operator(&[&fees[..], &terms].concat());
    let reference = new_reference();
    let order = world.kiosk.order_over(&reference, 900, 3600).await;
    let checkout = world.open_kiosk(&order).await;
    looks("form-fee").await;
    checkout.pay_with(&PAYS).await;
    let token = world.token().await;
    let redemption = Redemption {
        amount: 900,
        ..world.kiosk.redemption(&token, &reference)
    };
    let charge = world.kiosk.redeem(&redemption).await.json();
    let refund = world.kiosk.refund(charge["id"].as_str().unwrap(), 100).await;
    assert_eq!(refund.status, 201, "{refund:?}");

    let client = &world.browser.client;
    let receipt = charge["receipt"].as_str().unwrap();
    let receipt = format!("{}/v1/receipts/{receipt}", world.provider.origin);
    client.goto(&receipt).await.unwrap();
    looks("receipt-refunded").await;
    let click = async |css| {
        client
            .find(Locator::Css(css))
            .await
            .unwrap()
            .click()
            .await
            .unwrap();
    };
    click(".complaint summary").await;
    click("input[name=reason]").await;
    looks("complaint-open").await;
    click(".complaint button").await;
    looks("complaint-sent").await;
    let disputes = world.kiosk.get("/v1/disputes").await.json();
    let dispute = disputes["disputes"][0]["id"].as_str().unwrap();
    let answer = "It was downloaded twice, on Monday and again on Tuesday.";
    assert_eq!(world.kiosk.contest(dispute, answer).await.status, 200);
    client.goto(&receipt).await.unwrap();
    looks("complaint-contested").await;
}
