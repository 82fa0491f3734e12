use farthing_protocol::MerchantId;
use farthing_theme::{Colour, Colours, Density, Font, Radius, Refused, Scheme, Theme, Tokens};

use super::{
    Wrong,
    file::{ColoursEntry, ThemeEntry},
    wrong,
};

/// The most themes: each is kept in memory, in about a kilobyte.
const THEMES: usize = 10_000;

/// The entries, each checked by itself; one for a merchant.
pub(super) fn check(entries: Vec<ThemeEntry>) -> Result<Vec<(MerchantId, Theme)>, Wrong> {
    if entries.len() > THEMES {
        return Err(wrong("themes", format!("at most {THEMES}")));
    }
    let mut themes: Vec<(MerchantId, Theme)> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let at = format!("themes[{index}]");
        let merchant = MerchantId::parse(&entry.merchant)
            .map_err(|error| wrong(format!("{at}.merchant"), error.to_string()))?;
        if themes.iter().any(|(other, _)| *other == merchant) {
            return Err(wrong(at, "is for the merchant of a theme before it"));
        }
        let theme = tokens(&entry)
            .and_then(Theme::new)
            .map_err(|refused| wrong(at, format!("{}: {refused}", refused.code())))?;
        themes.push((merchant, theme));
    }
    Ok(themes)
}

fn tokens(entry: &ThemeEntry) -> Result<Tokens, Refused> {
    let usual = Tokens::default();
    let of = |scheme, entry: Option<&ColoursEntry>| entry.map(|entry| colours(scheme, entry)).transpose();
    Ok(Tokens {
        radius: entry.radius.as_deref().map_or(Ok(usual.radius), Radius::parse)?,
        font: entry.font.as_deref().map_or(Ok(usual.font), Font::parse)?,
        density: entry
            .density
            .as_deref()
            .map_or(Ok(usual.density), Density::parse)?,
        light: of(Scheme::Light, entry.light.as_ref())?,
        dark: of(Scheme::Dark, entry.dark.as_ref())?,
    })
}

fn colours(scheme: Scheme, entry: &ColoursEntry) -> Result<Colours, Refused> {
    let usual = scheme.usual();
    let read = |token, text: &Option<String>| {
        let read = |text: &String| Colour::parse(text).ok_or(Refused::Colour { scheme, token });
        text.as_ref().map(read).transpose()
    };
    Ok(Colours {
        ground: read("ground", &entry.ground)?.unwrap_or(usual.ground),
        ink: read("ink", &entry.ink)?.unwrap_or(usual.ink),
        accent: read("accent", &entry.accent)?.unwrap_or(usual.accent),
        // On another accent the ground's colour can always be read.
        on_accent: read("on_accent", &entry.on_accent)?,
    })
}
