use bytes::Bytes;
use farthing_protocol::Language;

use super::ReleaseError;

/// The frame's sentences in every language: a file each, a sentence a line, in one order.
pub struct Texts(Vec<String>);

impl Texts {
    /// What `file` has of each language: of none fewer sentences than of another.
    pub(super) fn new(file: impl Fn(Language) -> Option<Bytes>) -> Result<Self, ReleaseError> {
        let read = |language| {
            let bytes = file(language).ok_or(ReleaseError::NoTexts(language.as_str()))?;
            String::from_utf8(bytes.to_vec()).map_err(|_| ReleaseError::NoTexts(language.as_str()))
        };
        let texts = Language::ALL
            .into_iter()
            .map(read)
            .collect::<Result<Vec<_>, _>>()?;
        let lines = |text: &String| text.split('\n').count();
        for (language, text) in Language::ALL.into_iter().zip(&texts) {
            if texts.first().map(lines) != Some(lines(text)) {
                return Err(ReleaseError::NoTexts(language.as_str()));
            }
        }
        Ok(Self(texts))
    }

    /// The lines of a language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        let place = Language::ALL.iter().position(|other| *other == language);
        place
            .and_then(|place| self.0.get(place))
            .map_or("", String::as_str)
    }
}

/// The name of the file that holds the sentences in `language`, among the files of a release.
#[must_use]
pub fn file_name(language: Language) -> String {
    format!("{}.txt", language.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_not_there_or_not_whole_is_named() {
        let lines = |of: Language, text: &'static str| {
            let made = Texts::new(|language| {
                let text = if language == of { text } else { "one\ntwo" };
                (text != "none").then(|| Bytes::from_static(text.as_bytes()))
            });
            made.map(|texts| texts.of(of).to_owned())
        };
        assert_eq!(lines(Language::Ko, "1\n2"), Ok("1\n2".to_owned()));
        for text in ["none", "one", "one\ntwo\n"] {
            assert_eq!(
                lines(Language::Ko, text),
                Err(ReleaseError::NoTexts("ko")),
                "{text}"
            );
        }
    }
}
