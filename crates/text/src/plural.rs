/// Which form a number takes in a language, as CLDR has them. The names are what `Intl.PluralRules` answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Plural {
    /// `zero`
    Zero,
    /// `one`
    One,
    /// `two`
    Two,
    /// `few`
    Few,
    /// `many`
    Many,
    /// `other`: in every language there is this one.
    Other,
}

impl Plural {
    /// In the order in which a table holds them.
    pub const ALL: [Self; 6] = [
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Few,
        Self::Many,
        Self::Other,
    ];

    /// The form that is called `name`; [`Self::Other`] where none is.
    #[must_use]
    pub fn named(name: &str) -> Self {
        // Their first letters are enough to tell them apart, and cost a shopper less than their names.
        match name.as_bytes() {
            [b'z', ..] => Self::Zero,
            [b'o', b'n', ..] => Self::One,
            [b't', ..] => Self::Two,
            [b'f', ..] => Self::Few,
            [b'm', ..] => Self::Many,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_by_its_name() {
        let names = ["zero", "one", "two", "few", "many", "other"];
        assert_eq!(names.map(Plural::named), Plural::ALL);
        assert_eq!(Plural::named(""), Plural::Other);
    }
}
