//! Minor units as a decimal text, for `Intl` to dress up. No float comes near an amount.

/// `minor` units of a currency with so many `decimals`: 150 with 2 is `1.50`. Amounts are positive.
pub fn decimal(minor: i64, decimals: u8) -> String {
    let decimals = usize::from(decimals);
    let mut text = minor.to_string();
    if decimals > 0 {
        while text.len() <= decimals {
            text.insert(0, '0');
        }
        text.insert(text.len() - decimals, '.');
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_stand_where_the_currency_puts_them() {
        for (minor, decimals, text) in [
            (150, 2, "1.50"),
            (5, 2, "0.05"),
            (50, 2, "0.50"),
            (150, 0, "150"),
            (1, 3, "0.001"),
            (12, 4, "0.0012"),
        ] {
            assert_eq!(decimal(minor, decimals), text);
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(minor in 1..=farthing_protocol::limits::AMOUNT_MINOR, decimals in 0u8..=4) {
            let text = decimal(minor, decimals);
            prop_assert_eq!(text.replace('.', "").parse::<i64>().unwrap(), minor);
            let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
            prop_assert_eq!(behind, usize::from(decimals));
        }
    }
}
