//! What merchants' themes are in a page.

use std::collections::HashMap;

use farthing_protocol::MerchantId;
use farthing_theme::Theme;

use crate::release::sha256_source;

/// The themes, by merchant.
pub struct Themes(HashMap<MerchantId, Worn>);

/// A theme as a page wears it.
pub struct Worn {
    element: String,
    source: String,
}

impl Themes {
    /// Each theme written once.
    #[must_use]
    pub fn new(themes: Vec<(MerchantId, Theme)>) -> Self {
        let worn = |theme: Theme| Worn {
            source: sha256_source(&theme.css()),
            element: element(theme),
        };
        Self(
            themes
                .into_iter()
                .map(|(merchant, theme)| (merchant, worn(theme)))
                .collect(),
        )
    }

    /// The theme of `merchant`, if it has one.
    #[must_use]
    pub fn of(&self, merchant: &MerchantId) -> Option<&Worn> {
        self.0.get(merchant)
    }
}

impl Worn {
    /// The element that stands in the page.
    #[must_use]
    pub fn element(&self) -> &str {
        &self.element
    }

    /// As a policy's `style-src` names it.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

/// There is no `<` in a theme.
pub fn element(theme: Theme) -> String {
    format!("<style>{}</style>", theme.css())
}
