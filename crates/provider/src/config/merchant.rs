use std::collections::HashMap;

use farthing_gateway::{Merchant, SecretKeyHash};
use farthing_protocol::{Label, MerchantId, Origin, Payee};

use super::{Wrong, file::MerchantEntry, wrong};

/// Each of them stands in a header of every frame.
const ORIGINS: usize = 20;

/// The entry at `at`, checked. `provider_kid` is the provider's own key: no merchant's key has its name.
pub(super) fn check(entry: &MerchantEntry, at: &str, provider_kid: &str) -> Result<Merchant, Wrong> {
    let field = |name: &str| format!("{at}.{name}");
    let id = MerchantId::parse(&entry.id).map_err(|error| wrong(field("id"), error.to_string()))?;
    let label =
        |name: &str, text: &str| Label::parse(text).map_err(|error| wrong(field(name), error.to_string()));
    let payee = Payee {
        id,
        name: label("name", &entry.name)?,
        contact: label("contact", &entry.contact)?,
    };

    let mut origins = Vec::with_capacity(entry.origins.len());
    for (index, text) in entry.origins.iter().enumerate() {
        let origin = Origin::parse(text)
            .map_err(|error| wrong(field(&format!("origins[{index}]")), error.to_string()))?;
        origins.push(origin);
    }
    if !(1..=ORIGINS).contains(&origins.len()) {
        return Err(wrong(
            field("origins"),
            "are 1 to 20: the pages that may show the checkout",
        ));
    }
    let secret_key = sha256(&entry.secret_key_sha256).ok_or_else(|| {
        wrong(
            field("secret_key_sha256"),
            "is 64 hex digits: `printf %s \"$KEY\" | sha256sum` prints them",
        )
    })?;

    let mut order_keys = HashMap::new();
    for (index, jwk) in entry.order_keys.iter().enumerate() {
        let field = field(&format!("order_keys[{index}]"));
        let read = jwk
            .kid()
            .and_then(|kid| jwk.verifying_key().map(|key| (kid, key)));
        let (kid, key) = read.map_err(|error| wrong(&field, error.to_string()))?;
        if kid == provider_kid || order_keys.insert(kid, key).is_some() {
            return Err(wrong(field, "has the kid of another key: give it one of its own"));
        }
    }
    Ok(Merchant {
        payee,
        origins,
        order_keys,
        secret_key,
    })
}

fn sha256(text: &str) -> Option<SecretKeyHash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(SecretKeyHash(hash))
}
