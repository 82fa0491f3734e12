use std::{ffi::OsString, path::PathBuf};

use farthing_gateway::fee::{Bearer, Country, MethodKind, Small, Terms};
use farthing_protocol::{Currency, MerchantId};
use farthing_provider::commands::merchant::Command;
use lexopt::Error;

use super::words::{Words, label, number, origin};

pub const HELP: &str = "\
farthing merchant: who may be paid.

  farthing merchant add --name NAME --contact CONTACT --country CC
      Registers a merchant and prints its id. CONTACT is a mail address or a web address, CC the country where the
      merchant is registered, as in DE: its law says who may bear a fee.
  farthing merchant list
  farthing merchant show MERCHANT
      All about it: which origins count, who vouches for them and until when, or why not; fees; keys by their names.
  farthing merchant suspend|resume MERCHANT
      A suspended merchant gets no new quotes and tokens. What was agreed to, refunds and disputes go on.

  farthing merchant origin add MERCHANT ORIGIN
      Adds a page's origin and prints the line that has to be at ORIGIN/.well-known/farthing-merchant. Until it is
      proven it does not count.
  farthing merchant origin prove MERCHANT ORIGIN
      Fetches that address and compares. No redirect is followed.
  farthing merchant origin list MERCHANT
  farthing merchant origin remove MERCHANT ORIGIN

  farthing merchant order-key add MERCHANT FILE
      A public JWK (P-256 or Ed25519) that signs the merchant's orders, beside those that are there.
  farthing merchant order-key remove MERCHANT KID

  farthing merchant fees set MERCHANT FILE
      All the schedules at once, as a JSON list:
      [{\"method\": \"card\", \"currency\": \"EUR\", \"bearer\": \"merchant\", \"fixed\": 5, \"rate_bp\": 140}]
      Amounts are minor units, rate_bp hundredths of a percent. floor, cap and small {below, fixed, rate_bp} may be
      there too. Without a schedule in a currency nothing can be paid in it.
  farthing merchant fees set MERCHANT --currency EUR --bearer merchant|shopper --fixed N --rate-bp N
                             [--floor N] [--cap N] [--small-below N --small-fixed N --small-rate-bp N]
                             [--method card|bank_account|phone_bill]
      The one for that way to pay (card, if none is named) in that currency. Bank accounts pay in EUR alone.
  farthing merchant fees list MERCHANT

  farthing merchant statement import MERCHANT FILE
      What an accreditor said about one of the merchant's origins. Without one that holds there is no form.

FILE may be -, which is standard input. --config FILE says where the configuration is, for each command (else
./farthing.toml, else ./.farthing/provider.toml). Everything acts on the next request, also while the provider runs.

An example, from nothing to a shop that can be paid:

  $ farthing merchant add --name 'The Corner Press' --contact help@corner.example --country DE
  mer_…
  $ farthing merchant origin add mer_… https://shop.example
  $ farthing merchant origin prove mer_… https://shop.example
  $ farthing accreditor trust accreditor.toml
  $ farthing merchant statement import mer_… shop.jwt
  $ farthing accreditor import-status list.jwt
  $ farthing merchant fees set mer_… --currency EUR --bearer merchant --fixed 5 --rate-bp 140
  $ farthing merchant order-key add mer_… order-key.json
  $ farthing key create --merchant mer_… --scope secret --label 'web shop'
  $ farthing merchant show mer_…
";

const OPTIONS: [&str; 14] = [
    "config",
    "name",
    "contact",
    "country",
    "currency",
    "method",
    "bearer",
    "fixed",
    "rate-bp",
    "floor",
    "cap",
    "small-below",
    "small-fixed",
    "small-rate-bp",
];

/// Reads the arguments after `merchant`: what to do, and where the configuration is. None asks for help.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<(Command, Option<PathBuf>)>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing merchant help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<(Command, Option<PathBuf>)>, Error> {
    let mut words = Words::read(arguments, &OPTIONS)?;
    let Some(family) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    let config = words.path("config");
    let command = match family.as_str() {
        "add" => Command::Add {
            name: words.needed("name", label)?,
            contact: words.needed("contact", label)?,
            country: words.needed("country", |text| {
                Country::parse(text).map_err(|error| error.to_string())
            })?,
        },
        "list" => Command::List,
        "show" => Command::Show(merchant(&mut words)?),
        "suspend" => Command::Suspend(merchant(&mut words)?),
        "resume" => Command::Resume(merchant(&mut words)?),
        "origin" | "order-key" | "fees" | "statement" => belonging(&family, &mut words)?,
        other => return Err(format!("there is no command `merchant {other}`").into()),
    };
    words.end()?;
    Ok(Some((command, config)))
}

fn belonging(family: &str, words: &mut Words) -> Result<Command, Error> {
    let what = words
        .word()?
        .ok_or_else(|| format!("`merchant {family}` needs a command"))?;
    let known = matches!(
        (family, what.as_str()),
        ("origin", "add" | "prove" | "remove" | "list")
            | ("order-key", "add" | "remove")
            | ("fees", "set" | "list")
            | ("statement", "import")
    );
    if !known {
        return Err(format!("there is no command `merchant {family} {what}`").into());
    }
    let id = merchant(words)?;
    Ok(match (family, what.as_str()) {
        ("origin", "list") => Command::OriginList(id),
        ("origin", what) => {
            let origin = words.next("ORIGIN", origin)?;
            match what {
                "add" => Command::OriginAdd(id, origin),
                "prove" => Command::OriginProve(id, origin),
                _ => Command::OriginRemove(id, origin),
            }
        }
        ("order-key", "add") => Command::OrderKeyAdd(id, words.input()?),
        ("order-key", _) => Command::OrderKeyRemove(id, words.next("KID", |text| Ok(text.to_owned()))?),
        ("fees", "list") => Command::FeesList(id),
        ("fees", _) => match terms(words)? {
            Some(terms) => Command::FeeSet(id, terms),
            None => Command::FeesSet(id, words.input()?),
        },
        _ => Command::StatementImport(id, words.input()?),
    })
}

/// The schedule that the options describe, if they do.
fn terms(words: &mut Words) -> Result<Option<Terms>, Error> {
    let currency = words.option("currency", |text| {
        Currency::parse(text).map_err(|_| "three capital letters (ISO 4217)".to_owned())
    })?;
    let Some(currency) = currency else {
        return Ok(None);
    };
    let small = match words.option("small-below", number)? {
        None => None,
        Some(below) => Some(Small {
            below,
            fixed: words.needed("small-fixed", number)?,
            rate_bp: words.needed("small-rate-bp", number)?,
        }),
    };
    Ok(Some(Terms {
        method: words.option("method", method)?.unwrap_or(MethodKind::Card),
        currency,
        bearer: words.needed("bearer", |text| match text {
            "merchant" => Ok(Bearer::Merchant),
            "shopper" => Ok(Bearer::Shopper),
            _ => Err("merchant or shopper".to_owned()),
        })?,
        fixed: words.needed("fixed", number)?,
        rate_bp: words.needed("rate-bp", number)?,
        floor: words.option("floor", number)?.unwrap_or(0),
        cap: words.option("cap", number)?,
        small,
    }))
}

fn method(text: &str) -> Result<MethodKind, String> {
    let named = MethodKind::ALL.into_iter().find(|method| method.as_str() == text);
    named.ok_or_else(|| "card, bank_account or phone_bill".to_owned())
}

fn merchant(words: &mut Words) -> Result<MerchantId, Error> {
    words.next("MERCHANT", |text| {
        MerchantId::parse(text).map_err(|error| error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<(Command, Option<PathBuf>)>, String> {
        let id = MerchantId::from_random([7; 16]);
        let line = line.replace("MER", id.as_str());
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        for (line, wanted) in [
            ("add --name N --contact C --country DE", "Add"),
            ("list --config a.toml", "List"),
            ("show MER", "Show"),
            ("suspend MER", "Suspend"),
            ("resume MER", "Resume"),
            ("origin add MER https://a.example", "OriginAdd"),
            ("origin prove MER https://a.example", "OriginProve"),
            ("origin remove MER https://a.example", "OriginRemove"),
            ("origin list MER", "OriginList"),
            ("order-key remove MER first", "OrderKeyRemove"),
            ("fees list MER", "FeesList"),
            (
                "fees set MER --currency EUR --bearer merchant --fixed 5 --rate-bp 140",
                "FeeSet",
            ),
            (
                "fees set MER --method bank_account --currency EUR --bearer merchant --fixed 5 --rate-bp 0",
                "FeeSet(MerchantId(\"MER\"), Terms { method: BankAccount",
            ),
        ] {
            let (command, config) = words(line).unwrap().unwrap();
            let wanted = wanted.replace("MER", MerchantId::from_random([7; 16]).as_str());
            assert!(format!("{command:?}").starts_with(&wanted), "{line}: {command:?}");
            assert_eq!(config.is_some(), line.contains("--config"));
        }
        for line in ["", "help", "--help", "add -h"] {
            assert!(words(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("ad", "`merchant ad`"),
            ("add --name N --contact C", "--country is missing"),
            ("add --name N --contact C --country de", "two capital letters"),
            ("show", "MERCHANT is missing"),
            ("show mer_x", "malformed"),
            ("show MER more", "more"),
            ("list --name N", "--name is not for this command"),
            ("list --config a --config b", "twice"),
            ("origin", "needs a command"),
            ("origin drop MER", "`merchant origin drop`"),
            ("origin add MER http://a.example", "https://"),
            ("order-key add MER /nowhere/at/all", "/nowhere/at/all"),
            ("fees set MER", "FILE is missing"),
            (
                "fees set MER --currency EUR --bearer nobody",
                "merchant or shopper",
            ),
            (
                "fees set MER --method cash --currency EUR --bearer merchant --fixed 5 --rate-bp 0",
                "card, bank_account or phone_bill",
            ),
            (
                "fees set MER --currency EUR --bearer shopper --fixed x",
                "whole number",
            ),
            (
                "fees set MER --currency EUR --bearer shopper --fixed 5",
                "--rate-bp is missing",
            ),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("merchant help"),
                "{line}: {error}"
            );
        }
    }
}
