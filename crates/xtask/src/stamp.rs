//! Knowing that nothing has changed, so that nothing is done twice.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// A hash of names and contents of all files in and under `paths`; a path that is not there counts as such.
///
/// The hash is for this machine and this compiler only: nothing rests on it but the saving of time.
pub fn of(paths: &[PathBuf]) -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        for file in files(path)? {
            file.hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
        path.exists().hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// All files in and under `path`, in order.
pub fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_changes_with_contents_names_and_absence() {
        let folder = std::env::temp_dir().join(format!("farthing-stamp-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let paths = [folder.clone(), folder.join("absent")];
        fs::write(folder.join("deep/a"), "1").unwrap();
        let first = of(&paths).unwrap();
        assert_eq!(first, of(&paths).unwrap());
        fs::write(folder.join("deep/a"), "2").unwrap();
        let second = of(&paths).unwrap();
        fs::rename(folder.join("deep/a"), folder.join("deep/b")).unwrap();
        let third = of(&paths).unwrap();
        fs::write(folder.join("absent"), "").unwrap();
        let fourth = of(&paths).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        let mut all = vec![first, second, third, fourth];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4);
    }
}
