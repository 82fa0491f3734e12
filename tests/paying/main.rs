//! A shopper pays in the shop; and what the screen said is what was agreed to, charged, booked and receipted.

mod accounts;
mod keyboard;
mod phones;

use farthing_journeys::{
    card::{BRANDS, PAYS},
    checkout::Checkout,
    http::get,
    journey::journey,
    merchant::new_reference,
    wait,
};
use serde_json::{Value, json};

#[test]
fn pays_by_typing_and_every_amount_is_the_one_on_the_screen() {
    journey(async |world| {
        let reference = world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.must_say("Sandbox: no real money moves").await;
        assert_eq!(checkout.text_of(".total").await, "€1.50");
        assert_eq!(checkout.text_of("#pay").await, "Pay €1.50");
        let consent = checkout.text_of("#consent-text").await;
        assert!(
            consent.contains("€1.50") && consent.contains("The Corner Press"),
            "{consent}"
        );

        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        assert_eq!(checkout.text_of("#title").await, "€1.50 paid");
        let receipt = link(&checkout, "#receipt").await;
        let record = link(&checkout, "#consent-record").await;

        let order = world.shop.must_come_to(&reference, "paid").await;
        assert_eq!(order["receipt"], receipt);
        checkout.leave().await.unwrap();
        wait::until("the shop's page says so", async || {
            let text = world
                .browser
                .client
                .execute("return document.body.innerText", vec![])
                .await
                .ok()?;
            text.as_str()?.contains("Your payment has arrived").then_some(())
        })
        .await;

        // Receipt, consent and ledger say what the screen said.
        let receipt = get(&receipt).await.unwrap().json();
        let total = json!({ "amount": 150, "currency": "EUR" });
        assert_eq!(receipt["receipt"]["total"], total);
        assert_eq!(receipt["receipt"]["order"], reference);
        assert_eq!(
            receipt["receipt"]["hint"],
            json!({ "brand": "visa", "last_four": "4242" })
        );
        let record = get(&record).await.unwrap().json();
        assert_eq!(find(&record, "text"), Some(&Value::from(consent)), "{record}");
        assert_eq!(find(&record, "total"), Some(&total), "{record}");
        let books = &world.provider.books;
        books.must_balance();
        assert_eq!(
            books.number("SELECT sum(amount) FROM entries WHERE amount > 0", &[]),
            150
        );
        // From the bank to the shop and, for its service, the provider.
        assert_eq!(books.count("entries"), 3);
        assert_eq!(books.paid(&reference), 1);
    });
}

#[test]
fn cards_of_other_brands_are_known_and_pay() {
    journey(async |world| {
        for (brand, card) in BRANDS {
            let reference = world.shop.buy(&world.browser, "article").await;
            let checkout = Checkout::with_form(&world.browser).await;
            checkout.fill(&card).await;
            assert_eq!(checkout.text_of(".brand").await, brand);
            checkout.consent().await;
            checkout.click("#pay").await;
            checkout.must_show("completed").await;
            world.shop.must_come_to(&reference, "paid").await;
        }
        world.provider.books.must_balance();
    });
}

#[test]
fn the_receipt_is_a_page_too() {
    journey(async |world| {
        world.shop.buy(&world.browser, "sticker").await;
        let checkout = Checkout::with_form(&world.browser).await;
        checkout.pay_with(&PAYS).await;
        checkout.must_show("completed").await;
        let address = link(&checkout, "#receipt").await;
        checkout.leave().await.unwrap();
        let tab = world.browser.client.new_window(true).await.unwrap();
        world.browser.to_tab(tab.handle).await;
        world.browser.client.goto(&address).await.unwrap();
        let text = world
            .browser
            .client
            .execute("return document.body.innerText", vec![])
            .await
            .unwrap();
        for words in ["The Corner Press", "€1.50", "4242", "Sandbox"] {
            assert!(text.as_str().unwrap().contains(words), "{words} is not in {text}");
        }
    });
}

/// The button's amount is the browser's `Intl`, the consent's is the provider's: they must be one.
#[test]
fn every_currency_reads_the_same_on_the_button_and_in_the_consent() {
    journey(async |world| {
        let currencies = [
            ("EUR", 1),
            ("EUR", 150),
            ("EUR", 123_456),
            ("EUR", 100_000_000),
            ("USD", 150),
            ("GBP", 99_999),
            ("JPY", 1),
            ("JPY", 1_234_567),
            ("KWD", 1),
            ("KWD", 1_234_567),
            ("BHD", 12_345),
            ("CHF", 150),
            ("AUD", 150),
            ("CAD", 150),
            ("CNY", 150),
            ("HKD", 150),
            ("INR", 1_234_567),
            ("ILS", 150),
            ("KRW", 50_000),
            ("MXN", 150),
            ("NZD", 150),
            ("PHP", 150),
            ("TWD", 150),
            ("VND", 25_000),
            ("BRL", 150),
            ("PLN", 150),
            ("SEK", 150),
            ("TRY", 150),
            ("ISK", 150),
            ("IQD", 150),
            ("AFN", 150),
            ("CLF", 12_345),
            ("UGX", 5_000),
            ("XOF", 650),
            ("XAF", 650),
            ("XCD", 650),
            ("XPF", 650),
            ("HUF", 150),
            ("COP", 150),
            ("IDR", 150),
        ];
        let order = |currency: &str, amount: i64| json!({ "currency": currency, "lines": [{ "label": "First", "amount": amount }, { "label": "Second", "amount": 7 }] });
        let first = world
            .kiosk
            .order_of(&new_reference(), order("EUR", 3), 3600)
            .await;
        let checkout = world.open_kiosk(&first).await;
        let mut before = "€0.10".to_owned();
        for (currency, amount) in currencies {
            // The largest total there can be, second line and all.
            let amount = if amount == 100_000_000 { amount - 7 } else { amount };
            let next = world
                .kiosk
                .order_of(&new_reference(), order(currency, amount), 3600)
                .await;
            checkout.leave().await.unwrap();
            let give = format!("document.querySelector('farthing-checkout').setAttribute('order', '{next}')");
            world.browser.client.execute(&give, vec![]).await.unwrap();
            checkout.enter().await.unwrap();
            let total = wait::until(&format!("the form is over {amount} {currency}"), async || {
                let total = world
                    .browser
                    .client
                    .execute("return document.querySelector('.total')?.textContent", vec![])
                    .await;
                Some(total.ok()?.as_str()?.to_owned()).filter(|total| *total != before)
            })
            .await;
            // As it is in the document: the driver makes every space a plain one.
            let [button, consent] = ["pay", "consent-text"]
                .map(|id| format!("return document.getElementById('{id}').textContent"));
            assert_eq!(checkout.run(&button).await, format!("Pay {total}"));
            let (consent, said) = (checkout.run(&consent).await, format!("I agree to pay {total} to"));
            assert!(
                consent.as_str().unwrap().starts_with(&said),
                "{currency}: {said:?} is not in {consent:?}"
            );
            before = total;
        }
    });
}

async fn link(checkout: &Checkout<'_>, css: &str) -> String {
    checkout
        .run(&format!("return document.querySelector('{css}').href"))
        .await
        .as_str()
        .unwrap()
        .to_owned()
}

/// The value of the first member called `name`, however deep.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let members = value.as_object()?;
    members
        .get(name)
        .or_else(|| members.values().find_map(|inner| find(inner, name)))
}
