//! Whatever a merchant chooses: it can be read, or it is refused with what would do. Judged from the style sheet alone, by a
//! contrast that is computed here, in another way.

use std::collections::HashMap;

use farthing_theme::{Colour, Colours, Density, Font, Radius, Refused, Scheme, Theme, Tokens};
use proptest::{prelude::*, sample::select};

/// What the frame's and the provider's style sheets draw on what, and how far apart it has to be.
const SEEN: [(&str, &str, f64); 18] = [
    ("ink", "ground", 4.5),
    ("ink", "tint", 4.5),
    ("ink", "bad-tint", 4.5),
    ("ink", "page", 4.5),
    ("soft", "ground", 4.5),
    ("soft", "tint", 4.5),
    ("ground", "soft", 4.5),
    ("ground", "accent", 4.5),
    ("on", "accent", 4.5),
    ("on", "strong", 4.5),
    ("bad", "ground", 4.5),
    ("bad", "tint", 4.5),
    ("bad", "bad-tint", 4.5),
    ("note", "tint", 4.5),
    ("note", "note-tint", 4.5),
    ("accent", "tint", 3.0),
    ("edge", "ground", 3.0),
    ("edge", "tint", 3.0),
];

#[test]
fn what_cant_be_read_is_refused_with_what_would_do() {
    let usual = Scheme::Light.usual();
    let yellow = Colour::hex(0xff_cc_00);
    for (colours, code, said) in [
        (
            Colours {
                accent: yellow,
                on_accent: None,
                ..usual
            },
            "theme_contrast_low",
            "accent on ground has a contrast of 1.51:1 in light, and people need 4.5:1 to read it: light.accent = \"#8",
        ),
        (
            Colours {
                on_accent: Some(Colour::hex(0x0b_5f_49)),
                ..usual
            },
            "theme_contrast_low",
            "on_accent on accent has a contrast of 1:1 in light, and people need 4.5:1 to read it: light.on_accent = \"#",
        ),
        (
            Colours {
                ink: Colour::hex(0x99_99_99),
                ..usual
            },
            "theme_contrast_low",
            "ink on ground has a contrast of 2.84:1 in light",
        ),
        (
            Colours {
                ground: Colour::hex(0x99_99_99),
                accent: Colour::BLACK,
                ink: Colour::BLACK,
                on_accent: None,
            },
            "theme_contrast_low",
            "the browser’s own box on ground",
        ),
        (
            Colours {
                ground: Colour::BLACK,
                ink: Colour::WHITE,
                accent: yellow,
                on_accent: None,
            },
            "theme_scheme_reversed",
            "light.ground has to be lighter than light.ink",
        ),
    ] {
        let refused = theme(Some(colours), None).unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(refused.to_string().contains(said), "{refused}");
    }
    for (refused, said) in [
        (
            Radius::parse("8px").unwrap_err(),
            "radius is one of none, small, medium, large",
        ),
        (
            Font::parse("Comic Sans").unwrap_err(),
            "font is one of system, humanist, geometric, rounded, serif",
        ),
        (
            Density::parse("").unwrap_err(),
            "density is one of compact, normal, roomy",
        ),
    ] {
        assert_eq!(
            (refused.code(), refused.to_string().as_str()),
            ("theme_choice_unknown", said)
        );
    }
}

#[test]
fn the_names_are_read_and_no_theme_changes_no_colour() {
    assert_eq!(Radius::parse("large"), Ok(Radius::Large));
    assert_eq!(Font::parse("serif"), Ok(Font::Serif));
    assert_eq!(Density::parse("compact"), Ok(Density::Compact));
    assert_eq!(
        theme(None, None).unwrap().css(),
        "@media screen{html:root{--corner:8px;--card:14px;--room:1.25rem;--tall:3.00rem;\
         --font:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif;}}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn all_of_an_accepted_theme_can_be_read(light in some(Scheme::Light), dark in proptest::option::of(some(Scheme::Dark))) {
        match theme(Some(light), dark) {
            Ok(theme) => {
                let css = theme.css();
                let (light, dark) = css.split_once("@media screen and (prefers-color-scheme:dark)").unwrap();
                for (scheme, css) in [(Scheme::Light, light), (Scheme::Dark, dark)] {
                    must_be_readable(scheme, &variables(css))?;
                }
            }
            Err(Refused::Contrast { scheme, token, instead: Some(instead), .. }) => {
                let colours = match scheme { Scheme::Light => light, Scheme::Dark => dark.unwrap() };
                let put = match token {
                    "ground" => Colours { ground: instead, ..colours },
                    "ink" => Colours { ink: instead, ..colours },
                    "accent" => Colours { accent: instead, ..colours },
                    _ => Colours { on_accent: Some(instead), ..colours },
                };
                let again = match scheme { Scheme::Light => theme(Some(put), None), Scheme::Dark => theme(None, Some(put)) };
                prop_assert!(again.is_ok(), "{again:?}");
            }
            Err(_) => {}
        }
    }

    /// An accent that was chosen for a light page is enough: what follows for the dark can be read.
    #[test]
    fn every_accent_that_is_read_in_light_has_one_in_dark(accent in any_colour()) {
        let light = Colours { accent, on_accent: None, ..Scheme::Light.usual() };
        let told = theme(Some(light), None);
        let readable = ratio(accent, Colour::WHITE) >= 4.5;
        prop_assert_eq!(told.is_ok(), readable, "{:?}", told);
    }

    #[test]
    fn a_style_sheet_is_made_of_our_own_words(
        light in some(Scheme::Light),
        radius in select(Radius::ALL.to_vec()),
        font in select(Font::ALL.to_vec()),
        density in select(Density::ALL.to_vec()),
        at in any::<proptest::sample::Index>(),
    ) {
        let tokens = Tokens { radius: radius.1, font: font.1, density: density.1, light: Some(light), dark: None };
        if let Ok(theme) = Theme::new(tokens) {
            let css = theme.css();
            prop_assert!(css.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@{}()#:;,.-\" ".contains(&byte)), "{css}");
            for never in ["url", "import", "expression", "<"] {
                prop_assert!(!css.contains(never), "{css}");
            }
            prop_assert!(css.len() < 1_200, "{}", css.len());
            let read = Theme::of_css(&css).map(|theme| theme.css());
            prop_assert_eq!(read.as_ref(), Some(&css));
            // A style sheet that is anything else is no theme.
            let at = at.index(css.len());
            for changed in [css.replacen("{html", "{*{x:y}html", 1), format!("{css} "), spoilt(&css, at)] {
                prop_assert_eq!(Theme::of_css(&changed).map(|theme| theme.css()).filter(|css| *css != changed), None);
                prop_assert!(Theme::of_css(&changed).is_none() || changed.len() == css.len());
            }
        }
    }
}

fn theme(light: Option<Colours>, dark: Option<Colours>) -> Result<Theme, Refused> {
    Theme::new(Tokens {
        light,
        dark,
        ..Tokens::default()
    })
}

/// Without the byte at `at`.
fn spoilt(css: &str, at: usize) -> String {
    format!("{}{}", &css[..at], &css[at + 1..])
}

fn any_colour() -> impl Strategy<Value = Colour> {
    (0..=0xff_ff_ff_u32).prop_map(Colour::hex)
}

/// Any four colours; and often such as somebody would choose: near the ends, so that many are accepted.
fn some(scheme: Scheme) -> impl Strategy<Value = Colours> {
    let usual = scheme.usual();
    let near =
        |end: Colour, most: u8| (any_colour(), 0..=most).prop_map(move |(to, parts)| end.toward(to, parts));
    prop_oneof![
        1 => (any_colour(), any_colour(), any_colour(), proptest::option::of(any_colour())),
        8 => (near(usual.ground, 16), near(usual.ink, 24), near(usual.accent, 40), proptest::option::of(near(usual.ground, 32))),
    ]
    .prop_map(|(ground, ink, accent, on_accent)| Colours { ground, ink, accent, on_accent })
}

fn must_be_readable(scheme: Scheme, variables: &HashMap<&str, Colour>) -> Result<(), TestCaseError> {
    for (of, on, least) in SEEN {
        let is = ratio(variables[of], variables[on]);
        prop_assert!(is >= least, "{scheme}: {of} on {on} is {is}");
    }
    Ok(())
}

fn variables(css: &str) -> HashMap<&str, Colour> {
    let pairs = css
        .split(['{', ';', '}'])
        .filter_map(|one| one.strip_prefix("--")?.split_once(':'));
    pairs
        .filter_map(|(name, value)| Some((name, Colour::parse(value)?)))
        .collect()
}

/// After WCAG 2.1's wording, of the hexadecimal text.
#[expect(clippy::float_arithmetic, reason = "a ratio of light")]
fn ratio(one: Colour, two: Colour) -> f64 {
    let light = |colour: Colour| {
        let text = colour.to_string();
        let linear = |at: usize| {
            let part = f64::from(u8::from_str_radix(&text[at..at + 2], 16).unwrap_or_default()) / 255.0;
            if part <= 0.03928 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.05 + 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5)
    };
    let (one, two) = (light(one), light(two));
    if one > two { one / two } else { two / one }
}
