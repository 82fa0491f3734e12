//! A way to pay, with what its form needs.

use farthing_protocol::{CardBrand, Carrier, Method, MethodKind, Reference};

use super::{BRANDS, label, named};
use crate::json::{Fields, Json};

pub(super) fn method(mut method: Fields) -> Option<Method> {
    let kinds = MethodKind::ALL.map(|kind| (kind.as_str(), kind));
    let read = match named(&kinds, &method.text("kind")?)? {
        MethodKind::Card => Method::Card {
            brands: method.list("brands", brand)?,
            address: match method.take("address") {
                Some(Json::Bool(address)) => address,
                Some(_) => return None,
                None => false,
            },
        },
        MethodKind::BankAccount => Method::BankAccount {
            creditor: label(method.text("creditor"))?,
        },
        MethodKind::PhoneBill => Method::PhoneBill {
            carriers: method.list("carriers", carrier)?,
        },
    };
    method.end()?;
    Some(read)
}

fn carrier(json: Json) -> Option<Carrier> {
    let mut carrier = json.object()?;
    let read = Carrier {
        id: Reference::parse(&carrier.text("id")?).ok()?,
        name: label(carrier.text("name"))?,
        calling_code: u16::try_from(carrier.number("calling_code")?).ok()?,
    };
    carrier.end()?;
    Some(read)
}

fn brand(json: Json) -> Option<CardBrand> {
    match json {
        Json::Text(name) => named(&BRANDS, &name),
        _ => None,
    }
}
