//! `farthing backup` and `farthing restore`: the database, whole, from one place to another.

use std::path::{Path, PathBuf};

use farthing_audit::{Source, audit};
use farthing_gateway::Clock;

use super::audit::Said;
use crate::{
    config::{Config, Database},
    wiring::copy_database,
};

/// What to do with the database of a configuration: this one, or the first that there is.
#[derive(Debug, Eq, PartialEq)]
pub enum Command {
    /// Writes it to a new file.
    Backup {
        /// The configuration.
        config: Option<PathBuf>,
        /// The file.
        to: PathBuf,
    },
    /// Makes it out of a file, where there is none.
    Restore {
        /// The configuration.
        config: Option<PathBuf>,
        /// The file.
        from: PathBuf,
    },
}

/// Does it, and has the copy audited; nothing is restored whose books are wrong. An error means that there is no copy.
pub fn run(command: &Command, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    match command {
        Command::Backup { config, to } => copied(&database(config.as_deref())?, to, clock),
        Command::Restore { config, from } => {
            let to = database(config.as_deref())?;
            let judged = audited(from, clock)?;
            if !judged.clean {
                let text = format!("{}nothing was written\n", judged.text);
                return Ok(Said { text, ..judged });
            }
            copied(from, &to, clock)
        }
    }
}

fn copied(from: &Path, to: &Path, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    copy_database(from, to)?;
    let judged = audited(to, clock)?;
    let text = format!("wrote {}\n{}", to.display(), judged.text);
    Ok(Said { text, ..judged })
}

fn audited(path: &Path, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    let report = audit(&Source::database(path)?, None, clock.now().0)?;
    Ok(Said {
        text: report.to_string(),
        clean: report.is_clean(),
    })
}

fn database(config: Option<&Path>) -> Result<PathBuf, Box<dyn std::error::Error>> {
    match Config::load(config, |name| std::env::var(name).ok())?.database {
        Database::File(path) => Ok(path),
        Database::Memory => Err("the configuration's database is \"memory\": there is no file".into()),
    }
}
