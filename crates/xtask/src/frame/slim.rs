//! What is done to the frame after trunk, so that the shopper downloads less (docs/ARCHITECTURE.md, "Sizes").
//!
//! `trunk serve` does without it: none of it changes what the frame does.

use std::{ffi::OsString, fs, path::Path};

use anyhow::{Context, Result};

use super::{data, linked::Linked, names::Names, panics};
use crate::{page, process, project::Project};

/// As the linker wrote it, below cargo's folder.
const LINKED: &str = "wasm32-unknown-unknown/frame/farthing-frame.wasm";
/// As trunk wrote them.
const WASM: &str = "farthing-frame_bg.wasm";
const GLUE: &str = "farthing-frame.js";
const PAGE: &str = "index.html";
const SHEET: &str = "frame.css";

/// Takes the arguments of functions that no longer read them out of the calls, and changes nothing else: `data` knows
/// statics by their addresses, which other passes calculate with.
const DROP_ARGUMENTS: [&str; 4] = ["--dae", "--dae", "--vacuum", "--remove-unused-module-elements"];
/// Found by trying, with brotli as the judge: a second round of `-Oz` gives half a percent, a third takes some back,
/// as do `--converge` and sharing expressions; functions of a few bytes are better written out where they are called,
/// larger ones not even where there is one call. Memory packing cuts the data to pieces around its zeros.
const OPTIMISE: [&str; 13] = [
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--skip-pass=local-cse",
    "--always-inline-max-function-size=4",
    "--one-caller-inline-max-function-size=10",
    // The lowest kilobyte is the far end of the stack: only that of an overflow leads there from beyond zero.
    "--low-memory-unused",
    "--skip-pass=memory-packing",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--minify-imports-and-exports-and-modules",
];
/// Every browser that can run the wasm can read this.
const SCRIPT: [&str; 3] = ["--format=esm", "--tree-shaking=true", "--target=es2022"];

/// All of it, on what trunk put into `folder`.
pub fn all(project: &Project, folder: &Path) -> Result<()> {
    let linked = Linked::read(&read(&project.target().join(LINKED))?)?;
    let (wasm, glue, html) = (folder.join(WASM), folder.join(GLUE), folder.join(PAGE));

    fs::write(&wasm, panics::cut(&read(&wasm)?)?)?;
    wasm_opt(project, &wasm, &DROP_ARGUMENTS)?;
    let cut = read(&wasm)?;
    let reachable = data::reachable(&cut, &linked)?;
    panics::check(&linked, &reachable)?;
    fs::write(&wasm, data::blank(&cut, &linked, &reachable)?)?;

    let names = Names::read(&wasm_opt(project, &wasm, &OPTIMISE)?)?;
    names.check(&read(&wasm)?)?;
    fs::write(&glue, names.shorten(&text(&glue)?)?)?;

    minify(project, &glue, &SCRIPT)?;
    minify(project, &folder.join("boot.js"), &SCRIPT)?;
    let sheet = folder.join(SHEET);
    minify(project, &sheet, &[])?;

    let page = page::with_styles(&page::without_comments(&text(&html)?), &text(&sheet)?)?;
    fs::remove_file(sheet)?;
    fs::write(&html, page::with_hashes(&page, folder)?)?;
    Ok(())
}

/// Runs wasm-opt over the file; answers what it prints.
fn wasm_opt(project: &Project, wasm: &Path, passes: &[&str]) -> Result<String> {
    let mut command = process::program(project, "wasm-opt".as_ref());
    process::output(command.arg(wasm).args(passes).arg("-o").arg(wasm))
}

/// Runs esbuild over the file.
fn minify(project: &Project, file: &Path, more: &[&str]) -> Result<()> {
    let mut command = process::program(project, "esbuild".as_ref());
    command
        .arg(file)
        .args(["--minify", "--allow-overwrite", "--log-level=warning"])
        .args(more);
    let mut outfile = OsString::from("--outfile=");
    outfile.push(file);
    process::run(command.arg(outfile))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
