use std::fmt;

use crate::{Colour, Contrast, Refused};

/// What people's devices are set to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// The colours that are chosen; all others follow from them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Colours {
    /// Behind everything.
    pub ground: Colour,
    /// Text.
    pub ink: Colour,
    /// The button, links, the outline of the focus.
    pub accent: Colour,
    /// Text on the button; the ground's colour where there is none.
    pub on_accent: Option<Colour>,
}

/// All colours of a page in one scheme. Each is called as its variable in `www/frame.css`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Palette {
    scheme: Scheme,
    colours: [Colour; NAMES.len()],
}

/// The variables, in the order of [`Palette::variables`]. `page` is what lies around the card, on pages of the provider's.
const NAMES: [&str; 14] = [
    "ground",
    "tint",
    "line",
    "edge",
    "ink",
    "soft",
    "accent",
    "strong",
    "on",
    "bad",
    "bad-tint",
    "note",
    "note-tint",
    "page",
];

/// What is drawn on what, and what to change where that can't be seen.
const PAIRS: [(&str, &str, Contrast, &str); 22] = [
    ("ink", "ground", Contrast::TEXT, "ink"),
    ("ink", "tint", Contrast::TEXT, "ink"),
    ("accent", "ground", Contrast::TEXT, "accent"),
    ("on", "accent", Contrast::TEXT, "on_accent"),
    ("on", "strong", Contrast::TEXT, "on_accent"),
    // The outline of the focus, the edge of what is chosen.
    ("accent", "tint", Contrast::SHAPE, "accent"),
    // A button that works is in the soft colour.
    ("ground", "soft", Contrast::TEXT, "ink"),
    ("soft", "ground", Contrast::TEXT, "ink"),
    ("soft", "tint", Contrast::TEXT, "ink"),
    ("edge", "ground", Contrast::SHAPE, "ink"),
    ("edge", "tint", Contrast::SHAPE, "ink"),
    ("bad", "ground", Contrast::TEXT, "ground"),
    ("bad", "tint", Contrast::TEXT, "ground"),
    ("bad", "bad-tint", Contrast::TEXT, "ground"),
    ("ink", "bad-tint", Contrast::TEXT, "ink"),
    ("note", "ground", Contrast::TEXT, "ground"),
    ("note", "tint", Contrast::TEXT, "ground"),
    ("note", "note-tint", Contrast::TEXT, "ground"),
    ("ink", "page", Contrast::TEXT, "ink"),
    ("soft", "page", Contrast::TEXT, "ink"),
    ("accent", "page", Contrast::SHAPE, "accent"),
    // What browsers draw themselves: the box that is ticked to agree.
    ("native", "ground", Contrast::SHAPE, "ground"),
];

impl Scheme {
    /// What a scheme has where nothing is chosen, as in `www/frame.css`.
    #[must_use]
    pub fn usual(self) -> Colours {
        let (ground, ink, accent, on_accent) = match self {
            Self::Light => (0xff_ff_ff, 0x15_20_1a, 0x0b_5f_48, 0xff_ff_ff),
            Self::Dark => (0x16_1b_19, 0xee_f2_ef, 0x5f_d6_ac, 0x06_28_1d),
        };
        Colours {
            ground: Colour::hex(ground),
            ink: Colour::hex(ink),
            accent: Colour::hex(accent),
            on_accent: Some(Colour::hex(on_accent)),
        }
    }

    /// Errors and warnings, as they begin; and the edge that browsers give a box (Chromium's, which is the faintest that
    /// counts on the ground).
    fn fixed(self) -> [Colour; 3] {
        match self {
            Self::Light => [0xb3_26_1e, 0x68_48_00, 0x76_76_76],
            Self::Dark => [0xff_b4_a9, 0xf5_d4_8a, 0x85_85_85],
        }
        .map(Colour::hex)
    }

    /// Where colours of this scheme go to be read better.
    fn far(self) -> Colour {
        match self {
            Self::Light => Colour::BLACK,
            Self::Dark => Colour::WHITE,
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Light => "light",
            Self::Dark => "dark",
        })
    }
}

impl Palette {
    /// What follows from `colours`, if all of it can be read.
    pub fn of(scheme: Scheme, colours: Colours) -> Result<Self, Refused> {
        if !in_order(scheme, colours) {
            return Err(Refused::Reversed { scheme });
        }
        let palette = Self::after(scheme, colours);
        let Some((of, on, least, token)) = palette.fault() else {
            return Ok(palette);
        };
        Err(Refused::Contrast {
            scheme,
            of,
            on,
            is: palette.contrast(of, on),
            least,
            token,
            instead: instead(scheme, colours, token),
        })
    }

    /// The usual dark colours, with an accent that is as near to `accent` as can be read on them.
    pub fn dark_after(accent: Colour) -> Result<Self, Refused> {
        let dark = Colours {
            accent,
            on_accent: None,
            ..Scheme::Dark.usual()
        };
        let whole = instead(Scheme::Dark, dark, "accent").map(|accent| Colours { accent, ..dark });
        Self::of(Scheme::Dark, whole.unwrap_or(dark))
    }

    /// Each variable's name and colour.
    pub fn variables(&self) -> impl Iterator<Item = (&'static str, Colour)> {
        NAMES.into_iter().zip(self.colours)
    }

    /// The colour of a variable; what browsers give a box, for any other name.
    fn colour(&self, name: &str) -> Colour {
        let [.., native] = self.scheme.fixed();
        let mut variables = self.variables();
        variables
            .find(|(known, _)| *known == name)
            .map_or(native, |(_, colour)| colour)
    }

    fn contrast(&self, of: &str, on: &str) -> Contrast {
        self.colour(of).contrast(self.colour(on))
    }

    /// The first pair that is too close.
    fn fault(&self) -> Option<(&'static str, &'static str, Contrast, &'static str)> {
        PAIRS
            .into_iter()
            .find(|(of, on, least, _)| self.contrast(of, on) < *least)
    }

    fn after(scheme: Scheme, colours: Colours) -> Self {
        let Colours {
            ground,
            ink,
            accent,
            on_accent,
        } = colours;
        let tint = ground.toward(ink, 3);
        let [bad, note, _] = scheme.fixed();
        let shape = |colour: Colour| {
            [ground, tint]
                .iter()
                .all(|on| colour.contrast(*on) >= Contrast::SHAPE)
        };
        let text = |colour: Colour| {
            [ground, tint]
                .iter()
                .all(|on| colour.contrast(*on) >= Contrast::TEXT)
        };
        let edge = nudged(ground.toward(ink, 36), ink, shape);
        let soft = nudged(ground.toward(ink, 48), ink, text);
        let tinted = |colour: Colour| ground.toward(colour, 5);
        let bad = nudged(bad, scheme.far(), |one| {
            text(one) && one.contrast(tinted(one)) >= Contrast::TEXT
        });
        let note = nudged(note, scheme.far(), |one| {
            text(one) && one.contrast(tinted(one)) >= Contrast::TEXT
        });
        let on = on_accent.unwrap_or(ground);
        let away = if on.is_lighter_than(accent) {
            Colour::BLACK
        } else {
            Colour::WHITE
        };
        let page = match scheme {
            Scheme::Light => tint,
            Scheme::Dark => ground.toward(Colour::BLACK, 24),
        };
        Self {
            scheme,
            colours: [
                ground,
                tint,
                ground.toward(ink, 9),
                edge,
                ink,
                soft,
                accent,
                accent.toward(away, 16),
                on,
                bad,
                tinted(bad),
                note,
                tinted(note),
                page,
            ],
        }
    }
}

/// `colour`, or the nearest on its way to `far` that is `enough`; `far` where none is.
fn nudged(colour: Colour, far: Colour, enough: impl Fn(Colour) -> bool) -> Colour {
    let way = (0..=64).map(|parts| colour.toward(far, parts));
    way.into_iter().find(|one| enough(*one)).unwrap_or(far)
}

/// What could be written for `token` so that all of it can be read: the nearest to what is there, darker or lighter.
fn instead(scheme: Scheme, colours: Colours, token: &str) -> Option<Colour> {
    let put = |colour| match token {
        "ground" => Colours {
            ground: colour,
            ..colours
        },
        "ink" => Colours {
            ink: colour,
            ..colours
        },
        "accent" => Colours {
            accent: colour,
            ..colours
        },
        _ => Colours {
            on_accent: Some(colour),
            ..colours
        },
    };
    let now = match token {
        "ground" => colours.ground,
        "ink" => colours.ink,
        "accent" => colours.accent,
        _ => colours.on_accent.unwrap_or(colours.ground),
    };
    let near = (0..=64).flat_map(|parts| [Colour::BLACK, Colour::WHITE].map(|far| now.toward(far, parts)));
    near.into_iter().find(|colour| {
        let colours = put(*colour);
        in_order(scheme, colours) && Palette::after(scheme, colours).fault().is_none()
    })
}

fn in_order(scheme: Scheme, Colours { ground, ink, .. }: Colours) -> bool {
    match scheme {
        Scheme::Light => ground.is_lighter_than(ink),
        Scheme::Dark => ink.is_lighter_than(ground),
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, fs};

    use super::*;

    /// What the frame wears without a theme obeys the same table, and has the variables that a theme writes.
    #[test]
    fn the_usual_colours_can_be_read() {
        let css = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/frame.css")).unwrap();
        let blocks: Vec<&str> = css.split(":root {").skip(1).take(2).collect();
        for (block, scheme) in blocks.into_iter().zip([Scheme::Light, Scheme::Dark]) {
            let mut colours = HashMap::from([("native", scheme.fixed()[2])]);
            for line in block.split('}').next().unwrap().lines() {
                let line = line.trim().trim_end_matches(';');
                if let Some((name, colour)) = line.strip_prefix("--").and_then(|line| line.split_once(": ")) {
                    let colour = if colour == "#fff" { "#ffffff" } else { colour };
                    colours.extend(Colour::parse(colour).map(|colour| (name, colour)));
                }
            }
            for name in NAMES.into_iter().filter(|name| *name != "page") {
                assert!(colours.contains_key(name), "{scheme}: --{name}");
            }
            for (of, on, least, _) in PAIRS.into_iter().filter(|(_, on, ..)| *on != "page") {
                let is = colours[of].contrast(colours[on]);
                assert!(is >= least, "{scheme}: {of} on {on} is {is}");
            }
            let usual = scheme.usual();
            let usual = [usual.ground, usual.ink, usual.accent, usual.on_accent.unwrap()];
            assert_eq!(usual, ["ground", "ink", "accent", "on"].map(|name| colours[name]));
            assert!(Palette::of(scheme, scheme.usual()).is_ok());
        }
    }
}
