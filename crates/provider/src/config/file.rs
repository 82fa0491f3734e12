//! The file as it is written.

use std::{collections::HashMap, path::PathBuf};

use farthing_gateway::jose::Jwk;
use serde::Deserialize;

use super::{Wrong, wrong};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub listen: String,
    pub origin: String,
    pub name: String,
    pub sandbox: bool,
    pub database: String,
    #[serde(default)]
    pub keys: KeysEntry,
    #[serde(default)]
    pub disputes: DisputesEntry,
    #[serde(default)]
    pub merchants: Vec<MerchantEntry>,
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantEntry {
    pub id: String,
    pub name: String,
    pub contact: String,
    pub origins: Vec<String>,
    pub secret_key_sha256: String,
    /// None for a merchant who lets the provider sign (`POST /v1/orders`).
    #[serde(default)]
    pub order_keys: Vec<Jwk>,
}

impl File {
    pub(super) fn parse(text: &str) -> Result<Self, Wrong> {
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
}

fn in_line(text: &str, error: &toml::de::Error, problem: &str) -> Wrong {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map_or(1, |text| text.matches('\n').count() + 1);
    wrong(format!("line {line}"), format!("{problem} (line {line})"))
}
