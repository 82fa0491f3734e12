use axum::http::HeaderMap;
use farthing_gateway::{decimals, shown};
use farthing_protocol::{Currency, Language, Money, UnixSeconds};
use farthing_text::{
    Key, NoticeKey, Plural, Words,
    frame::{self, Frame},
    pages::{self, Pages},
};
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};

use super::{date::date, escape};
use crate::http;

/// Who reads a page: in which language, and with which browser.
///
/// The sentences hold no sign of markup (`crates/text` is not built otherwise), so that they stand between tags as they are;
/// what is filled into them there went through [`escape`], or is markup itself.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The language that the page is in.
    pub language: Language,
    /// Whether the address asked for that language.
    named: bool,
    /// What the browser sent with its request.
    pub request: &'a HeaderMap,
}

impl<'a> Reader<'a> {
    /// Of a page whose language is known from what it is about.
    #[must_use]
    pub fn new(language: Language, request: &'a HeaderMap) -> Self {
        Self {
            language,
            named: false,
            request,
        }
    }

    /// Of a page in the language that its address names with `locale`; else in `known`, that of what it is about; else in
    /// the browser's.
    #[must_use]
    pub fn asking(query: Option<&str>, known: Option<Language>, request: &'a HeaderMap) -> Self {
        let named = http::locale(query);
        Self {
            language: named.or(known).unwrap_or_else(|| http::language(request)),
            named: named.is_some(),
            request,
        }
    }

    /// What an address ends in, for it to be in the language that this one was asked for in.
    #[must_use]
    pub fn query(self) -> String {
        if self.named {
            format!("?locale={}", self.language.as_str())
        } else {
            String::new()
        }
    }

    pub(super) fn frame(self) -> Words<Frame> {
        frame::words(self.language)
    }

    pub(super) fn pages(self) -> Words<Pages> {
        pages::words(self.language)
    }

    /// A sentence of the pages' own.
    pub(super) fn say(self, key: Key<Pages>) -> &'static str {
        self.pages().get(key)
    }

    /// A sentence that the frame says as well.
    pub(super) fn say_as_frame(self, key: Key<Frame>) -> &'static str {
        self.frame().get(key)
    }

    /// The sentences of a page that says one thing: a title, and what follows it.
    #[must_use]
    pub fn notice(self, key: NoticeKey<Pages>) -> farthing_text::Notice {
        self.pages().notice(key)
    }

    /// Which form `number` takes, by CLDR.
    pub(super) fn plural(self, number: i64) -> Plural {
        let locale = Locale::try_from_str(self.language.as_str()).ok();
        let rules = locale
            .and_then(|locale| PluralRules::try_new(locale.into(), PluralRuleType::Cardinal.into()).ok());
        match rules.map(|rules| rules.category_for(number)) {
            Some(PluralCategory::Zero) => Plural::Zero,
            Some(PluralCategory::One) => Plural::One,
            Some(PluralCategory::Two) => Plural::Two,
            Some(PluralCategory::Few) => Plural::Few,
            Some(PluralCategory::Many) => Plural::Many,
            Some(PluralCategory::Other) | None => Plural::Other,
        }
    }

    /// An amount that was checked when it was booked; with its code and minor units if it were none after all.
    pub(super) fn amount(self, minor: i64, currency: Currency) -> String {
        let shown = Money::new(minor, currency)
            .ok()
            .and_then(|money| decimals(currency).map(|decimals| shown(money, decimals, self.language)));
        escape(&shown.unwrap_or_else(|| format!("{currency} {minor} (minor units)")))
    }

    /// A moment, as markup: for people and for machines.
    pub(super) fn time(self, at: UnixSeconds) -> String {
        let (human, machine) = date(at, self.language);
        format!("<time datetime=\"{machine}\">{human}</time>")
    }

    /// Foreign text, as markup, that is not torn apart where the page is written the other way.
    pub(super) fn apart(self, text: &str) -> String {
        let text = escape(text);
        if self.language.is_rtl() {
            format!("\u{2068}{text}\u{2069}")
        } else {
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_the_forms_that_cldr_gives_them() {
        let request = HeaderMap::new();
        for (language, number, plural) in [
            (Language::En, 1, Plural::One),
            (Language::En, 5, Plural::Other),
            (Language::Ko, 1, Plural::Other),
            (Language::Fr, 0, Plural::One),
            (Language::Es, 1_000_000, Plural::Many),
            (Language::Pl, 3, Plural::Few),
            (Language::Pl, 5, Plural::Many),
            (Language::Ar, 0, Plural::Zero),
            (Language::Ar, 2, Plural::Two),
            (Language::Ar, 3, Plural::Few),
            (Language::Ar, 11, Plural::Many),
            (Language::Ar, 100, Plural::Other),
        ] {
            let reader = Reader::new(language, &request);
            assert_eq!(reader.plural(number), plural, "{language:?} {number}");
        }
    }

    #[test]
    fn the_address_is_asked_before_what_is_known_and_that_before_the_browser() {
        let french = HeaderMap::from_iter([(
            axum::http::header::ACCEPT_LANGUAGE,
            axum::http::HeaderValue::from_static("fr"),
        )]);
        for (query, known, language, again) in [
            (Some("locale=ja"), Some(Language::De), Language::Ja, "?locale=ja"),
            (Some("locale=nl"), Some(Language::De), Language::De, ""),
            (None, None, Language::Fr, ""),
        ] {
            let reader = Reader::asking(query, known, &french);
            assert_eq!((reader.language, reader.query().as_str()), (language, again));
        }
    }
}
