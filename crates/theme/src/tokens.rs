//! What is chosen from a list.

use crate::Refused;

/// How round corners are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Radius {
    /// Not at all.
    None,
    /// A little.
    Small,
    /// The usual.
    #[default]
    Medium,
    /// A lot.
    Large,
}

/// A family of fonts that devices have: none is downloaded, so each names several, and ends with what every device has.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Font {
    /// The device's own; the usual.
    #[default]
    System,
    /// Sans serif, after handwriting.
    Humanist,
    /// Sans serif, from circles and lines.
    Geometric,
    /// Sans serif, with round ends.
    Rounded,
    /// With serifs.
    Serif,
}

/// How much room there is. The least is such that every target still has 44 pixels.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Density {
    /// Little.
    Compact,
    /// The usual.
    #[default]
    Normal,
    /// A lot.
    Roomy,
}

impl Radius {
    /// What there is to choose from, with the names that are written.
    pub const ALL: [(&str, Self); 4] = [
        ("none", Self::None),
        ("small", Self::Small),
        ("medium", Self::Medium),
        ("large", Self::Large),
    ];

    /// The choice called `name`.
    pub fn parse(name: &str) -> Result<Self, Refused> {
        chosen("radius", name, &Self::ALL)
    }

    /// Of controls, and of the card that holds them: CSS pixels.
    pub(crate) fn pixels(self) -> (u8, u8) {
        match self {
            Self::None => (0, 0),
            Self::Small => (4, 6),
            Self::Medium => (8, 14),
            Self::Large => (16, 24),
        }
    }
}

impl Font {
    /// What there is to choose from, with the names that are written.
    pub const ALL: [(&str, Self); 5] = [
        ("system", Self::System),
        ("humanist", Self::Humanist),
        ("geometric", Self::Geometric),
        ("rounded", Self::Rounded),
        ("serif", Self::Serif),
    ];

    /// The choice called `name`.
    pub fn parse(name: &str) -> Result<Self, Refused> {
        chosen("font", name, &Self::ALL)
    }

    /// The fonts, the most wanted first (after <https://modernfontstacks.com>).
    pub(crate) fn stack(self) -> &'static str {
        match self {
            Self::System => "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif",
            Self::Humanist => {
                "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"DejaVu Sans\",\"Noto Sans\",sans-serif"
            }
            Self::Geometric => "Avenir,Montserrat,Corbel,\"URW Gothic\",\"Noto Sans\",sans-serif",
            Self::Rounded => {
                "ui-rounded,\"Hiragino Maru Gothic ProN\",Quicksand,Comfortaa,\"Arial Rounded MT Bold\",Calibri,sans-serif"
            }
            Self::Serif => {
                "\"Iowan Old Style\",\"Palatino Linotype\",\"URW Palladio L\",P052,\"Noto Serif\",serif"
            }
        }
    }
}

impl Density {
    /// What there is to choose from, with the names that are written.
    pub const ALL: [(&str, Self); 3] = [
        ("compact", Self::Compact),
        ("normal", Self::Normal),
        ("roomy", Self::Roomy),
    ];

    /// The choice called `name`.
    pub fn parse(name: &str) -> Result<Self, Refused> {
        chosen("density", name, &Self::ALL)
    }

    /// The room around what belongs together, and the least height of a control: hundredths of a rem.
    pub(crate) fn rems(self) -> (u16, u16) {
        match self {
            Self::Compact => (88, 275),
            Self::Normal => (125, 300),
            Self::Roomy => (163, 350),
        }
    }
}

fn chosen<T: Copy>(token: &'static str, name: &str, all: &[(&'static str, T)]) -> Result<T, Refused> {
    let found = all.iter().find(|(known, _)| *known == name);
    found.map(|(_, choice)| *choice).ok_or_else(|| Refused::Choice {
        token,
        choices: all.iter().map(|(known, _)| *known).collect(),
    })
}
