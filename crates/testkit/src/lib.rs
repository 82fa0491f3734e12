//! For tests alone: the contract that every store must keep, a merchant and a shopper, a clock to
//! set, randomness to repeat, and a bank that answers as it is told.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on should stop there"
)]

mod accreditor;
mod bank;
mod carrier;
pub mod contract;
mod localstripe;
mod ports;
mod postgres;
mod shopper;
mod wait;

pub use accreditor::Accreditor;
pub use bank::{Account, BILL_MOST, Bank, DEBIT_MOST, StepUp};
pub use carrier::{BillAccount, CarrierManner, PhoneCarrier, RefundStands};
pub use localstripe::LocalStripe;
pub use ports::{SeededRng, SetClock};
pub use postgres::PostgresServer;
pub use shopper::{
    ACCREDITOR, NOW, Shop, account, card, free, given, phone, seal, seal_with_header, sealed_header,
};
pub use wait::block_on;
