//! What a merchant may sign: the claims of an order, any bytes. What is quoted is what they say.
#![no_main]

use farthing_fuzz::{members, scene, signed};
use farthing_gateway::{decimals, in_english};
use farthing_protocol::{Code, Quote, limits};
use farthing_testkit::{NOW, Shop};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|bytes: &[u8]| {
    match scene(|scene| scene.quote(signed(bytes))) {
        Ok(quote) => says(&quote, &serde_json::from_slice(bytes).unwrap()),
        Err(refusal) => {
            let other = [
                Code::CurrencyUnknown,
                Code::TooManyAttempts,
                Code::MethodNotOffered,
            ];
            let known = refusal.code.as_str().starts_with("order_") || other.contains(&refusal.code);
            assert!(known, "{refusal:?}");
        }
    }
});

fn says(quote: &Quote, claims: &Value) {
    assert_eq!(members(claims), ["aud", "exp", "iat", "iss", "jti", "order"]);
    let shop = Shop::number(1);
    assert_eq!(
        (&claims["iss"], &claims["aud"]),
        (&json!(shop.id), &json!(shop.provider))
    );
    assert_eq!(claims["jti"], quote.order.as_str());

    let order = &claims["order"];
    assert_eq!(members(order), ["currency", "lines"]);
    assert_eq!(json!(quote.lines), order["lines"]);
    assert!((1..=limits::ORDER_LINES).contains(&quote.lines.len()));
    let offer = &quote.methods[0];
    let total: i64 = quote.lines.iter().map(|line| line.amount).sum();
    assert!(quote.lines.iter().all(|line| line.amount > 0) && total <= limits::AMOUNT_MINOR);
    assert_eq!(
        json!(offer.total),
        json!({"amount": total, "currency": order["currency"]})
    );
    assert_eq!(Some(quote.decimals), decimals(offer.total.currency()));
    let amount = in_english(offer.total, quote.decimals);
    assert!(
        offer
            .consent
            .text
            .contains(&format!(" pay {amount} to {}, once.", quote.payee.name.as_str()))
    );

    let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
    assert!(iat <= NOW.0 + limits::CLOCK_SKEW_S && exp > NOW.0);
    assert!(exp - iat <= limits::ORDER_LIFETIME_S);
    assert!(quote.expires_at.0 <= exp && quote.expires_at.since(NOW) <= limits::QUOTE_LIFETIME_S);
}
