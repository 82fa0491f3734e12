use farthing_gateway::{ChargeStore, IdempotencyKey, QuoteStore};
use farthing_protocol::{
    ChargeRequest, Code, ConsentGiven, ConsentVersion, Currency, Language, MethodKind, Quote, Reference,
    TokenRequest, Wording, limits,
};
use farthing_testkit::{NOW, Shop, card, given, seal, seal_with_header, sealed_header};
use serde_json::{Value, json};

use super::{Gateway, start};

async fn quoted(gateway: &Gateway, shop: &Shop, reference: &str) -> Quote {
    gateway
        .quote(shop.quote_request(shop.order(reference, NOW)))
        .await
        .unwrap()
        .quote
}

fn consent(quote: &Quote) -> ConsentGiven {
    ConsentGiven {
        version: quote.methods[0].consent.version,
        text: quote.methods[0].consent.text.clone(),
    }
}

async fn token_code(gateway: &Gateway, quote: &Quote, sealed: String) -> Option<Code> {
    let request = TokenRequest {
        quote: quote.id.clone(),
        method: MethodKind::Card,
        sealed,
        consent: consent(quote),
    };
    gateway.token(request).await.err().map(|refusal| {
        let said = format!("{refusal:?}");
        assert!(!said.contains("4242"), "a refusal repeats a detail: {said}");
        refusal.code
    })
}

#[tokio::test]
async fn details_are_read_strictly_and_the_quote_survives_it() {
    let shop = Shop::number(1);
    let (gateway, _) = start(&[&shop]);
    let quote = quoted(&gateway, &shop, "o").await;
    let with = |key: &str, value: Value| {
        let mut details = card("4242424242424242");
        details[key] = value;
        details
    };
    let table = [
        (with("number", json!("4242424242424241")), Code::DetailsInvalid),
        (with("number", json!("4242 4242 4242 4242")), Code::DetailsInvalid),
        (
            with("number", json!(4_242_424_242_424_242_i64)),
            Code::DetailsInvalid,
        ),
        (with("number", json!("")), Code::DetailsInvalid),
        (with("number", json!("9".repeat(400))), Code::DetailsInvalid),
        (with("expiry_month", json!(13)), Code::DetailsInvalid),
        (with("expiry_month", json!(0)), Code::DetailsInvalid),
        (with("expiry_year", json!(2026)), Code::CardExpired),
        (with("security_code", json!("12")), Code::DetailsInvalid),
        (with("security_code", json!("1234")), Code::DetailsInvalid),
        (with("name", json!("")), Code::DetailsInvalid),
        (with("name", json!("Ada\nLovelace")), Code::DetailsInvalid),
        (with("colour", json!("red")), Code::DetailsInvalid),
        (json!([]), Code::DetailsInvalid),
        (
            json!(["4242424242424242", 12, 2030, "123", "Ada Lovelace"]),
            Code::DetailsInvalid,
        ),
        (json!({}), Code::DetailsInvalid),
        // Luhn holds, and no brand that is taken has this range.
        (with("number", json!("9000000000000001")), Code::BrandUnsupported),
    ];
    for (details, code) in table {
        assert_eq!(
            token_code(&gateway, &quote, seal(&quote, &details, [5; 32])).await,
            Some(code),
            "{details}"
        );
    }
    assert_eq!(
        token_code(&gateway, &quote, seal(&quote, &card("4242424242424242"), [5; 32])).await,
        None
    );
}

#[tokio::test]
async fn seals_are_read_strictly() {
    let shop = Shop::number(1);
    let (gateway, clock) = start(&[&shop]);
    let (quote, other) = (
        quoted(&gateway, &shop, "o").await,
        quoted(&gateway, &shop, "p").await,
    );
    let plain = card("4242424242424242").to_string();
    let mut header = sealed_header(&quote, [5; 32]);
    for (key, value) in [
        ("zip", json!("DEF")),
        ("crit", json!(["quote"])),
        ("alg", json!("none")),
    ] {
        let mut bad = header.clone();
        bad[key] = value;
        let sealed = seal_with_header(&quote, &bad, plain.as_bytes(), [5; 32]);
        assert_eq!(
            token_code(&gateway, &quote, sealed).await,
            Some(Code::SealedMalformed),
            "{key}"
        );
    }
    let for_other = seal(&other, &card("4242424242424242"), [5; 32]);
    assert_eq!(
        token_code(&gateway, &quote, for_other).await,
        Some(Code::SealedMalformed)
    );
    // The right name in the header, sealed to another quote's key.
    let wrong_key = seal_with_header(&other, &header, plain.as_bytes(), [5; 32]);
    assert_eq!(
        token_code(&gateway, &quote, wrong_key).await,
        Some(Code::SealedUnreadable)
    );
    header["epk"]["y"] = header["epk"]["x"].clone();
    let off_curve = seal_with_header(&quote, &header, plain.as_bytes(), [5; 32]);
    assert_eq!(
        token_code(&gateway, &quote, off_curve).await,
        Some(Code::SealedMalformed)
    );
    let long = "x".repeat(limits::SEALED_BYTES + 1);
    assert_eq!(
        token_code(&gateway, &quote, long).await,
        Some(Code::SealedMalformed)
    );

    clock.pass(limits::QUOTE_LIFETIME_S);
    let sealed = seal(&quote, &card("4242424242424242"), [5; 32]);
    assert_eq!(
        token_code(&gateway, &quote, sealed).await,
        Some(Code::QuoteExpired)
    );
}

#[tokio::test]
async fn no_token_without_the_very_text_of_the_consent() {
    let shop = Shop::number(1);
    let (gateway, _) = start(&[&shop]);
    let quote = quoted(&gateway, &shop, "o").await;
    let version = ConsentVersion::new(Wording::CardOnce1, Language::En);
    for text in [
        String::new(),
        quote.methods[0].consent.text.replace("€1.50", "€0.50"),
        format!("{} ", quote.methods[0].consent.text),
        quote.methods[0].consent.text.to_lowercase(),
    ] {
        let sealed = seal(&quote, &card("4242424242424242"), [5; 32]);
        let request = TokenRequest {
            quote: quote.id.clone(),
            method: MethodKind::Card,
            sealed,
            consent: ConsentGiven { version, text },
        };
        assert_eq!(
            gateway.token(request).await.err().unwrap().code,
            Code::ConsentDiffers
        );
    }
    assert!(
        gateway
            .store()
            .quote(&quote.id)
            .await
            .unwrap()
            .unwrap()
            .token
            .is_none()
    );
}

#[tokio::test]
async fn redemptions_that_differ_are_refused_each_with_its_own_code() {
    let (shop, other) = (Shop::number(1), Shop::number(2));
    let (gateway, clock) = start(&[&shop, &other]);
    let quote = quoted(&gateway, &shop, "o").await;
    let sealed = seal(&quote, &card("4242424242424242"), [5; 32]);
    let request = TokenRequest {
        quote: quote.id.clone(),
        method: MethodKind::Card,
        sealed,
        consent: consent(&quote),
    };
    let token = given(gateway.token(request).await.ok().unwrap()).token;
    let mut key = 0;
    let mut charge = async |shop: &Shop, token: &str, order: &str, amount: i64, currency: &str| {
        key += 1;
        let request = ChargeRequest {
            token: farthing_protocol::PlainToken::parse(token).unwrap(),
            order: Reference::parse(order).unwrap(),
            amount,
            currency: Currency::parse(currency).unwrap(),
            capture: true,
        };
        let key = IdempotencyKey::parse(&format!("k{key}")).unwrap();
        gateway
            .charge(&shop.id, key, [1; 32], request)
            .await
            .map_err(|refusal| refusal.code)
    };
    let (text, unknown) = (
        token.expose(),
        farthing_protocol::PlainToken::from_random([9; 16]),
    );
    let refused = [
        (
            charge(&other, text, "o", 150, "EUR").await,
            Code::TokenMerchantDiffers,
        ),
        (
            charge(&shop, text, "p", 150, "EUR").await,
            Code::TokenOrderDiffers,
        ),
        (
            charge(&shop, text, "o", 151, "EUR").await,
            Code::TokenAmountDiffers,
        ),
        (charge(&shop, text, "o", 1, "EUR").await, Code::TokenAmountDiffers),
        (
            charge(&shop, text, "o", 150, "USD").await,
            Code::TokenCurrencyDiffers,
        ),
        (charge(&shop, text, "o", 0, "EUR").await, Code::OrderAmountInvalid),
        (
            charge(&shop, text, "o", -150, "EUR").await,
            Code::OrderAmountInvalid,
        ),
        (
            charge(&shop, unknown.expose(), "o", 150, "EUR").await,
            Code::TokenUnknown,
        ),
    ];
    for (answer, code) in refused {
        assert_eq!(answer.err(), Some(code));
    }
    assert!(
        gateway.store().ledger().await.unwrap().is_empty(),
        "a refusal books nothing"
    );
    clock.pass(limits::TOKEN_LIFETIME_S);
    assert_eq!(
        charge(&shop, text, "o", 150, "EUR").await.err(),
        Some(Code::TokenExpired)
    );
    clock.pass(-1);
    assert!(
        charge(&shop, text, "o", 150, "EUR").await.is_ok(),
        "the refusals took nothing away"
    );
    assert_eq!(
        charge(&shop, text, "o", 150, "EUR").await.err(),
        Some(Code::TokenUsed)
    );
    assert_eq!(gateway.store().ledger().await.unwrap().len(), 1);
}
