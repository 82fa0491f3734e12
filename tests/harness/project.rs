//! Where the built things are. `cargo xtask test` says it in the environment; without it, they are where
//! `cargo xtask frame` and `cargo build --release` put them.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// The project's root.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder that cargo builds into.
#[must_use]
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |target| root().join(target))
}

/// The release build of the frame.
#[must_use]
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// An empty folder called `name`, for all that a test leaves behind.
///
/// # Panics
/// If it can't be made.
#[must_use]
pub fn empty_folder(name: &str) -> PathBuf {
    let folder = target().join("journeys").join(name);
    let _absent = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::canonicalize(folder).unwrap()
}

/// The program that the environment names by `variable`, or `name` of the release build.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn program(variable: &str, name: &str) -> PathBuf {
    let path = env::var_os(variable).map_or_else(|| target().join("release").join(name), PathBuf::from);
    assert!(
        path.exists(),
        "{} is not there; `cargo xtask test` builds it",
        path.display()
    );
    path
}
