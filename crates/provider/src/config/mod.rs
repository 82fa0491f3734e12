//! What an operator decides, checked whole before anything starts. Every error names the field and says what
//! to write there; none repeats a key.

mod acquirer;
mod carrier;
mod file;
mod low_value;
mod merchant;
mod theme;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use base64ct::{Base64UrlUnpadded, Encoding};
use farthing_gateway::{
    DataKey, Keys, LowValue, Settings,
    jose::{Jwk, SigningKey},
    registrar::{AccreditorEntry, MerchantEntry},
};
use farthing_protocol::{Currency, Label, MerchantId, Origin, limits};
use farthing_theme::Theme;
use zeroize::Zeroizing;

pub use acquirer::Acquirer;
pub use carrier::PhoneCarriers;
use file::File;
pub use file::{Limits, LogFormat};

use crate::mail::{Address, Mail};

/// Where configuration is looked for when no `--config` says where it is.
pub const PLACES: [&str; 2] = ["farthing.toml", ".farthing/provider.toml"];

/// The most that a limit may be: beyond it there is none.
const PER_MINUTE: u32 = 10_000_000;
/// The most data keys that only open: each is tried on what opens with none before it.
const DATA_OTHERS: usize = 16;

/// Everything that `farthing serve` needs to know.
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where to say what it measures of itself, if anywhere.
    pub metrics: Option<SocketAddr>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Where to keep everything.
    pub database: Database,
    /// The folder of the log beside an SQLite file, if it has one.
    pub log: Option<PathBuf>,
    /// Who moves the money.
    pub acquirer: Acquirer,
    /// Who takes phone bills, where that is not who moves the rest.
    pub carrier: Option<PhoneCarriers>,
    /// Within which bounds the sandbox's bank asks for no passcode, if there are any.
    pub low_value: Option<LowValue>,
    /// Where the loaders of earlier releases are kept, if they are.
    pub loaders: Option<PathBuf>,
    /// Where mail to merchants is put, if anywhere.
    pub mail: Option<Mail>,
    /// Who the provider is.
    pub settings: Settings,
    /// Its keys.
    pub keys: Keys,
    /// How often anybody may ask.
    pub limits: Limits,
    /// Who vouches for merchants, as far as the store does not know them yet.
    pub accreditors: Vec<AccreditorEntry>,
    /// Who may be paid, as far as the store does not know them yet.
    pub merchants: Vec<MerchantEntry>,
    /// How the checkouts of merchants look, where it is not the usual way. Each is in force while it stands here.
    pub themes: Vec<(MerchantId, Theme)>,
}

/// Where everything is kept.
pub enum Database {
    /// In memory, gone with the process.
    Memory,
    /// In this SQLite file.
    File(PathBuf),
    /// On this PostgreSQL. The sandbox's bank, which is no part of the provider, keeps its books in a file.
    Postgres {
        /// Its address, which may hold a password.
        url: Zeroizing<String>,
        /// The bank's file: one for all providers on this database.
        bank: PathBuf,
    },
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no file in any of [`PLACES`].
    #[error(
        "there is no configuration: looked for ./{} and ./{}. Make one with `farthing init --dir .farthing`, \
         or name one with --config FILE",
        PLACES[0],
        PLACES[1]
    )]
    None,
    /// A file can't be read.
    #[error("{path}: can't be read: {error}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A field is missing, unknown, or says something that can't be.
    #[error("{path}: {field}: {problem}")]
    Field {
        /// The file.
        path: String,
        /// The field in it, or the environment variable that takes its place.
        field: String,
        /// What is wrong and what to write.
        problem: String,
    },
}

/// What is wrong with which field; [`ConfigError::Field`] without the file.
struct Wrong {
    field: String,
    problem: String,
}

fn wrong(field: impl Into<String>, problem: impl Into<String>) -> Wrong {
    Wrong {
        field: field.into(),
        problem: problem.into(),
    }
}

impl Config {
    /// Reads and checks `path`, or the first of [`PLACES`] that there is. `environment` gives the value of a
    /// variable: those that are set come before the file (`farthing help` lists them).
    pub fn load(
        path: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let path = match path {
            Some(path) => path,
            None => &first_place().ok_or(ConfigError::None)?,
        };
        let text = read(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        File::parse(&text)
            .and_then(|file| check(file, folder, environment))
            .map_err(|Wrong { field, problem }| ConfigError::Field {
                path: path.display().to_string(),
                field,
                problem,
            })
    }
}

/// The first of [`PLACES`] that there is.
pub(crate) fn first_place() -> Option<PathBuf> {
    PLACES.into_iter().map(PathBuf::from).find(|path| path.exists())
}

/// Entries of accreditors, as a configuration has them and nothing else. The error says which field is wrong.
pub(crate) fn accreditors(text: &str) -> Result<Vec<AccreditorEntry>, String> {
    let entries = file::Accreditors::parse(text).and_then(|file| check_accreditors(file.accreditors));
    entries.map_err(|Wrong { field, problem }| format!("{field}: {problem}"))
}

fn check_accreditors(entries: Vec<file::AccreditorEntry>) -> Result<Vec<AccreditorEntry>, Wrong> {
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(index, entry)| merchant::check_accreditor(entry, &format!("accreditors[{index}]")))
        .collect()
}

fn read(path: &Path) -> Result<Zeroizing<String>, ConfigError> {
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(|error| ConfigError::Unreadable {
            path: path.display().to_string(),
            error,
        })
}

fn check(file: File, folder: &Path, environment: impl Fn(&str) -> Option<String>) -> Result<Config, Wrong> {
    let either = |variable: &'static str, field: &'static str, value: String| match environment(variable) {
        Some(value) => (variable, value),
        None => (field, value),
    };
    let (field, listen) = either("FARTHING_LISTEN", "listen", file.listen);
    let listen = listen
        .parse()
        .map_err(|_| wrong(field, "an address and a port, as in \"127.0.0.1:8788\""))?;
    let metrics = file.metrics.map(|text| {
        text.parse()
            .map_err(|_| wrong("metrics", "an address and a port, as in \"127.0.0.1:9464\""))
    });
    let metrics = metrics.transpose()?;
    let (field, origin) = either("FARTHING_ORIGIN", "origin", file.origin);
    let origin = Origin::parse(&origin).map_err(|error| wrong(field, error.to_string()))?;
    let name = Label::parse(&file.name).map_err(|error| wrong("name", error.to_string()))?;
    let acquirer = acquirer::read(file.connector, file.sandbox, folder, &environment)?;
    let carrier = file
        .camara
        .map(|entry| carrier::read(entry, file.sandbox, folder));
    let carrier = carrier.transpose()?;
    let low_value = low_value::read(file.low_value, &acquirer)?;
    let (field, database) = either("FARTHING_DATABASE", "database", file.database);
    let database = match (database.as_str(), environment("DATABASE_URL").map(Zeroizing::new)) {
        ("", _) => return Err(wrong(field, "\"memory\", or the path of the SQLite file")),
        ("memory", None) => Database::Memory,
        (path, None) => Database::File(folder.join(path)),
        (_, Some(url)) if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) => {
            return Err(wrong(
                "DATABASE_URL",
                "an address like postgres://user@host/name; for SQLite unset it, and name the file in database",
            ));
        }
        ("memory", Some(_)) => {
            return Err(wrong(
                field,
                "with DATABASE_URL the path of a file: the sandbox's bank is kept beside it, for all providers",
            ));
        }
        (path, Some(url)) => Database::Postgres {
            url,
            bank: folder.join(path).with_extension("bank"),
        },
    };
    let log = file.log.map(|path| folder.join(path));
    if log.is_some() && !matches!(database, Database::File(_)) {
        return Err(wrong(
            "log",
            "goes with a database in a file; PostgreSQL keeps a log of its own, and memory none",
        ));
    }
    let secret = |variable: &'static str, field: &str, inline: Option<String>, path: Option<PathBuf>| {
        let text = match (environment(variable), inline, path) {
            (Some(text), ..) | (None, Some(text), None) => Zeroizing::new(text),
            (None, None, Some(path)) => {
                read(&folder.join(path)).map_err(|error| wrong(format!("{field}_file"), error.to_string()))?
            }
            (None, Some(_), Some(_)) => {
                return Err(wrong(
                    field,
                    format!("is given here and as {field}_file: give one of them"),
                ));
            }
            (None, None, None) => {
                return Err(wrong(
                    field,
                    format!("is missing: write it here, name a file in {field}_file, or set {variable}"),
                ));
            }
        };
        key_bytes(text.trim()).ok_or_else(|| {
            wrong(
                field,
                "32 bytes in base64url without padding (`farthing init` makes one)",
            )
        })
    };
    let keys = file.keys;
    let signing = secret(
        "FARTHING_SIGNING_KEY",
        "keys.signing",
        keys.signing,
        keys.signing_file,
    )?;
    let signing = SigningKey::from_scalar(&signing).ok_or_else(|| {
        wrong(
            "keys.signing",
            "is no private key on P-256 (`farthing init` makes one)",
        )
    })?;
    let data = secret("FARTHING_DATA_KEY", "keys.data", keys.data, keys.data_file)?;
    let others = data_others(&keys.data_others)?;
    let retired = retired(keys.retired)?;

    let return_below = file
        .disputes
        .return_below
        .iter()
        .map(|(currency, minor)| {
            let currency = Currency::parse(currency).ok()?;
            (0..=limits::AMOUNT_MINOR)
                .contains(minor)
                .then_some((currency, *minor))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| {
            wrong(
                "disputes.return_below",
                "currencies of ISO 4217, each with an amount in minor units, as in { EUR = 500 }",
            )
        })?;

    let mail = file.mail.map(|entry| {
        let from = Address::parse(&entry.from)
            .ok_or_else(|| wrong("mail.from", "a mail address, as in \"pay@provider.example\""))?;
        let folder = folder.join(entry.folder);
        if !folder.is_dir() {
            return Err(wrong(
                "mail.folder",
                "a folder that is there, and that your mail server reads",
            ));
        }
        Ok(Mail { folder, from })
    });
    let mail = mail.transpose()?;
    let limits = file.limits;
    for (field, value) in [
        ("limits.address_per_minute", limits.address_per_minute),
        ("limits.merchant_per_minute", limits.merchant_per_minute),
    ] {
        if !(1..=PER_MINUTE).contains(&value) {
            return Err(wrong(field, format!("requests a minute, from 1 to {PER_MINUTE}")));
        }
    }
    let accreditors = check_accreditors(file.accreditors)?;
    let mut merchants: Vec<MerchantEntry> = Vec::with_capacity(file.merchants.len());
    for (index, entry) in file.merchants.into_iter().enumerate() {
        let at = format!("merchants[{index}]");
        let entry = merchant::check(entry, &at)?;
        let taken =
            |other: &MerchantEntry| other.payee.id == entry.payee.id || other.secret_key == entry.secret_key;
        if merchants.iter().any(taken) {
            return Err(wrong(at, "has the id or the secret key of a merchant before it"));
        }
        merchants.push(entry);
    }
    let themes = theme::check(file.themes)?;
    Ok(Config {
        listen,
        metrics,
        log_format: file.log_format,
        database,
        log,
        acquirer,
        carrier,
        low_value,
        loaders: file.loaders.map(|path| folder.join(path)),
        mail,
        settings: Settings {
            origin,
            name,
            sandbox: file.sandbox,
            return_below,
        },
        keys: Keys {
            signing,
            retired,
            data: DataKey::new(data).with_others(others),
        },
        limits,
        accreditors,
        merchants,
        themes,
    })
}

fn data_others(keys: &[String]) -> Result<Vec<Zeroizing<[u8; 32]>>, Wrong> {
    if keys.len() > DATA_OTHERS {
        let problem = format!("at most {DATA_OTHERS} keys: take out the oldest");
        return Err(wrong("keys.data_others", problem));
    }
    let keys = keys.iter().enumerate().map(|(index, text)| {
        key_bytes(text.trim()).ok_or_else(|| {
            wrong(
                format!("keys.data_others[{index}]"),
                "32 bytes in base64url without padding (`farthing key data-rotate` puts one here)",
            )
        })
    });
    keys.collect()
}

/// Public keys, each with its name written in.
fn retired(keys: Vec<Jwk>) -> Result<Vec<Jwk>, Wrong> {
    for (index, jwk) in keys.iter().enumerate() {
        let read = jwk.verifying_key().and_then(|_| jwk.kid());
        read.map_err(|error| wrong(format!("keys.retired[{index}]"), error.to_string()))?;
    }
    Ok(keys.into_iter().map(Jwk::with_kid).collect())
}

pub(crate) fn key_bytes(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    let read = Base64UrlUnpadded::decode(text, &mut *bytes).ok()?.len();
    (read == bytes.len()).then_some(bytes)
}
