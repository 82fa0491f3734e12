//! The fuzz targets (`fuzz/`): libFuzzer, with the coverage instrumentation that the stable compiler can do.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::{process, progress, project::Project, setup};

/// The manifest of the targets, which are no part of the workspace.
pub const MANIFEST: &str = "fuzz/Cargo.toml";

/// What cargo-fuzz would ask for, without a sanitizer: those need a nightly compiler.
const INSTRUMENTATION: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// How long each target runs among the tests, and how long by itself.
const SHORT_S: u32 = 10;
const LONG_S: u32 = 600;

/// What bounds a run: longer than any text that is accepted, and slower than any of them may be.
const BOUNDS: [&str; 4] = ["-max_len=20000", "-rss_limit_mb=2048", "-timeout=5", "-seed=1"];

/// Runs every target for a short time from its seeds, as many at once as there are processors.
pub fn check(project: &Project) -> Result<()> {
    let targets = targets(project)?;
    let programs = build(project)?;
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    let mut failures = Vec::new();
    for some in targets.chunks(at_once) {
        let results: Vec<Result<String>> = thread::scope(|scope| {
            let runs: Vec<_> = some
                .iter()
                .map(|target| scope.spawn(|| short(project, &programs, target)))
                .collect();
            runs.into_iter()
                .map(|run| {
                    run.join()
                        .unwrap_or_else(|_| bail!("the thread that ran it panicked"))
                })
                .collect()
        });
        for (target, result) in some.iter().zip(results) {
            match result {
                Ok(done) => println!("    {target:<16}{done}"),
                Err(error) => failures.push(format!("{target}: {error:#}")),
            }
        }
    }
    if !failures.is_empty() {
        bail!("{}", failures.join("\n"));
    }
    Ok(())
}

/// `cargo xtask fuzz TARGET [SECONDS | FILE]`.
pub fn long(project: &Project, arguments: &[String]) -> Result<()> {
    let targets = targets(project)?;
    let (target, what) = match arguments {
        [target] => (target, None),
        [target, what] => (target, Some(what)),
        _ => bail!(
            "`cargo xtask fuzz` takes a target and, if you like, seconds or a file: {}",
            targets.join(" ")
        ),
    };
    if !targets.contains(target) {
        bail!(
            "there is no fuzz target `{target}`; there are: {}",
            targets.join(" ")
        );
    }
    let seconds = match what.map(|what| what.parse()) {
        None => Some(LONG_S),
        Some(Ok(seconds)) => Some(seconds),
        Some(Err(_)) => None,
    };
    let program = build(project)?.join(target);
    let mut command = process::program(project, &program);
    if let Some(seconds) = seconds {
        let finds = project.target().join("fuzz/finds").join(target);
        fs::create_dir_all(&finds)?;
        command
            .args(BOUNDS)
            .args(run_of(project, target, seconds)?)
            .arg(&finds)
            .arg(project.path("fuzz/corpus").join(target));
        println!("==> What is found that is new goes to {}", finds.display());
    } else {
        let file = what.map(|what| project.path(what)).unwrap_or_default();
        if !file.is_file() {
            bail!(
                "{} is neither a number of seconds nor a file to try again",
                file.display()
            );
        }
        command.args(BOUNDS).arg(file);
    }
    process::run(&mut command)
}

/// A target is a file: nothing else lists them.
fn targets(project: &Project) -> Result<Vec<String>> {
    let folder = project.path("fuzz/src/bin");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Builds all of them; answers the folder with the programs.
fn build(project: &Project) -> Result<PathBuf> {
    setup::cpp(project)?;
    let host = process::output(process::program(project, "rustc".as_ref()).args(["--print", "host-tuple"]))?;
    let host = host.trim();
    let folder = project.target().join("fuzz");
    let step = progress::begin("Building the fuzz targets (about 4 minutes the first time)");
    let mut command = process::cargo(project);
    command
        .args(["build", "--release", "--bins", "--manifest-path", MANIFEST])
        // Named, so that build scripts and macros are compiled without the instrumentation: they have no libFuzzer.
        .args(["--target", host, "--target-dir"])
        .arg(&folder)
        .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\u{1f}"));
    process::run(&mut command)?;
    step.done();
    Ok(folder.join(host).join("release"))
}

/// Runs one target; answers what it says when all went well.
fn short(project: &Project, programs: &Path, target: &str) -> Result<String> {
    // Fresh each time, so that one run says the same as the next.
    let scratch = project.target().join("fuzz/scratch").join(target);
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    fs::create_dir_all(&scratch)?;
    let program = programs.join(target);
    let output = process::program(project, &program)
        .args(BOUNDS)
        .args(run_of(project, target, SHORT_S)?)
        // The first folder takes what is found, the others are only read.
        .arg(&scratch)
        .arg(project.path("fuzz/corpus").join(target))
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{}", failure(target, &told));
    }
    outcome(&told)
}

/// The arguments of a run of this length.
fn run_of(project: &Project, target: &str, seconds: u32) -> Result<[String; 2]> {
    let crashes = project.target().join("fuzz/crashes");
    fs::create_dir_all(&crashes)?;
    Ok([
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={}/{target}-", crashes.display()),
    ])
}

/// The line to show of a run that went well, if it was one.
fn outcome(told: &str) -> Result<String> {
    if !told.contains(" inline 8-bit counters)") {
        bail!("the program was built without its instrumentation: it would search blindly");
    }
    let done = told.lines().rfind(|line| line.starts_with("Done "));
    done.map(str::to_owned)
        .context("libFuzzer did not say that it was done")
}

/// What to show of a run that failed: the end of what was told, and how to see it again.
fn failure(target: &str, told: &str) -> String {
    const LINES: usize = 60;
    let lines: Vec<&str> = told.lines().collect();
    let end = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
    let written = told
        .lines()
        .find_map(|line| line.split_once("Test unit written to "));
    let again = written.map_or_else(
        || "it wrote no file to try again".to_owned(),
        |(_, file)| format!("to see it again: cargo xtask fuzz {target} {}", file.trim()),
    );
    format!("failed\n{}\n{again}", end.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_seeds_and_no_seed_is_left_over() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let project = Project::at(root);
        let targets = targets(&project).unwrap();
        assert!(targets.len() > 8, "{targets:?}");
        let mut seeded = Vec::new();
        for folder in fs::read_dir(root.join("fuzz/corpus")).unwrap() {
            let folder = folder.unwrap();
            assert!(fs::read_dir(folder.path()).unwrap().count() > 0, "{folder:?}");
            seeded.push(folder.file_name().into_string().unwrap());
        }
        seeded.sort();
        assert_eq!(seeded, targets);
    }

    #[test]
    fn a_failure_says_how_to_see_it_again() {
        let told = "thread panicked at src/bin/order.rs:21\n\
                    artifact_prefix='/p/order-'; Test unit written to /p/order-crash-5c0d\nBase64: AA==\n";
        let text = failure("order", told);
        assert!(
            text.ends_with("cargo xtask fuzz order /p/order-crash-5c0d"),
            "{text}"
        );
        assert!(text.contains("panicked"), "{text}");
    }

    #[test]
    fn a_run_without_instrumentation_is_no_success() {
        let blind = "INFO: Seed: 1\nDone 13487094 runs in 11 second(s)\n";
        assert!(outcome(blind).is_err());
        let told =
            format!("INFO: Loaded 1 modules   (271 inline 8-bit counters): 271 [0x56, 0x57),\n{blind}");
        assert_eq!(outcome(&told).unwrap(), "Done 13487094 runs in 11 second(s)");
        assert!(outcome("INFO: Loaded 1 modules   (271 inline 8-bit counters)\n").is_err());
    }

    #[test]
    fn targets_are_known_by_name() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for wrong in ["", "ordre", "order 10 20"] {
            assert!(long(&Project::at(root), &words(wrong)).is_err(), "{wrong}");
        }
    }
}
