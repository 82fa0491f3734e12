//! What a frame may seal: any bytes. What becomes a token is a card that can be charged, and the hint is its own.
#![no_main]

use farthing_fuzz::{members, scene};
use farthing_protocol::{Code, ConsentGiven, Hint, MethodKind, TokenRequest};
use farthing_testkit::{NOW, given, seal_with_header, sealed_header};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const EPHEMERAL: [u8; 32] = [9; 32];

fuzz_target!(|bytes: &[u8]| {
    let reply = scene(|scene| {
        let order = scene.shop.order(&scene.reference(), NOW);
        let quote = scene.quote(order).unwrap();
        let consent = quote.methods[0].consent.clone();
        let sealed = seal_with_header(&quote, &sealed_header(&quote, EPHEMERAL), bytes, EPHEMERAL);
        let request = TokenRequest {
            quote: quote.id,
            method: MethodKind::Card,
            sealed,
            consent: ConsentGiven {
                version: consent.version,
                text: consent.text,
            },
        };
        scene.wait(scene.app.rules.token(request)).map(given)
    });
    match reply {
        Ok(reply) => can_be_charged(&serde_json::from_slice(bytes).unwrap(), &reply.hint),
        Err(refusal) => assert!(
            matches!(
                refusal.code,
                Code::DetailsInvalid | Code::CardExpired | Code::BrandUnsupported | Code::SealedMalformed
            ),
            "{refusal:?}"
        ),
    }
});

fn can_be_charged(details: &Value, hint: &Hint) {
    assert_eq!(
        members(details),
        ["expiry_month", "expiry_year", "name", "number", "security_code"]
    );
    let text = |name: &str| details[name].as_str().unwrap();
    let digits = |name: &str| {
        assert!(text(name).bytes().all(|b| b.is_ascii_digit()));
        text(name).len()
    };
    let Hint::Card { last_four, .. } = hint else {
        panic!("a card's hint is of something else");
    };
    assert!((12..=19).contains(&digits("number")) && text("number").ends_with(last_four.as_str()));
    assert!((3..=4).contains(&digits("security_code")));
    let (year, month) = (details["expiry_year"].as_u64(), details["expiry_month"].as_u64());
    assert!((Some(2027)..=Some(2047)).contains(&year) && (Some(1)..=Some(12)).contains(&month));
    let name = text("name");
    assert!(
        (1..=80).contains(&name.chars().count()) && name.trim() == name && !name.contains(char::is_control)
    );
}
