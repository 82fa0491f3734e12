//! Files that are never half written.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

/// Puts `contents` in the place of the file at `path` at one stroke: after a crash there is the old file or the new
/// one, whole. Who may read it stays as it was; a new one is for the owner's eyes alone. One writer at a time.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut name = OsString::from(path.file_name().ok_or(io::ErrorKind::InvalidInput)?);
    name.push(".new");
    let new = path.with_file_name(name);
    // What a crash has left there is nobody's.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&new)?;
    file.write_all(contents)?;
    if let Ok(before) = fs::metadata(path) {
        file.set_permissions(Permissions::from_mode(before.permissions().mode()))?;
    }
    file.sync_all()?;
    fs::rename(&new, path)?;
    // The rename itself is on the disk when its folder is.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
