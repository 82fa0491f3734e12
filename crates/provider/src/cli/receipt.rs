use std::ffi::OsString;

use farthing_provider::commands::receipt::Verify;
use lexopt::Error;

use super::words::Words;

pub const HELP: &str = "\
farthing receipt: whether a receipt is one.

  farthing receipt verify FILE --jwks JWKS
      Checks who signed FILE, and says who was paid, how much and when. FILE is the receipt's JWS, or the JSON
      reply of GET /v1/receipts/ID; - is standard input. JWKS is the provider's /.well-known/jwks.json, saved.
      It needs no network. Exit code 0 where the signature holds, else 1.

An example:

  $ curl -H 'Accept: application/json' https://pay.example/v1/receipts/rcp_… > receipt.json
  $ curl https://pay.example/.well-known/jwks.json > jwks.json
  $ farthing receipt verify receipt.json --jwks jwks.json
";

/// Reads the arguments after `receipt`. None asks for help.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Verify>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing receipt help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Verify>, Error> {
    let mut words = Words::read(arguments, &["jwks"])?;
    let Some(command) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    if command != "verify" {
        return Err(format!("there is no command `receipt {command}`").into());
    }
    let jwks = words.path("jwks").ok_or("--jwks is missing")?;
    let receipt = words.input()?;
    words.end()?;
    Ok(Some(Verify { receipt, jwks }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("check", "`receipt check`"),
            ("verify a", "--jwks is missing"),
            ("verify --jwks a", "FILE is missing"),
            ("verify /nowhere/at-all --jwks a", "/nowhere/at-all"),
        ] {
            let error = parse(line.split_whitespace().map(OsString::from)).err();
            let error = error.unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("receipt help"),
                "{line}: {error}"
            );
        }
    }
}
