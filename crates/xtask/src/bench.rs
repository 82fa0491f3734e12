//! `cargo xtask bench`: figures, and no test.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    demo, frame,
    process::{self, cargo},
    progress,
    project::Project,
    setup::{self, versions},
};

/// Runs the benchmark that is named.
pub fn run(project: &Project, arguments: &[String]) -> Result<()> {
    let Some((name, numbers)) = arguments.split_first() else {
        bail!("`cargo xtask bench` takes the name of a benchmark: provider or widget");
    };
    if numbers.iter().any(|word| word.parse::<u64>().is_err()) {
        bail!("`cargo xtask bench {name}` takes numbers alone");
    }
    match (name.as_str(), numbers) {
        ("provider", _) => provider(project, numbers),
        ("widget", [] | [_]) => widget(project, numbers),
        ("widget", _) => {
            bail!("`cargo xtask bench widget` takes one number: how often each page is looked at")
        }
        _ => bail!("there is no benchmark `{name}`: provider or widget"),
    }
}

/// What the provider takes.
fn provider(project: &Project, stored: &[String]) -> Result<()> {
    let mut bench = bench(project, "provider", stored)?;
    process::run(bench.env("FARTHING_POSTGRES_BIN", setup::postgres(project)?))
}

/// What a checkout costs a page, beside what peers' do.
fn widget(project: &Project, looks: &[String]) -> Result<()> {
    let browser = setup::browser(project)?;
    let peers = peers(project)?;
    let mut bench = bench(project, "widget", looks)?;
    bench
        .env("CHROME", browser.chrome)
        .env("FARTHING_BENCH_PEERS", peers);
    process::run(&mut bench)
}

/// The benchmark of this name, on what is shipped.
fn bench(project: &Project, name: &str, numbers: &[String]) -> Result<Command> {
    frame::build(project)?;
    let programs = demo::release_programs(project)?;
    let mut bench = cargo(project);
    bench
        .args(["bench", "--package", "farthing-journeys", "--bench", name, "--"])
        .args(numbers)
        .env("FARTHING_BIN", programs.farthing)
        .env("FARTHING_SHOP_BIN", programs.shop)
        .env("FARTHING_BENCH_OUT", project.target().join("bench"));
    Ok(bench)
}

/// What peers publish, made into files for a page as a merchant would. It is never committed; nor are their scripts of
/// installation run.
fn peers(project: &Project) -> Result<PathBuf> {
    let folder = project.target().join("bench/peers");
    let note = folder.join("made-of");
    let made_of = versions::PEERS.join(" ");
    if fs::read_to_string(&note).is_ok_and(|text| text == made_of) {
        return Ok(folder);
    }
    setup::esbuild(project)?;
    let step = progress::begin("Installing and bundling what peers publish (about half a minute)");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let mut npm = process::program(project, "npm".as_ref());
    npm.arg("install").arg("--prefix").arg(&folder);
    npm.args(["--save-exact", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run(npm.args(versions::PEERS))?;
    for name in ["adyen", "braintree"] {
        bundle(project, &folder, name).with_context(|| format!("cannot bundle {name}"))?;
    }
    fs::write(note, made_of)?;
    step.done();
    Ok(folder)
}

fn bundle(project: &Project, folder: &Path, name: &str) -> Result<()> {
    let page = format!("{name}.mjs");
    // Beside the packages, so that they are found.
    fs::copy(
        project.path("tests/bench/widget/peers").join(&page),
        folder.join(&page),
    )?;
    let mut esbuild = process::program(project, "esbuild".as_ref());
    esbuild.arg(folder.join(&page)).args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--log-level=warning",
    ]);
    process::run(esbuild.arg(format!(
        "--outfile={}",
        folder.join(format!("{name}.js")).display()
    )))
}
