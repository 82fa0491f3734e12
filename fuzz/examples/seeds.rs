//! Writes the seeds in `corpus/` anew, out of the golden messages, the examples of docs/PROTOCOL.md, and what
//! `farthing init`, a shop and a frame make: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.

use std::{fs, path::Path};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_fuzz::{accreditor, scene};
use farthing_gateway::webhook::Secret;
use farthing_protocol::{Origin, QuoteId};
use farthing_provider::init::init;
use farthing_testkit::{NOW, SeededRng, SetClock, Shop, card, seal, sealed_header};
use serde_json::{Value, json};

const PROTOCOL: &str = include_str!("../../docs/PROTOCOL.md");

fn main() {
    orders();
    sealed();
    messages();
    requests();
    small_texts();
    cards();
    configuration();
    vouching();
    webhook();
}

fn write(target: &str, name: &str, seed: impl AsRef<[u8]>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), seed).unwrap();
}

/// The values of the blocks in docs/PROTOCOL.md that are headed with `name`.
fn examples(name: &str) -> Vec<Value> {
    let head = format!("```json {name}\n");
    let blocks = PROTOCOL.split(head.as_str()).skip(1);
    blocks
        .flat_map(|block| {
            let (values, _) = block.split_once("```").unwrap();
            serde_json::Deserializer::from_str(values)
                .into_iter::<Value>()
                .map(Result::unwrap)
        })
        .collect()
}

fn orders() {
    let shop = Shop::number(1);
    write("order", "signed", shop.order("order-1007", NOW));
    let [reply] = &examples("OrderReply")[..] else {
        panic!("one example")
    };
    write("order", "documented", reply["order"].as_str().unwrap());

    let lines = [("Sticker, “Farthing” 🪙", 150), ("Shipping", 1_000)];
    let one = shop.claims("order-1007", "EUR", &lines[..1], NOW);
    write("claims", "one", one.to_string());
    write(
        "claims",
        "two",
        shop.claims("2026-11.order:7_a", "JPY", &lines, NOW).to_string(),
    );
    write("claims", "documented", examples("OrderClaims")[0].to_string());
    // A list for an object was taken once.
    let mut list = one;
    list["order"] = json!(["EUR", [["Sticker", 150]]]);
    write("claims", "list", list.to_string());

    write(
        "headers",
        "jws",
        json!({"alg": "ES256", "kid": shop.order_key.kid(), "typ": "JWT"}).to_string(),
    );
    write(
        "headers",
        "eddsa",
        json!({"alg": "EdDSA", "kid": "first"}).to_string(),
    );
    write("jwk", "ec", serde_json::to_string(shop.order_key.jwk()).unwrap());
    // RFC 8037 appendix A.2.
    let okp = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    write("jwk", "okp", okp.to_string());
}

fn sealed() {
    let mut quote = scene(|scene| scene.quote(scene.shop.order("order-1007", NOW))).unwrap();
    let mut header = sealed_header(&quote, [9; 32]);
    write("headers", "jwe", header.to_string());
    let epk = &header["epk"];
    header["epk"] = json!([epk["kty"], epk["crv"], epk["x"], epk["y"]]);
    write("headers", "list", header.to_string());
    // As the target has it.
    quote.id = QuoteId::from_random([3; 16]);
    let vault = p256::SecretKey::from_slice(&[1; 32]).unwrap().public_key();
    let jwk = serde_json::to_value(farthing_gateway::jose::Jwk::of_p256(&vault)).unwrap();
    let coordinate = |name: &str| jwk[name].as_str().unwrap().to_owned();
    (quote.vault_key.x, quote.vault_key.y) = (coordinate("x"), coordinate("y"));
    write(
        "sealed",
        "sealed",
        seal(&quote, &card("4242424242424242"), [9; 32]),
    );

    for (name, number) in [
        ("visa", "4242424242424242"),
        ("amex", "378282246310005"),
        ("unknown", "2200000000000004"),
    ] {
        write("details", name, card(number).to_string());
    }
}

fn messages() {
    for (index, example) in ["Connect", "HostMessage", "FrameMessage"]
        .into_iter()
        .flat_map(examples)
        .enumerate()
    {
        write("messages", &format!("documented-{index:02}"), example.to_string());
    }
    let golden = [
        include_str!("../../tests/golden/host_messages.json"),
        include_str!("../../tests/golden/frame_messages.json"),
    ];
    let escaped = golden.into_iter().flat_map(|golden| {
        let golden: Vec<Value> = serde_json::from_str(golden).unwrap();
        golden
            .into_iter()
            .filter(|entry| entry["text"].as_str().unwrap().contains("\\u"))
    });
    for (index, entry) in escaped.enumerate() {
        write(
            "messages",
            &format!("escaped-{index:02}"),
            entry["text"].as_str().unwrap(),
        );
    }
}

fn requests() {
    for (address, name) in [
        ("o", "OrderRequest"),
        ("q", "QuoteRequest"),
        ("t", "TokenRequest"),
        ("c", "ChargeRequest"),
    ] {
        write("requests", name, format!("{address}{}", examples(name)[0]));
    }
    let mut request = examples("TokenRequest")[0].clone();
    request["consent"] = json!([request["consent"]["version"], request["consent"]["text"]]);
    write("requests", "list", format!("t{request}"));
    let shop = Shop::number(1);
    let request = shop.quote_request(shop.order("order-1007", NOW));
    write(
        "requests",
        "signed",
        format!("q{}", serde_json::to_string(&request).unwrap()),
    );
}

fn small_texts() {
    let quote = &examples("QuoteReply")[0]["quote"];
    let charge = &examples("Charge")[0];
    for (name, text) in [
        ("merchant", &quote["payee"]["id"]),
        ("quote", &quote["id"]),
        ("charge", &charge["id"]),
        ("receipt", &charge["receipt"]),
        ("consent", &examples("ConsentRecord")[0]["id"]),
        ("token", &examples("TokenReply")[0]["token"]),
        ("label", &json!("Sticker, “Farthing” 🪙")),
        ("reference", &quote["order"]),
        ("origin", &json!("https://shop.example:8443")),
        ("loopback", &json!("http://[::1]:8788")),
        ("currency", &json!("EUR")),
    ] {
        write("names", name, text.as_str().unwrap());
    }
}

fn cards() {
    for (name, text) in [
        ("visa", "\u{5}4242 4242 4242 4242"),
        ("amex", "\u{11}3782 822463 10005"),
        ("arabic", "\u{3}٤٢٤٢ ٤٢٤٢"),
        ("expiry", "\u{2}05 / 27"),
        ("autofilled", "\u{7}2027-05"),
        ("half", "\u{1}1/"),
        ("code", "\u{3}123"),
        ("name", "\u{4} Ada Lovelace "),
    ] {
        write("card", name, text);
    }
}

/// With the keys that the target looks for in what is said.
fn configuration() {
    let folder = tempfile::tempdir().unwrap();
    let origin = |text| Origin::parse(text).unwrap();
    let (shop, provider) = (origin("http://localhost:8787"), origin("http://127.0.0.1:8788"));
    let [provider, _] = init(
        folder.path(),
        &shop,
        &provider,
        &SetClock::at(NOW),
        &SeededRng::new(1),
    )
    .unwrap();
    let whole = fs::read_to_string(provider).unwrap();
    let bare = whole
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let bare: Vec<&str> = bare.collect();
    write("configuration", "init", bare.join("\n"));
    write("configuration", "half", bare[..bare.len() / 2].join("\n"));
}

/// The claims that an accreditor signs, and the list in one of them.
fn vouching() {
    let (mut accreditor, _) = accreditor();
    let statement = accreditor.vouch(&Origin::parse("https://shop.example").unwrap(), NOW);
    write("trust_mark", "claims", payload(&statement));
    write("trust_mark", "signed", &statement);
    let past = NOW.plus(-500 * 86_400);
    let expired = accreditor.vouch(&Origin::parse("https://shop.example").unwrap(), past);
    write("trust_mark", "expired", payload(&expired));
    write("status_list", "expired", payload(&accreditor.status_list(past)));
    let list = payload(&accreditor.status_list(NOW));
    let claims: Value = serde_json::from_slice(&list).unwrap();
    let compressed = claims["status_list"]["lst"].as_str().unwrap();
    write(
        "status_list",
        "compressed",
        Base64UrlUnpadded::decode_vec(compressed).unwrap(),
    );
    write("status_list", "claims", list);
}

fn payload(jws: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(jws.split('.').nth(1).unwrap()).unwrap()
}

fn webhook() {
    write(
        "webhook",
        "secret",
        Secret::from_random([7; 32]).expose().as_bytes(),
    );
    write("webhook", "short", "whsec_c2hvcnQ=");
}
