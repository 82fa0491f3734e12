//! `cargo xtask reproduce`: the same sources give the same frame, in whatever folder.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::{frame, process, progress, project::Project};

/// Builds the frame once more, from a copy of the sources in another folder, with the dependencies in another place too
/// and nothing of the first build, and compares it with `dist/`.
pub fn check(project: &Project) -> Result<()> {
    frame::build(project)?;
    let step = progress::begin("Building the frame again in another folder (about a minute and a half)");
    // Of another length, so that an address that is built in moves what comes after it.
    let elsewhere = project
        .target()
        .join("reproduce/from-the-same-sources-in-another-folder");
    copy(project, &elsewhere)?;
    let other = Project::at(&elsewhere);
    let built = elsewhere.join("built");
    frame::make(&other, &moved_cargo_home(&elsewhere)?, &built)?;
    step.done();
    let (ours, theirs) = (hashes(&project.path("dist"))?, hashes(&built)?);
    let differences = differences(&ours, &theirs);
    if !differences.is_empty() {
        bail!(
            "two builds of the same sources differ:\n  {}\nThe other build is in {}",
            differences.join("\n  "),
            elsewhere.display()
        );
    }
    fs::remove_dir_all(&elsewhere)?;
    let mut table = String::new();
    for (name, hash) in &ours {
        writeln!(table, "    {hash}  {name}")?;
    }
    println!("==> Two builds in two folders are the same, byte for byte\n{table}");
    Ok(())
}

/// What git knows of, as it is now.
fn copy(project: &Project, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    let known = process::output(process::program(project, "git".as_ref()).args(["ls-files", "-z"]))
        .context("git says what the sources are")?;
    for name in known.split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (project.path(name), to.join(name));
        // One that was deleted and not committed yet.
        if !from.is_file() {
            continue;
        }
        fs::create_dir_all(to.parent().unwrap_or(&to))?;
        fs::copy(from, to)?;
    }
    let tools = fs::canonicalize(project.path(".tools")).context(".tools/ is not there")?;
    Ok(symlink(tools, to.join(".tools"))?)
}

/// What cargo has downloaded, under another path.
fn moved_cargo_home(elsewhere: &Path) -> Result<PathBuf> {
    let (from, to) = (frame::cargo_home()?, elsewhere.join("cargo"));
    fs::create_dir_all(&to)?;
    for entry in fs::read_dir(&from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        symlink(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(to)
}

/// SHA-256 of every file in `folder`, by its name.
fn hashes(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path: PathBuf = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let hash = Sha256::digest(fs::read(&path)?);
        hashes.insert(name, hash.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    Ok(hashes)
}

fn differences(ours: &BTreeMap<String, String>, theirs: &BTreeMap<String, String>) -> Vec<String> {
    let names = ours
        .keys()
        .chain(theirs.keys().filter(|name| !ours.contains_key(*name)));
    names
        .filter(|name| ours.get(*name) != theirs.get(*name))
        .map(|name| {
            let told = |hash: Option<&String>| hash.map_or("not there", String::as_str).to_owned();
            format!(
                "{name}: {} here, {} there",
                told(ours.get(name)),
                told(theirs.get(name))
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_and_a_missing_file_are_differences() {
        let built = |files: &[(&str, &str)]| {
            let pairs = files
                .iter()
                .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let ours = built(&[("a", "1"), ("b", "2"), ("c", "3")]);
        assert_eq!(differences(&ours, &ours), Vec::<String>::new());
        let found = differences(&ours, &built(&[("a", "1"), ("b", "9"), ("d", "4")]));
        assert_eq!(
            found,
            [
                "b: 2 here, 9 there",
                "c: 3 here, not there there",
                "d: not there here, 4 there"
            ]
        );
    }
}
