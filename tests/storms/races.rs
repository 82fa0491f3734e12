//! Many servers redeem one token at once, over and over.

use std::collections::HashMap;

use futures_util::{StreamExt, future::join_all, stream};
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    client::Ask,
    shop::Shop,
    world::{World, how_many, storm},
};

/// Redemptions of one token at once.
const REDEMPTIONS: usize = 64;
/// Tokens at once: the provider has 256 requests at work at the most.
const TOKENS: usize = 3;
const AMOUNT: i64 = 250;

#[test]
fn of_all_who_redeem_a_token_one_does() {
    storm("races", async |world| {
        let shop = Shop::new(&world.kiosk);
        let tokens = how_many("FARTHING_RACES", 300);
        stream::iter(0..tokens)
            .for_each_concurrent(TOKENS, async |number| race(&shop, number).await)
            .await;
        let tokens = usize::try_from(tokens).unwrap();
        let report = world.audit().await;
        assert_eq!(
            (&report["charges"], &report["postings"]),
            (&json!(tokens), &json!(tokens))
        );
        let paid = paid_by_order(world);
        assert_eq!(paid.len(), tokens);
        assert!(paid.values().all(|count| *count == 1), "{paid:?}");
        world.provider.books.must_agree_with_the_bank();
    });
}

/// Each with a key of its own, as if as many servers had got the token.
pub async fn race(shop: &Shop, number: u64) {
    let (order, mut chance) = (format!("race-{number}"), Chance::new(number));
    let card = chance.card();
    let paper = shop.paper(&order, AMOUNT, &card, &mut chance).await;
    let body = json!({ "token": paper.token, "order": order, "amount": AMOUNT, "currency": "EUR" });
    let asks =
        (0..REDEMPTIONS).map(|server| Ask::post("/v1/charges", &format!("{order}-{server}"), body.clone()));
    let asks: Vec<_> = asks.collect();
    let answers = join_all(asks.iter().map(|ask| shop.merchant.ask_on(ask))).await;
    let paid = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(paid, 1, "{order}: {answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        let (status, code) = answer.verdict();
        let known = matches!(
            (status, code.as_str()),
            (409, "token_used" | "order_paid" | "order_in_flight")
        );
        assert!(known, "{order}: {answer:?}");
    }
}

/// How many charges of each order are paid, in what `farthing audit` exports.
fn paid_by_order(world: &World) -> HashMap<String, usize> {
    let export = world.folder.join("books.jsonl");
    world
        .provider
        .operator(&["audit", "export", export.to_str().unwrap()]);
    let mut paid = HashMap::new();
    for line in std::fs::read_to_string(export).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        if row["table"] == "charges" && row["row"]["stage"] == "paid" {
            let order = row["row"]["reference"].as_str().unwrap().to_owned();
            *paid.entry(order).or_default() += 1;
        }
    }
    paid
}
