/// Whether the last of `digits` is their check digit (ISO/IEC 7812-1, annex B). `digits` are ASCII digits.
pub(crate) fn holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(
            |(place, byte)| match (place % 2, u32::from(byte.wrapping_sub(b'0'))) {
                (0, digit) => digit,
                (_, digit) => digit * 2 / 10 + digit * 2 % 10,
            },
        )
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_standard_example() {
        assert!(holds("79927398713"));
        for wrong in "012456789".chars() {
            assert!(!holds(&format!("7992739871{wrong}")));
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_noticed(body in "[0-9]{11,18}", place in 0usize..18, by in 1u8..10) {
            let whole = (b'0'..=b'9').map(|check| format!("{body}{}", char::from(check))).find(|n| holds(n));
            let mut bytes = whole.expect("ten check digits, one of them right").into_bytes();
            let place = place % bytes.len();
            bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
            prop_assert!(!holds(&String::from_utf8(bytes).unwrap()));
        }
    }
}
