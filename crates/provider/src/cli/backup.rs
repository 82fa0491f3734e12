use std::ffi::OsString;

use farthing_provider::commands::backup::Command;
use lexopt::Error;

use super::words::Words;

pub const HELP: &str = "\
farthing backup, farthing restore: the provider's database, whole.

  farthing backup TO [--config FILE]
      Writes the configuration's database to the new file TO, as it is at one moment, also while the provider runs,
      and checks it: every page, every reference, and the books (`farthing audit help`).

  farthing restore FROM [--log FOLDER] [--config FILE]
      Makes the configuration's database out of the backup FROM, if its books are right. It overwrites nothing:
      stop the provider, and move away what is left of the old database, its -wal and -shm with it.
      With a log (`log` of the configuration, or FOLDER) it goes on to the log's last entry, checks each, says which
      was the last, and checks the books again.

A backup holds what the database holds: who bought what, and card details of tokens that wait, encrypted. The keys are
not in it: without the data key of provider.toml it can't be read, so keep that too, and elsewhere. Payments made after a
backup are in the log. Without one `farthing restore` can't bring them back, and the bank's own list says which they were.

Exit code 0 where the copy is there, its books are right, and no entry of the log is missing or damaged, else 1.

An example:

  $ farthing backup /backups/farthing-$(date +%F-%H%M).db
";

/// Reads the arguments after `backup`, or after `restore`. None asks for help.
pub fn parse(
    word: &'static str,
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<Command>, String> {
    read(word, arguments).map_err(|error| format!("{error}. `farthing {word} help` has an example"))
}

fn read(word: &'static str, arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Command>, Error> {
    let options: &[&str] = if word == "backup" {
        &["config"]
    } else {
        &["config", "log"]
    };
    let mut words = Words::read(arguments, options)?;
    let (config, log) = (words.path("config"), words.path("log"));
    let what = if word == "backup" { "TO" } else { "FROM" };
    let file = match words.word()? {
        Some(file) if file != "help" && !words.help => file.into(),
        Some(_) => return Ok(None),
        None if words.help => return Ok(None),
        None => return Err(format!("{what} is missing").into()),
    };
    words.end()?;
    Ok(Some(match word {
        "backup" => Command::Backup { config, to: file },
        _ => Command::Restore {
            config,
            from: file,
            log,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(word: &'static str, line: &str) -> Result<Option<Command>, String> {
        parse(word, line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn a_file_and_a_configuration() {
        let config = Some("p.toml".into());
        let to = "b.db".into();
        let backup = Command::Backup { config, to };
        assert_eq!(words("backup", "b.db --config p.toml"), Ok(Some(backup)));
        for (line, log) in [("b.db", None), ("b.db --log l", Some("l".into()))] {
            let (config, from) = (None, "b.db".into());
            let restore = Command::Restore { config, from, log };
            assert_eq!(words("restore", line), Ok(Some(restore)));
        }
        for line in ["help", "--help", "b.db --help"] {
            assert_eq!(words("restore", line), Ok(None), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (word, line, said) in [
            ("backup", "", "TO is missing"),
            ("restore", "--config a", "FROM is missing"),
            ("backup", "a b", "\"b\""),
            ("backup", "a --jwks b", "--jwks"),
            ("backup", "a --log b", "--log"),
        ] {
            let error = words(word, line).unwrap_err();
            let help = format!("farthing {word} help");
            assert!(error.contains(said) && error.contains(&help), "{error}");
        }
    }
}
