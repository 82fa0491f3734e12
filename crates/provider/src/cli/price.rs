use std::{ffi::OsString, path::PathBuf};

use farthing_protocol::{Currency, MerchantId, OrderBody, OrderLine, PriceId};
use farthing_provider::commands::price::Command;
use lexopt::Error;

use super::words::{Words, label, number};

pub const HELP: &str = "\
farthing price: what merchants sell without a server of their own.

  farthing price create --merchant MERCHANT --currency CUR --line NAME:AMOUNT…
      Registers what is sold, and prints its id for `data-price` in the merchant's page. AMOUNT is in minor units
      (150 is 1.50 EUR). A price never changes: register another, and close this one.
  farthing price list --merchant MERCHANT
      The merchant's prices, those that are not closed first.
  farthing price close PRICE
      Sells nothing at this price any more. Who sees the form already has half an hour to pay at the most.

--config FILE says where the configuration is, for each command (else ./farthing.toml, else
./.farthing/provider.toml). Everything acts at once, also while the provider runs.

An example:

  $ farthing price create --merchant mer_… --currency EUR --line \"Pattern, as PDF:450\"
  prc_…
";

const OPTIONS: [&str; 3] = ["config", "merchant", "currency"];
const LINE: &str = "line";

/// Reads the arguments after `price`: what to do, and where the configuration is. None asks for help.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<(Command, Option<PathBuf>)>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing price help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<(Command, Option<PathBuf>)>, Error> {
    let mut words = Words::read_with(arguments, &OPTIONS, Some(LINE))?;
    let Some(command) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    let config = words.path("config");
    let merchant = |text: &str| MerchantId::parse(text).map_err(|error| error.to_string());
    let command = match command.as_str() {
        "create" => Command::Create(
            words.needed("merchant", merchant)?,
            OrderBody {
                currency: words.needed("currency", |text| {
                    Currency::parse(text).map_err(|_| "three letters, as EUR".to_owned())
                })?,
                lines: words.each(LINE, line)?,
            },
        ),
        "list" => Command::List(words.needed("merchant", merchant)?),
        "close" => Command::Close(words.next("PRICE", |text| {
            PriceId::parse(text).map_err(|error| error.to_string())
        })?),
        other => return Err(format!("there is no command `price {other}`").into()),
    };
    words.end()?;
    Ok(Some((command, config)))
}

/// A name can have a colon in it, an amount has none.
fn line(text: &str) -> Result<OrderLine, String> {
    let (name, amount) = text.rsplit_once(':').ok_or("NAME:AMOUNT, as \"Sticker:150\"")?;
    Ok(OrderLine {
        label: label(name)?,
        amount: number(amount)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<(Command, Option<PathBuf>)>, String> {
        let line = line
            .replace("MER", MerchantId::from_random([7; 16]).as_str())
            .replace("PRC", PriceId::from_random([7; 16]).as_str());
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        let create = "create --merchant MER --line Part:1:150 --currency EUR --line Stamp:7";
        let Some((Command::Create(_, order), None)) = words(create).unwrap() else {
            panic!()
        };
        let lines: Vec<_> = order
            .lines
            .iter()
            .map(|line| (line.label.as_str(), line.amount))
            .collect();
        assert_eq!(lines, [("Part:1", 150), ("Stamp", 7)]);
        assert!(matches!(
            words("list --merchant MER --config a.toml"),
            Ok(Some((Command::List(_), Some(_))))
        ));
        assert!(matches!(words("close PRC"), Ok(Some((Command::Close(_), None)))));
        for line in ["", "help", "create --help", "close -h"] {
            assert!(words(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("open", "`price open`"),
            ("create --currency EUR --line A:1", "--merchant is missing"),
            ("create --merchant MER --line A:1", "--currency is missing"),
            ("create --merchant MER --currency EUR", "--line is missing"),
            ("create --merchant MER --currency EUR --line A", "NAME:AMOUNT"),
            (
                "create --merchant MER --currency EUR --line A:1.50",
                "whole number",
            ),
            (
                "create --merchant MER --currency EUR --line :150",
                "--line `:150`",
            ),
            (
                "create --merchant MER --currency euro --line A:1",
                "--currency `euro`",
            ),
            ("list", "--merchant is missing"),
            ("list --merchant MER --line A:1", "not for this command"),
            ("close", "PRICE is missing"),
            ("close MER", "another kind"),
            ("close PRC PRC", "prc_"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("price help"),
                "{line}: {error}"
            );
        }
    }
}
