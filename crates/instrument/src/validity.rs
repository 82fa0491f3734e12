/// How the text of one field stands. `Why` says what is wrong and never carries the text.
///
/// A `Wrong` can still turn right by typing on: `12 / 20` has passed, but may become `12 / 2028`. So a form
/// shows it once the shopper has left the field, and takes it back as soon as it no longer holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Validity<Why> {
    /// Nothing was typed, or nothing but blanks.
    Empty,
    /// Right so far, and something is missing.
    Incomplete,
    /// Can't be right as it stands.
    Wrong(Why),
    /// Whole and well-formed. Whether the issuer agrees is another matter.
    Complete,
}

impl<Why> Validity<Why> {
    /// What a `parse` says about a text, without what it made of it.
    pub(crate) fn of<T>(parsed: Result<T, Self>) -> Self {
        parsed.err().unwrap_or(Self::Complete)
    }
}
