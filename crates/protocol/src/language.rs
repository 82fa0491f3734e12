use serde::{Deserialize, Serialize};

use crate::Currency;

/// A language that a shopper can be spoken to in, as BCP 47 writes it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// Korean.
    #[serde(rename = "ko")]
    Ko,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
    /// Chinese in simplified characters.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// German.
    #[serde(rename = "de")]
    De,
    /// French.
    #[serde(rename = "fr")]
    Fr,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Portuguese as it is written in Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// Italian.
    #[serde(rename = "it")]
    It,
    /// Polish.
    #[serde(rename = "pl")]
    Pl,
    /// Turkish.
    #[serde(rename = "tr")]
    Tr,
    /// Arabic, written from right to left.
    #[serde(rename = "ar")]
    Ar,
}

impl Language {
    /// Every language, in the order in which a shopper is offered them.
    pub const ALL: [Self; 12] = [
        Self::En,
        Self::Ko,
        Self::Ja,
        Self::ZhHans,
        Self::De,
        Self::Fr,
        Self::Es,
        Self::PtBr,
        Self::It,
        Self::Pl,
        Self::Tr,
        Self::Ar,
    ];

    /// As BCP 47 writes it: `pt-BR`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
            Self::Ja => "ja",
            Self::ZhHans => "zh-Hans",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::PtBr => "pt-BR",
            Self::It => "it",
            Self::Pl => "pl",
            Self::Tr => "tr",
            Self::Ar => "ar",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Ko => "한국어",
            Self::Ja => "日本語",
            Self::ZhHans => "简体中文",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Es => "Español",
            Self::PtBr => "Português (Brasil)",
            Self::It => "Italiano",
            Self::Pl => "Polski",
            Self::Tr => "Türkçe",
            Self::Ar => "العربية",
        }
    }

    /// Whether it is written from right to left.
    #[must_use]
    pub const fn is_rtl(self) -> bool {
        matches!(self, Self::Ar)
    }

    /// The sign by which readers of this language know `currency`; `None` where they are shown its code, which is never
    /// taken for another. Provider and frame both go by this, so that the sentence to agree to and the button name one
    /// amount in one way.
    #[must_use]
    pub fn currency_sign(self, currency: Currency) -> Option<&'static str> {
        let sign = match (currency.as_str(), self) {
            ("EUR", _) => "€",
            ("KRW", Self::En | Self::Ko) => "₩",
            ("JPY", Self::En) => "¥",
            ("JPY", Self::Ja) => "￥",
            ("CNY", Self::ZhHans) => "¥",
            ("CNY", Self::En) => "CN¥",
            ("BRL", Self::En | Self::PtBr) => "R$",
            ("PLN", Self::Pl) => "zł",
            ("TRY", Self::Tr) => "₺",
            ("AUD", Self::En) => "A$",
            ("CAD", Self::En) => "CA$",
            ("GBP", Self::En) => "£",
            ("HKD", Self::En) => "HK$",
            ("ILS", Self::En) => "₪",
            ("INR", Self::En) => "₹",
            ("MXN", Self::En) => "MX$",
            ("NZD", Self::En) => "NZ$",
            ("PHP", Self::En) => "₱",
            ("TWD", Self::En) => "NT$",
            ("USD", Self::En) => "$",
            ("VND", Self::En) => "₫",
            _ => return None,
        };
        Some(sign)
    }

    /// Exactly the language that is written `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == text)
    }

    /// The language that comes nearest to `tag`, a BCP 47 tag as browsers and merchants write them: `de-AT` is German,
    /// `zh-CN` Chinese, any Portuguese Brazil's. `None` where none is near.
    #[must_use]
    pub fn nearest(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| {
            let own = language.as_str().split('-').next().unwrap_or_default();
            own.eq_ignore_ascii_case(first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_as_it_is_read() {
        for language in Language::ALL {
            let json = serde_json::to_string(&language).unwrap();
            assert_eq!(json, format!("\"{}\"", language.as_str()));
            assert_eq!(Language::parse(language.as_str()), Some(language));
            assert_eq!(Language::nearest(language.as_str()), Some(language));
        }
    }

    #[test]
    fn near_languages_are_found_and_far_ones_not() {
        let near = [
            ("de-AT", Language::De),
            ("zh-CN", Language::ZhHans),
            ("pt", Language::PtBr),
            ("AR_eg", Language::Ar),
        ];
        for (tag, language) in near {
            assert_eq!(Language::nearest(tag), Some(language), "{tag}");
        }
        for tag in ["", "nl", "d", "deu", "-de"] {
            assert_eq!(Language::nearest(tag), None, "{tag}");
        }
    }
}
