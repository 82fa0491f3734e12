//! Getting a tool that is not there.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use super::versions;
use crate::{process, progress, project::Project};

/// A tool that is a crate.
pub struct CargoTool {
    /// What cargo installs.
    pub package: &'static str,
    /// What it is called then.
    pub binary: &'static str,
    /// The version to install.
    pub version: String,
    /// Whether the version found will do in place of the wanted one.
    pub fits: fn(&str, &str) -> bool,
    /// What else cargo is told when it builds the tool.
    pub with: &'static [&'static str],
    /// How long building it takes, for people.
    pub takes: &'static str,
}

/// Installs the tool unless the one that would be run fits; answers its name and version.
pub fn cargo_tool(project: &Project, tool: &CargoTool) -> Result<String> {
    let CargoTool {
        package,
        binary,
        version,
        ..
    } = tool;
    if let Some(found) = version_of(project, binary).filter(|found| (tool.fits)(found, version)) {
        return Ok(format!("{binary} {found}"));
    }
    if !ready_made(project, tool) {
        let step = progress::begin(&format!(
            "Building {package} {version} into .tools/ ({})",
            tool.takes
        ));
        let mut command = process::cargo(project);
        command.args([
            "install",
            package,
            "--version",
            version,
            "--root",
            ".tools",
            "--force",
        ]);
        command.args(tool.with);
        let scratch = project.target().join("tools");
        // A tool that runs for a second is built for quick building.
        command
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_TARGET_DIR", &scratch);
        process::run(&mut command).with_context(|| {
            format!("{package} {version} could not be installed; by hand: cargo install {package} --version {version}")
        })?;
        // A gigabyte that the next tool shares little of, on machines that have few to spare.
        fs::remove_dir_all(&scratch)?;
        step.done();
    }
    match version_of(project, binary) {
        Some(found) if (tool.fits)(&found, version) => Ok(format!("{binary} {found}")),
        found => {
            bail!("{package} {version} was installed into .tools/, and `{binary} --version` says {found:?}")
        }
    }
}

/// Installs from Debian's packages; false where that is not possible.
pub fn from_debian(project: &Project, packages: &[&str], takes: &str) -> Result<bool> {
    let system = fs::read_to_string("/etc/os-release").unwrap_or_default();
    // Ubuntu's packages of the browser are not the browser: they ask for snap.
    let debian = system.lines().any(|line| line == "ID=debian");
    if !debian || !rustix::process::geteuid().is_root() || project.find("apt-get").is_none() {
        return Ok(false);
    }
    let step = progress::begin(&format!(
        "Installing {} from Debian ({takes})",
        packages.join(", ")
    ));
    let apt = |arguments: &[&str]| {
        let mut command = process::program(project, "apt-get".as_ref());
        process::run(command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    apt(&["update", "-q"])?;
    apt(&[&["install", "-q", "-y", "--no-install-recommends"], packages].concat())?;
    apt(&["clean"])?;
    step.done();
    Ok(true)
}

/// The version of the program that would be run, if it runs at all.
pub fn version_of(project: &Project, binary: &str) -> Option<String> {
    let program = project.find(binary)?;
    versions::told(&super::version_text(project, Path::new(&program))?)
}

/// With cargo-binstall, when that is there and has the tool ready.
fn ready_made(project: &Project, tool: &CargoTool) -> bool {
    if project.find("cargo-binstall").is_none() {
        return false;
    }
    let CargoTool { package, version, .. } = tool;
    let step = progress::begin(&format!(
        "Fetching {package} {version} into .tools/ with cargo-binstall"
    ));
    let fetched = process::run(process::cargo(project).args([
        "binstall",
        package,
        "--version",
        version,
        "--root",
        ".tools",
        "--no-confirm",
        "--force",
        "--disable-strategies",
        "compile",
    ]));
    match fetched {
        Ok(()) => {
            step.done();
            true
        }
        Err(error) => {
            println!("    not to be had ready-made ({error})");
            false
        }
    }
}
