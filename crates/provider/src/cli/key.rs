use std::{ffi::OsString, path::PathBuf};

use farthing_gateway::{Permission, Scope, registrar::NewKey};
use farthing_protocol::{KeyId, MerchantId};
use farthing_provider::commands::key;
use lexopt::Error;

use super::words::{Words, label, number};

pub const HELP: &str = "\
farthing key: the keys that merchants' servers come with, and the one that the provider signs with.

  farthing key create --merchant MERCHANT --scope SCOPE [--permissions LIST] [--label LABEL]
      Makes a key and prints it, this once: its hash is all that is kept.
      --scope secret       everything that the merchant may do
      --scope restricted   only what --permissions says, with commas between: orders, charges (capture and void too),
                           refunds, disputes, read
      --scope public       only the published fees; such a key may stand in a page
      --label LABEL        what the merchant calls it
  farthing key list --merchant MERCHANT
      The keys by their names, what each is good for, and whether it works.
  farthing key rotate KEY [--grace-hours HOURS]
      Makes a key like KEY and prints it; KEY itself works for so many more hours, 24 unless told otherwise.
  farthing key revoke KEY
      It does not work from the next request on.

  farthing key signing-rotate [--config FILE]
      Rewrites the configuration: another private key signs receipts and consent records, and the public half of the
      old one stays under retired, so that what it signed still verifies. Send the provider a SIGHUP afterwards.
  farthing key data-rotate [--config FILE]
      Rewrites the configuration: another data key encrypts what the database holds, and the old one stays under
      data_others, so that what it encrypted still opens. Send the provider a SIGHUP afterwards.

--config FILE says where the configuration is, for each command (else ./farthing.toml, else
./.farthing/provider.toml). KEY is a key's name, key_…, and never the key itself.

An example, a key that went astray:

  $ farthing key list --merchant mer_…
  key_…  works  secret  web shop
  $ farthing key rotate key_… --grace-hours 1
";

const OPTIONS: [&str; 6] = [
    "config",
    "merchant",
    "scope",
    "permissions",
    "label",
    "grace-hours",
];

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// With an API key.
    Api(key::Command),
    /// With the provider's own, which signs.
    SigningRotate,
    /// With the provider's own, which encrypts.
    DataRotate,
}

/// Reads the arguments after `key`: what to do, and where the configuration is. None asks for help.
pub fn parse(
    arguments: impl IntoIterator<Item = OsString>,
) -> Result<Option<(Command, Option<PathBuf>)>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing key help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<(Command, Option<PathBuf>)>, Error> {
    let mut words = Words::read(arguments, &OPTIONS)?;
    let Some(command) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    let config = words.path("config");
    let merchant = |text: &str| MerchantId::parse(text).map_err(|error| error.to_string());
    let id = |text: &str| KeyId::parse(text).map_err(|error| error.to_string());
    let command = match command.as_str() {
        "create" => Command::Api(key::Command::Create(NewKey {
            merchant: words.needed("merchant", merchant)?,
            scope: scope(&mut words)?,
            label: words.option("label", label)?,
        })),
        "list" => Command::Api(key::Command::List(words.needed("merchant", merchant)?)),
        "rotate" => Command::Api(key::Command::Rotate {
            key: words.next("KEY", id)?,
            grace_hours: words.option("grace-hours", number)?.unwrap_or(24),
        }),
        "revoke" => Command::Api(key::Command::Revoke(words.next("KEY", id)?)),
        "signing-rotate" => Command::SigningRotate,
        "data-rotate" => Command::DataRotate,
        other => return Err(format!("there is no command `key {other}`").into()),
    };
    words.end()?;
    Ok(Some((command, config)))
}

fn scope(words: &mut Words) -> Result<Scope, Error> {
    let scope = words.needed("scope", |text| match text {
        "secret" => Ok(Scope::Secret),
        "restricted" => Ok(Scope::Restricted(Vec::new())),
        "public" => Ok(Scope::Public),
        _ => Err("secret, restricted or public".to_owned()),
    })?;
    Ok(match scope {
        Scope::Restricted(_) => Scope::Restricted(words.needed("permissions", permissions)?),
        other => other,
    })
}

fn permissions(text: &str) -> Result<Vec<Permission>, String> {
    let mut all = Vec::new();
    for word in text.split(',') {
        let permission = Permission::parse(word.trim())
            .ok_or("some of orders, charges, refunds, disputes, read, with commas between")?;
        if !all.contains(&permission) {
            all.push(permission);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Result<Option<(Command, Option<PathBuf>)>, String> {
        let (merchant, key) = (MerchantId::from_random([7; 16]), KeyId::from_random([7; 16]));
        let line = line
            .replace("MER", merchant.as_str())
            .replace("KEY", key.as_str());
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn every_command_is_read() {
        for (line, wanted) in [
            ("create --merchant MER --scope secret --label till", "Create"),
            ("create --merchant MER --scope public", "Create"),
            (
                "create --merchant MER --scope restricted --permissions read,charges,read",
                "Restricted([Read, Charges])",
            ),
            ("list --merchant MER", "List"),
            ("rotate KEY", "grace_hours: 24"),
            ("rotate KEY --grace-hours 0", "grace_hours: 0"),
            ("revoke KEY", "Revoke"),
            ("signing-rotate --config a.toml", "SigningRotate"),
            ("data-rotate", "DataRotate"),
        ] {
            let (command, _) = words(line).unwrap().unwrap();
            assert!(format!("{command:?}").contains(wanted), "{line}: {command:?}");
        }
        for line in ["", "help", "--help", "create -h"] {
            assert!(words(line).unwrap().is_none(), "{line}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("make", "`key make`"),
            ("create --scope secret", "--merchant is missing"),
            ("create --merchant MER", "--scope is missing"),
            (
                "create --merchant MER --scope all",
                "secret, restricted or public",
            ),
            (
                "create --merchant MER --scope restricted",
                "--permissions is missing",
            ),
            (
                "create --merchant MER --scope restricted --permissions all",
                "some of orders",
            ),
            (
                "create --merchant MER --scope secret --permissions read",
                "not for this command",
            ),
            ("rotate", "KEY is missing"),
            ("rotate sk_abc", "another kind"),
            ("rotate KEY --grace-hours soon", "whole number"),
            ("revoke KEY KEY", "key_"),
        ] {
            let error = words(line).err().unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("key help"),
                "{line}: {error}"
            );
        }
    }
}
