use std::{collections::BTreeMap, fs, path::Path};

use super::{Asset, LOADER, Release, ReleaseError, embedded};

/// What stands for the hash in the addresses: nothing of a folder is cached.
const ID: &str = "dev";

/// The files in `folder` as they are now.
pub(super) fn release(folder: &Path) -> Result<Release, ReleaseError> {
    let files = read(folder).map_err(|_| ReleaseError::Unreadable)?;
    let loader = files.get(LOADER).cloned().unwrap_or_else(embedded::loader);
    Release::named(ID.to_owned(), files, loader)
}

fn read(folder: &Path) -> std::io::Result<BTreeMap<String, Asset>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file()
            && let Ok(name) = entry.file_name().into_string()
        {
            let asset = Asset::new(&name, fs::read(entry.path())?.into(), None);
            files.insert(name, asset);
        }
    }
    Ok(files)
}
