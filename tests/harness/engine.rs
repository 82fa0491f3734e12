//! The browser engines, what each can not do, and how a journey that needs more is left out, by name.

use std::{env, fmt, io::Write as _};

/// A browser engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Chromium, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, through WebKitWebDriver.
    WebKit,
}

/// What not every engine gives to those who drive it. The words say what a journey is left out for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Capability {
    /// Chromium's own protocol: emulation of screens, media and networks.
    DevTools,
    /// What the consoles of all frames said.
    Consoles,
    /// Every request that left the browser.
    NetworkLog,
    /// A profile on the disk, which can be searched for what was kept.
    ProfileOnDisk,
    /// It tells a frame what is painted over it (`IntersectionObserver` v2).
    SeesOverlays,
}

impl Engine {
    /// The one that `FARTHING_ENGINE` names; without it, Chromium.
    ///
    /// # Panics
    /// If it names none.
    #[must_use]
    pub fn chosen() -> Self {
        let Ok(name) = env::var("FARTHING_ENGINE") else {
            return Self::Chromium;
        };
        [Self::Chromium, Self::Firefox, Self::WebKit]
            .into_iter()
            .find(|engine| engine.to_string() == name)
            .unwrap_or_else(|| panic!("FARTHING_ENGINE is chromium, firefox or webkit, not {name:?}"))
    }

    /// Whether those who drive it have this.
    #[must_use]
    pub fn has(self, capability: Capability) -> bool {
        match capability {
            Capability::DevTools
            | Capability::Consoles
            | Capability::NetworkLog
            | Capability::ProfileOnDisk
            | Capability::SeesOverlays => self == Self::Chromium,
        }
    }

    /// Whether it has all that `test` needs; says so where it has not, past the runner, which keeps to itself
    /// what a test that passes prints.
    #[must_use]
    pub fn is_enough_for(self, test: &str, needs: &[Capability]) -> bool {
        let Some(missing) = needs.iter().find(|need| !self.has(**need)) else {
            return true;
        };
        let _unheard = writeln!(std::io::stderr(), "{test}: skipped on {self}: needs {missing}");
        false
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        })
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DevTools => "Chromium's DevTools protocol",
            Self::Consoles => "the consoles of all frames",
            Self::NetworkLog => "a log of the network",
            Self::ProfileOnDisk => "a profile on the disk",
            Self::SeesOverlays => "an engine that knows what covers a frame",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_enough_only_with_all_that_is_needed() {
        assert!(Engine::WebKit.is_enough_for("itself", &[]));
        assert!(Engine::Chromium.is_enough_for("itself", &[Capability::DevTools, Capability::Consoles]));
        assert!(!Engine::Firefox.is_enough_for("itself", &[Capability::Consoles]));
    }
}
