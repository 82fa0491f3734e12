//! `cargo xtask tidy`: the rules of docs/ARCHITECTURE.md that a machine can check.

mod dependencies;
mod locked;
mod named_tests;
mod text;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{process, project::Project};

/// Folders that hold nothing of ours.
const OTHERS: [&str; 7] = [
    ".git",
    ".tools",
    ".farthing",
    ".library",
    "dist",
    "node_modules",
    "target",
];

/// Checks everything; the error lists each fault with its place.
pub fn check(project: &Project) -> Result<()> {
    let mut faults = Vec::new();
    let mut read = 0_usize;
    for file in ours(project.root())? {
        // What is not text, such as a picture, has no rule.
        let Ok(contents) = fs::read_to_string(&file) else {
            continue;
        };
        let path = file
            .strip_prefix(project.root())
            .unwrap_or(&file)
            .to_string_lossy()
            .into_owned();
        faults.extend(text::faults(&path, &contents));
        read += 1;
    }
    let metadata =
        process::output(process::cargo(project).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata is not JSON")?;
    faults.extend(dependencies::faults(&metadata));
    faults.extend(locked::faults(&fs::read_to_string(project.path("Cargo.lock"))?));
    faults.extend(named_tests::faults(project.root())?);
    if !faults.is_empty() {
        bail!("{} not tidy:\n  {}", faults.len(), faults.join("\n  "));
    }
    println!("    {read} files are tidy");
    Ok(())
}

fn ours(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            found.push(entry.path());
        } else if entry.file_type()?.is_dir() && !OTHERS.iter().any(|name| entry.file_name() == *name) {
            found.extend(ours(&entry.path())?);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_project_is_found_without_what_is_not_ours() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let files = ours(root).unwrap();
        assert!(files.contains(&root.join("crates/xtask/src/tidy/mod.rs")));
        assert!(!files.iter().any(|file| file.starts_with(root.join("target"))));
    }
}
