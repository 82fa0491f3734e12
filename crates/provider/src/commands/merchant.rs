//! `farthing merchant`.

use std::fmt::Write;

use farthing_gateway::{
    Merchant, RegistryStore,
    fee::{Country, FeeSchedule, Terms},
    jose::Jwk,
    registrar::{CHALLENGE_PATH, NewMerchantEntry},
};
use farthing_protocol::{Label, MerchantId, Origin};

use super::{CommandError, Input, prove::prove, show::show};
use crate::wiring::Desk;

/// Merchants in one read.
const PAGE: u32 = 100;

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Register one.
    Add {
        /// The name that shoppers read.
        name: Label,
        /// Where it can be reached.
        contact: Label,
        /// Where it is registered.
        country: Country,
    },
    /// Every one, a line each.
    List,
    /// All about one.
    Show(MerchantId),
    /// No new quotes and tokens.
    Suspend(MerchantId),
    /// Quotes and tokens again.
    Resume(MerchantId),
    /// An origin to be proven.
    OriginAdd(MerchantId, Origin),
    /// Ask the origin for its challenge.
    OriginProve(MerchantId, Origin),
    /// Take an origin away.
    OriginRemove(MerchantId, Origin),
    /// The origins.
    OriginList(MerchantId),
    /// A key that signs orders: a JWK.
    OrderKeyAdd(MerchantId, Input),
    /// Take one away.
    OrderKeyRemove(MerchantId, String),
    /// All the schedules: a JSON list.
    FeesSet(MerchantId, Input),
    /// One schedule, in the place of the one for its method and currency.
    FeeSet(MerchantId, Terms),
    /// The schedules.
    FeesList(MerchantId),
    /// What an accreditor said about an origin.
    StatementImport(MerchantId, Input),
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<String, CommandError> {
    let registrar = desk.registrar();
    match command {
        Command::Add {
            name,
            contact,
            country,
        } => {
            let entry = NewMerchantEntry {
                name,
                contact,
                country,
            };
            let id = registrar.add_merchant(entry).await?;
            Ok(format!("{id}\n"))
        }
        Command::List => list(desk).await,
        Command::Show(id) => show(desk, &id).await,
        Command::Suspend(id) => {
            registrar.suspend(&id).await?;
            Ok(format!(
                "{id} gets no new quotes and tokens. What shoppers agreed to before, refunds and disputes go on\n"
            ))
        }
        Command::Resume(id) => {
            registrar.resume(&id).await?;
            Ok(format!("{id} can be paid again\n"))
        }
        Command::OriginAdd(id, origin) => {
            let challenge = registrar.add_origin(&id, origin.clone()).await?.challenge;
            Ok(format!(
                "Place this line, and nothing else, at {origin}{CHALLENGE_PATH}\n\n{challenge}\n\n\
                 and then: farthing merchant origin prove {id} {origin}\n"
            ))
        }
        Command::OriginProve(id, origin) => {
            prove(desk, &id, &origin).await?;
            Ok(format!("{origin} is proven\n"))
        }
        Command::OriginRemove(id, origin) => {
            registrar.remove_origin(&id, &origin).await?;
            Ok(format!("{origin} is removed\n"))
        }
        Command::OriginList(id) => Ok(origins(&registrar.merchant(&id).await?)),
        Command::OrderKeyAdd(id, input) => {
            let jwk: Jwk = serde_json::from_str(&input.text).map_err(|_| {
                input.wrong("is no public JWK for P-256 or Ed25519, alone and without its private part")
            })?;
            let kid = registrar.add_order_key(&id, jwk).await?;
            Ok(format!("orders that {kid} signed are taken from now on\n"))
        }
        Command::OrderKeyRemove(id, kid) => {
            registrar.remove_order_key(&id, &kid).await?;
            Ok(format!("orders that {kid} signed are refused from now on\n"))
        }
        Command::FeesSet(id, input) => {
            let fees: Vec<FeeSchedule> =
                serde_json::from_str(&input.text).map_err(|error| input.wrong(error.to_string()))?;
            registrar.set_fees(&id, fees).await?;
            Ok(fees_of(&registrar.merchant(&id).await?))
        }
        Command::FeeSet(id, terms) => {
            let schedule =
                FeeSchedule::try_from(terms).map_err(farthing_gateway::registrar::RegistryError::from)?;
            let others = registrar.merchant(&id).await?.fees.into_iter();
            let mut fees: Vec<_> = others.filter(|other| !same(other.terms(), &terms)).collect();
            fees.push(schedule);
            registrar.set_fees(&id, fees).await?;
            Ok(fees_of(&registrar.merchant(&id).await?))
        }
        Command::FeesList(id) => Ok(fees_of(&registrar.merchant(&id).await?)),
        Command::StatementImport(id, input) => {
            let kept = registrar.import_statement(&id, &input.text).await?;
            let mut said = format!("kept the statement about {}\n", kept.origin);
            if desk.store().status_list(&kept.status_uri).await?.is_none() {
                let _ = writeln!(
                    said,
                    "It does not count without its status list: fetch {} and give it to \
                     `farthing accreditor import-status`",
                    kept.status_uri
                );
            }
            Ok(said)
        }
    }
}

fn same(one: &Terms, other: &Terms) -> bool {
    one.method == other.method && one.currency == other.currency
}

async fn list(desk: &Desk) -> Result<String, CommandError> {
    let (mut said, mut after) = (String::new(), None);
    loop {
        let page = desk.store().merchants(after.as_ref(), PAGE).await?;
        for merchant in &page {
            let how = merchant.suspended_at.map_or("", |_| "  suspended");
            // Writing to a text can't fail, here and below.
            let _ = writeln!(said, "{}  {}{how}", merchant.id(), merchant.name().as_str());
        }
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = Some(last.id().clone()),
            _ => return Ok(said),
        }
    }
}

/// A line for each origin.
pub(super) fn origins(merchant: &Merchant) -> String {
    let mut said = String::new();
    for one in &merchant.origins {
        let _ = match one.proven_at {
            Some(_) => writeln!(said, "{}  proven", one.origin),
            None => writeln!(
                said,
                "{}  not proven: {CHALLENGE_PATH} has to be `{}`",
                one.origin, one.challenge
            ),
        };
    }
    said
}

/// A line for each schedule.
pub(super) fn fees_of(merchant: &Merchant) -> String {
    let mut said = String::new();
    for schedule in &merchant.fees {
        let terms = schedule.terms();
        let (method, currency) = (terms.method.as_str(), terms.currency);
        let _ = writeln!(said, "{method} {currency}  {}", schedule.in_english());
    }
    said
}
