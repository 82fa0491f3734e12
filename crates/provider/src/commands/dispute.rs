//! `farthing dispute`: what shoppers object to, and what the provider decides where the merchant does not agree.

use std::fmt::Write;

use farthing_gateway::DisputeStore;
use farthing_protocol::{Code, Dispute, DisputeId, DisputeStatus, MerchantId};

use super::CommandError;
use crate::wiring::Desk;

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// The hundred newest, of a merchant or of all, a line each.
    List(Option<MerchantId>),
    /// All about one.
    Show(DisputeId),
    /// Decide one that the merchant contested.
    Decide {
        /// Which.
        id: DisputeId,
        /// Whether the payment stands; else the money goes back.
        for_merchant: bool,
    },
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<String, CommandError> {
    match command {
        Command::List(merchant) => {
            let disputes = desk.rules().disputes(merchant.as_ref()).await?;
            Ok(disputes.iter().map(line).collect())
        }
        Command::Show(id) => show(desk, &id).await,
        Command::Decide { id, for_merchant } => {
            let dispute = desk.rules().decide_dispute(&id, for_merchant).await?;
            Ok(match dispute.status {
                DisputeStatus::Rejected { .. } => format!("{id}: the payment stands\n"),
                DisputeStatus::Returned { .. } => format!("{id}: the money is back with the shopper\n"),
                _ => format!("{id}: the money is on its way back; the provider goes on until it is there\n"),
            })
        }
    }
}

async fn show(desk: &Desk, id: &DisputeId) -> Result<String, CommandError> {
    let stored = desk.store().dispute(id).await?.ok_or(Code::DisputeUnknown)?;
    let dispute = desk.rules().dispute_for(&stored.merchant, id).await?;
    let mut said = format!(
        "{id}  {}\nmerchant  {}\ncharge    {}\norder     {}\namount    {}\nreason    {}\nopened    {}\n",
        standing(&dispute.status),
        stored.merchant,
        dispute.charge,
        dispute.order.as_str(),
        amount(&dispute),
        dispute.reason.as_str(),
        dispute.opened_at.rfc3339(),
    );
    // Writing to a text can't fail. Words are quoted: they are somebody else's, and go to a terminal.
    if let Some(words) = &dispute.words {
        let _ = writeln!(said, "shopper   {:?}", words.as_str());
    }
    if let DisputeStatus::Contested { answer, answered_at } = &dispute.status {
        let _ = writeln!(
            said,
            "merchant's answer, {}: {:?}\n\nDecide it: farthing dispute decide {id} --for merchant|shopper",
            answered_at.rfc3339(),
            answer.as_str(),
        );
    }
    Ok(said)
}

fn line(dispute: &Dispute) -> String {
    format!(
        "{}  {}  {}  {}  {}\n",
        dispute.id,
        amount(dispute),
        dispute.reason.as_str(),
        dispute.order.as_str(),
        standing(&dispute.status),
    )
}

fn amount(dispute: &Dispute) -> String {
    format!(
        "{} {}",
        dispute.amount.currency().as_str(),
        dispute.amount.minor()
    )
}

fn standing(status: &DisputeStatus) -> String {
    match status {
        DisputeStatus::Open { answer_by } => {
            format!("open, goes back without an answer by {}", answer_by.rfc3339())
        }
        DisputeStatus::Contested { .. } => "contested, to be decided".to_owned(),
        DisputeStatus::Returning {} => "returning".to_owned(),
        DisputeStatus::Returned { at } => format!("returned {}", at.rfc3339()),
        DisputeStatus::Rejected { at } => format!("rejected {}", at.rfc3339()),
    }
}
