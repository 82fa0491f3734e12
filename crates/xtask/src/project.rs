//! Where things are.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// The project's folders.
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that `cargo` was started in.
    pub fn here() -> Result<Self> {
        // What cargo says at run time comes first: a target folder shared by two checkouts runs one binary for both.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .ancestors()
            .nth(2)
            .context("crates/xtask is not two folders below the project's root")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The one in `root`.
    pub fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Where cargo builds.
    pub fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.path("target"), |folder| self.root.join(folder))
    }

    /// `PATH` with the project's own tools first.
    pub fn search_path(&self) -> OsString {
        let own = [self.path(".tools/bin"), self.path(".tools/node_modules/.bin")];
        let inherited = env::var_os("PATH").unwrap_or_default();
        let all = own.into_iter().chain(env::split_paths(&inherited));
        // A folder whose name holds the separator cannot be named in a PATH at all.
        env::join_paths(all).unwrap_or(inherited)
    }

    /// The program that `name` starts, the project's own tools first.
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        find_in(&self.search_path(), name)
    }
}

/// The first executable called `name` in a `PATH`.
pub fn find_in(search_path: &OsString, name: &str) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    env::split_paths(search_path)
        .map(|folder| folder.join(name))
        .find(|file| {
            file.metadata()
                .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
        })
}
