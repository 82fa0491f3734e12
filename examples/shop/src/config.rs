use std::fs;

use jsonwebtoken::EncodingKey;
use serde::Deserialize;

/// `shop.toml`, as `farthing init` writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: String,
    /// The provider's origin.
    pub provider: String,
    /// Who this shop is there.
    pub merchant: String,
    /// Authorises charges.
    pub secret_key: String,
    /// Signs orders.
    pub order_key: OrderKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderKey {
    /// Under which name the provider has the public half.
    pub id: String,
    /// The private half, PKCS #8.
    #[serde(rename = "pem", deserialize_with = "pem")]
    pub key: EncodingKey,
}

impl Config {
    /// Reads the file after `--config`, or else `shop.toml`, or `.farthing/shop.toml`.
    pub fn load() -> Result<Self, String> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let places = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => vec!["shop.toml", ".farthing/shop.toml"],
            ["--config", path] => vec![path],
            _ => return Err("farthing-shop [--config FILE]; `farthing init` writes the file".to_owned()),
        };
        let found = places
            .iter()
            .find_map(|place| fs::read_to_string(place).ok().map(|text| (place, text)));
        let (place, text) = found.ok_or_else(|| {
            format!(
                "can't read {}: `farthing init --dir .farthing` writes it",
                places.join(" or ")
            )
        })?;
        // The parser's longer message would show the line, which can be a key.
        toml::from_str(&text).map_err(|error| format!("{place}: {}", error.message()))
    }
}

fn pem<'de, D: serde::Deserializer<'de>>(text: D) -> Result<EncodingKey, D::Error> {
    EncodingKey::from_ec_pem(String::deserialize(text)?.as_bytes())
        .map_err(|_| serde::de::Error::custom("order_key.pem is no private key in PKCS #8"))
}
