//! Commands as they are typed: exit codes, and what is printed where.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod audit;
mod backup;
mod migrate;

use std::{path::Path, process::Command};

/// `farthing LINE` in `folder`: its exit code, what it said, and what it complained of.
fn farthing(folder: &Path, line: &str) -> (Option<i32>, String, String) {
    farthing_on(None, folder, line)
}

/// The same on the PostgreSQL at `url`.
fn farthing_on(url: Option<&str>, folder: &Path, line: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_farthing"));
    command.args(line.split_whitespace()).current_dir(folder);
    match url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    let done = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}
