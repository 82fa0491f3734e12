//! The bank accounts that the sandbox knows, and what a shopper types of them.

/// What is typed into the form.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// The IBAN.
    pub iban: &'static str,
    /// Who holds the account.
    pub holder: &'static str,
}

const fn account(iban: &'static str) -> Account {
    Account {
        iban,
        holder: "Ada Lovelace",
    }
}

/// Pays.
pub const PAYS: Account = account("DE89370400440532013000");
/// Its bank declines.
pub const DECLINED: Account = account("DE35370400440532013002");
