//! `farthing backup` and `farthing restore`: the database, whole, from one place to another.

use std::path::{Path, PathBuf};

use farthing_audit::{Source, audit};
use farthing_gateway::Clock;

use super::audit::Said;
use crate::{
    config::{Config, Database},
    wiring::{Replayed, copy_database, logged_in, restore_database, segment_needed},
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
    /// Makes it out of a file, where there is none, and of the log, where there is one.
    Restore {
        /// The configuration.
        config: Option<PathBuf>,
        /// The file.
        from: PathBuf,
        /// The log's folder, where it is not the configuration's.
        log: Option<PathBuf>,
    },
}

/// Does it, and has the copy audited; nothing is restored whose books are wrong. An error means that there is no copy.
pub fn run(command: &Command, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    match command {
        Command::Backup { config, to } => {
            let (from, log) = database(config.as_deref())?;
            copy_database(&from, to)?;
            written(to, &log.map_or(Ok(String::new()), |log| held(to, &log))?, clock)
        }
        Command::Restore { config, from, log } => {
            let (to, usual) = database(config.as_deref())?;
            let judged = audited(from, clock)?;
            if !judged.clean {
                let text = format!("{}nothing was written\n", judged.text);
                return Ok(Said { text, ..judged });
            }
            let replayed =
                restore_database(from, &to, log.as_ref().or(usual.as_ref()).map(PathBuf::as_path))?;
            let text = replayed.as_ref().map_or_else(String::new, told);
            let said = written(&to, &text, clock)?;
            let whole = replayed.is_none_or(|replayed| replayed.broken.is_none());
            Ok(Said {
                clean: said.clean && whole,
                ..said
            })
        }
    }
}

fn written(to: &Path, text: &str, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    let judged = audited(to, clock)?;
    let text = format!("wrote {}\n{text}{}", to.display(), judged.text);
    Ok(Said { text, ..judged })
}

/// What a backup has of the log in `folder`.
fn held(backup: &Path, folder: &Path) -> Result<String, Box<dyn std::error::Error>> {
    let Some(seq) = logged_in(backup)? else {
        return Ok(
            "it was made before the log was begun, which can't be replayed on it: make another\n".to_owned(),
        );
    };
    let needed = segment_needed(folder, seq)?;
    let needed = needed.as_deref().and_then(Path::file_name);
    let needed = needed.map_or_else(String::new, |name| {
        format!("; of the log it needs {} and what comes after it", name.display())
    });
    Ok(format!("it holds what is in the log up to entry {seq}{needed}\n"))
}

fn told(replayed: &Replayed) -> String {
    let Replayed {
        from,
        to,
        torn,
        broken,
    } = replayed;
    let mut said = if to > from {
        format!("replayed the log from entry {} to entry {to}\n", from + 1)
    } else {
        format!("the log has nothing after entry {from}, which the backup holds\n")
    };
    let next = to + 1;
    if *torn {
        said += &format!("entry {next} was not written to its end: it was never acknowledged\n");
    }
    if let Some(broken) = broken {
        said += &format!(
            "{broken}. What was acknowledged from entry {next} on is NOT in the database: look for that part of the log \
             elsewhere, move the database away, and restore again\n"
        );
    }
    said
}

fn audited(path: &Path, clock: &impl Clock) -> Result<Said, Box<dyn std::error::Error>> {
    let report = audit(&Source::database(path)?, None, clock.now().0)?;
    Ok(Said {
        text: report.to_string(),
        clean: report.is_clean(),
    })
}

/// The database's file, and the folder of its log.
fn database(config: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), Box<dyn std::error::Error>> {
    let config = Config::load(config, |name| std::env::var(name).ok())?;
    match config.database {
        Database::File(path) => Ok((path, config.log)),
        Database::Postgres { .. } => Err(
            "PostgreSQL has backups of its own: use pg_basebackup with its log (WAL \
             archiving), or pg_dump; docs/OPERATING.md says how"
                .into(),
        ),
        Database::Memory => Err("the configuration's database is \"memory\": there is no file".into()),
    }
}
