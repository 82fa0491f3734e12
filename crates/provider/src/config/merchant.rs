use std::collections::HashSet;

use farthing_gateway::{
    SecretKeyHash, StoredAccreditor,
    fee::{Country, FeeSchedule, FeeSchedules},
    registrar::{self, ORIGINS},
};
use farthing_protocol::{Label, MerchantId, Origin, Payee};

use super::{
    Wrong,
    file::{AccreditorEntry, MerchantEntry},
    wrong,
};

/// The entry at `at`, checked.
pub(super) fn check(entry: MerchantEntry, at: &str) -> Result<registrar::MerchantEntry, Wrong> {
    let field = |name: &str| format!("{at}.{name}");
    let id = MerchantId::parse(&entry.id).map_err(|error| wrong(field("id"), error.to_string()))?;
    let payee = Payee {
        id,
        name: label(&field("name"), &entry.name)?,
        contact: label(&field("contact"), &entry.contact)?,
    };
    let country =
        Country::parse(&entry.country).map_err(|error| wrong(field("country"), error.to_string()))?;

    let mut origins = Vec::with_capacity(entry.origins.len());
    for (index, text) in entry.origins.iter().enumerate() {
        let origin = Origin::parse(text)
            .map_err(|error| wrong(field(&format!("origins[{index}]")), error.to_string()))?;
        origins.push(origin);
    }
    if !i64::try_from(origins.len()).is_ok_and(|count| (1..=ORIGINS).contains(&count)) {
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

    let mut kids = HashSet::new();
    for (index, jwk) in entry.order_keys.iter().enumerate() {
        let field = field(&format!("order_keys[{index}]"));
        let kid = jwk.verifying_key().and_then(|_| jwk.kid());
        let kid = kid.map_err(|error| wrong(&field, error.to_string()))?;
        if !kids.insert(kid) {
            return Err(wrong(field, "has the kid of another key: give it one of its own"));
        }
    }
    let mut fees = Vec::with_capacity(entry.fees.len());
    for (index, terms) in entry.fees.iter().enumerate() {
        let schedule = FeeSchedule::try_from(*terms)
            .map_err(|error| wrong(field(&format!("fees[{index}]")), error.to_string()))?;
        fees.push(schedule);
    }
    FeeSchedules::new(fees.clone(), Some(country))
        .map_err(|error| wrong(field("fees"), error.to_string()))?;
    Ok(registrar::MerchantEntry {
        payee,
        country,
        origins,
        order_keys: entry.order_keys,
        secret_key,
        fees,
        statements: entry.statements,
    })
}

/// The entry at `at`, checked but for its keys and its list, which are checked as any other that is trusted.
pub(super) fn check_accreditor(
    entry: AccreditorEntry,
    at: &str,
) -> Result<registrar::AccreditorEntry, Wrong> {
    let id = Origin::parse(&entry.id).map_err(|error| wrong(format!("{at}.id"), error.to_string()))?;
    Ok(registrar::AccreditorEntry {
        accreditor: StoredAccreditor {
            id,
            name: label(&format!("{at}.name"), &entry.name)?,
            keys: entry.keys,
        },
        status_list: entry.status_list,
    })
}

fn label(field: &str, text: &str) -> Result<Label, Wrong> {
    Label::parse(text).map_err(|error| wrong(field, error.to_string()))
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
