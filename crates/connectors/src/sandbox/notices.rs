//! What a carrier sends as text messages. Here it is written down, for tests to read.

use farthing_gateway::{Authorisation, Instruction, Instrument, decimals, in_english};
use farthing_protocol::{Money, OperationKind};
use rusqlite::Connection;

use super::phones;

/// Tells whose phone bill it is what was put on it, or set aside for it.
pub(super) fn of_payment(books: &Connection, request: &Authorisation<'_>) -> rusqlite::Result<()> {
    let Instrument::PhoneBill { carrier, .. } = request.instrument else {
        return Ok(());
    };
    let carriers = phones::carriers();
    let name = carriers.iter().find(|known| known.id == *carrier);
    let name = name.map_or("Your carrier", |known| known.name.as_str());
    let (amount, payee) = (shown(request.total), request.payee.as_str());
    let text = if request.capture {
        format!("{name}: {amount} to {payee} is on your phone bill.")
    } else {
        format!(
            "{name}: {amount} to {payee} is set aside, and goes on your phone bill when the shop takes it."
        )
    };
    write(books, request.charge.as_str(), &text)
}

/// The same, of what was done with it later.
pub(super) fn of_operation(books: &Connection, instruction: &Instruction<'_>) -> rusqlite::Result<()> {
    let amount = shown(instruction.amount);
    let text = match instruction.kind {
        OperationKind::Capture => format!("{amount} is on your phone bill."),
        OperationKind::Void | OperationKind::Expire => {
            format!("{amount} is not set aside any more. Nothing goes on your phone bill.")
        }
        OperationKind::Refund | OperationKind::Return => format!("{amount} came back to your phone bill."),
    };
    write(books, instruction.id.as_str(), &text)
}

/// Once, however often it is asked for.
fn write(books: &Connection, about: &str, text: &str) -> rusqlite::Result<()> {
    books
        .execute(
            "INSERT INTO notices (about, text) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            (about, text),
        )
        .map(drop)
}

fn shown(money: Money) -> String {
    let decimals = decimals(money.currency()).unwrap_or_default();
    in_english(money, decimals)
}
