//! The journeys: all of them on Chromium, and on Firefox and WebKit those that are about a browser.

use std::{env, process::Command};

use anyhow::{Result, bail};

use crate::{demo, process, progress, project::Project, setup};

/// Which engine, in the environment of the tests; set from outside, it is the only one.
const ENGINE: &str = "FARTHING_ENGINE";

/// The subjects that are about the browser, and not about what another test looks for in Chromium's logs.
const OF_EVERY_ENGINE: [&str; 9] = [
    "paying",
    "outcomes",
    "step_up",
    "once",
    "messages",
    "tampering",
    "languages",
    "overlays",
    "theming",
];

/// What is done by a script of the driver's that has to be the page's own, as it is on Chromium alone.
const BY_THE_PAGES_SCRIPT: [&str; 1] = ["an_application_that_stops_says_so_and_can_be_loaded_again"];

/// What in these subjects is between servers alone, and is done once.
const BETWEEN_SERVERS: [&str; 3] = [
    "redemptions::",
    "wrong_books_are_found_out",
    "an_order_with_any_byte_changed_gets_no_quote",
];

/// Runs them; goes on after an engine that failed. `hear` gets each line that the tests print.
pub fn run(project: &Project, mut hear: impl FnMut(&str)) -> Result<()> {
    example_pages(project)?;
    setup::languages(project)?;
    let programs = demo::release_programs(project)?;
    let only = env::var(ENGINE).ok();
    let mut failed = Vec::new();
    for engine in ["chromium", "firefox", "webkit"] {
        if only.as_ref().is_some_and(|only| only != engine) {
            continue;
        }
        let mut tests = process::cargo(project);
        tests
            .args(["test", "--package", "farthing-journeys", "--no-fail-fast"])
            .env(ENGINE, engine)
            .env("FARTHING_POSTGRES_BIN", setup::postgres(project)?)
            .env("FARTHING_PYTHON", setup::python(project)?)
            .env("FARTHING_BIN", &programs.farthing)
            .env(
                "FARTHING_SERVER_BIN",
                programs.shop.with_file_name("farthing-server"),
            )
            .env("FARTHING_SHOP_BIN", &programs.shop);
        if !with_browser(project, engine, &mut tests)? {
            println!("    journeys on {engine} skipped: there is none for this system");
            continue;
        }
        let step = progress::begin(&format!("Journeys on {engine}"));
        if process::run_watched(&mut tests, &mut hear).is_err() {
            failed.push(engine);
        }
        step.done();
    }
    if !failed.is_empty() {
        bail!("journeys failed on {}", failed.join(" and "));
    }
    Ok(())
}

/// Builds the pages of `examples/pages`, to where the journeys look for them.
fn example_pages(project: &Project) -> Result<()> {
    setup::node_packages(project)?;
    let mut build = process::program(project, "node".as_ref());
    build.arg("examples/pages/build.mjs");
    process::run(build.arg(project.target().join("example-pages")))
}

/// Says where the browser is and what is to be run on it; false where there is no such browser.
fn with_browser(project: &Project, engine: &str, tests: &mut Command) -> Result<bool> {
    match engine {
        "firefox" => {
            let found = setup::firefox(project)?;
            tests
                .env("FIREFOX", found.firefox)
                .env("GECKODRIVER", found.driver);
        }
        "webkit" => {
            let Some(found) = setup::webkit(project)? else {
                return Ok(false);
            };
            tests
                .env("MINIBROWSER", found.browser)
                .env("WEBKITDRIVER", found.driver)
                .env("XVFB", found.screen);
        }
        _ => {
            let found = setup::browser(project)?;
            tests
                .env("CHROME", found.chrome)
                .env("CHROMEDRIVER", found.driver);
            return Ok(true);
        }
    }
    for subject in OF_EVERY_ENGINE {
        tests.args(["--test", subject]);
    }
    tests.arg("--");
    for name in BY_THE_PAGES_SCRIPT {
        println!("    {name} skipped on {engine}: the driver's scripts are not the page's");
    }
    for name in BETWEEN_SERVERS.iter().chain(&BY_THE_PAGES_SCRIPT) {
        tests.args(["--skip", name]);
    }
    Ok(true)
}
