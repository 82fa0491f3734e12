use std::fmt::Write;

use farthing_protocol::Money;

use super::{Bearer, FeeSchedule, Terms};
use crate::currency;

impl FeeSchedule {
    /// The schedule in words, as merchants and shoppers read it: “€0.05 + 1.4 %, at least €0.07, at most
    /// €2.00; below €5.00: €0.02 + 1.9 %. Paid by the shop.”
    #[must_use]
    pub fn in_english(&self) -> String {
        let terms = self.terms();
        let mut text = self.part(terms.fixed, terms.rate_bp);
        // Writing to a String can't fail.
        if terms.floor > 0 {
            let _ = write!(text, ", at least {}", self.amount(terms.floor));
        }
        if let Some(cap) = terms.cap {
            let _ = write!(text, ", at most {}", self.amount(cap));
        }
        if let Some(small) = terms.small {
            let part = self.part(small.fixed, small.rate_bp);
            let _ = write!(text, "; below {}: {part}", self.amount(small.below));
        }
        text.push('.');
        if !is_free(terms) {
            text.push_str(match terms.bearer {
                Bearer::Merchant => " Paid by the shop.",
                Bearer::Shopper => " Paid by the shopper.",
            });
        }
        match text.strip_prefix('n') {
            Some(rest) => format!("N{rest}"),
            None => text,
        }
    }

    fn part(&self, fixed: i64, rate_bp: u32) -> String {
        match (fixed, rate_bp) {
            (0, 0) => "no fee".to_owned(),
            (0, _) => percent(rate_bp),
            (_, 0) => self.amount(fixed),
            _ => format!("{} + {}", self.amount(fixed), percent(rate_bp)),
        }
    }

    /// A positive amount, as it was checked to be; nothing else is written out.
    fn amount(&self, minor: i64) -> String {
        Money::new(minor, self.terms().currency)
            .map(|money| currency::in_english(money, self.decimals()))
            .unwrap_or_default()
    }
}

fn is_free(terms: &Terms) -> bool {
    let free = |fixed, rate_bp| fixed == 0 && rate_bp == 0;
    free(terms.fixed, terms.rate_bp) && terms.small.is_none_or(|small| free(small.fixed, small.rate_bp))
}

/// `1.4 %`: basis points without the zeros that say nothing.
fn percent(bp: u32) -> String {
    let (whole, fraction) = (bp / 100, bp % 100);
    match (fraction, fraction % 10) {
        (0, _) => format!("{whole} %"),
        (_, 0) => format!("{whole}.{} %", fraction / 10),
        _ => format!("{whole}.{fraction:02} %"),
    }
}
