//! The figures as a table: medians, and of the keys the slowest of twenty.

use std::fmt::Write as _;

use crate::{Row, look::Seen, subjects::Subject};

impl Row {
    /// The median of what `of` reads.
    pub fn median(&self, of: impl Fn(&Seen) -> f64) -> f64 {
        at(self.seen.iter().map(of).collect(), 0.5)
    }

    /// For people.
    pub fn name(&self) -> &'static str {
        self.subject.name()
    }

    fn slowest_keys(&self) -> Option<f64> {
        let keys: Vec<f64> = self.seen.iter().flat_map(|seen| seen.typed.clone()).collect();
        (!keys.is_empty()).then(|| at(keys, 0.95))
    }
}

/// The table in Markdown.
pub fn of(rows: &[Row]) -> String {
    let mut text = String::from(
        "| page | bytes | requests before a field / in all | field can be focused | times the floor | form works | script \
         | main threads | longest task | memory | layout shift | key to paint, p95 |\n\
         |---|---|---|---|---|---|---|---|---|---|---|---|\n",
    );
    let floor = rows
        .iter()
        .find(|row| row.subject == Subject::Floor)
        .map_or(1.0, |row| row.median(|seen| seen.focusable));
    for row in rows {
        let median = |of: fn(&Seen) -> f64| row.median(of);
        let focusable = median(|seen| seen.focusable);
        let keys = row
            .slowest_keys()
            .map_or("–".to_owned(), |ms| format!("{ms:.1} ms"));
        let _ = writeln!(
            text,
            "| {} | {:.0} | {:.0} / {:.0} | {focusable:.0} ms | {:.2} | {:.0} ms | {:.0} ms | {:.0} ms | {:.0} ms | {:.1} MB | {:.3} | {keys} |",
            row.name(),
            median(|seen| seen.bytes),
            median(|seen| seen.requests_before),
            median(|seen| seen.requests),
            focusable / floor,
            median(|seen| seen.ready),
            median(|seen| seen.script),
            median(|seen| seen.main_thread),
            median(|seen| seen.longest),
            median(|seen| seen.memory),
            median(|seen| seen.shift),
        );
    }
    text
}

/// The value at this part of all, by nearest rank.
fn at(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place among a few hundred"
    )]
    let place = (values.len() as f64 * part).ceil() as usize;
    values.get(place.saturating_sub(1)).copied().unwrap_or_default()
}
