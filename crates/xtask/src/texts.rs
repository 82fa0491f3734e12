//! The files of the frame's languages: a sentence a line, as the provider serves them.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow};

use crate::project::Project;

#[path = "../../text/src/source.rs"]
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the build of the frame has found no fault by now")
)]
mod source;

/// What ends the name of such a file.
pub const ENDING: &str = ".txt";

const LANGUAGES: &str = "crates/text/languages";

/// Writes a file for each language into `folder`.
pub fn write(project: &Project, folder: &Path) -> Result<()> {
    let read = |path: &Path| {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        source::parse(&text).map_err(|error| anyhow!("{}: {error}", path.display()))
    };
    let languages = project.path(LANGUAGES);
    let english = read(&languages.join(source::ENGLISH).with_extension("toml"))?;
    for entry in fs::read_dir(&languages)? {
        let path = entry?.path();
        let tag = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let lines = source::numbered(tag, &english, &read(&path)?);
        fs::write(folder.join(format!("{tag}{ENDING}")), lines.join("\n"))?;
    }
    Ok(())
}
