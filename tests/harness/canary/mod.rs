//! The search for canaries: whether a card's details can be found in something that must not hold them, a
//! log, a database file, all that a hostile page saw, plain or in any common encoding, whole or in pieces.
//!
//! It works from the other end: instead of writing the details in every encoding, it reads what it is given
//! in every encoding ([`views`]), also one within the other, and looks for plain details ([`needles`]).

mod needles;
mod views;

#[cfg(test)]
mod tests;

use std::fmt;

use needles::Needles;

/// A card's details that occur nowhere else, so that wherever they turn up, they leaked.
#[derive(Clone, Copy, Debug)]
pub struct Canary {
    /// The number, digits only. Brand and last four may be seen; seven digits in a row may not.
    pub number: &'static str,
    /// Month, 1 to 12.
    pub expiry_month: u8,
    /// Year, four digits.
    pub expiry_year: u16,
    /// The security code. With a leading zero, so that no count and no time is written like it.
    pub security_code: &'static str,
    /// The name; every word of it is searched for.
    pub name: &'static str,
}

/// A detail that was found where it must not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Find {
    /// Which detail.
    pub detail: &'static str,
    /// How it was written there.
    pub reading: String,
    /// What stands around it, as it was read.
    pub around: String,
}

impl fmt::Display for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.detail, self.reading, self.around)
    }
}

/// Everything of `canary` that is in `haystack`, at most one find for a detail and a reading.
#[must_use]
pub fn search(haystack: &[u8], canary: &Canary) -> Vec<Find> {
    let needles = Needles::of(canary);
    let mut finds = needles.in_bytes(haystack);
    views::each(haystack, |reading, view| {
        for (detail, around) in needles.in_text(reading, view) {
            let reading = reading.to_string();
            if !finds
                .iter()
                .any(|find: &Find| find.detail == detail && find.reading == reading)
            {
                finds.push(Find {
                    detail,
                    reading,
                    around,
                });
            }
        }
    });
    finds
}

/// As [`search`], for what came in many small pieces: whether they give a detail away when put together.
#[must_use]
pub fn search_pieces<'a>(pieces: impl IntoIterator<Item = &'a str> + Clone, canary: &Canary) -> Vec<Find> {
    // Pieces as small as a key press or a few digits: longer ones are searched for themselves.
    let short: String = pieces
        .clone()
        .into_iter()
        .filter(|piece| piece.chars().count() <= 4)
        .collect();
    let mut finds = search(short.as_bytes(), canary);
    // And those that hold a few digits among other things. Many of them make many numbers by chance: only
    // the better part of a card number counts.
    let digits: String = pieces.into_iter().filter_map(few_digits).collect();
    finds.extend(Needles::of(canary).most_of_number(&digits));
    for find in &mut finds {
        find.reading.insert_str(0, "piece by piece, ");
    }
    finds
}

fn few_digits(piece: &str) -> Option<String> {
    let digits: String = piece.chars().filter(char::is_ascii_digit).collect();
    (1..=6).contains(&digits.len()).then_some(digits)
}
