//! How a checkout looks, as far as that is a merchant's to choose: tokens of closed lists, and colours that are refused where
//! they can't be read. What is written into a page is made from these types alone: no text of a merchant's gets there.

mod colour;
mod css;
mod palette;
mod refused;
mod tokens;

pub use colour::{Colour, Contrast};
pub use palette::{Colours, Palette, Scheme};
pub use refused::Refused;
pub use tokens::{Density, Font, Radius};

/// What a merchant chose, each by itself a value that there is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tokens {
    /// How round corners are.
    pub radius: Radius,
    /// Which family of fonts, of those that devices have.
    pub font: Font,
    /// How much room there is.
    pub density: Density,
    /// The colours for those who see pages in light; the usual ones where there are none.
    pub light: Option<Colours>,
    /// The colours for those who see pages in dark. Where there are none, they follow from the light ones.
    pub dark: Option<Colours>,
}

/// A theme in which everything can be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Theme {
    tokens: Tokens,
    light: Option<Palette>,
    dark: Option<Palette>,
}

impl Theme {
    /// The theme of `tokens`, if its contrasts suffice (WCAG 2.2: 1.4.3 and 1.4.11).
    pub fn new(tokens: Tokens) -> Result<Self, Refused> {
        let of = |scheme, colours: Option<Colours>| colours.map(|one| Palette::of(scheme, one)).transpose();
        let light = of(Scheme::Light, tokens.light)?;
        let dark = match (tokens.dark, tokens.light) {
            (None, Some(light)) => Some(Palette::dark_after(light.accent)?),
            (dark, _) => of(Scheme::Dark, dark)?,
        };
        Ok(Self { tokens, light, dark })
    }

    /// The colours of one scheme; nothing where they are the usual ones.
    #[must_use]
    pub fn palette(&self, scheme: Scheme) -> Option<&Palette> {
        match scheme {
            Scheme::Light => self.light.as_ref(),
            Scheme::Dark => self.dark.as_ref(),
        }
    }
}
