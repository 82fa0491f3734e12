//! Python with what the tests are judged by, in an environment of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::install;
use crate::{process, progress, project::Project};

const REQUIREMENTS: &str = "crates/xtask/requirements.txt";

/// The interpreter in `.tools/python`, which has exactly the packages of [`REQUIREMENTS`].
pub fn python(project: &Project) -> Result<PathBuf> {
    let wanted = fs::read_to_string(project.path(REQUIREMENTS))
        .with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let tools = project.path(".tools");
    fs::create_dir_all(&tools)?;
    // By its real name: the environment's programs hold it, and the folder can be a link that goes away.
    let folder = fs::canonicalize(&tools)?.join("python");
    let interpreter = folder.join("bin/python");
    // What was installed, written last.
    let stamp = folder.join("installed.txt");
    let installed = fs::read_to_string(&stamp).is_ok_and(|text| text == wanted);
    // Without its pip it was made by a Python that this machine has no more.
    if installed && runs(project, &interpreter, &["-m", "pip", "--version"]) {
        return Ok(interpreter);
    }
    let system = system(project)?;
    let step = progress::begin("Installing Python packages for tests into .tools/python (about 20 seconds)");
    process::run(
        process::program(project, &system)
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    process::run(process::program(project, &interpreter).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--requirement",
        REQUIREMENTS,
    ]))?;
    fs::write(&stamp, wanted)?;
    step.done();
    Ok(interpreter)
}

/// A Python that can make environments.
fn system(project: &Project) -> Result<PathBuf> {
    let find = || {
        let of_debian = PathBuf::from("/usr/bin/python3");
        project
            .find("python3")
            .into_iter()
            .chain([of_debian])
            .find(|python| runs(project, python, &["-c", "import ensurepip, venv"]))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    if !install::from_debian(project, &["python3", "python3-venv"], "half a minute")? {
        bail!(
            "there is no Python that can make environments (the tests of signatures need it), and this command \
             cannot install it here.\n  Debian, Ubuntu:  sudo apt-get install python3 python3-venv\n  \
             macOS:           brew install python"
        );
    }
    find().context("Python was installed and can make no environment")
}

fn runs(project: &Project, program: &Path, arguments: &[&str]) -> bool {
    process::output(process::program(project, program).args(arguments)).is_ok()
}

#[cfg(test)]
mod tests {
    /// Each to the last digit: what judges changes when we say so, and then only.
    #[test]
    fn every_package_is_pinned() {
        let packages: Vec<(&str, &str)> = include_str!("../../requirements.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split_once("==").unwrap_or((line, "")))
            .collect();
        for (name, version) in &packages {
            assert!(version.starts_with(|sign: char| sign.is_ascii_digit()), "{name}");
        }
        for wanted in [
            "jwcrypto",
            "python-stdnum",
            "schemathesis",
            "schwifty",
            "standardwebhooks",
        ] {
            assert!(packages.iter().any(|(name, _)| *name == wanted), "{wanted}");
        }
    }
}
