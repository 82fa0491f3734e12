//! What the checks need to know of other rows: a little for each quote, charge and operation.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{checks::chain::Posting, row::Row};

#[derive(Default)]
pub(crate) struct Facts {
    pub quotes: HashMap<String, Quote>,
    /// By quote.
    pub tokens: HashMap<String, Token>,
    pub charges: HashMap<String, Charge>,
    pub operations: HashMap<String, Operation>,
    /// The charge of each receipt.
    pub receipts: HashMap<String, String>,
    /// The end of each dispute that has one.
    pub disputes: HashMap<String, &'static str>,
    /// What kind of event was told of what.
    pub events: HashSet<(String, String)>,
}

pub(crate) struct Quote {
    pub decimals: usize,
    /// By the way to pay.
    pub totals: Vec<(String, i64)>,
}

pub(crate) struct Token {
    pub amount: i64,
    pub fee: i64,
    pub currency: String,
    pub consent: String,
    pub charge: Option<String>,
}

pub(crate) struct Charge {
    pub merchant: String,
    pub reference: String,
    pub quote: String,
    pub consent: String,
    pub amount: i64,
    pub fee: i64,
    pub currency: String,
    pub stage: String,
    pub receipt: Option<String>,
    pub at_once: bool,
    pub captured: i64,
    pub refunded: i64,
    pub refunding: i64,
    pub held: i64,
    pub moved: Moved,
    /// Refunds that have not ended.
    pub asked_back: i128,
    /// What its capture brought the provider.
    pub fees: i128,
}

/// What postings moved, by their kind.
#[derive(Default)]
pub(crate) struct Moved {
    pub captures: u32,
    pub captured: i128,
    pub refunded: i128,
    pub held: i128,
    pub released: i128,
    pub returned: i128,
}

pub(crate) struct Operation {
    pub charge: String,
    pub kind: String,
    pub amount: i64,
    pub currency: String,
    pub stage: String,
    pub posted: bool,
}

impl Facts {
    pub fn take_quote(&mut self, row: &Row) {
        let body = row.json("body");
        let decimals = body["decimals"]
            .as_u64()
            .and_then(|decimals| usize::try_from(decimals).ok());
        let total = |offer: &Value| {
            let method = offer["method"]["kind"].as_str()?.to_owned();
            Some((method, offer["total"]["amount"].as_i64()?))
        };
        let offers = body["methods"].as_array().into_iter().flatten();
        let quote = Quote {
            decimals: decimals.unwrap_or_default().min(6),
            totals: offers.filter_map(total).collect(),
        };
        self.quotes.insert(row.text("id"), quote);
    }

    pub fn take_token(&mut self, row: &Row) {
        let token = Token {
            amount: row.number("amount"),
            fee: row.number("fee"),
            currency: row.text("currency"),
            consent: row.text("consent"),
            charge: row.maybe("charge"),
        };
        self.tokens.insert(row.text("quote"), token);
    }

    pub fn take_charge(&mut self, row: &Row) {
        let charge = Charge {
            merchant: row.text("merchant"),
            reference: row.text("reference"),
            quote: row.text("quote"),
            consent: row.text("consent"),
            amount: row.number("amount"),
            fee: row.number("fee"),
            currency: row.text("currency"),
            stage: row.text("stage"),
            receipt: row.maybe("receipt"),
            at_once: row.flag("at_once"),
            captured: row.number("captured"),
            refunded: row.number("refunded"),
            refunding: row.number("refunding"),
            held: row.number("held"),
            moved: Moved::default(),
            asked_back: 0,
            fees: 0,
        };
        self.charges.insert(row.text("id"), charge);
    }

    pub fn take_operation(&mut self, row: &Row) {
        let operation = Operation {
            charge: row.text("charge"),
            kind: row.text("kind"),
            amount: row.number("amount"),
            currency: row.text("currency"),
            stage: row.text("stage"),
            posted: false,
        };
        let goes_on = matches!(operation.stage.as_str(), "asking" | "unknown");
        if operation.kind == "refund"
            && goes_on
            && let Some(charge) = self.charges.get_mut(&operation.charge)
        {
            charge.asked_back += i128::from(operation.amount);
        }
        self.operations.insert(row.text("id"), operation);
    }

    pub fn take_posting(&mut self, posting: &Posting) {
        if let Some(id) = &posting.operation
            && let Some(operation) = self.operations.get_mut(id)
        {
            operation.posted = true;
        }
        let Some(charge) = self.charges.get_mut(&posting.charge) else {
            return;
        };
        let merchant = &charge.merchant;
        let bank = posting.of("bank");
        let disputes = posting.of(&format!("disputes:{merchant}"));
        match posting.kind.as_str() {
            "capture" => {
                charge.moved.captures += 1;
                charge.moved.captured -= bank;
                charge.fees += posting.of("fees");
            }
            "refund" => charge.moved.refunded += bank,
            "hold" => charge.moved.held += disputes,
            "release" => charge.moved.released -= disputes,
            "return" => charge.moved.returned += bank,
            _ => {}
        }
    }

    pub fn take_receipt(&mut self, row: &Row) {
        self.receipts.insert(row.text("id"), row.text("charge"));
    }

    pub fn take_dispute(&mut self, row: &Row) {
        let told = match row.text("stage").as_str() {
            "returned" => "dispute.returned",
            "rejected" => "dispute.rejected",
            _ => "dispute.opened",
        };
        self.disputes.insert(row.text("id"), told);
    }

    pub fn take_event(&mut self, row: &Row) {
        let body = row.json("body");
        let about = body["data"]["id"].as_str().unwrap_or_default().to_owned();
        let kind = row.text("kind");
        self.events.insert((kind, about));
    }
}
