use std::path::{Path, PathBuf};

use farthing_gateway::decimals;
use farthing_protocol::{Carrier, Conditions, Currency, Label, Reference, limits};

use super::{Wrong, file::CamaraEntry, wrong};

/// The most carriers behind one API: a shopper chooses among them.
const CARRIERS: usize = 50;
/// The most decimals that CAMARA writes an amount with.
const DECIMALS: u8 = 3;

/// Whom phone bills are paid to, where it is not who moves the rest of the money.
pub struct PhoneCarriers {
    /// Where CAMARA's Carrier Billing API is, with its version.
    pub payments: String,
    /// Where its Carrier Billing Refund API is.
    pub refunds: String,
    /// The file that holds the access token. Something else renews it there.
    pub token: PathBuf,
    /// Whose bills they are.
    pub carriers: Vec<Carrier>,
    /// The bills' currency.
    pub currency: Currency,
    /// What one payment may be, and the rest of what is said before it is chosen.
    pub conditions: Conditions,
}

/// The section `[camara]`.
pub(super) fn read(entry: CamaraEntry, sandbox: bool, folder: &Path) -> Result<PhoneCarriers, Wrong> {
    if entry.test != sandbox {
        let problem = if sandbox {
            "must be true, for sandbox is: the screen says that no real money moves"
        } else {
            "must be false, for sandbox is: the screen does not say that no real money moves"
        };
        return Err(wrong("camara.test", problem));
    }
    for (field, address) in [
        ("camara.payments", &entry.payments),
        ("camara.refunds", &entry.refunds),
    ] {
        if !(address.starts_with("https://") || sandbox && address.starts_with("http://")) {
            return Err(wrong(
                field,
                "an https address with its version, as in \"https://carrier.example/carrier-billing/v0.5\"",
            ));
        }
    }
    let known = |currency: &Currency| decimals(*currency).is_some_and(|decimals| decimals <= DECIMALS);
    let currency = Currency::parse(&entry.currency).ok().filter(known);
    let currency = currency.ok_or_else(|| {
        wrong(
            "camara.currency",
            "a currency of ISO 4217 with at most three decimals, as in \"EUR\"",
        )
    })?;
    if !(0..=limits::AMOUNT_MINOR).contains(&entry.most) {
        let problem = format!(
            "minor units, from 0 (no limit of its own) to {}",
            limits::AMOUNT_MINOR
        );
        return Err(wrong("camara.most", problem));
    }
    if !(1..=CARRIERS).contains(&entry.carriers.len()) {
        return Err(wrong("camara.carriers", format!("from one to {CARRIERS}")));
    }
    let mut carriers: Vec<Carrier> = Vec::with_capacity(entry.carriers.len());
    for (index, carrier) in entry.carriers.into_iter().enumerate() {
        let at = |field: &str| format!("camara.carriers[{index}].{field}");
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let id = Reference::parse(&carrier.id).ok();
        let id = id
            .filter(|id| id.as_str().bytes().all(plain) && carriers.iter().all(|earlier| earlier.id != *id));
        let id = id.ok_or_else(|| {
            wrong(
                at("id"),
                "lower-case letters, digits and hyphens, and no other carrier's",
            )
        })?;
        let name = Label::parse(&carrier.name).map_err(|error| wrong(at("name"), error.to_string()))?;
        if !(1..=999).contains(&carrier.calling_code) {
            return Err(wrong(at("calling_code"), "the country's, without +, as in 49"));
        }
        carriers.push(Carrier {
            id,
            name,
            calling_code: carrier.calling_code,
        });
    }
    Ok(PhoneCarriers {
        payments: entry.payments,
        refunds: entry.refunds,
        token: folder.join(entry.token_file),
        carriers,
        currency,
        conditions: Conditions {
            most: entry.most,
            arrives_days: entry.arrives_days,
            refundable_days: entry.refundable_days,
        },
    })
}
