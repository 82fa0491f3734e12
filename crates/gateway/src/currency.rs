use farthing_protocol::{Currency, Language, Money};

/// How many decimals `currency` has by ISO 4217; `None` where it is no currency in force with minor units.
#[must_use]
pub fn decimals(currency: Currency) -> Option<u8> {
    let known = iso_currency::Currency::from_code(currency.as_str())?;
    u8::try_from(known.exponent()?).ok()
}

/// An amount as readers of `language` write it: `€1,234.50`, `1.234,50 €`. It is what the frame has `Intl.NumberFormat`
/// write, so that the consent's text and the button name one amount in one way (a journey compares them). The rules are
/// CLDR's, for the languages that there are.
#[must_use]
pub fn shown(money: Money, decimals: u8, language: Language) -> String {
    let currency = money.currency();
    let sign = language.currency_sign(currency);
    let name = sign.unwrap_or(currency.as_str());
    let number = number(money.minor(), decimals, &Style::of(language));
    match language {
        Language::En | Language::Ko | Language::Ja | Language::ZhHans | Language::Tr => {
            let space = if sign.is_some() { "" } else { NO_BREAK };
            format!("{name}{space}{number}")
        }
        Language::PtBr => format!("{name}{NO_BREAK}{number}"),
        Language::De | Language::Fr | Language::Es | Language::It | Language::Pl => {
            format!("{number}{NO_BREAK}{name}")
        }
        Language::Ar => format!("\u{200F}{number}{NO_BREAK}{name}"),
    }
}

/// As [`shown`], for English.
#[must_use]
pub fn in_english(money: Money, decimals: u8) -> String {
    shown(money, decimals, Language::En)
}

const NO_BREAK: &str = "\u{A0}";

/// How a language writes numbers.
struct Style {
    point: char,
    group: char,
    /// How many digits stand before the last group, at the least, for there to be groups.
    ungrouped: usize,
}

impl Style {
    const fn of(language: Language) -> Self {
        let (point, group, ungrouped) = match language {
            Language::En | Language::Ko | Language::Ja | Language::ZhHans | Language::Ar => ('.', ',', 1),
            Language::De | Language::PtBr | Language::Tr => (',', '.', 1),
            Language::Es | Language::It => (',', '.', 2),
            Language::Fr => (',', '\u{202F}', 1),
            Language::Pl => (',', '\u{A0}', 2),
        };
        Self {
            point,
            group,
            ungrouped,
        }
    }
}

fn number(minor: i64, decimals: u8, style: &Style) -> String {
    let places = usize::from(decimals);
    let digits = format!("{minor:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let grouped = whole.len() >= 3 + style.ungrouped;
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in whole.chars().enumerate() {
        if grouped && index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(style.group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(style.point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(minor: i64, code: &str) -> String {
        let currency = Currency::parse(code).unwrap();
        in_english(Money::new(minor, currency).unwrap(), decimals(currency).unwrap())
    }

    #[test]
    fn amounts_read_as_english_readers_write_them() {
        assert_eq!(english(150, "EUR"), "€1.50");
        assert_eq!(english(5, "EUR"), "€0.05");
        assert_eq!(english(100_000_000, "USD"), "$1,000,000.00");
        assert_eq!(english(150, "JPY"), "¥150");
        assert_eq!(english(1_234, "KWD"), "KWD\u{A0}1.234");
        assert_eq!(english(123_456, "CHF"), "CHF\u{A0}1,234.56");
    }

    #[test]
    fn amounts_read_as_each_language_writes_them() {
        let euros = Money::new(123_450, Currency::parse("EUR").unwrap()).unwrap();
        let dinars = Money::new(1_234_500, Currency::parse("KWD").unwrap()).unwrap();
        let written = [
            (Language::Ko, "€1,234.50", "KWD 1,234.500"),
            (Language::Ja, "€1,234.50", "KWD 1,234.500"),
            (Language::ZhHans, "€1,234.50", "KWD 1,234.500"),
            (Language::De, "1.234,50 €", "1.234,500 KWD"),
            (Language::Fr, "1\u{202F}234,50 €", "1\u{202F}234,500 KWD"),
            (Language::Es, "1234,50 €", "1234,500 KWD"),
            (Language::PtBr, "€ 1.234,50", "KWD 1.234,500"),
            (Language::It, "1234,50 €", "1234,500 KWD"),
            (Language::Pl, "1234,50 €", "1234,500 KWD"),
            (Language::Tr, "€1.234,50", "KWD 1.234,500"),
            (Language::Ar, "\u{200F}1,234.50 €", "\u{200F}1,234.500 KWD"),
        ];
        for (language, in_euros, in_dinars) in written {
            let read = |money, decimals| shown(money, decimals, language).replace(NO_BREAK, " ");
            assert_eq!(read(euros, 2), in_euros, "{language:?}");
            assert_eq!(read(dinars, 3), in_dinars, "{language:?}");
        }
    }

    #[test]
    fn only_currencies_with_minor_units_are_known() {
        for bad in ["XXX", "XTS", "XAU", "ABC", "ZZZ"] {
            assert_eq!(decimals(Currency::parse(bad).unwrap()), None, "{bad}");
        }
    }
}
