mod accreditor;
pub mod audit;
mod backup;
mod dispute;
pub mod key;
pub mod merchant;
mod price;
pub mod receipt;
mod verify;
mod webhook;
mod words;

use std::{
    error::Error,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
};

use farthing_protocol::Origin;
use farthing_provider::{
    commands::{self, CommandError},
    config::Config,
    wiring::{AnyClock, AnyRng, Desk, SystemClock, SystemRng},
};
use lexopt::{Arg, Parser, ValueExt};
use tokio::runtime;

pub const HELP: &str = "\
farthing: checkout for small payments, the provider's side.

  farthing serve [--config FILE] [--frame-dir DIR]
      Serves the frame, the API and the receipts. This is what `farthing` alone does.
      --config FILE     the configuration (else ./farthing.toml, else ./.farthing/provider.toml)
      --frame-dir DIR   the frame from this folder, read anew each time: for work on the frame.
                        `trunk serve` does it for you

  farthing init --dir DIR [--shop-origin ORIGIN] [--provider-origin ORIGIN]
      Writes DIR/provider.toml and DIR/shop.toml with fresh keys: a provider and a shop that know each
      other, on http://127.0.0.1:8788 and http://localhost:8787 unless told otherwise. Overwrites nothing.

  farthing merchant help
      Who may be paid: merchants, their origins, order keys, fees and statements.

  farthing price help
      What merchants sell without a server of their own.

  farthing key help
      The keys that merchants' servers come with, and the one that the provider signs with.

  farthing webhook help
      Where merchants are told how payments stand, and what could not be told.

  farthing dispute help
      What shoppers object to, and deciding what the merchant contests.

  farthing accreditor help
      For those who vouch for merchants: statements, and the list of those that were taken back.

  farthing audit help
      Whether the books are right, by a judge that does not write them.

  farthing backup help
      The database, whole, to another file and back.

  farthing migrate [--config FILE]
      Brings the database's schema up to date, or makes it, and says from which version to which. A provider
      that starts does it too.

  farthing receipt help
      Whether a receipt is one: who was paid, how much and when. It needs no provider.

  farthing verify help
      Whether a provider serves what it says it does, byte for byte.

  farthing help
      This.

These variables come before the file:
  FARTHING_LISTEN        address and port, 127.0.0.1:8788
  FARTHING_ORIGIN        the address that browsers see, https://pay.example
  FARTHING_DATABASE      \"memory\", or the SQLite file, from the configuration's folder
  DATABASE_URL           postgres://user@host/name: PostgreSQL in the place of the file
  STRIPE_API_KEY         the secret key for [connector]
  FARTHING_SIGNING_KEY   private key on P-256, base64url
  FARTHING_DATA_KEY      32 bytes, base64url

SIGTERM and Ctrl-C end it gracefully: what was begun is finished, at most a minute.
";

pub enum Command {
    Serve(Serve),
    Init(Init),
    Accreditor(accreditor::Command),
    Merchant(commands::merchant::Command, Option<PathBuf>),
    Price(commands::price::Command, Option<PathBuf>),
    Key(key::Command, Option<PathBuf>),
    Webhook(commands::webhook::Command, Option<PathBuf>),
    Dispute(commands::dispute::Command, Option<PathBuf>),
    Audit(commands::audit::Command),
    Backup(commands::backup::Command),
    Migrate(Option<PathBuf>),
    Receipt(commands::receipt::Verify),
    Verify(commands::verify::Verify),
    Say(&'static str),
}

#[derive(Default)]
pub struct Serve {
    pub config: Option<PathBuf>,
    pub frame_dir: Option<PathBuf>,
}

pub struct Init {
    pub dir: PathBuf,
    pub shop_origin: Origin,
    pub provider_origin: Origin,
}

/// Reads the arguments after the program's name.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut arguments = arguments.into_iter().peekable();
    if arguments.next_if(|word| word == "accreditor").is_some() {
        return accreditor::parse(arguments).map(Command::Accreditor);
    }
    if arguments.next_if(|word| word == "merchant").is_some() {
        let parsed = merchant::parse(arguments)?;
        return Ok(said(parsed, merchant::HELP, |(what, config)| {
            Command::Merchant(what, config)
        }));
    }
    if arguments.next_if(|word| word == "price").is_some() {
        let parsed = price::parse(arguments)?;
        return Ok(said(parsed, price::HELP, |(what, config)| {
            Command::Price(what, config)
        }));
    }
    if arguments.next_if(|word| word == "key").is_some() {
        let parsed = key::parse(arguments)?;
        return Ok(said(parsed, key::HELP, |(what, config)| {
            Command::Key(what, config)
        }));
    }
    if arguments.next_if(|word| word == "webhook").is_some() {
        let parsed = webhook::parse(arguments)?;
        return Ok(said(parsed, webhook::HELP, |(what, config)| {
            Command::Webhook(what, config)
        }));
    }
    if arguments.next_if(|word| word == "dispute").is_some() {
        let parsed = dispute::parse(arguments)?;
        return Ok(said(parsed, dispute::HELP, |(what, config)| {
            Command::Dispute(what, config)
        }));
    }
    if arguments.next_if(|word| word == "audit").is_some() {
        let parsed = audit::parse(arguments)?;
        return Ok(said(parsed, audit::HELP, Command::Audit));
    }
    for word in ["backup", "restore"] {
        if arguments.next_if(|given| given == word).is_some() {
            let parsed = backup::parse(word, arguments)?;
            return Ok(said(parsed, backup::HELP, Command::Backup));
        }
    }
    if arguments.next_if(|word| word == "receipt").is_some() {
        let parsed = receipt::parse(arguments)?;
        return Ok(said(parsed, receipt::HELP, Command::Receipt));
    }
    if arguments.next_if(|word| word == "verify").is_some() {
        let parsed = verify::parse(arguments)?;
        return Ok(said(parsed, verify::HELP, Command::Verify));
    }
    read(arguments).map_err(|error| format!("{error}. `farthing help` tells what there is"))
}

/// What a family of commands understood, or its help where that was asked for.
fn said<T>(parsed: Option<T>, help: &'static str, command: impl FnOnce(T) -> Command) -> Command {
    parsed.map_or(Command::Say(help), command)
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, lexopt::Error> {
    let mut parser = Parser::from_args(arguments);
    let (mut command, mut serve) = (None, Serve::default());
    let (mut dir, mut shop, mut provider) = (None, None, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Say(HELP)),
            Arg::Value(name) if command.is_none() => command = Some(name.string()?),
            Arg::Long("config") if serves(command.as_deref()) => serve.config = Some(parser.value()?.into()),
            Arg::Long("config") if command.as_deref() == Some("migrate") => {
                serve.config = Some(parser.value()?.into());
            }
            Arg::Long("frame-dir") if serves(command.as_deref()) => {
                serve.frame_dir = Some(parser.value()?.into());
            }
            Arg::Long("dir") if inits(command.as_deref()) => dir = Some(PathBuf::from(parser.value()?)),
            Arg::Long("shop-origin") if inits(command.as_deref()) => shop = Some(origin(&parser.value()?)?),
            Arg::Long("provider-origin") if inits(command.as_deref()) => {
                provider = Some(origin(&parser.value()?)?);
            }
            other => return Err(other.unexpected()),
        }
    }
    match command.as_deref() {
        Some("help") => Ok(Command::Say(HELP)),
        None | Some("serve") => Ok(Command::Serve(serve)),
        Some("migrate") => Ok(Command::Migrate(serve.config)),
        Some("init") => Ok(Command::Init(Init {
            dir: dir.ok_or("`farthing init` needs --dir DIR: where to write")?,
            shop_origin: shop.map_or_else(|| origin(OsStr::new("http://localhost:8787")), Ok)?,
            provider_origin: provider.map_or_else(|| origin(OsStr::new("http://127.0.0.1:8788")), Ok)?,
        })),
        Some(other) => Err(format!("there is no command `{other}`").into()),
    }
}

/// Does something with the database of the configuration at `path`.
pub fn with_desk<T>(
    path: Option<&Path>,
    work: impl AsyncFnOnce(&Desk) -> Result<T, CommandError>,
) -> Result<T, Box<dyn Error>> {
    let config = Config::load(path, |name| std::env::var(name).ok())?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let desk = Desk::open(config, AnyClock::new(SystemClock), AnyRng::new(SystemRng)).await?;
        Ok(work(&desk).await?)
    })
}

fn serves(command: Option<&str>) -> bool {
    matches!(command, None | Some("serve"))
}

fn inits(command: Option<&str>) -> bool {
    command == Some("init")
}

fn origin(text: &OsStr) -> Result<Origin, lexopt::Error> {
    text.to_owned()
        .parse_with(|text| Origin::parse(text).map_err(|error| error.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn serving_is_what_is_done_without_a_word() {
        for line in [
            "--config a.toml --frame-dir=b",
            "serve --config a.toml --frame-dir b",
        ] {
            let Ok(Command::Serve(serve)) = words(line) else {
                panic!("{line}")
            };
            assert_eq!(serve.config, Some("a.toml".into()));
            assert_eq!(serve.frame_dir, Some("b".into()));
        }
        assert!(matches!(
            words(""),
            Ok(Command::Serve(Serve {
                config: None,
                frame_dir: None
            }))
        ));
        for line in ["help", "--help", "-h", "init --help", "serve -h"] {
            assert!(matches!(words(line), Ok(Command::Say(HELP))), "{line}");
        }
    }

    #[test]
    fn init_has_usual_origins() {
        let Ok(Command::Init(init)) = words("init --dir x --shop-origin http://localhost:9001") else {
            panic!()
        };
        assert_eq!(init.dir, PathBuf::from("x"));
        assert_eq!(init.shop_origin.as_str(), "http://localhost:9001");
        assert_eq!(init.provider_origin.as_str(), "http://127.0.0.1:8788");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("srve", "srve"),
            ("serve twice", "twice"),
            ("init", "--dir"),
            ("init --dir x --config y", "--config"),
            ("serve --dir x", "--dir"),
            ("serve --config", "--config"),
            ("init --dir x --shop-origin http://shop.example", "https://"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("farthing help"),
                "{line}: {error}"
            );
        }
    }
}
