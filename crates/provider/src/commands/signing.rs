//! `farthing key signing-rotate`: another key signs from the next start on, and what this one signed still verifies.

use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    Rng,
    jose::{Jwk, SigningKey},
};
use toml_edit::{Array, DocumentMut, InlineTable, Value};
use zeroize::Zeroizing;

use super::{CommandError, Input, read_input};
use crate::{config, file};

/// Rewrites the configuration at `path`, or the first that there is: a new private key, and the public half of the old
/// one among those that are retired. `signs` is what signs now, by the configuration as it was read. Returns what to
/// say.
pub fn rotate(path: Option<&Path>, signs: &SigningKey, rng: &impl Rng) -> Result<String, CommandError> {
    let path: PathBuf = match path {
        Some(path) => path.to_owned(),
        None => config::first_place().ok_or_else(|| CommandError::Input {
            path: "farthing.toml".to_owned(),
            problem: "is not there".to_owned(),
        })?,
    };
    // A link stays one: what it leads to is rewritten.
    let path = path.canonicalize().unwrap_or(path);
    let input = read_input(&path)?;
    let text = Zeroizing::new(input.text);
    let input = Input {
        name: input.name,
        text: String::new(),
    };
    // The parser's own words could repeat a key.
    let mut document: DocumentMut = text.parse().map_err(|_| input.wrong("is not TOML"))?;
    let keys = document["keys"]
        .as_table_mut()
        .ok_or_else(|| input.wrong("has no [keys]"))?;
    let own = keys.get("signing").and_then(|item| item.as_str());
    let own = own
        .and_then(config::key_bytes)
        .and_then(|bytes| SigningKey::from_scalar(&bytes));
    if own.is_none_or(|own| own.kid() != signs.kid()) {
        return Err(input.wrong(
            "the key that signs is not in keys.signing; move it there, or rotate it where it is and write its \
             public half into keys.retired",
        ));
    }
    let (scalar, new) = new_key(rng).ok_or_else(|| input.wrong("the system's random source gives no key"))?;
    let encoded = Zeroizing::new(Base64UrlUnpadded::encode_string(&*scalar));
    if let Some(value) = keys.get_mut("signing").and_then(|item| item.as_value_mut()) {
        let decor = value.decor().clone();
        *value = Value::from(encoded.as_str());
        *value.decor_mut() = decor;
    }
    let retired = keys
        .entry("retired")
        .or_insert_with(|| toml_edit::value(Array::new()))
        .as_array_mut()
        .ok_or_else(|| input.wrong("keys.retired is no list"))?;
    retired.push(inline_table(signs.jwk()));
    let text = Zeroizing::new(document.to_string());
    file::replace(&path, text.as_bytes()).map_err(|error| CommandError::Io {
        path: path.display().to_string(),
        error,
    })?;
    Ok(format!(
        "{new} signs once the provider is started again: restart it now. What {old} signed still verifies\n",
        new = new.kid(),
        old = signs.kid(),
    ))
}

fn new_key(rng: &impl Rng) -> Option<(Zeroizing<[u8; 32]>, SigningKey)> {
    // A random scalar is no key once in 2^32 draws; eight misses in a row are a broken source.
    (0..8).find_map(|_| {
        let mut scalar = Zeroizing::new([0; 32]);
        rng.fill(&mut *scalar);
        SigningKey::from_scalar(&scalar).map(|key| (scalar, key))
    })
}

fn inline_table(jwk: &Jwk) -> InlineTable {
    let mut table = InlineTable::new();
    let mut put = |name, value: &str| table.insert(name, Value::from(value));
    let kid = match jwk {
        Jwk::EC { crv, x, y, kid } => {
            put("kty", "EC");
            put("crv", crv);
            put("x", x);
            put("y", y);
            kid
        }
        Jwk::OKP { crv, x, kid } => {
            put("kty", "OKP");
            put("crv", crv);
            put("x", x);
            kid
        }
    };
    if let Some(kid) = kid {
        put("kid", kid);
    }
    table
}
