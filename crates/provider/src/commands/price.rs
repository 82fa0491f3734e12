//! `farthing price`: what merchants sell without a server of their own.

use std::fmt::Write;

use farthing_gateway::{Price, decimals, in_english};
use farthing_protocol::{MerchantId, OrderBody, PriceId};

use super::CommandError;
use crate::wiring::Desk;

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Register what the merchant sells.
    Create(MerchantId, OrderBody),
    /// A merchant's prices, a line each.
    List(MerchantId),
    /// Sell nothing at this price any more.
    Close(PriceId),
}

/// Does it, and returns what to say.
pub async fn run(command: Command, desk: &Desk) -> Result<String, CommandError> {
    let registrar = desk.registrar();
    match command {
        Command::Create(merchant, order) => {
            let id = registrar.add_price(&merchant, order).await?;
            Ok(format!("{id}\n"))
        }
        Command::List(merchant) => Ok(registrar.prices(&merchant).await?.iter().map(line).collect()),
        Command::Close(id) => {
            registrar.close_price(&id).await?;
            Ok(format!("{id} is closed\n"))
        }
    }
}

fn line(price: &Price) -> String {
    let total = match (price.order.total(), decimals(price.order.currency)) {
        (Ok(total), Some(decimals)) => in_english(total, decimals),
        // It was in order when it was registered.
        _ => "no amount".to_owned(),
    };
    let labels: Vec<_> = price.order.lines.iter().map(|line| line.label.as_str()).collect();
    let mut said = format!("{}  {total}  {}", price.id, labels.join(", "));
    if let Some(at) = price.closed_at {
        // Writing to a text can't fail.
        let _ = write!(said, "  closed {}", at.rfc3339());
    }
    said.push('\n');
    said
}
