use std::fmt::{self, Write};

use crate::{Colour, Colours, Density, Font, Palette, Radius, Theme, Tokens};

const LIGHT: &str = "@media screen{html:root{";
const DARK: &str = "@media screen and (prefers-color-scheme:dark){html:root{";

impl Theme {
    /// The theme as a style sheet: nothing but variables, in the place of those that `www/frame.css` and the provider's pages
    /// begin with, whichever comes first in the page. On paper there are none: that stays dark on white.
    #[must_use]
    pub fn css(&self) -> String {
        let mut css = String::with_capacity(1024);
        // Writing to a text never fails.
        let _written = self.write(&mut css);
        css
    }

    /// The theme whose style sheet is `css`, to the letter; nothing where that is none.
    #[must_use]
    pub fn of_css(css: &str) -> Option<Self> {
        let (light, dark) = css.split_once(DARK).unwrap_or((css, ""));
        let radius = Radius::ALL.into_iter().find(|(_, radius)| {
            let (control, _) = radius.pixels();
            value(light, "corner") == Some(&format!("{control}px"))
        });
        let font = Font::ALL
            .into_iter()
            .find(|(_, font)| value(light, "font") == Some(font.stack()));
        let density = Density::ALL.into_iter().find(|(_, density)| {
            let (room, _) = density.rems();
            value(light, "room") == Some(&rem(room))
        });
        let tokens = Tokens {
            radius: radius?.1,
            font: font?.1,
            density: density?.1,
            light: colours(light),
            dark: colours(dark),
        };
        let theme = Self::new(tokens).ok()?;
        (theme.css() == css).then_some(theme)
    }

    fn write(&self, css: &mut String) -> fmt::Result {
        let (control, card) = self.tokens.radius.pixels();
        let (room, tall) = self.tokens.density.rems();
        write!(css, "{LIGHT}--corner:{control}px;--card:{card}px;")?;
        write!(css, "--room:{};--tall:{};", rem(room), rem(tall))?;
        write!(css, "--font:{};", self.tokens.font.stack())?;
        write_colours(css, self.light.as_ref())?;
        css.push_str("}}");
        if self.dark.is_some() {
            css.push_str(DARK);
            write_colours(css, self.dark.as_ref())?;
            css.push_str("}}");
        }
        Ok(())
    }
}

fn write_colours(css: &mut String, palette: Option<&Palette>) -> fmt::Result {
    for (name, colour) in palette.iter().flat_map(|palette| palette.variables()) {
        write!(css, "--{name}:{colour};")?;
    }
    Ok(())
}

fn rem(hundredths: u16) -> String {
    format!("{}.{:02}rem", hundredths / 100, hundredths % 100)
}

/// What `css` gives the variable `name`.
fn value<'a>(css: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = css.split_once(&format!("--{name}:"))?;
    Some(rest.split_once(';')?.0)
}

/// The four colours that all others follow from.
fn colours(css: &str) -> Option<Colours> {
    let colour = |name| Colour::parse(value(css, name)?);
    Some(Colours {
        ground: colour("ground")?,
        ink: colour("ink")?,
        accent: colour("accent")?,
        on_accent: Some(colour("on")?),
    })
}
