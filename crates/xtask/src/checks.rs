//! `cargo xtask test`: everything that CI runs, cheap checks first.

use std::env;

use anyhow::{Result, bail};

use crate::{
    frame, fuzz, journeys,
    process::{self, cargo, program, run_watched},
    progress,
    project::Project,
    reproduce, setup, tidy,
};

/// One part of the test command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Fmt,
    Tidy,
    Deny,
    Clippy,
    Unit,
    Loader,
    Fuzz,
    Frame,
    Reproduce,
    Histories,
    Journeys,
}

impl Step {
    const ALL: [(&str, Self); 11] = [
        ("fmt", Self::Fmt),
        ("tidy", Self::Tidy),
        ("deny", Self::Deny),
        ("clippy", Self::Clippy),
        ("unit", Self::Unit),
        ("loader", Self::Loader),
        ("fuzz", Self::Fuzz),
        ("frame", Self::Frame),
        ("reproduce", Self::Reproduce),
        ("histories", Self::Histories),
        ("journeys", Self::Journeys),
    ];
}

/// What is to be run.
struct Plan {
    steps: Vec<(&'static str, Step)>,
    advisories: bool,
}

/// Tests that ran within a step, as their runners told it.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Runs the steps named, or all; goes on after a failure, so that one run tells everything.
pub fn run(project: &Project, arguments: &[String]) -> Result<()> {
    let plan = plan(arguments)?;
    let whole = progress::begin(&format!("Testing: {}", names(&plan.steps).join(", ")));
    let (mut lines, mut total) = (Vec::new(), Count::default());
    let mut unfit_for_journeys = false;
    for (name, step) in &plan.steps {
        if *step == Step::Journeys && unfit_for_journeys {
            lines.push(format!("    {name:<12}skipped: there is no frame to run them on"));
            continue;
        }
        let timer = progress::begin(name);
        let mut count = Count::default();
        let result = run_step(project, *step, &plan, &mut count);
        let time = progress::human(timer.elapsed());
        // A check without tests of its own counts as one.
        if count.passed + count.failed == 0 || (result.is_err() && count.failed == 0) {
            let of_the_step = if result.is_ok() {
                &mut count.passed
            } else {
                &mut count.failed
            };
            *of_the_step += 1;
        }
        total = Count {
            passed: total.passed + count.passed,
            failed: total.failed + count.failed,
        };
        let word = if result.is_ok() { "passed" } else { "FAILED" };
        lines.push(format!("    {name:<12}{word:<8}{time:>14}"));
        if let Err(error) = result {
            unfit_for_journeys |= *step == Step::Frame;
            eprintln!("\n{name} failed: {error:#}");
        }
    }
    if plan.steps.iter().any(|(_, step)| *step == Step::Deny) && !plan.advisories {
        lines.push(
            "    advisories  skipped: needs the advisory database; `cargo xtask test deny --advisories`"
                .to_owned(),
        );
    }
    println!(
        "\n==> Summary, {}\n{}\n",
        progress::human(whole.elapsed()),
        lines.join("\n")
    );
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        bail!("not all of it passed");
    }
    Ok(())
}

fn plan(arguments: &[String]) -> Result<Plan> {
    let advisories = arguments.iter().any(|argument| argument == "--advisories");
    let wanted: Vec<&String> = arguments
        .iter()
        .filter(|argument| *argument != "--advisories")
        .collect();
    for name in &wanted {
        if !Step::ALL.iter().any(|(known, _)| known == name) {
            bail!(
                "there is no step `{name}`; there are: {}",
                names(&Step::ALL).join(" ")
            );
        }
    }
    // Always in the order of cost, whatever order they are named in.
    let steps = Step::ALL
        .into_iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|word| word == name));
    Ok(Plan {
        steps: steps.collect(),
        advisories,
    })
}

fn run_step(project: &Project, step: Step, plan: &Plan, count: &mut Count) -> Result<()> {
    match step {
        Step::Fmt => {
            process::run(cargo(project).args(["fmt", "--all", "--check"]))?;
            process::run(cargo(project).args(["fmt", "--manifest-path", fuzz::MANIFEST, "--check"]))
        }
        Step::Tidy => tidy::check(project),
        Step::Deny => deny(project, plan.advisories),
        Step::Clippy => clippy(project),
        Step::Unit => {
            setup::node_packages(project)?;
            let mut tests = cargo(project);
            tests.args([
                "test",
                "--workspace",
                "--exclude",
                "farthing-journeys",
                "--no-fail-fast",
            ]);
            tests.env("FARTHING_PYTHON", setup::python(project)?);
            tests.env("FARTHING_POSTGRES_BIN", setup::postgres(project)?);
            if let Some((prism, specification)) = setup::camara(project)? {
                tests
                    .env("FARTHING_PRISM", prism)
                    .env("FARTHING_CAMARA", specification);
            }
            run_watched(&mut tests, |line| count.hear(line))
        }
        Step::Loader => {
            setup::node_packages(project)?;
            let mut tests = program(project, "npm".as_ref());
            tests.args(["--prefix", "tests/loader", "test"]);
            run_watched(&mut tests, |line| count.hear(line))
        }
        Step::Fuzz => fuzz::check(project),
        Step::Frame => frame::build(project),
        Step::Reproduce => reproduce::check(project),
        Step::Histories => histories(project, count),
        Step::Journeys => {
            if !plan.steps.iter().any(|(_, step)| *step == Step::Frame) {
                frame::build(project)?;
            }
            journeys::run(project, |line| count.hear(line))
        }
    }
}

/// Random histories of payments, 10,000 or as many as `FARTHING_HISTORIES` says: optimised, as the provider is.
fn histories(project: &Project, count: &mut Count) -> Result<()> {
    let mut tests = cargo(project);
    tests.args([
        "test",
        "--release",
        "--package",
        "farthing-gateway",
        "--test",
        "life",
    ]);
    tests.env("FARTHING_POSTGRES_BIN", setup::postgres(project)?);
    if env::var_os("FARTHING_HISTORIES").is_none() {
        tests.env("FARTHING_HISTORIES", "10000");
    }
    run_watched(&mut tests, |line| count.hear(line))
}

fn deny(project: &Project, advisories: bool) -> Result<()> {
    setup::cargo_deny(project)?;
    // The whole workspace: by itself it would check the frame alone, which is the root package.
    let workspace: &[&str] = &["--workspace"];
    for of in [
        workspace,
        &["--manifest-path", fuzz::MANIFEST, "--config", "deny.toml"],
    ] {
        let mut command = cargo(project);
        command
            .arg("deny")
            .args(of)
            .args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
        if advisories {
            command.arg("advisories");
        }
        process::run(&mut command)?;
    }
    Ok(())
}

fn clippy(project: &Project) -> Result<()> {
    setup::wasm_target(project)?;
    process::run(cargo(project).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    // The frame again as the browser gets it: half of its code is not there on this machine.
    process::run(cargo(project).args([
        "clippy",
        "--package",
        "farthing",
        "--target",
        "wasm32-unknown-unknown",
        "--",
        "-D",
        "warnings",
    ]))?;
    setup::cpp(project)?;
    let mut targets = cargo(project);
    targets.args([
        "clippy",
        "--manifest-path",
        fuzz::MANIFEST,
        "--all-targets",
        "--target-dir",
    ]);
    process::run(targets.arg(project.target()).args(["--", "-D", "warnings"]))
}

impl Count {
    /// Adds what a runner's closing line says: cargo's, or that of Node.js.
    fn hear(&mut self, line: &str) {
        let words: Vec<&str> = line
            .split([' ', ';', '.'])
            .filter(|word| !word.is_empty())
            .collect();
        if let ["test", "result:", _, passed, "passed", failed, "failed", ..] = words[..] {
            self.add(passed, failed);
        } else if let ["#" | "ℹ", "pass", passed] = words[..] {
            self.add(passed, "0");
        } else if let ["#" | "ℹ", "fail", failed] = words[..] {
            self.add("0", failed);
        }
    }

    fn add(&mut self, passed: &str, failed: &str) {
        self.passed += passed.parse().unwrap_or(0);
        self.failed += failed.parse().unwrap_or(0);
    }
}

fn names(steps: &[(&'static str, Step)]) -> Vec<&'static str> {
    steps.iter().map(|(name, _)| *name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(line: &str) -> Result<Vec<&'static str>> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        plan(&words).map(|plan| names(&plan.steps))
    }

    #[test]
    fn steps_are_chosen_by_name_and_run_cheapest_first() {
        assert_eq!(planned("").unwrap().len(), Step::ALL.len());
        assert_eq!(planned("unit fmt").unwrap(), ["fmt", "unit"]);
        assert_eq!(planned("--advisories deny").unwrap(), ["deny"]);
        assert!(planned("units").is_err());
    }

    #[test]
    fn closing_lines_of_the_runners_are_counted() {
        let mut count = Count::default();
        for line in [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.04s",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.04s",
            "# pass 7",
            "ℹ fail 1",
            "test a::b ... ok",
            "3 passed, 4 failed",
        ] {
            count.hear(line);
        }
        assert_eq!((count.passed, count.failed), (22, 3));
    }
}
