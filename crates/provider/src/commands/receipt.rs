//! `farthing receipt verify`: whether a receipt is one, with nothing but the provider's public keys.

use std::path::PathBuf;

use farthing_audit::receipt;
use farthing_gateway::{decimals, in_english};
use farthing_protocol::{Currency, Money, UnixSeconds};

use super::{Input, audit::read_jwks};

/// What to check, and with which keys.
#[derive(Debug)]
pub struct Verify {
    /// The receipt's JWS, or the reply that holds it.
    pub receipt: Input,
    /// The file with the keys.
    pub jwks: PathBuf,
}

/// Says who was paid, how much and when. An error says why the receipt does not count.
pub fn run(verify: &Verify) -> Result<String, Box<dyn std::error::Error>> {
    let keys = read_jwks(&verify.jwks)?;
    let facts =
        receipt(&verify.receipt.text, &keys).map_err(|error| verify.receipt.wrong(error.to_string()))?;
    let money = Currency::parse(&facts.currency)
        .ok()
        .and_then(|currency| Some((Money::new(facts.amount, currency).ok()?, decimals(currency)?)));
    let amount = match money {
        Some((money, decimals)) => in_english(money, decimals),
        None => format!("{} minor units of {}", facts.amount, facts.currency),
    };
    let sandbox = if facts.sandbox {
        "It is of a sandbox: no real money moved.\n"
    } else {
        ""
    };
    let said = format!(
        "The signature holds: {} signed receipt {}.\n{} was paid {amount} for the order {}, at {}.\n{sandbox}",
        facts.provider,
        facts.id,
        facts.payee,
        facts.order,
        UnixSeconds(facts.paid_at).rfc3339(),
    );
    // Foreign text must not steer the terminal.
    Ok(said.replace(|c: char| c.is_control() && c != '\n', "\u{FFFD}"))
}
