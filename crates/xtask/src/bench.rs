//! `cargo xtask bench`: figures, and no test.

use anyhow::{Result, bail};

use crate::{
    demo, frame,
    process::{self, cargo},
    project::Project,
    setup,
};

/// Runs the benchmark that is named.
pub fn run(project: &Project, arguments: &[String]) -> Result<()> {
    let Some((name, stored)) = arguments.split_first() else {
        bail!("`cargo xtask bench` takes the name of a benchmark: provider");
    };
    if name != "provider" || stored.iter().any(|word| word.parse::<u64>().is_err()) {
        bail!("`cargo xtask bench provider [STORED…]` takes numbers of stored payments alone");
    }
    frame::build(project)?;
    let programs = demo::release_programs(project)?;
    let mut bench = cargo(project);
    bench
        .args([
            "bench",
            "--package",
            "farthing-journeys",
            "--bench",
            "provider",
            "--",
        ])
        .args(stored)
        .env("FARTHING_BIN", programs.farthing)
        .env("FARTHING_SHOP_BIN", programs.shop)
        .env("FARTHING_POSTGRES_BIN", setup::postgres(project)?)
        .env("FARTHING_BENCH_OUT", project.target().join("bench"));
    process::run(&mut bench)
}
