use farthing_journeys::{card::PAYS, checkout::Checkout, http::get, journey::journey};
use serde_json::json;

use crate::{must_hold, read_receipt, redeem};

#[test]
fn a_fee_that_the_shopper_bears_is_said_first_and_is_in_every_total() {
    journey(async |world| {
        let kiosk = world.kiosk.id.as_str();
        let fees = ["merchant", "fees", "set", kiosk, "--currency", "EUR"];
        let terms = ["--bearer", "shopper", "--fixed", "25", "--rate-bp", "0"];
        world.provider.operator(&[&fees[..], &terms].concat());

        let (order, reference) = world.kiosk.order().await;
        let checkout = world.open_kiosk(&order).await;
        must_hold(&checkout.text_of(".ways").await, &["Card", "+ €0.25 fee"]);
        let first = "const [ways, number] = ['.ways', '#number'].map(css => document.querySelector(css));
            return !!(ways.compareDocumentPosition(number) & Node.DOCUMENT_POSITION_FOLLOWING)";
        assert_eq!(
            checkout.run(first).await,
            true,
            "the fee is said after the choice"
        );
        assert_eq!(checkout.text_of("[data-row=line] dd").await, "€2.50");
        assert_eq!(checkout.text_of("[data-row=fee] dd").await, "€0.25");
        assert_eq!(checkout.text_of("[data-row=sum] dd").await, "€2.75");
        assert_eq!(checkout.text_of(".total").await, "€2.75");
        assert_eq!(checkout.text_of("#pay").await, "Pay €2.75");
        let consent = checkout.text_of("#consent-text").await;
        must_hold(
            &consent,
            &[
                "I agree to pay €2.75 to",
                "€0.25 of it is a fee for paying by card",
            ],
        );
        let said = checkout.text().await;
        for words in ["adds nothing", "no fee"] {
            assert!(!said.contains(words), "“{words}” is in: {said}");
        }

        checkout.pay_with(&PAYS).await;
        let payment = redeem(world, &reference, 250).await;
        let books = &world.provider.books;
        assert_eq!(books.number("SELECT amount + fee FROM tokens", &[]), 275);
        assert_eq!(books.number("SELECT captured FROM charges", &[]), 275);
        books.must_balance();

        let total = json!({ "amount": 275, "currency": "EUR" });
        let receipt = get(&payment.receipt).await.unwrap().json()["receipt"].take();
        assert_eq!(receipt["total"], total);
        assert_eq!(receipt["fee"], json!({ "amount": 25, "bearer": "shopper" }));
        let record = format!(
            "{}/v1/consents/{}",
            world.provider.origin,
            receipt["consent"].as_str().unwrap()
        );
        let record = get(&record).await.unwrap().json().to_string();
        must_hold(&record, &[&json!(consent).to_string(), &total.to_string()]);
        let page = read_receipt(world, &payment).await;
        must_hold(
            &page,
            &["€2.75", "Fee for paying this way", "€0.25", "€0.25, in the total"],
        );
    });
}

#[test]
fn a_fee_that_the_shop_bears_adds_nothing_and_it_says_so() {
    journey(async |world| {
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout
            .must_say("The Corner Press adds nothing to this price.")
            .await;
        must_hold(&checkout.text_of(".ways").await, &["Card", "no fee"]);
        assert_eq!(checkout.text_of(".total").await, "€1.50");
        let fee = checkout
            .run("return document.querySelector('[data-row=fee]')")
            .await;
        assert!(fee.is_null(), "there is a row for a fee");

        checkout.pay_with(&PAYS).await;
        let order = world.shop.must_come_to(&reference, "paid").await;
        let receipt = get(order["receipt"].as_str().unwrap()).await.unwrap().json();
        assert_eq!(receipt["receipt"]["fee"]["bearer"], "merchant");
        assert_eq!(receipt["receipt"]["total"]["amount"], 150);
        world.provider.books.must_balance();
    });
}
