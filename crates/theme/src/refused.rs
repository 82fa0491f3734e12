use crate::{Colour, Contrast, Scheme};

/// Why there is no such theme, and what to write instead. Nothing of what was written is repeated but colours.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Refused {
    /// A colour that is none.
    #[error("{scheme}.{token} is a colour in six hexadecimal digits, as in \"#0b5f48\"")]
    Colour {
        /// Whose.
        scheme: Scheme,
        /// Which.
        token: &'static str,
    },
    /// A name that is not in its list.
    #[error("{token} is one of {}", .choices.join(", "))]
    Choice {
        /// Which list.
        token: &'static str,
        /// The list.
        choices: Vec<&'static str>,
    },
    /// Light text on dark in the light scheme, or the reverse: what the browser itself draws would not fit in.
    #[error(
        "{scheme}.ground has to be {} than {scheme}.ink, for people whose device is set to {scheme}: change places, or write \
         them for the other",
        match .scheme { Scheme::Light => "lighter", Scheme::Dark => "darker" }
    )]
    Reversed {
        /// Where.
        scheme: Scheme,
    },
    /// Two colours that are too close.
    #[error(
        "{} on {} has a contrast of {is} in {scheme}, and people need {least} to {}: {}",
        name(.of),
        name(.on),
        if *.least == Contrast::TEXT { "read it" } else { "see it" },
        advice(*.scheme, .token, *.instead)
    )]
    Contrast {
        /// Where.
        scheme: Scheme,
        /// What is in front.
        of: &'static str,
        /// What is behind it.
        on: &'static str,
        /// How far they are apart.
        is: Contrast,
        /// How far they have to be.
        least: Contrast,
        /// What to change.
        token: &'static str,
        /// The nearest colour that would do in its place, if one is found.
        instead: Option<Colour>,
    },
}

impl Refused {
    /// The stable name of this reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Colour { .. } => "theme_colour_malformed",
            Self::Choice { .. } => "theme_choice_unknown",
            Self::Reversed { .. } => "theme_scheme_reversed",
            Self::Contrast { .. } => "theme_contrast_low",
        }
    }
}

/// As it is written in a theme, where it is.
fn name(variable: &str) -> String {
    match variable {
        "on" => "on_accent".to_owned(),
        "native" => "the browser’s own box".to_owned(),
        other => other.replace('-', " "),
    }
}

fn advice(scheme: Scheme, token: &str, instead: Option<Colour>) -> String {
    match instead {
        Some(colour) => format!("{scheme}.{token} = \"{colour}\" would do"),
        None => format!("choose a {scheme}.{token} that is further from the others, or leave it out"),
    }
}
