//! The other engines, for the journeys: Firefox with geckodriver, and WebKitGTK with a screen in memory.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{install, version_text, versions};
use crate::project::Project;

const FIREFOX_BY_HAND: &str = "  \
    Debian:  sudo apt-get install firefox-esr\n  \
    macOS:   brew install --cask firefox\n  \
    or set FIREFOX to its path";

const WEBKIT_BY_HAND: &str = "  \
    Debian, Ubuntu:  sudo apt-get install webkit2gtk-driver xvfb\n  \
    or set WEBKITDRIVER, MINIBROWSER and XVFB to the paths of the three";

/// Firefox and its driver.
pub struct Firefox {
    /// The browser's absolute path.
    pub firefox: PathBuf,
    /// The driver's absolute path.
    pub driver: PathBuf,
    /// The browser's name and version, for people.
    pub version: String,
}

/// Finds both, and installs them where it can.
pub fn firefox(project: &Project) -> Result<Firefox> {
    let driver = match set("GECKODRIVER") {
        Some(driver) => driver,
        None => geckodriver(project)?,
    };
    let find = || set("FIREFOX").or_else(|| ["firefox-esr", "firefox"].iter().find_map(|n| project.find(n)));
    let packages = ["firefox-esr", "fonts-liberation"];
    if find().is_none() && !install::from_debian(project, &packages, "a minute or two")? {
        bail!("Firefox is not installed, and this command cannot install it here.\n{FIREFOX_BY_HAND}");
    }
    let firefox = find().context("Firefox was installed and is not found")?;
    let text = version_text(project, &firefox).context("Firefox does not run")?;
    let version = versions::told(&text).context("Firefox does not tell its version")?;
    Ok(Firefox {
        version: format!("firefox {version}"),
        firefox,
        driver,
    })
}

fn geckodriver(project: &Project) -> Result<PathBuf> {
    let tool = install::CargoTool {
        package: "geckodriver",
        binary: "geckodriver",
        version: versions::GECKODRIVER.to_owned(),
        fits: versions::geckodriver_fits,
        with: &["--locked"],
        takes: "about a minute on two cores",
    };
    install::cargo_tool(project, &tool)?;
    project
        .find("geckodriver")
        .context("geckodriver was installed and is not found")
}

/// WebKitGTK's small browser, its driver, and what draws its window in memory: it has no headless mode.
pub struct WebKit {
    /// The browser's absolute path.
    pub browser: PathBuf,
    /// The driver's absolute path.
    pub driver: PathBuf,
    /// The screen's absolute path.
    pub screen: PathBuf,
}

/// Finds all three, and installs them where it can; none where there is no WebKitGTK, which is for Linux.
pub fn webkit(project: &Project) -> Result<Option<WebKit>> {
    if let Some(found) = find_webkit(project) {
        return Ok(Some(found));
    }
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let packages = ["webkit2gtk-driver", "xvfb", "fonts-liberation"];
    if !install::from_debian(project, &packages, "a minute or two")? {
        bail!(
            "WebKitGTK's driver is not installed, and this command cannot install it here.\n{WEBKIT_BY_HAND}"
        );
    }
    let found = find_webkit(project).context("WebKitGTK's driver was installed and is not found")?;
    Ok(Some(found))
}

fn find_webkit(project: &Project) -> Option<WebKit> {
    Some(WebKit {
        browser: set("MINIBROWSER").or_else(mini_browser)?,
        driver: set("WEBKITDRIVER").or_else(|| project.find("WebKitWebDriver"))?,
        screen: set("XVFB").or_else(|| project.find("Xvfb"))?,
    })
}

/// It is on nobody's `PATH`: each system has a folder of its own for it.
fn mini_browser() -> Option<PathBuf> {
    let of_systems = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let folders: Vec<PathBuf> = of_systems.chain([PathBuf::from("/usr/libexec")]).collect();
    ["webkitgtk-6.0", "webkit2gtk-4.1", "webkit2gtk-4.0"]
        .iter()
        .flat_map(|of| {
            folders
                .iter()
                .map(move |folder| folder.join(of).join("MiniBrowser"))
        })
        .find(|path| Path::is_file(path))
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}
