use std::ffi::OsString;

use farthing_provider::commands::audit::{Books, Command};
use lexopt::Error;

use super::words::Words;

pub const HELP: &str = "\
farthing audit: whether the books are right. It shares no code with what writes them, and changes nothing.

  farthing audit [--config FILE | --database FILE | --export FILE] [--jwks FILE] [--json]
      Reads all of it, also while the provider runs, and says what is wrong and where: a code, the row, what was
      expected and what is there. Then what every account holds, in minor units.
      --jwks FILE   checks signatures too, with the provider's /.well-known/jwks.json, saved
      --json        for programs
      Exit code 0 where nothing is wrong, 1 where something is, 2 where the books could not be read.

  farthing audit export OUT [--config FILE | --database FILE]
      Writes every row to the new file OUT, a line of JSON each, for somebody else to audit. No card details, no
      keys and no webhook secrets; but who bought what.

Without a FILE the database is that of ./farthing.toml, else of ./.farthing/provider.toml.

An example, somewhere else:

  $ farthing audit export books.jsonl
  $ farthing audit --export books.jsonl --jwks jwks.json
";

const OPTIONS: [&str; 4] = ["config", "database", "export", "jwks"];

/// Reads the arguments after `audit`. None asks for help.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Command>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing audit help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Command>, Error> {
    // The one option without a value.
    let (json, arguments): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|word| word == "--json");
    let json = !json.is_empty();
    let mut words = Words::read(arguments, &OPTIONS)?;
    let command = words.word()?;
    if words.help || command.as_deref() == Some("help") {
        return Ok(None);
    }
    let (config, database) = (words.path("config"), words.path("database"));
    let books = match (config, database, words.path("export")) {
        (config, None, None) => Books::Config(config),
        (None, Some(path), None) => Books::Database(path),
        (None, None, Some(path)) => Books::Export(path),
        _ => return Err("one of --config, --database and --export".into()),
    };
    let command = match command.as_deref() {
        None => Command::Judge {
            books,
            jwks: words.path("jwks"),
            json,
        },
        Some("export") if json => return Err("--json is not for this command".into()),
        Some("export") if matches!(books, Books::Export(_)) => {
            return Err("--export is not for this command".into());
        }
        Some("export") => Command::Export {
            books,
            to: words.next("OUT", |word| Ok(word.into()))?,
        },
        Some(other) => return Err(format!("there is no command `audit {other}`").into()),
    };
    words.end()?;
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<Command>, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        let judge = |books, jwks: Option<&str>, json| Command::Judge {
            books,
            jwks: jwks.map(Into::into),
            json,
        };
        for (line, wanted) in [
            ("", judge(Books::Config(None), None, false)),
            (
                "--json --config a",
                judge(Books::Config(Some("a".into())), None, true),
            ),
            (
                "--database a --jwks b",
                judge(Books::Database("a".into()), Some("b"), false),
            ),
            ("--export a --json", judge(Books::Export("a".into()), None, true)),
            (
                "export b --database a",
                Command::Export {
                    books: Books::Database("a".into()),
                    to: "b".into(),
                },
            ),
        ] {
            assert_eq!(words(line).unwrap(), Some(wanted), "{line}");
        }
        for line in ["help", "--help", "export -h"] {
            assert_eq!(words(line).unwrap(), None, "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("judge", "`audit judge`"),
            ("--config a --database b", "one of --config"),
            ("export", "OUT is missing"),
            ("export b --export a", "--export is not for"),
            ("export b --json", "--json is not for"),
            ("export b --jwks a", "--jwks is not for"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("audit help"),
                "{line}: {error}"
            );
        }
    }
}
