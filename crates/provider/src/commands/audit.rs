//! `farthing audit`: what is wrong with the books, by a judge that does not write them.

use std::{
    fs::{self, OpenOptions},
    io::{BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use farthing_audit::{Jwks, Source, audit};
use farthing_gateway::Clock;

use super::read_input;
use crate::config::{Config, Database};

/// Where the books are.
#[derive(Debug, Eq, PartialEq)]
pub enum Books {
    /// In the database of a configuration: this one, or the first that there is.
    Config(Option<PathBuf>),
    /// In this database.
    Database(PathBuf),
    /// In this export.
    Export(PathBuf),
}

/// What to do.
#[derive(Debug, Eq, PartialEq)]
pub enum Command {
    /// Says what is wrong.
    Judge {
        /// With what.
        books: Books,
        /// The provider's public keys, to check signatures with.
        jwks: Option<PathBuf>,
        /// Whether programs read it.
        json: bool,
    },
    /// Writes it all to a new file, without secrets.
    Export {
        /// Of what.
        books: Books,
        /// The file.
        to: PathBuf,
    },
}

/// What to say, and whether nothing is wrong.
pub struct Said {
    /// To print.
    pub text: String,
    /// Whether there is no finding.
    pub clean: bool,
}

/// Does it. An error means that the books could not be read.
pub fn run(command: &Command, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    match command {
        Command::Judge { books, jwks, json } => {
            let keys = jwks.as_deref().map(read_jwks).transpose()?;
            let report = audit(&open(books)?, keys.as_ref(), clock.now().0)?;
            let text = if *json {
                format!("{}\n", report.json())
            } else {
                report.to_string()
            };
            let clean = report.is_clean();
            Ok(Said { text, clean })
        }
        Command::Export { books, to } => {
            export(&open(books)?, to)?;
            let text = format!("wrote {}\n", to.display());
            Ok(Said { text, clean: true })
        }
    }
}

/// The public keys in a file.
pub fn read_jwks(path: &Path) -> Result<Jwks, Box<dyn std::error::Error>> {
    let input = read_input(path)?;
    let none = || input.wrong("is not a JWKS with a key on P-256, as /.well-known/jwks.json is");
    Ok(Jwks::parse(&input.text).ok_or_else(none)?)
}

/// Who paid whom is nobody else's to read, and no file is overwritten. An export that was not finished lacks its end.
fn export(source: &Source, to: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let failed = |error| format!("{}: {error}", to.display());
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to);
    let mut out = BufWriter::new(file.map_err(failed)?);
    source.export_to(&mut out)?;
    out.flush().map_err(failed)?;
    out.get_ref().sync_all().map_err(failed)?;
    Ok(())
}

fn open(books: &Books) -> Result<Source, Box<dyn std::error::Error>> {
    Ok(match books {
        Books::Export(path) => Source::export(path)?,
        Books::Database(path) => database(path)?,
        Books::Config(path) => {
            let config = Config::load(path.as_deref(), |name| std::env::var(name).ok())?;
            match config.database {
                Database::File(path) => database(&path)?,
                Database::Postgres { url, .. } => Source::postgres(&url)?,
                Database::Memory => {
                    return Err(
                        "the configuration's database is \"memory\": nobody else can read that".into(),
                    );
                }
            }
        }
    })
}

fn database(path: &Path) -> Result<Source, Box<dyn std::error::Error>> {
    fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Source::database(path)?)
}
