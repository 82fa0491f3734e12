use farthing_protocol::{Code, limits};
use farthing_testkit::{NOW, Shop};
use serde_json::{Value, json};

use super::{Gateway, start};

async fn quote_code(gateway: &Gateway, shop: &Shop, order: String) -> Option<Code> {
    gateway
        .quote(shop.quote_request(order))
        .await
        .err()
        .map(|refusal| refusal.code)
}

#[tokio::test]
async fn orders_are_read_strictly() {
    let shop = Shop::number(1);
    let (gateway, _) = start(&[&shop, &Shop::number(2)]);
    let good = shop.claims("o", "EUR", &[("Sticker", 150)], NOW);
    let with = |pointer: &str, value: Value| {
        let mut claims = good.clone();
        *claims.pointer_mut(pointer).unwrap() = value;
        claims
    };
    let mut extra = good.clone();
    extra["order"]["tip"] = json!(100);
    let mut missing = good.clone();
    missing.as_object_mut().unwrap().remove("exp");
    let long = "a".repeat(limits::LABEL_CHARS + 1);
    let line = json!({"label": "x", "amount": 1});
    let table = [
        (extra, Code::OrderMalformed),
        (missing, Code::OrderMalformed),
        (with("/order/lines/0/amount", json!(1.5)), Code::OrderMalformed),
        (with("/order/lines/0/amount", json!("150")), Code::OrderMalformed),
        (with("/order/lines/0/amount", json!(1e30)), Code::OrderMalformed),
        (with("/order/lines/0/label", json!(long)), Code::OrderMalformed),
        (
            with("/order/lines/0/label", json!("a\u{202E}b")),
            Code::OrderMalformed,
        ),
        (with("/order/lines/0/amount", json!(0)), Code::OrderAmountInvalid),
        (
            with("/order/lines/0/amount", json!(-150)),
            Code::OrderAmountInvalid,
        ),
        (
            with("/order/lines/0/amount", json!(i64::MAX)),
            Code::OrderAmountInvalid,
        ),
        (with("/order", json!(["EUR", [line]])), Code::OrderMalformed),
        (with("/order/lines/0", json!(["x", 1])), Code::OrderMalformed),
        (with("/order/lines", json!([])), Code::OrderLinesInvalid),
        (
            with("/order/lines", Value::Array(vec![line; 21])),
            Code::OrderLinesInvalid,
        ),
        (with("/order/currency", json!("XXX")), Code::CurrencyUnknown),
        (with("/order/currency", json!("eur")), Code::OrderMalformed),
        (with("/iss", json!(Shop::number(2).id)), Code::OrderMerchantWrong),
        (
            with("/aud", json!("https://other.example")),
            Code::OrderAudienceWrong,
        ),
        (with("/exp", json!(NOW.0)), Code::OrderLifetimeTooLong),
        (
            with("/exp", json!(NOW.0 + limits::ORDER_LIFETIME_S + 1)),
            Code::OrderLifetimeTooLong,
        ),
        (with("/exp", json!(i64::MAX)), Code::OrderLifetimeTooLong),
        (with("/iat", json!(i64::MIN)), Code::OrderLifetimeTooLong),
        (
            with("/iat", json!(NOW.0 + limits::CLOCK_SKEW_S + 1)),
            Code::OrderNotYetValid,
        ),
        (with("/jti", json!("two words")), Code::OrderMalformed),
    ];
    for (claims, code) in table {
        assert_eq!(
            quote_code(&gateway, &shop, shop.sign(&claims)).await,
            Some(code),
            "{claims}"
        );
    }
    let mut expired = with("/iat", json!(NOW.0 - 3_600));
    expired["exp"] = json!(NOW.0);
    assert_eq!(
        quote_code(&gateway, &shop, shop.sign(&expired)).await,
        Some(Code::OrderExpired)
    );
    let skewed = with("/iat", json!(NOW.0 + limits::CLOCK_SKEW_S));
    assert_eq!(
        quote_code(&gateway, &shop, shop.sign(&skewed)).await,
        None,
        "a minute of skew is forgiven"
    );
}

#[tokio::test]
async fn orders_of_others_and_pages_of_others_are_refused() {
    let (shop, other) = (Shop::number(1), Shop::number(2));
    let (gateway, _) = start(&[&shop, &other]);
    let signed_by_other = other.sign(&shop.claims("o", "EUR", &[("Sticker", 150)], NOW));
    assert_eq!(
        quote_code(&gateway, &shop, signed_by_other).await,
        Some(Code::OrderKeyUnknown)
    );
    assert_eq!(
        quote_code(&gateway, &Shop::number(3), shop.order("o", NOW)).await,
        Some(Code::MerchantUnknown)
    );
    let mut request = shop.quote_request(shop.order("o", NOW));
    request.origin = other.origin.clone();
    assert_eq!(
        gateway.quote(request).await.unwrap_err().code,
        Code::OriginNotRegistered
    );

    // A kid of the shop's over a signature of the other's.
    let mut parts: Vec<String> = shop.order("o", NOW).split('.').map(str::to_owned).collect();
    let theirs = other
        .order_key
        .sign("JWT", &shop.claims("o", "EUR", &[("Sticker", 1)], NOW))
        .unwrap();
    parts[2] = theirs.split('.').next_back().unwrap().to_owned();
    assert_eq!(
        quote_code(&gateway, &shop, parts.join(".")).await,
        Some(Code::OrderSignatureInvalid)
    );
    for text in [
        "",
        "a.b",
        "a.b.c",
        "....",
        &"x".repeat(limits::ORDER_JWT_BYTES + 1),
    ] {
        assert_eq!(
            quote_code(&gateway, &shop, text.to_owned()).await,
            Some(Code::OrderMalformed)
        );
    }
}

#[tokio::test]
async fn what_the_provider_signs_for_another_purpose_is_no_order() {
    let shop = Shop::number(1);
    let (gateway, _) = start(&[&shop]);
    let claims = shop.claims("o", "EUR", &[("Sticker", 150)], NOW);
    let receipt = gateway
        .keys()
        .signing
        .sign("farthing-receipt+jws", &claims)
        .unwrap();
    assert_eq!(
        quote_code(&gateway, &shop, receipt).await,
        Some(Code::OrderMalformed)
    );
    let order = gateway.keys().signing.sign("JWT", &claims).unwrap();
    assert_eq!(quote_code(&gateway, &shop, order).await, None);
}

#[tokio::test]
async fn one_reference_is_one_content_and_has_an_end() {
    let shop = Shop::number(1);
    let (gateway, _) = start(&[&shop]);
    assert_eq!(quote_code(&gateway, &shop, shop.order("o", NOW)).await, None);
    let dearer = shop.sign(&shop.claims("o", "EUR", &[("Sticker", 151)], NOW));
    assert_eq!(
        quote_code(&gateway, &shop, dearer).await,
        Some(Code::OrderChanged)
    );
    for _ in 1..limits::QUOTES_PER_ORDER {
        assert_eq!(quote_code(&gateway, &shop, shop.order("o", NOW)).await, None);
    }
    assert_eq!(
        quote_code(&gateway, &shop, shop.order("o", NOW)).await,
        Some(Code::TooManyAttempts)
    );
}
