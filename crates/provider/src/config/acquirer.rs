use std::path::Path;

use zeroize::Zeroizing;

use super::{Wrong, file::ConnectorEntry, wrong};

/// Who moves the money.
pub enum Acquirer {
    /// Nobody: a bank in this program, whose books are a file.
    Sandbox,
    /// Stripe.
    Stripe {
        /// Where its API is.
        address: String,
        /// The secret key to it.
        key: Zeroizing<String>,
    },
}

/// Who moves the money.
pub(super) fn read(
    entry: Option<ConnectorEntry>,
    sandbox: bool,
    folder: &Path,
    environment: &impl Fn(&str) -> Option<String>,
) -> Result<Acquirer, Wrong> {
    let Some(ConnectorEntry {
        stripe: address,
        key_file,
    }) = entry
    else {
        if sandbox {
            return Ok(Acquirer::Sandbox);
        }
        return Err(wrong(
            "sandbox",
            "must be true: without a [connector] no real money moves, and the screen has to say so",
        ));
    };
    let key = match (environment("STRIPE_API_KEY").map(Zeroizing::new), key_file) {
        (Some(key), _) => key,
        (None, Some(path)) => {
            super::read(&folder.join(path)).map_err(|error| wrong("connector.key_file", error.to_string()))?
        }
        (None, None) => {
            return Err(wrong(
                "connector.key_file",
                "is missing: name a file that holds the secret key, or set STRIPE_API_KEY",
            ));
        }
    };
    let key = Zeroizing::new(key.trim().to_owned());
    if sandbox != is_test(&key) {
        let must = if sandbox {
            "false: the key is one for real money"
        } else {
            "true: the key is one for tests"
        };
        return Err(wrong("sandbox", format!("must be {must}")));
    }
    Ok(Acquirer::Stripe { address, key })
}

/// Whether no real money moves with a key of Stripe's.
fn is_test(key: &str) -> bool {
    ["sk_test_", "rk_test_"]
        .iter()
        .any(|begins| key.starts_with(begins))
}
