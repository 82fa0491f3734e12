//! `farthing key signing-rotate` and `data-rotate`: another key signs or encrypts from now on, and what the old one signed
//! or encrypted still verifies and opens.

use std::path::{Path, PathBuf};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    Rng,
    jose::{Jwk, SigningKey},
};
use toml_edit::{Array, DocumentMut, InlineTable, Table, Value};
use zeroize::Zeroizing;

use super::{CommandError, Input, read_input};
use crate::{config, file};

/// Rewrites the configuration at `path`, or the first that there is: a new private key, and the public half of the old
/// one among those that are retired. `signs` is what signs now, by the configuration as it was read. Returns what to
/// say.
pub fn rotate(path: Option<&Path>, signs: &SigningKey, rng: &impl Rng) -> Result<String, CommandError> {
    let mut file = Configuration::read(path)?;
    let own = file.key("signing");
    let own = own.and_then(|bytes| SigningKey::from_scalar(&bytes));
    if own.is_none_or(|own| own.kid() != signs.kid()) {
        return Err(file.input.wrong(
            "the key that signs is not in keys.signing; move it there, or rotate it where it is and write its \
             public half into keys.retired",
        ));
    }
    let (scalar, new) = new_key(rng).ok_or_else(|| file.no_chance())?;
    file.replace("signing", &scalar)?;
    file.keep("retired", inline_table(signs.jwk()))?;
    file.write()?;
    Ok(format!(
        "{new} signs once the provider has read its keys again: send it a SIGHUP now. What {old} signed still \
         verifies.\nOther providers have to know its public half before it signs, in their keys.retired:\n{public}\n",
        new = new.kid(),
        old = signs.kid(),
        public = inline_table(new.jwk()),
    ))
}

/// The same for the key that encrypts: the old one goes among those that only open.
pub fn rotate_data(path: Option<&Path>, rng: &impl Rng) -> Result<String, CommandError> {
    let mut file = Configuration::read(path)?;
    let old = file.key("data").ok_or_else(|| {
        file.input.wrong(
            "the key that encrypts is not in keys.data; move it there, or replace it where it is and write it \
             into keys.data_others",
        )
    })?;
    let mut new = Zeroizing::new([0; 32]);
    rng.fill(&mut *new);
    file.replace("data", &new)?;
    let old = Zeroizing::new(Base64UrlUnpadded::encode_string(&*old));
    file.keep("data_others", old.as_str())?;
    file.write()?;
    Ok(
        "A new key encrypts once the provider has read its keys again: send it a SIGHUP now. What the old one \
         encrypted still opens\n"
            .to_owned(),
    )
}

/// A configuration that is rewritten.
struct Configuration {
    path: PathBuf,
    /// Its name, for what is wrong with it.
    input: Input,
    document: DocumentMut,
}

impl Configuration {
    fn read(path: Option<&Path>) -> Result<Self, CommandError> {
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
        let document = text.parse().map_err(|_| input.wrong("is not TOML"))?;
        Ok(Self {
            path,
            input,
            document,
        })
    }

    fn keys(&mut self) -> Result<&mut Table, CommandError> {
        let keys = self.document.get_mut("keys").and_then(|keys| keys.as_table_mut());
        keys.ok_or_else(|| self.input.wrong("has no [keys]"))
    }

    fn key(&self, name: &str) -> Option<Zeroizing<[u8; 32]>> {
        let text = self.document.get("keys")?.get(name)?.as_str()?;
        config::key_bytes(text)
    }

    fn replace(&mut self, name: &str, bytes: &[u8; 32]) -> Result<(), CommandError> {
        let encoded = Zeroizing::new(Base64UrlUnpadded::encode_string(bytes));
        if let Some(value) = self.keys()?.get_mut(name).and_then(|item| item.as_value_mut()) {
            let decor = value.decor().clone();
            *value = Value::from(encoded.as_str());
            *value.decor_mut() = decor;
        }
        Ok(())
    }

    /// Adds `value` to the list `name`.
    fn keep(&mut self, name: &str, value: impl Into<Value>) -> Result<(), CommandError> {
        let list = self
            .keys()?
            .entry(name)
            .or_insert_with(|| toml_edit::value(Array::new()))
            .as_array_mut();
        match list {
            Some(list) => list.push(value),
            None => return Err(self.input.wrong(format!("keys.{name} is no list"))),
        }
        Ok(())
    }

    fn write(&self) -> Result<(), CommandError> {
        let text = Zeroizing::new(self.document.to_string());
        file::replace(&self.path, text.as_bytes()).map_err(|error| CommandError::Io {
            path: self.path.display().to_string(),
            error,
        })
    }

    fn no_chance(&self) -> CommandError {
        self.input.wrong("the system's random source gives no key")
    }
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
