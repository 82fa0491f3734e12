//! The release build of the frame.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::{
    page, process, progress,
    project::Project,
    setup::{self, versions},
    sizes, stamp,
};

/// What the frame is made of. A change elsewhere does not build it again.
const SOURCES: [&str; 12] = [
    "src",
    "www",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "rust-toolchain.toml",
    "crates/protocol/src",
    "crates/protocol/Cargo.toml",
    "crates/instrument/src",
    "crates/instrument/Cargo.toml",
    "crates/flow/src",
    "crates/flow/Cargo.toml",
];

/// Builds the frame into `dist/` unless it is there already, and checks what came out.
pub fn build(project: &Project) -> Result<()> {
    let tools = [
        setup::wasm_target(project)?,
        setup::trunk(project)?,
        setup::wasm_bindgen(project)?,
        setup::wasm_opt(project)?,
    ];
    let note = project.target().join("xtask/frame");
    let made_of = format!(
        "{:x} with {}",
        stamp::of(&SOURCES.map(|path| project.path(path)))?,
        tools.join(", ")
    );
    if fs::read_to_string(&note).is_ok_and(|text| current(project, &text, &made_of)) {
        println!("==> The frame is up to date in dist/");
    } else {
        let step = progress::begin("Building the frame for release (about 2 minutes the first time)");
        // The profile is named here and not only in the page: without it the frame would be half as large again.
        process::run(process::program(project, &trunk_program(project)?).args([
            "build",
            "--release",
            "--cargo-profile",
            "frame",
            "--dist",
            "dist",
            "--skip-version-check",
        ]))?;
        step.done();
        fs::create_dir_all(project.target().join("xtask"))?;
        fs::write(
            &note,
            format!("{made_of}\n{:x}\n", stamp::of(&[project.path("dist")])?),
        )?;
    }
    let html = fs::read_to_string(project.path("dist/index.html")).context("dist/index.html is not there")?;
    let faults = page::faults(&html);
    if !faults.is_empty() {
        bail!(
            "dist/index.html is not fit for the frame's policy:\n  {}",
            faults.join("\n  ")
        );
    }
    sizes::check(project)
}

/// Whether the note says that `dist/` holds what would be built now.
fn current(project: &Project, note: &str, made_of: &str) -> bool {
    let Some((was_made_of, rest)) = note.split_once('\n') else {
        return false;
    };
    was_made_of == made_of
        && project.path("dist/index.html").exists()
        && stamp::of(&[project.path("dist")]).is_ok_and(|result| rest.trim() == format!("{result:x}"))
}

fn trunk_program(project: &Project) -> Result<PathBuf> {
    project
        .find("trunk")
        .with_context(|| format!("trunk {} is not there", versions::TRUNK))
}
