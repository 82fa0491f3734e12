use std::fmt;

/// A colour of sRGB, opaque.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Colour([u8; 3]);

/// How far two colours are apart, in hundredths, rounded down: from 100 (1:1) to 2100 (21:1), after WCAG 2.2
/// (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>).
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Contrast(pub u16);

impl Colour {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// The colour `0xRRGGBB`.
    #[must_use]
    pub const fn hex(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self([red, green, blue])
    }

    /// `#rrggbb`, and nothing else that CSS calls a colour.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok().map(Self::hex)
    }

    /// The way from this colour to `other`, so many 64ths of it; all of it beyond 64.
    #[must_use]
    pub fn toward(self, other: Self, parts: u8) -> Self {
        let parts = u16::from(parts.min(64));
        let mut mixed = self.0;
        for (from, to) in mixed.iter_mut().zip(other.0) {
            let sum = u16::from(*from) * (64 - parts) + u16::from(to) * parts;
            *from = u8::try_from((sum + 32) / 64).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// Whether it is lighter than `other`.
    #[must_use]
    pub fn is_lighter_than(self, other: Self) -> bool {
        self.luminance() > other.luminance()
    }

    /// The contrast between this colour and `other`, whichever is in front.
    #[must_use]
    #[expect(
        clippy::float_arithmetic,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a ratio of light, not money, and at most 21"
    )]
    pub fn contrast(self, other: Self) -> Contrast {
        let (one, two) = (self.luminance(), other.luminance());
        let ratio = (one.max(two) + 0.05) / (one.min(two) + 0.05);
        Contrast((ratio * 100.0) as u16)
    }

    /// Relative luminance (<https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>).
    #[expect(clippy::float_arithmetic, reason = "light, not money")]
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Contrast {
    /// What text needs to be read (1.4.3).
    pub const TEXT: Self = Self(450);
    /// What an edge, a mark or the outline of the focus needs to be seen (1.4.11).
    pub const SHAPE: Self = Self(300);
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}:1"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{}:1", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02}:1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_colour() -> impl Strategy<Value = Colour> {
        any::<[u8; 3]>().prop_map(Colour)
    }

    /// As WebAIM’s checker shows them, and PyPI’s `wcag-contrast-ratio` computes them; here rounded down.
    #[test]
    fn contrasts_are_those_that_others_publish() {
        for (one, two, published) in [
            ("#000000", "#ffffff", 2100),
            ("#ffffff", "#ffffff", 100),
            ("#767676", "#ffffff", 454),
            ("#777777", "#ffffff", 447),
            ("#949494", "#ffffff", 303),
            ("#959595", "#ffffff", 299),
            ("#ff0000", "#ffffff", 399),
            ("#0000ff", "#ffffff", 859),
            ("#008000", "#ffffff", 513),
            ("#ffff00", "#ffffff", 107),
            ("#ff0000", "#000000", 525),
            ("#00ff00", "#000000", 1530),
            ("#757575", "#ffffff", 460),
        ] {
            let colour = |text| Colour::parse(text).unwrap();
            assert_eq!(
                colour(one).contrast(colour(two)),
                Contrast(published),
                "{one} {two}"
            );
        }
        assert_eq!(
            [Contrast(450), Contrast(300), Contrast(447), Contrast(1605)].map(|one| one.to_string()),
            ["4.5:1", "3:1", "4.47:1", "16.05:1"]
        );
    }

    #[test]
    fn what_is_no_colour_of_six_digits_is_none() {
        for wrong in [
            "", "#", "#fff", "#12345", "#1234567", "#12345g", "#+12345", "123456", "red", "#ffffff;",
            " #ffffff",
        ] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_colour_is_written_as_it_is_read(colour in any_colour()) {
            prop_assert_eq!(Colour::parse(&colour.to_string()), Some(colour));
            prop_assert_eq!(Colour::parse(&colour.to_string().to_uppercase()), Some(colour));
        }

        #[test]
        fn no_text_is_more_than_a_colour(text in "\\PC*") {
            if let Some(colour) = Colour::parse(&text) {
                prop_assert_eq!(colour.to_string(), text.to_lowercase());
            }
        }

        #[test]
        fn contrast_has_no_sides_and_its_bounds(one in any_colour(), two in any_colour()) {
            let contrast = one.contrast(two);
            prop_assert_eq!(contrast, two.contrast(one));
            prop_assert!((100..=2100).contains(&contrast.0));
            prop_assert_eq!(one.contrast(one), Contrast(100));
            let (black, white) = (one.contrast(Colour::BLACK), one.contrast(Colour::WHITE));
            // (L + .05) / .05 × 1.05 / (L + .05) = 21, but for what was rounded down.
            let product = u32::from(black.0) * u32::from(white.0);
            prop_assert!((207_000..=210_000).contains(&product), "{product}");
        }

        #[test]
        fn a_way_begins_and_ends_where_it_says(one in any_colour(), two in any_colour(), parts in 64_u8..) {
            prop_assert_eq!(one.toward(two, 0), one);
            prop_assert_eq!(one.toward(two, parts), two);
        }
    }
}
