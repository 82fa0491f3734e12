use std::marker::PhantomData;

use crate::Plural;

/// The sentences of one table in one language, in the order of their keys.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Words<T> {
    lines: &'static [&'static str],
    of: PhantomData<T>,
}

/// A sentence of table `T` that is said as it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Key<T>(u16, PhantomData<T>);

/// A title of table `T`, and what follows it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NoticeKey<T>(u16, PhantomData<T>);

/// How things stand, and what to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Notice {
    /// In a few words, without a full stop.
    pub title: &'static str,
    /// In sentences.
    pub body: &'static str,
}

impl<T> Key<T> {
    pub(crate) const fn new(line: u16) -> Self {
        Self(line, PhantomData)
    }

    /// Which line of the table it is.
    #[must_use]
    pub const fn line(self) -> u16 {
        self.0
    }
}

impl<T> NoticeKey<T> {
    pub(crate) const fn new(line: u16) -> Self {
        Self(line, PhantomData)
    }
}

impl<T: Copy> Words<T> {
    /// No sentence at all: what a frame has until it has read its own.
    pub const NONE: Self = Self::of(&[]);

    pub(crate) const fn of(lines: &'static [&'static str]) -> Self {
        Self {
            lines,
            of: PhantomData,
        }
    }

    /// What a file holds: a sentence a line, and `count` of them. They are kept for as long as the program runs.
    pub(crate) fn parse(file: String, count: usize) -> Option<Self> {
        let lines: Vec<&'static str> = String::leak(file).split('\n').collect();
        (lines.len() == count).then(|| Self::of(Vec::leak(lines)))
    }

    /// What [`Self::parse`] reads.
    #[must_use]
    pub fn file(self) -> String {
        self.lines.join("\n")
    }

    /// The sentence.
    #[must_use]
    pub fn get(self, key: Key<T>) -> &'static str {
        self.line(key.0)
    }

    /// The title, and what follows it.
    #[must_use]
    pub fn notice(self, key: NoticeKey<T>) -> Notice {
        Notice {
            title: self.line(key.0),
            body: self.line(key.0 + 1),
        }
    }

    /// The line at this place; nothing beyond the end.
    #[must_use]
    pub fn line(self, line: u16) -> &'static str {
        self.lines.get(usize::from(line)).copied().unwrap_or_default()
    }

    /// The line with `values` in its places, once: what stands in a value is never filled in itself.
    pub(crate) fn fill(self, line: u16, values: &[&str]) -> String {
        let mut filled = String::new();
        for (index, piece) in self.line(line).split('{').enumerate() {
            // But for the first piece, each begins with the digit of its value, and a brace.
            let (value, text) = match piece.as_bytes() {
                [digit, b'}', ..] if index > 0 => (usize::from(*digit), piece.get(2..)),
                _ => (usize::MAX, Some(piece)),
            };
            let value = values.get(value.wrapping_sub(usize::from(b'0')));
            filled.push_str(value.copied().unwrap_or_default());
            filled.push_str(text.unwrap_or_default());
        }
        filled
    }

    /// The same for one of the six lines that begin at `line`, which is the one for `plural`.
    pub(crate) fn fill_plural(self, line: u16, plural: Plural, values: &[&str]) -> String {
        self.fill(line + plural as u16, values)
    }
}

#[cfg(test)]
mod tests {
    use farthing_protocol::Language;
    use proptest::prelude::*;

    use super::*;
    use crate::{frame, frame::Frame, pages};

    #[test]
    fn a_file_is_read_back() {
        for language in Language::ALL {
            let words = frame::words(language);
            assert_eq!(Words::<Frame>::read(words.file()), Some(words), "{language:?}");
        }
        assert_eq!(Words::<Frame>::read("one\ntwo".to_owned()), None);
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let words = Words::<Frame>::of(&["{1} gets {0}", "{", "{x} {0"]);
        assert_eq!(words.fill(0, &["{1}", "{0} Inc."]), "{0} Inc. gets {1}");
        // What the build refuses does no harm either.
        assert_eq!(words.fill(1, &["a"]), "");
        assert_eq!(words.fill(2, &["a"]), " 0");
        assert_eq!(words.fill(7, &["a"]), "");
    }

    proptest! {
        /// Whatever is filled into whichever line: nothing of a place is left, and every value that has a place is there.
        #[test]
        fn every_sentence_fills_all_its_places(value in "[a-z<&é字]{1,12}") {
            let values = [0, 1, 2, 3].map(|place| format!("{value}{place}"));
            let values = values.each_ref().map(String::as_str);
            for language in Language::ALL {
                let (frame, pages) = (frame::words(language), pages::words(language));
                for line in 0..frame::LINES {
                    check(frame.line(line), &frame.fill(line, &values), &values)?;
                }
                for line in 0..pages::LINES {
                    check(pages.line(line), &pages.fill(line, &values), &values)?;
                }
            }
        }
    }

    fn check(line: &str, filled: &str, values: &[&str]) -> Result<(), TestCaseError> {
        prop_assert!(!filled.contains(['{', '}']), "{}", filled);
        for (place, value) in values.iter().enumerate() {
            let times = line.matches(&format!("{{{place}}}")).count();
            prop_assert_eq!(filled.matches(value).count(), times, "{} for {}", filled, line);
        }
        Ok(())
    }
}
