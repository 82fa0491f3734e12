//! `farthing key`: API keys. A key is said once, by the command that made it.

use std::fmt::Write;

use farthing_gateway::{
    Clock, RegistryStore,
    registrar::{NewKey, PlainKey},
};
use farthing_protocol::{KeyId, MerchantId};
use zeroize::Zeroizing;

use super::{CommandError, show::line};
use crate::wiring::Desk;

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Make one.
    Create(NewKey),
    /// A merchant's, a line each.
    List(MerchantId),
    /// Make one like it, which itself goes on for a while.
    Rotate {
        /// Which.
        key: KeyId,
        /// For how long it goes on.
        grace_hours: i64,
    },
    /// It never works again.
    Revoke(KeyId),
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<Zeroizing<String>, CommandError> {
    let registrar = desk.registrar();
    let mut said = Zeroizing::new(String::new());
    // Writing to a text can't fail.
    match command {
        Command::Create(new) => *said = once(registrar.create_key(new).await?),
        Command::List(merchant) => {
            registrar.merchant(&merchant).await?;
            let now = desk.clock().now();
            for key in desk.store().keys_of(&merchant).await? {
                let _ = writeln!(said, "{}", line(&key, now));
            }
        }
        Command::Rotate { key, grace_hours } => {
            *said = once(registrar.rotate_key(&key, grace_hours).await?);
            let _ = writeln!(said, "{key} works for {grace_hours} more hours");
        }
        Command::Revoke(key) => {
            registrar.revoke_key(&key).await?;
            let _ = writeln!(said, "{key} does not work any more");
        }
    }
    Ok(said)
}

fn once((id, key): (KeyId, PlainKey)) -> String {
    format!(
        "{}\nis {id}. It is said this once, and kept nowhere\n",
        key.expose()
    )
}
