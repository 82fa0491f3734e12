//! The ledger: double entry, append-only, chained. A posting is what one event moves; its entries sum to zero in its
//! one currency. An account that receives has a positive amount.

use std::fmt::{self, Write};

use farthing_protocol::{ChargeId, Currency, MerchantId, OperationId, UnixSeconds};
use sha2::{Digest, Sha256};

/// Whose money it is.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Account {
    /// The shopper's bank, behind the connector: negative for what came from there.
    Bank,
    /// What the provider owes a merchant.
    Merchant(MerchantId),
    /// What the provider earned.
    Fees,
    /// What a merchant gave back; beside its account, so that a statement shows both.
    Refunds(MerchantId),
    /// What disputes hold, and what they took from a merchant when they brought it back.
    Disputes(MerchantId),
}

impl Account {
    /// Reads what [`fmt::Display`] writes: `bank`, `fees`, `merchant:mer_…`, `refunds:mer_…`, `disputes:mer_…`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let of = |id| MerchantId::parse(id).ok();
        match text.split_once(':') {
            None if text == "bank" => Some(Self::Bank),
            None if text == "fees" => Some(Self::Fees),
            Some(("merchant", id)) => of(id).map(Self::Merchant),
            Some(("refunds", id)) => of(id).map(Self::Refunds),
            Some(("disputes", id)) => of(id).map(Self::Disputes),
            _ => None,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bank => f.write_str("bank"),
            Self::Fees => f.write_str("fees"),
            Self::Merchant(id) => write!(f, "merchant:{id}"),
            Self::Refunds(id) => write!(f, "refunds:{id}"),
            Self::Disputes(id) => write!(f, "disputes:{id}"),
        }
    }
}

/// One line of a posting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Whose money.
    pub account: Account,
    /// Minor units of the posting's currency, signed, never 0.
    pub amount: i64,
}

/// Why money moves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PostingKind {
    /// A charge took it.
    Capture,
    /// The merchant gave it back.
    Refund,
    /// A dispute holds it.
    Hold,
    /// The dispute ended: the merchant has it again.
    Release,
    /// The dispute ended: the shopper has it again.
    Return,
}

impl PostingKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Capture,
        Self::Refund,
        Self::Hold,
        Self::Release,
        Self::Return,
    ];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Refund => "refund",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Return => "return",
        }
    }
}

/// What one event moves.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Posting {
    /// Why.
    pub kind: PostingKind,
    /// Which charge's money.
    pub charge: ChargeId,
    /// The operation that moved it, if it was one.
    pub operation: Option<OperationId>,
    /// When, by the provider's clock.
    pub at: UnixSeconds,
    /// The currency of every entry.
    pub currency: Currency,
    /// What rounding the fee left: the exact fee less the booked one, in ten-thousandths of a minor unit.
    pub remainder: i64,
    /// The entries: they sum to zero.
    pub entries: Vec<Entry>,
}

/// A posting as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredPosting {
    /// Its place in the ledger, from 1, without gaps.
    pub seq: i64,
    /// What moved.
    pub posting: Posting,
    /// What [`Posting::chained`] makes of it and of the posting before it.
    pub hash: [u8; 32],
}

/// What the first posting is chained to.
pub const GENESIS: [u8; 32] = [0; 32];

impl Posting {
    /// Whether the entries are a posting: at least two, none of them 0, together 0.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let sum: i128 = self.entries.iter().map(|entry| i128::from(entry.amount)).sum();
        sum == 0 && self.entries.len() >= 2 && self.entries.iter().all(|entry| entry.amount != 0)
    }

    /// The hash that chains this posting, at place `seq`, to the one before it: SHA-256 over `previous` and a text
    /// with a line for each field (docs/PROTOCOL.md, "The ledger's chain"). Whoever changes, drops or inserts a
    /// posting changes every hash after it.
    #[must_use]
    pub fn chained(&self, previous: &[u8; 32], seq: i64) -> [u8; 32] {
        let operation = self.operation.as_ref().map_or("-", OperationId::as_str);
        let mut text = format!(
            "{seq}\n{kind}\n{charge}\n{operation}\n{at}\n{currency}\n{remainder}\n",
            kind = self.kind.as_str(),
            charge = self.charge,
            at = self.at.0,
            currency = self.currency,
            remainder = self.remainder,
        );
        for Entry { account, amount } in &self.entries {
            // Writing to a text can't fail.
            let _ = writeln!(text, "{account} {amount}");
        }
        Sha256::new()
            .chain_update(previous)
            .chain_update(text.as_bytes())
            .finalize()
            .into()
    }
}

/// A capture: the shopper's bank gives `total`, the provider keeps `fee` of it, the merchant gets the rest.
#[must_use]
pub fn entries_of_capture(merchant: &MerchantId, total: i64, fee: i64) -> Vec<Entry> {
    moved([
        (Account::Bank, -total),
        (Account::Merchant(merchant.clone()), total - fee),
        (Account::Fees, fee),
    ])
}

/// A refund: the merchant gives, the bank gets. The provider keeps its fee.
#[must_use]
pub fn entries_of_refund(merchant: &MerchantId, amount: i64) -> Vec<Entry> {
    moved([
        (Account::Refunds(merchant.clone()), -amount),
        (Account::Bank, amount),
    ])
}

/// A dispute opens: the merchant's money is set aside.
#[must_use]
pub fn entries_of_hold(merchant: &MerchantId, amount: i64) -> Vec<Entry> {
    moved([
        (Account::Merchant(merchant.clone()), -amount),
        (Account::Disputes(merchant.clone()), amount),
    ])
}

/// A dispute ends for the merchant.
#[must_use]
pub fn entries_of_release(merchant: &MerchantId, amount: i64) -> Vec<Entry> {
    moved([
        (Account::Disputes(merchant.clone()), -amount),
        (Account::Merchant(merchant.clone()), amount),
    ])
}

/// A dispute ends for the shopper.
#[must_use]
pub fn entries_of_return(merchant: &MerchantId, amount: i64) -> Vec<Entry> {
    moved([
        (Account::Disputes(merchant.clone()), -amount),
        (Account::Bank, amount),
    ])
}

fn moved<const N: usize>(entries: [(Account, i64); N]) -> Vec<Entry> {
    let entry = |(account, amount)| Entry { account, amount };
    entries
        .into_iter()
        .filter(|(_, amount)| *amount != 0)
        .map(entry)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn posting(entries: Vec<Entry>) -> Posting {
        Posting {
            kind: PostingKind::Capture,
            charge: ChargeId::from_random([1; 16]),
            operation: None,
            at: UnixSeconds(1_800_000_000),
            currency: Currency::parse("EUR").unwrap(),
            remainder: 0,
            entries,
        }
    }

    proptest! {
        #[test]
        fn every_kind_of_posting_sums_to_zero(total in 1i64..=100_000_000, part in 0i64..=100_000_000) {
            let merchant = MerchantId::from_random([2; 16]);
            let fee = part % (total + 1);
            for entries in [
                entries_of_capture(&merchant, total, fee), entries_of_refund(&merchant, total),
                entries_of_hold(&merchant, total), entries_of_release(&merchant, total),
                entries_of_return(&merchant, total),
            ] {
                prop_assert!(posting(entries.clone()).is_balanced());
                for Entry { account, .. } in &entries {
                    prop_assert_eq!(Account::parse(&account.to_string()).as_ref(), Some(account));
                }
            }
        }
    }

    #[test]
    fn what_is_not_balanced_is_seen() {
        let merchant = MerchantId::from_random([2; 16]);
        let mut wrong = posting(entries_of_capture(&merchant, 150, 5));
        wrong.entries[0].amount += 1;
        assert!(!wrong.is_balanced());
        assert!(!posting(vec![]).is_balanced());
    }

    #[test]
    fn any_change_changes_the_hash() {
        let merchant = MerchantId::from_random([2; 16]);
        let good = posting(entries_of_capture(&merchant, 150, 5));
        let hash = good.chained(&GENESIS, 1);
        let changes: [fn(&mut Posting); 7] = [
            |p| p.kind = PostingKind::Refund,
            |p| p.charge = ChargeId::from_random([9; 16]),
            |p| p.operation = Some(OperationId::from_random([9; 16])),
            |p| p.at.0 += 1,
            |p| p.currency = Currency::parse("USD").unwrap(),
            |p| p.remainder = 1,
            |p| p.entries.swap(0, 1),
        ];
        for (place, change) in changes.iter().enumerate() {
            let mut other = good.clone();
            change(&mut other);
            assert_ne!(other.chained(&GENESIS, 1), hash, "change {place}");
        }
        assert_ne!(good.chained(&GENESIS, 2), hash);
        assert_ne!(good.chained(&[1; 32], 1), hash);
    }
}
