//! PostgreSQL's programs, for the tests that start a server of their own.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::install;
use crate::project::Project;

/// Where Debian and Ubuntu put each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";
/// What Debian reads before it makes a server of its own, which nobody here asked for.
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.conf";

const BY_HAND: &str = "  \
    Debian, Ubuntu:  sudo apt-get install postgresql\n  \
    macOS:           brew install postgresql@17\n  \
    or set FARTHING_POSTGRES_BIN to the folder that holds initdb, postgres and psql";

/// The folder with the programs.
pub fn postgres(project: &Project) -> Result<PathBuf> {
    if let Some(found) = find(project) {
        return Ok(found);
    }
    if !install::from_debian(project, &["postgresql-common"], "half a minute")? {
        bail!("PostgreSQL is not installed, and this command cannot install it here.\n{BY_HAND}");
    }
    let settings = fs::read_to_string(CLUSTERS).unwrap_or_default();
    fs::write(CLUSTERS, format!("{settings}\ncreate_main_cluster = false\n"))
        .with_context(|| format!("cannot write {CLUSTERS}"))?;
    install::from_debian(project, &["postgresql"], "half a minute")?;
    find(project).context("PostgreSQL was installed and is not found")
}

fn find(project: &Project) -> Option<PathBuf> {
    let set = env::var_os("FARTHING_POSTGRES_BIN").map(PathBuf::from);
    let installed = fs::read_dir(VERSIONS).into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = installed.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let on_path = project
        .find("initdb")
        .and_then(|program| program.parent().map(Path::to_owned));
    let whole = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres", "psql"]
            .iter()
            .all(|name| folder.join(name).exists())
    };
    set.into_iter()
        .chain(installed.into_iter().rev())
        .chain(on_path)
        .find(whole)
}
