//! Chromium and its driver, for the journeys.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::{install, version_text, versions};
use crate::project::Project;

const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

const BY_HAND: &str = "  \
    Debian:  sudo apt-get install chromium chromium-driver\n  \
    macOS:   brew install --cask chromium chromedriver\n  \
    or set CHROME and CHROMEDRIVER to the paths of the two";

/// A browser and a driver that fit each other.
pub struct Browser {
    /// The browser's absolute path.
    pub chrome: PathBuf,
    /// The driver's absolute path.
    pub driver: PathBuf,
    /// The browser's name and version, for people.
    pub version: String,
}

/// Finds both, and installs them where it can.
pub fn browser(project: &Project) -> Result<Browser> {
    if let Some(found) = find(project)? {
        return Ok(found);
    }
    // Without a font Chromium lays out nothing.
    let packages = ["chromium", "chromium-driver", "fonts-liberation"];
    if !install::from_debian(project, &packages, "a minute or two")? {
        bail!(
            "Chromium and its driver are not both installed, and this command cannot install them here.\n{BY_HAND}"
        );
    }
    find(project)?.context("Chromium was installed and is not found")
}

fn find(project: &Project) -> Result<Option<Browser>> {
    let set = |name: &str| env::var_os(name).map(PathBuf::from);
    let chrome = set("CHROME").or_else(|| BROWSERS.iter().find_map(|name| project.find(name)));
    let driver = set("CHROMEDRIVER").or_else(|| project.find("chromedriver"));
    let (Some(chrome), Some(driver)) = (chrome, driver) else {
        return Ok(None);
    };
    let version = |program: &PathBuf| {
        let text =
            version_text(project, program).with_context(|| format!("{} does not run", program.display()))?;
        versions::told(&text).with_context(|| format!("{} does not tell its version", program.display()))
    };
    let (of_chrome, of_driver) = (version(&chrome)?, version(&driver)?);
    if !versions::same_major(&of_chrome, &of_driver) {
        bail!(
            "Chromium {of_chrome} and its driver {of_driver} do not fit each other; install the two together:\n{BY_HAND}"
        );
    }
    Ok(Some(Browser {
        version: format!("chromium {of_chrome}"),
        chrome,
        driver,
    }))
}
