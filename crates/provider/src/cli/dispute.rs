use std::{ffi::OsString, path::PathBuf};

use farthing_protocol::{DisputeId, MerchantId};
use farthing_provider::commands::dispute::Command;
use lexopt::Error;

use super::words::Words;

pub const HELP: &str = "\
farthing dispute: what shoppers object to.

  farthing dispute list [--merchant MERCHANT]
      The hundred newest, and how each stands. Amounts are minor units.
  farthing dispute show DISPUTE
      What the shopper wrote, and what the merchant answered.
  farthing dispute decide DISPUTE --for merchant|shopper
      Decides one that the merchant contested, and no other. For the merchant the payment stands; for the shopper the
      money goes back, now. There is no second decision.

--config FILE says where the configuration is, for each command (else ./farthing.toml, else
./.farthing/provider.toml). Everything acts at once, also while the provider runs.

An example:

  $ farthing dispute list
  dsp_…  EUR 150  not_received  A-1042  contested, to be decided
  $ farthing dispute show dsp_…
  $ farthing dispute decide dsp_… --for shopper
";

const OPTIONS: [&str; 3] = ["config", "merchant", "for"];

/// Reads the arguments after `dispute`: what to do, and where the configuration is. None asks for help.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<(Command, Option<PathBuf>)>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing dispute help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<(Command, Option<PathBuf>)>, Error> {
    let mut words = Words::read(arguments, &OPTIONS)?;
    let Some(command) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    let config = words.path("config");
    let command = match command.as_str() {
        "list" => Command::List(words.option("merchant", |text| {
            MerchantId::parse(text).map_err(|error| error.to_string())
        })?),
        "show" => Command::Show(dispute(&mut words)?),
        "decide" => Command::Decide {
            id: dispute(&mut words)?,
            for_merchant: words.needed("for", |text| match text {
                "merchant" => Ok(true),
                "shopper" => Ok(false),
                _ => Err("merchant or shopper".to_owned()),
            })?,
        },
        other => return Err(format!("there is no command `dispute {other}`").into()),
    };
    words.end()?;
    Ok(Some((command, config)))
}

fn dispute(words: &mut Words) -> Result<DisputeId, Error> {
    words.next("DISPUTE", |text| {
        DisputeId::parse(text).map_err(|error| error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<(Command, Option<PathBuf>)>, String> {
        let line = line
            .replace("MER", MerchantId::from_random([7; 16]).as_str())
            .replace("DSP", DisputeId::from_random([7; 16]).as_str());
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        for (line, wanted) in [
            ("list", "List(None)"),
            ("list --merchant MER --config a.toml", "List(Some"),
            ("show DSP", "Show"),
            ("decide DSP --for merchant", "for_merchant: true"),
            ("decide DSP --for shopper", "for_merchant: false"),
        ] {
            let (command, config) = words(line).unwrap().unwrap();
            assert!(format!("{command:?}").contains(wanted), "{line}: {command:?}");
            assert_eq!(config.is_some(), line.contains("--config"));
        }
        for line in ["", "help", "--help", "decide -h"] {
            assert!(words(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("decided", "`dispute decided`"),
            ("show", "DISPUTE is missing"),
            ("show MER", "another kind"),
            ("decide DSP", "--for is missing"),
            ("decide DSP --for me", "merchant or shopper"),
            ("show DSP --for shopper", "--for is not for this command"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("dispute help"),
                "{line}: {error}"
            );
        }
    }
}
