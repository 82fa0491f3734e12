//! The file as it is written.

use std::{collections::HashMap, path::PathBuf};

use farthing_gateway::{fee::Terms, jose::Jwk};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Wrong, low_value::LowValueEntry, wrong};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub listen: String,
    pub metrics: Option<String>,
    #[serde(default)]
    pub log_format: LogFormat,
    pub origin: String,
    pub name: String,
    pub sandbox: bool,
    pub database: String,
    pub log: Option<PathBuf>,
    pub loaders: Option<PathBuf>,
    pub mail: Option<MailEntry>,
    #[serde(default)]
    pub keys: KeysEntry,
    pub connector: Option<ConnectorEntry>,
    pub camara: Option<CamaraEntry>,
    pub low_value: Option<LowValueEntry>,
    #[serde(default)]
    pub disputes: DisputesEntry,
    #[serde(default)]
    pub limits: Limits,
    #[serde(default)]
    pub accreditors: Vec<AccreditorEntry>,
    #[serde(default)]
    pub merchants: Vec<MerchantEntry>,
    #[serde(default)]
    pub themes: Vec<ThemeEntry>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// Lines for programs, each a JSON object.
    Json,
}

/// How often anybody may ask.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests a minute from one client address, where shoppers ask.
    pub address_per_minute: u32,
    /// Requests a minute with one merchant's keys.
    pub merchant_per_minute: u32,
    /// Whether a proxy adds the client's address to `X-Forwarded-For`.
    pub behind_proxy: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_per_minute: 300,
            merchant_per_minute: 6_000,
            behind_proxy: false,
        }
    }
}

/// Mail to merchants.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailEntry {
    pub folder: PathBuf,
    pub from: String,
}

/// Who moves the money, where it is not the sandbox.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectorEntry {
    /// The address of Stripe's API.
    pub stripe: String,
    pub key_file: Option<PathBuf>,
}

/// Who takes phone bills, where it is neither the sandbox nor nobody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CamaraEntry {
    pub payments: String,
    pub refunds: String,
    pub token_file: PathBuf,
    /// Whether no real money moves there.
    pub test: bool,
    pub currency: String,
    pub most: i64,
    pub arrives_days: u8,
    pub refundable_days: u16,
    pub carriers: Vec<CarrierEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CarrierEntry {
    pub id: String,
    pub name: String,
    pub calling_code: u16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DisputesEntry {
    #[serde(default)]
    pub return_below: HashMap<String, i64>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeysEntry {
    pub signing: Option<String>,
    pub signing_file: Option<PathBuf>,
    pub data: Option<String>,
    pub data_file: Option<PathBuf>,
    /// Data keys that only open: earlier ones, or the next.
    #[serde(default)]
    pub data_others: Vec<String>,
    /// Public halves of keys that signed before.
    #[serde(default)]
    pub retired: Vec<Jwk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccreditorEntry {
    pub id: String,
    pub name: String,
    pub keys: Vec<Jwk>,
    pub status_list: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantEntry {
    pub id: String,
    pub name: String,
    pub contact: String,
    pub country: String,
    pub origins: Vec<String>,
    pub secret_key_sha256: String,
    /// None for a merchant who lets the provider sign (`POST /v1/orders`).
    #[serde(default)]
    pub order_keys: Vec<Jwk>,
    #[serde(default)]
    pub fees: Vec<Terms>,
    #[serde(default)]
    pub statements: Vec<String>,
}

/// How a merchant's checkout looks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeEntry {
    pub merchant: String,
    pub radius: Option<String>,
    pub font: Option<String>,
    pub density: Option<String>,
    pub light: Option<ColoursEntry>,
    pub dark: Option<ColoursEntry>,
}

/// Each is `#rrggbb`, or the usual one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColoursEntry {
    pub ground: Option<String>,
    pub ink: Option<String>,
    pub accent: Option<String>,
    pub on_accent: Option<String>,
}

/// Accreditors alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Accreditors {
    pub accreditors: Vec<AccreditorEntry>,
}

impl File {
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        parse(text)
    }
}

impl Accreditors {
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
        parse(text)
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Wrong> {
    let reader = toml::Deserializer::parse(text).map_err(|error| in_line(text, &error, "is not TOML"))?;
    serde_path_to_error::deserialize(reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        // These two name fields only; the others can repeat what was written, a key among it.
        let message = error.message();
        let safe = ["missing field", "unknown field"]
            .iter()
            .any(|start| message.starts_with(start));
        let problem = if safe {
            message
        } else {
            "is not what this field takes; `farthing init` writes an example"
        };
        let found = in_line(text, &error, problem);
        if path == "." {
            found
        } else {
            wrong(path, found.problem)
        }
    })
}

fn in_line(text: &str, error: &toml::de::Error, problem: &str) -> Wrong {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |text| text.matches('\n').count() + 1);
    wrong(format!("line {line}"), format!("{problem} (line {line})"))
}
