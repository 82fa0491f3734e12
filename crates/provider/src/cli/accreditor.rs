use std::{
    error::Error,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use farthing_gateway::Clock;
use farthing_protocol::{Label, Origin};
use farthing_provider::{
    accreditor::{self, Change},
    commands,
    wiring::{SystemClock, SystemRng},
};
use lexopt::{Arg, Parser, ValueExt};

use super::{
    with_desk,
    words::{Words, origin},
};

pub const HELP: &str = "\
farthing accreditor: vouch for merchants, and take it back.

An accreditor looks at merchants and vouches for their origins. Providers that trust it show a form on those
origins, with its name; as long as its status list says that the statement stands.

  farthing accreditor init --dir DIR --id ORIGIN --name NAME
      Makes a key and an empty book in DIR, and prints the entry that a provider needs to trust them.
      ORIGIN is the accreditor's own address, under which the status list is published.

  farthing accreditor issue --dir DIR --origin ORIGIN [--name NAME] [--days DAYS]
      Vouches for ORIGIN and prints the statement, for the merchant to hand to its provider.
      --days DAYS   1 to 400; 365 unless told otherwise
      --name NAME   the merchant's name, for the book alone

  farthing accreditor suspend|revoke|reinstate --dir DIR --origin ORIGIN
      Takes back every statement of ORIGIN, for now (suspend) or for good (revoke); or lets what was
      suspended stand again (reinstate).

  farthing accreditor status-list --dir DIR [--days DAYS]
      Prints the signed status list. Serve it as application/statuslist+jwt, and put a new one there after
      each change, and before the last one ends: without a list in force no statement stands.
      --days DAYS   1 to 31; 7 unless told otherwise

  farthing accreditor list --dir DIR
      Prints what was issued, and how it stands.

On the provider's side (--config FILE says where its configuration is, else ./farthing.toml, else
./.farthing/provider.toml; FILE may be -, which is standard input):

  farthing accreditor trust FILE
      Trusts the accreditors of the entries in FILE, as `init` prints them; their keys take the place of those that
      they had. From the next request on.
  farthing accreditor distrust ORIGIN
      Trusts it no more: no statement of its holds.
  farthing accreditor import-status FILE
      Keeps a status list, in the place of an older one.

An example:

  $ farthing accreditor init --dir desk --id https://accreditor.example --name 'Fair Shops'
  $ farthing accreditor issue --dir desk --origin https://shop.example --name 'The Corner Press' > shop.jwt
  $ mkdir -p www/statuslists
  $ farthing accreditor status-list --dir desk > list.new && mv list.new www/statuslists/1

The shop turns out to sell nothing. Providers look for a new list twice a day:

  $ farthing accreditor suspend --dir desk --origin https://shop.example
  $ farthing accreditor status-list --dir desk > list.new && mv list.new www/statuslists/1
  $ farthing accreditor list --dir desk

DIR holds two files. accreditor.key is the key: whoever has it can vouch for anyone. book.json is all that was
ever issued: without it nothing can be taken back. Keep a copy of both where nobody else reads them.
";

pub enum Command {
    Help,
    /// On the provider's side, with the configuration there.
    Provider(commands::accreditor::Command, Option<PathBuf>),
    Init {
        dir: PathBuf,
        id: Origin,
        name: Label,
    },
    Issue {
        dir: PathBuf,
        origin: Origin,
        name: Option<Label>,
        days: i64,
    },
    Change {
        dir: PathBuf,
        origin: Origin,
        change: Change,
    },
    List {
        dir: PathBuf,
    },
    StatusList {
        dir: PathBuf,
        days: i64,
    },
}

impl Command {
    /// Does it, and prints what there is to say.
    pub fn run(self) -> Result<(), Box<dyn Error>> {
        let now = SystemClock.now();
        let said = match self {
            Self::Help => HELP.to_owned(),
            Self::Provider(command, config) => with_desk(config.as_deref(), async |desk| {
                commands::accreditor::run(command, desk).await
            })?,
            Self::Init { dir, id, name } => accreditor::init(&dir, id, name, &SystemRng)?,
            Self::Issue {
                dir,
                origin,
                name,
                days,
            } => accreditor::issue(&dir, origin, name, days, now)? + "\n",
            Self::Change { dir, origin, change } => accreditor::change(&dir, &origin, change, now)?,
            Self::List { dir } => accreditor::list(&dir, now)?,
            Self::StatusList { dir, days } => accreditor::status_list(&dir, days, now)? + "\n",
        };
        print!("{said}");
        Ok(())
    }
}

/// Reads the arguments after `accreditor`.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing accreditor help` has an example"))
}

/// The commands of the provider's side, whose words have places.
fn read_provider(arguments: Vec<OsString>) -> Result<Command, lexopt::Error> {
    use commands::accreditor::Command as Do;

    let mut words = Words::read(arguments, &["config"])?;
    let config = words.path("config");
    let command = words.word()?.filter(|_| !words.help);
    let command = match command.as_deref() {
        Some("trust") => Do::Trust(words.input()?),
        Some("distrust") => Do::Distrust(words.next("ORIGIN", origin)?),
        Some("import-status") => Do::ImportStatus(words.input()?),
        _ => return Ok(Command::Help),
    };
    words.end()?;
    Ok(Command::Provider(command, config))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let first = arguments.first().and_then(|word| word.to_str());
    if matches!(first, Some("trust" | "distrust" | "import-status")) {
        return read_provider(arguments);
    }
    let mut parser = Parser::from_args(arguments);
    let (mut command, mut dir, mut id, mut origin, mut name, mut days) = (None, None, None, None, None, None);
    while let Some(argument) = parser.next()? {
        let takes = |options: &[&str]| command.as_deref().is_some_and(|word| options.contains(&word));
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Value(word) if command.is_none() => command = Some(word.string()?),
            Arg::Long("dir") if command.is_some() => dir = Some(PathBuf::from(parser.value()?)),
            Arg::Long("id") if takes(&["init"]) => id = Some(parse_origin(&parser.value()?)?),
            Arg::Long("name") if takes(&["init", "issue"]) => name = Some(label(&parser.value()?)?),
            Arg::Long("origin") if takes(&["issue", "suspend", "revoke", "reinstate"]) => {
                origin = Some(parse_origin(&parser.value()?)?);
            }
            Arg::Long("days") if takes(&["issue", "status-list"]) => days = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected()),
        }
    }
    let Some(command) = command else {
        return Err("`farthing accreditor` needs a command".into());
    };
    let needs = |what: &str| format!("`farthing accreditor {command}` needs {what}");
    let dir = dir.ok_or_else(|| needs("--dir DIR: where the key and the book are"));
    let shop = origin.ok_or_else(|| needs("--origin ORIGIN: the shop's, https://shop.example"));
    match command.as_str() {
        "help" => Ok(Command::Help),
        "init" => Ok(Command::Init {
            dir: dir?,
            id: id.ok_or_else(|| needs("--id ORIGIN: the accreditor's, https://accreditor.example"))?,
            name: name.ok_or_else(|| needs("--name NAME: as shoppers read it"))?,
        }),
        "issue" => Ok(Command::Issue {
            dir: dir?,
            origin: shop?,
            name,
            days: days.unwrap_or(365),
        }),
        "suspend" => Ok(Command::Change {
            dir: dir?,
            origin: shop?,
            change: Change::Suspend,
        }),
        "revoke" => Ok(Command::Change {
            dir: dir?,
            origin: shop?,
            change: Change::Revoke,
        }),
        "reinstate" => Ok(Command::Change {
            dir: dir?,
            origin: shop?,
            change: Change::Reinstate,
        }),
        "list" => Ok(Command::List { dir: dir? }),
        "status-list" => Ok(Command::StatusList {
            dir: dir?,
            days: days.unwrap_or(7),
        }),
        other => Err(format!("there is no command `accreditor {other}`").into()),
    }
}

fn parse_origin(text: &OsStr) -> Result<Origin, lexopt::Error> {
    text.to_owned()
        .parse_with(|text| Origin::parse(text).map_err(|error| error.as_str()))
}

fn label(text: &OsStr) -> Result<Label, lexopt::Error> {
    text.to_owned()
        .parse_with(|text| Label::parse(text).map_err(|error| error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        let shop = Origin::parse("https://shop.example").unwrap();
        let init = words("init --dir d --id https://accreditor.example --name Fair");
        assert!(matches!(init, Ok(Command::Init { dir, .. }) if dir.as_os_str() == "d"));
        let issue = words("issue --origin https://shop.example --dir d --days 30 --name Press");
        assert!(matches!(
            issue,
            Ok(Command::Issue { origin, days: 30, name: Some(_), .. }) if origin == shop
        ));
        let usual = words("issue --origin https://shop.example --dir d");
        assert!(matches!(
            usual,
            Ok(Command::Issue {
                days: 365,
                name: None,
                ..
            })
        ));
        for (word, wanted) in [
            ("suspend", Change::Suspend),
            ("revoke", Change::Revoke),
            ("reinstate", Change::Reinstate),
        ] {
            let read = words(&format!("{word} --dir d --origin https://shop.example"));
            assert!(matches!(
                read,
                Ok(Command::Change { origin, change, .. }) if origin == shop && change == wanted
            ));
        }
        assert!(matches!(words("list --dir d"), Ok(Command::List { .. })));
        assert!(matches!(
            words("status-list --dir d"),
            Ok(Command::StatusList { days: 7, .. })
        ));
        assert!(matches!(
            words("status-list --dir d --days 1"),
            Ok(Command::StatusList { days: 1, .. })
        ));
        for line in ["help", "--help", "-h", "issue --help"] {
            assert!(matches!(words(line), Ok(Command::Help)), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("", "needs a command"),
            ("pardon --dir d", "accreditor pardon"),
            ("list", "--dir"),
            ("list --dir", "--dir"),
            ("list --dir d twice", "twice"),
            ("list --dir d --days 7", "--days"),
            ("init --dir d --name Fair", "--id"),
            ("init --dir d --id https://accreditor.example", "--name"),
            (
                "init --dir d --id http://accreditor.example --name Fair",
                "https://",
            ),
            ("issue --dir d", "--origin"),
            (
                "issue --dir d --origin https://shop.example/cart",
                "without a path",
            ),
            ("issue --dir d --origin https://shop.example --days x", "x"),
            ("suspend --dir d", "--origin"),
            ("suspend --dir d --origin https://shop.example --name n", "--name"),
            ("--dir d list", "--dir"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("farthing accreditor help"),
                "{line}: {error}"
            );
        }
    }
}
