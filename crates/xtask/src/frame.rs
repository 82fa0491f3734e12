//! The release build of the frame.

mod data;
mod linked;
mod names;
mod panics;
#[cfg(test)]
mod sample;
mod slim;

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    page, process, progress,
    project::Project,
    setup::{self, versions},
    sizes, stamp,
};

/// What the frame is made of. A change elsewhere does not build it again.
const SOURCES: [&str; 19] = [
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
    "crates/text/src",
    "crates/text/languages",
    "crates/text/build.rs",
    "crates/text/Cargo.toml",
    "crates/xtask/src/frame",
    "crates/xtask/src/frame.rs",
    "crates/xtask/src/page.rs",
];

/// Builds the frame into `dist/` unless it is there already, and checks what came out.
pub fn build(project: &Project) -> Result<()> {
    let tools = [
        setup::wasm_target(project)?,
        setup::trunk(project)?,
        setup::wasm_bindgen(project)?,
        setup::wasm_opt(project)?,
        setup::esbuild(project)?,
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
        let folder = project.target().join("xtask/dist");
        make(project, &cargo_home()?, &folder)?;
        replace(&project.path("dist"), &folder)?;
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

/// Where cargo keeps what it downloads.
pub fn cargo_home() -> Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let usual = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    home.or_else(usual).context("neither CARGO_HOME nor HOME is set")
}

/// Builds the frame into `folder`, with tools that are there, and dependencies from `cargo_home`.
pub fn make(project: &Project, cargo_home: &Path, folder: &Path) -> Result<()> {
    trunk(project, cargo_home, folder)?;
    slim::all(project, folder).context("the frame is built, and could not be made small")
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

/// The application, compiled, with its bindings, its page and its styles.
fn trunk(project: &Project, cargo_home: &Path, folder: &Path) -> Result<()> {
    let program = project
        .find("trunk")
        .with_context(|| format!("trunk {} is not there", versions::TRUNK))?;
    let mut command = process::program(project, &program);
    // The profile is named here and not only in the page: without it the frame would be half as large again.
    command.args([
        "build",
        "--release",
        "--cargo-profile",
        "frame",
        "--skip-version-check",
        "--dist",
    ]);
    // Flags that are meant for other programs would take the place of ours.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS")
        .env("CARGO_HOME", cargo_home);
    // Whoever builds it wherever gets the same (`cargo xtask reproduce`): the compiler writes paths into the wasm,
    // and what is cut out of it later has moved the rest by then. A path with a space would be two
    // flags; the last that fits counts.
    let remap = [(project.root(), "/farthing"), (cargo_home, "/cargo")];
    let remap = remap
        .map(|(path, to)| format!("--remap-path-prefix={}={to}", path.display()))
        .into_iter()
        .filter(|flag| !flag.contains(char::is_whitespace));
    let flags: Vec<String> = ["-Clink-arg=--emit-relocs".to_owned()]
        .into_iter()
        .chain(remap)
        .collect();
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    process::run(command.arg(folder))
}

/// Puts the files of one folder into the other, which has no more than them then.
fn replace(folder: &Path, with: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(with)? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    Ok(())
}
