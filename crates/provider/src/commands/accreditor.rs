//! `farthing accreditor trust`, `distrust` and `import-status`: the provider's side of accreditation.

use std::fmt::Write;

use farthing_protocol::Origin;

use super::{CommandError, Input};
use crate::{config, wiring::Desk};

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Trust who is in these entries, `[[accreditors]]` as in the configuration.
    Trust(Input),
    /// Trust nobody of this id.
    Distrust(Origin),
    /// Keep a status list.
    ImportStatus(Input),
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<String, CommandError> {
    let registrar = desk.registrar();
    let mut said = String::new();
    // Writing to a text can't fail.
    match command {
        Command::Trust(input) => {
            let entries = config::accreditors(&input.text).map_err(|problem| input.wrong(problem))?;
            for entry in entries {
                let id = entry.accreditor.id.clone();
                registrar.trust(entry.accreditor).await?;
                let _ = writeln!(said, "{id} is trusted to vouch for merchants");
                if let Some(list) = entry.status_list {
                    registrar.import_status(&list).await?;
                }
            }
        }
        Command::Distrust(id) => {
            registrar.distrust(&id).await?;
            let _ = writeln!(
                said,
                "{id} is trusted no more: nobody for whom it alone vouches can be paid"
            );
        }
        Command::ImportStatus(input) => {
            let list = registrar.import_status(&input.text).await?;
            let until = list.expires_at().rfc3339();
            let _ = writeln!(
                said,
                "kept the status list of {}, in force until {until}",
                list.uri()
            );
        }
    }
    Ok(said)
}
