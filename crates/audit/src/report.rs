use std::{
    collections::BTreeMap,
    fmt::{self, Display},
};

use serde_json::{Value, json};

use crate::checks::chain::Posting;

/// More findings than this are counted alone.
const FINDINGS: usize = 10_000;

/// What is wrong, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Which check: a stable name, `chain.hash`.
    pub code: &'static str,
    /// The row: its id, or its place.
    pub id: String,
    /// What was expected, and what is there.
    pub text: String,
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}  {}", self.code, self.id, self.text)
    }
}

/// What the books say, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong, in the order of the checks.
    pub findings: Vec<Finding>,
    /// How many findings there are beyond those listed.
    pub more: u64,
    /// How many postings were read.
    pub postings: u64,
    /// How many charges were read.
    pub charges: usize,
    /// What every account holds.
    pub balances: Balances,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn find(&mut self, code: &'static str, id: &str, text: String) {
        if self.findings.len() < FINDINGS {
            let id = id.to_owned();
            self.findings.push(Finding { code, id, text });
        } else {
            self.more += 1;
        }
    }

    /// A finding, unless `found` is `expected`.
    pub(crate) fn same<T: PartialEq + Display>(
        &mut self,
        code: &'static str,
        id: &str,
        what: &str,
        (found, expected): (T, T),
    ) {
        if found != expected {
            self.find(code, id, format!("{what} is {found}, expected {expected}"));
        }
    }

    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|finding| json!({ "code": finding.code, "id": finding.id, "text": finding.text }))
            .collect();
        let balances: Vec<Value> = self
            .balances
            .iter()
            .map(|(account, currency, amount)| {
                json!({ "account": account, "currency": currency, "amount": amount })
            })
            .collect();
        json!({
            "clean": self.is_clean(), "charges": self.charges, "postings": self.postings,
            "findings": findings, "more": self.more, "balances": balances,
        })
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} charges, {} postings", self.charges, self.postings)?;
        for (account, currency, amount) in self.balances.iter() {
            writeln!(f, "{account}  {amount} {currency}")?;
        }
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        match (self.findings.len(), self.more) {
            (0, _) => writeln!(f, "Nothing is wrong."),
            (found, 0) => writeln!(f, "{found} findings."),
            (found, more) => writeln!(f, "{found} findings, and {more} more."),
        }
    }
}

/// What accounts hold, in minor units by currency.
#[derive(Debug, Default)]
pub struct Balances(BTreeMap<(String, String), i128>);

impl Balances {
    /// Account, currency and amount, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, i128)> {
        self.0
            .iter()
            .map(|((account, currency), amount)| (account.as_str(), currency.as_str(), *amount))
    }

    pub(crate) fn book(&mut self, posting: &Posting) {
        for (account, amount) in &posting.entries {
            let held = self
                .0
                .entry((account.clone(), posting.currency.clone()))
                .or_default();
            *held += i128::from(*amount);
        }
    }
}
