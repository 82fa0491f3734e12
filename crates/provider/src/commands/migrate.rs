//! `farthing migrate`: the database's schema, up to date.

use crate::{commands::CommandError, config::Config, wiring};

/// Does it, and says from which version to which. A provider that starts does it too: this is for doing it before, with a
/// database user who may.
pub fn run(config: &Config) -> Result<String, CommandError> {
    let (from, to) = wiring::migrate(&config.database)?;
    Ok(match from {
        0 => format!("made the tables, at version {to}\n"),
        from if from == to => format!("the schema is at version {to} already\n"),
        from => format!("brought the schema from version {from} to version {to}\n"),
    })
}
