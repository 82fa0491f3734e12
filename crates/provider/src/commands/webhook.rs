//! `farthing webhook`: where merchants are told, and what could not be told. A secret is said once, by the command
//! that made it.

use std::fmt::Write;

use farthing_gateway::EndpointAdded;
use farthing_outbound::Target;
use farthing_protocol::{EndpointId, EventId, MerchantId, limits};
use zeroize::Zeroizing;

use super::CommandError;
use crate::{
    mail,
    wiring::{Desk, guard},
};

/// How many that were given up are listed, or sent again, at once.
const DEAD: u32 = 1_000;

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Tell a merchant at this address.
    Add(MerchantId, String),
    /// A merchant's endpoints or everybody's, a line each.
    List(Option<MerchantId>),
    /// Tell nothing there any more.
    Remove(EndpointId),
    /// What was given up, of a merchant or of all, the newest first.
    Dead(Option<MerchantId>),
    /// Send these again wherever they were given up.
    Replay(Vec<EventId>),
    /// Send all again that was given up.
    ReplayAll,
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<Zeroizing<String>, CommandError> {
    let rules = desk.rules();
    let mut said = Zeroizing::new(String::new());
    // Writing to a text can't fail.
    match command {
        Command::Add(merchant, url) => *said = add(desk, &merchant, url).await?,
        Command::List(merchant) => {
            for one in rules.endpoints(merchant.as_ref()).await? {
                let _ = writeln!(
                    said,
                    "{}  {}  {}  {} due, {} dead",
                    one.id, one.merchant, one.url, one.due, one.dead
                );
            }
        }
        Command::Remove(id) => {
            if !rules.remove_endpoint(&id).await? {
                return Err(CommandError::NoEndpoint(id));
            }
            let _ = writeln!(said, "{id} is told nothing any more");
        }
        Command::Dead(merchant) => {
            for one in rules.dead_deliveries(merchant.as_ref(), DEAD).await? {
                let _ = writeln!(
                    said,
                    "{}  {}  {}  {}  {} after {} attempts  {}",
                    one.event,
                    one.kind.as_str(),
                    one.merchant,
                    one.url,
                    one.failure,
                    one.attempts,
                    one.at.rfc3339()
                );
            }
        }
        Command::Replay(events) => {
            for event in events {
                let count = rules.replay(&event).await?;
                let _ = writeln!(said, "{event} goes to {count} endpoints again");
            }
        }
        Command::ReplayAll => {
            let mut count = 0;
            for one in rules.dead_deliveries(None, DEAD).await? {
                // The first of an event's takes all its endpoints along.
                count += rules.replay(&one.event).await?;
            }
            let _ = writeln!(said, "{count} webhooks go out again");
        }
    }
    Ok(said)
}

async fn add(desk: &Desk, merchant: &MerchantId, url: String) -> Result<String, CommandError> {
    desk.registrar().merchant(merchant).await?;
    if let Some(address) = url.strip_prefix(mail::SCHEME) {
        let problem = match mail::Address::parse(address) {
            None => "mailto: and one plain address, as in mailto:owner@shop.example",
            Some(_) if !desk.mails() => "the configuration has no [mail], so nothing can be mailed",
            Some(_) => "",
        };
        if !problem.is_empty() {
            return Err(CommandError::Origin {
                address: "--url".to_owned(),
                problem: problem.to_owned(),
            });
        }
    } else {
        Target::parse(&url, guard(desk.sandbox())).map_err(|error| CommandError::target("--url", error))?;
    }
    let mailed = url.starts_with(mail::SCHEME);
    match desk.rules().add_endpoint(merchant, url).await? {
        // Nothing that is mailed is signed.
        Ok((id, _)) if mailed => Ok(format!("{id} is mailed to\n")),
        Ok((id, secret)) => Ok(format!(
            "{}\nsigns what {id} is told. It is said this once, and kept nowhere in the clear\n",
            *secret.expose()
        )),
        Err(EndpointAdded::TooMany) => Err(CommandError::TooManyEndpoints(limits::ENDPOINTS_PER_MERCHANT)),
        Err(EndpointAdded::Exists | EndpointAdded::Added) => Err(CommandError::EndpointExists),
    }
}
