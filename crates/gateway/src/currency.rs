use farthing_protocol::{Currency, Money};

/// How many decimals `currency` has by ISO 4217; `None` where it is no currency in force with minor units.
#[must_use]
pub fn decimals(currency: Currency) -> Option<u8> {
    let known = iso_currency::Currency::from_code(currency.as_str())?;
    u8::try_from(known.exponent()?).ok()
}

/// An amount as English readers write it, `€1,234.50`, `CHF 1.50`. It is what the frame has `Intl.NumberFormat("en")`
/// write, so that the consent's text and the button name one amount in one way (a journey compares them).
#[must_use]
pub fn in_english(money: Money, decimals: u8) -> String {
    let code = money.currency();
    let symbol = match code.as_str() {
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" => "¥",
        "KRW" => "₩",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        "PHP" => "₱",
        "TWD" => "NT$",
        "USD" => "$",
        "VND" => "₫",
        _ => "",
    };
    let number = with_decimals(money.minor(), decimals);
    if symbol.is_empty() {
        format!("{code}\u{A0}{number}")
    } else {
        format!("{symbol}{number}")
    }
}

fn with_decimals(minor: i64, decimals: u8) -> String {
    let places = usize::from(decimals);
    let digits = format!("{minor:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
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
    fn only_currencies_with_minor_units_are_known() {
        for bad in ["XXX", "XTS", "XAU", "ABC", "ZZZ"] {
            assert_eq!(decimals(Currency::parse(bad).unwrap()), None, "{bad}");
        }
    }
}
