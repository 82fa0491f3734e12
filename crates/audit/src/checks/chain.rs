use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    report::Report,
    row::{Row, hex},
};

/// A posting with its entries.
pub(crate) struct Posting {
    pub seq: i64,
    pub kind: String,
    pub charge: String,
    pub operation: Option<String>,
    pub at: i64,
    pub currency: String,
    pub remainder: i64,
    pub hash: String,
    pub entries: Vec<(String, i64)>,
}

impl Posting {
    pub fn read(row: &Row) -> Self {
        let entries = row.json("entries");
        let entry = |entry: &Value| {
            let account = entry[0].as_str().unwrap_or_default().to_owned();
            (account, entry[1].as_i64().unwrap_or_default())
        };
        Self {
            seq: row.number("seq"),
            kind: row.text("kind"),
            charge: row.text("charge"),
            operation: row.maybe("operation"),
            at: row.number("at"),
            currency: row.text("currency"),
            remainder: row.number("remainder"),
            hash: row.text("hash"),
            entries: entries.as_array().into_iter().flatten().map(entry).collect(),
        }
    }

    /// What an account has from it.
    pub fn of(&self, account: &str) -> i128 {
        let of = self.entries.iter().filter(|(name, _)| name == account);
        of.map(|(_, amount)| i128::from(*amount)).sum()
    }

    /// The accounts that are not named, and so should not be there.
    pub fn beside(&self, accounts: &[&str]) -> Option<&str> {
        let mut names = self.entries.iter().map(|(name, _)| name.as_str());
        names.find(|name| !accounts.contains(name))
    }

    fn chained(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut text = format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.seq,
            self.kind,
            self.charge,
            self.operation.as_deref().unwrap_or("-"),
            self.at,
            self.currency,
            self.remainder
        );
        for (account, amount) in &self.entries {
            // Writing to a text can't fail.
            let _ = writeln!(text, "{account} {amount}");
        }
        let hash = Sha256::new().chain_update(previous).chain_update(text.as_bytes());
        hash.finalize().into()
    }
}

/// How far the chain was followed.
#[derive(Default)]
pub(crate) struct Chain {
    seq: i64,
    length: u64,
    hash: [u8; 32],
}

impl Chain {
    /// Checks the next posting. What is wrong with one is said once: the chain goes on from what is stored.
    pub fn follow(&mut self, posting: &Posting, report: &mut Report) {
        let id = posting.seq.to_string();
        report.same(
            "chain.gap",
            &id,
            "the place",
            (posting.seq, self.seq.saturating_add(1)),
        );
        let sum: i128 = posting
            .entries
            .iter()
            .map(|(_, amount)| i128::from(*amount))
            .sum();
        report.same("posting.sum", &id, "the sum of the entries", (sum, 0));
        let expected = hex(&posting.chained(&self.hash));
        report.same(
            "chain.hash",
            &id,
            "the hash",
            (posting.hash.as_str(), expected.as_str()),
        );
        self.seq = posting.seq;
        self.length += 1;
        self.hash = unhex(&posting.hash);
    }

    pub fn length(&self) -> u64 {
        self.length
    }
}

/// An entry whose posting is gone.
pub(crate) fn astray(row: &Row, report: &mut Report) {
    let (posting, line) = (row.number("posting"), row.number("line"));
    let text = format!("the entry is there, its posting {posting} is not");
    report.find("entry.astray", &format!("{posting}/{line}"), text);
}

/// What is no hash reads as zeros, and nothing chains to that.
fn unhex(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    bytes
}
