use std::{ffi::OsString, path::PathBuf};

use farthing_protocol::{EndpointId, EventId, MerchantId};
use farthing_provider::commands::webhook::Command;
use lexopt::Error;

use super::words::Words;

pub const HELP: &str = "\
farthing webhook: where merchants are told how payments and disputes stand.

  farthing webhook add --merchant MERCHANT --url URL
      Tells the merchant at URL from now on, and prints the secret that signs what it is told, this once. URL is
      https:// on the public internet; in the sandbox also http:// on this machine. With mailto:ADDRESS it is a mail,
      put into the folder that [mail] in the configuration names: for merchants without a server.
  farthing webhook list [--merchant MERCHANT]
      The endpoints, with how many webhooks are still to be taken and how many were given up.
  farthing webhook remove ENDPOINT
      Tells nothing there any more; what was still to be told there is given up.
  farthing webhook dead [--merchant MERCHANT]
      What was given up after three days of attempts, and why the last one failed: the newest 1000.
  farthing webhook replay EVENT…
  farthing webhook replay --all-dead
      Sends these, or the newest 1000 of `dead`, again wherever they were given up. An endpoint that is removed stays
      untold. A webhook keeps its id: the merchant's server sees that it is the same.

--config FILE says where the configuration is, for each command (else ./farthing.toml, else
./.farthing/provider.toml). Everything acts at once, also while the provider runs; it is the provider that sends.

An example, a shop whose server was away for a week:

  $ farthing webhook dead --merchant mer_…
  evt_…  charge.paid  mer_…  https://shop.example/hooks  connection after 10 attempts  2026-…
  $ farthing webhook replay evt_…
";

const ALL_DEAD: &str = "--all-dead";
const OPTIONS: [&str; 3] = ["config", "merchant", "url"];

/// Reads the arguments after `webhook`: what to do, and where the configuration is. None asks for help.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<(Command, Option<PathBuf>)>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing webhook help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<(Command, Option<PathBuf>)>, Error> {
    // The one option without a value.
    let (all_dead, arguments): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|word| word == ALL_DEAD);
    let mut words = Words::read(arguments, &OPTIONS)?;
    let Some(command) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    if !all_dead.is_empty() && command != "replay" {
        return Err(format!("{ALL_DEAD} is not for this command").into());
    }
    let config = words.path("config");
    let merchant = |text: &str| MerchantId::parse(text).map_err(|error| error.to_string());
    let command = match command.as_str() {
        "add" => Command::Add(
            words.needed("merchant", merchant)?,
            words.needed("url", |text| Ok(text.to_owned()))?,
        ),
        "list" => Command::List(words.option("merchant", merchant)?),
        "remove" => Command::Remove(words.next("ENDPOINT", |text| {
            EndpointId::parse(text).map_err(|error| error.to_string())
        })?),
        "dead" => Command::Dead(words.option("merchant", merchant)?),
        "replay" if !all_dead.is_empty() => Command::ReplayAll,
        "replay" => Command::Replay(events(&mut words)?),
        other => return Err(format!("there is no command `webhook {other}`").into()),
    };
    words.end()?;
    Ok(Some((command, config)))
}

fn events(words: &mut Words) -> Result<Vec<EventId>, Error> {
    let event = |text: &str| EventId::parse(text).map_err(|error| error.to_string());
    let mut events = vec![words.next("EVENT, or --all-dead,", event)?];
    while let Some(word) = words.word()? {
        events.push(event(&word).map_err(|why| format!("EVENT `{word}`: {why}"))?);
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<(Command, Option<PathBuf>)>, String> {
        let line = line
            .replace("MER", MerchantId::from_random([7; 16]).as_str())
            .replace("END", EndpointId::from_random([7; 16]).as_str())
            .replace("EVT", EventId::from_random([7; 16]).as_str());
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        for (line, wanted) in [
            ("add --merchant MER --url https://a.example/h", "Add"),
            ("add --merchant MER --url mailto:a@b.example", "Add"),
            ("list", "List(None)"),
            ("list --merchant MER --config a.toml", "List(Some"),
            ("remove END", "Remove"),
            ("dead", "Dead(None)"),
            ("dead --merchant MER", "Dead(Some"),
            ("replay EVT EVT", "Replay(["),
            ("replay --all-dead", "ReplayAll"),
        ] {
            let (command, config) = words(line).unwrap().unwrap();
            assert!(format!("{command:?}").starts_with(wanted), "{line}: {command:?}");
            assert_eq!(config.is_some(), line.contains("--config"));
        }
        for line in ["", "help", "--help", "add -h"] {
            assert!(words(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("ad", "`webhook ad`"),
            ("add --url https://a.example", "--merchant is missing"),
            ("add --merchant MER", "--url is missing"),
            ("list --url https://a.example", "--url is not for this command"),
            ("list --all-dead", "--all-dead is not for this command"),
            ("remove", "ENDPOINT is missing"),
            ("remove EVT", "another kind"),
            ("replay", "--all-dead, is missing"),
            ("replay EVT END", "EVENT `whk_"),
            ("replay EVT --all-dead", "evt_"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("webhook help"),
                "{line}: {error}"
            );
        }
    }
}
