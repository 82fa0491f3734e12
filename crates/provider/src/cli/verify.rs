use std::ffi::OsString;

use farthing_protocol::MerchantId;
use farthing_provider::commands::verify::Verify;
use lexopt::Error;

use super::words::{Words, origin};

pub const HELP: &str = "\
farthing verify: whether a provider serves what it says it does.

  farthing verify ORIGIN [--build DIR [--merchant MERCHANT]]
      Reads ORIGIN/v1/manifest.json, fetches every file that it names, and compares. With --build it compares with a
      build of your own, too: DIR is this project's folder, at the release in question, after `cargo xtask frame`. With
      --merchant the frame's page for that merchant is compared as well. Exit code 0 where nothing differs, else 1.

An example:

  $ cargo xtask frame
  $ farthing verify https://pay.example --build . --merchant mer_…
";

/// Reads the arguments after `verify`. None asks for help.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Verify>, String> {
    read(arguments).map_err(|error| format!("{error}. `farthing verify help` has an example"))
}

fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Option<Verify>, Error> {
    let mut words = Words::read(arguments, &["build", "merchant"])?;
    let Some(provider) = words.word()?.filter(|word| word != "help" && !words.help) else {
        return Ok(None);
    };
    let provider = origin(&provider).map_err(|why| format!("ORIGIN `{provider}`: {why}"))?;
    let build = words.path("build");
    let merchant = words.option("merchant", |text| {
        MerchantId::parse(text).map_err(|error| error.to_string())
    })?;
    if merchant.is_some() && build.is_none() {
        return Err("--merchant compares with a build: --build is missing".into());
    }
    words.end()?;
    Ok(Some(Verify {
        provider,
        build,
        merchant,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        for (line, said) in [
            ("pay.example", "ORIGIN `pay.example`"),
            ("https://pay.example --merchant x", "--merchant `x`"),
            (
                "https://pay.example --merchant mer_5cke57jt2q8rtj84r2y7gczfnd2py4",
                "--build is missing",
            ),
            ("https://pay.example more", "more"),
        ] {
            let error = parse(line.split_whitespace().map(OsString::from)).err();
            let error = error.unwrap_or_default();
            assert!(
                error.contains(said) && error.contains("verify help"),
                "{line}: {error}"
            );
        }
    }
}
