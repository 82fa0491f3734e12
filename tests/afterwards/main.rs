//! What is said before a payment about fees and who vouches, and what can be done after it: refunds and complaints.

mod accreditation;
mod complaint;
mod fees;
mod refund;

use farthing_journeys::{
    card::PAYS,
    journey::World,
    merchant::{Redemption, new_reference},
};

/// A payment to the kiosk.
struct Payment {
    charge: String,
    /// The receipt's address.
    receipt: String,
}

/// Has the shopper pay the kiosk `amount` euro cents.
async fn pay(world: &World, amount: i64) -> Payment {
    let reference = new_reference();
    let order = world.kiosk.order_over(&reference, amount, 3600).await;
    world.open_kiosk(&order).await.pay_with(&PAYS).await;
    redeem(world, &reference, amount).await
}

/// Has the kiosk take what the shopper agreed to, for an order over `amount` euro cents.
async fn redeem(world: &World, reference: &str, amount: i64) -> Payment {
    let token = world.token().await;
    let redemption = Redemption {
        amount,
        ..world.kiosk.redemption(&token, reference)
    };
    let charge = world.kiosk.redeem(&redemption).await;
    assert_eq!(charge.status, 201, "{charge:?}");
    let charge = charge.json();
    let text = |name: &str| charge[name].as_str().unwrap().to_owned();
    Payment {
        charge: text("id"),
        receipt: format!("{}/v1/receipts/{}", world.provider.origin, text("receipt")),
    }
}

/// Opens the receipt's page; what it says.
async fn read_receipt(world: &World, payment: &Payment) -> String {
    world.browser.client.goto(&payment.receipt).await.unwrap();
    text(world).await
}

/// What the page says.
async fn text(world: &World) -> String {
    world.browser.read("return document.body.innerText").await
}

fn must_hold(text: &str, sentences: &[&str]) {
    for words in sentences {
        assert!(text.contains(words), "“{words}” is not in: {text}");
    }
}
