//! What an operator does, from the command line: one file a family. Each returns what to say. They
//! work on the database of the configuration, also while the provider runs: it reads the registry for each request.

pub mod accreditor;
pub mod audit;
pub mod backup;
pub mod dispute;
pub mod key;
pub mod merchant;
pub mod migrate;
pub mod price;
mod prove;
pub mod receipt;
mod show;
pub mod signing;
pub mod verify;
pub mod webhook;

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use farthing_gateway::{Refusal, StoreError, registrar::RegistryError};
use farthing_outbound::{Failed, NoTls, TargetError};
use farthing_protocol::{Code, EndpointId};

use crate::wiring::StartError;

/// The most that a file or standard input may hold.
const INPUT_BYTES: u64 = 1024 * 1024;

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The database.
    #[error(transparent)]
    Start(#[from] StartError),
    /// There is nothing to work on.
    #[error("the configuration's database is \"memory\": nothing but the provider itself can change that")]
    Memory,
    /// The registry says no.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The rules say no.
    #[error("{}: {}{}", .0.code.as_str(), .0.code.title(), .0.cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default())]
    Refused(Refusal),
    /// There is nothing to remove.
    #[error("there is no endpoint {0}: `farthing webhook list` has those that there are")]
    NoEndpoint(EndpointId),
    /// Two of one address would tell everything twice.
    #[error("the merchant is told at this address already: `farthing webhook list` has its endpoint")]
    EndpointExists,
    /// Each costs a request for each event.
    #[error("a merchant has at most {0} endpoints: remove one first")]
    TooManyEndpoints(i64),
    /// A file.
    #[error("{path}: {error}")]
    Io {
        /// The file, or standard input.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// What was read is not what it should be.
    #[error("{path}: {problem}")]
    Input {
        /// The file, or standard input.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The origin's answer.
    #[error("{address}: {problem}")]
    Origin {
        /// What was asked.
        address: String,
        /// What is wrong.
        problem: String,
    },
    /// No way out.
    #[error(transparent)]
    NoTls(#[from] NoTls),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::Registry(error.into())
    }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Code> for CommandError {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl CommandError {
    fn target(address: &str, error: TargetError) -> Self {
        Self::Origin {
            address: address.to_owned(),
            problem: error.to_string(),
        }
    }

    fn failed(address: &str, error: Failed) -> Self {
        Self::Origin {
            address: address.to_owned(),
            problem: error.to_string(),
        }
    }
}

/// A file, or standard input where it is `-`: text of at most 1 MiB.
pub fn read_input(path: &Path) -> Result<Input, CommandError> {
    let name = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let failed = |error| CommandError::Io {
        path: name.clone(),
        error,
    };
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(failed)?)
    };
    let mut text = String::new();
    reader
        .take(INPUT_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    let input = Input { name, text };
    if input.text.len() as u64 > INPUT_BYTES {
        return Err(input.wrong("is longer than 1 MiB"));
    }
    Ok(input)
}

/// What was read, and from where.
#[derive(Debug)]
pub struct Input {
    /// The file's name, or `standard input`.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Input {
    fn wrong(&self, problem: impl Into<String>) -> CommandError {
        CommandError::Input {
            path: self.name.clone(),
            problem: problem.into(),
        }
    }
}
