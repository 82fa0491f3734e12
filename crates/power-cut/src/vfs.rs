//! The VFS: which files are on a disk whose power can be cut, and everything else left to SQLite's own.
#![expect(unsafe_code, reason = "a VFS of SQLite is a table of C functions")]

use std::{
    ffi::{CStr, OsStr, c_char, c_int},
    io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    ptr,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicPtr, Ordering},
    },
};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};

use crate::{
    disk::Disk,
    file::{self, Handle},
    lock,
};

const NAME: &CStr = c"power-cut";

/// The kinds of file that outlive a connection.
const KEPT: c_int = ffi::SQLITE_OPEN_MAIN_DB
    | ffi::SQLITE_OPEN_MAIN_JOURNAL
    | ffi::SQLITE_OPEN_SUPER_JOURNAL
    | ffi::SQLITE_OPEN_WAL;

type Mounted = Vec<(PathBuf, Arc<Mutex<Disk>>)>;
static MOUNTED: Mutex<Mounted> = Mutex::new(Vec::new());
/// The VFS that was the default.
static REAL: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());

pub(crate) fn mount(folder: PathBuf, disk: Arc<Mutex<Disk>>) {
    lock(&MOUNTED).push((folder, disk));
}

pub(crate) fn unmount(folder: &Path) {
    lock(&MOUNTED).retain(|(mounted, _)| mounted != folder);
}

/// Makes the VFS the default of the process, once.
pub(crate) fn register() -> io::Result<()> {
    static CODE: OnceLock<c_int> = OnceLock::new();
    let code = *CODE.get_or_init(|| {
        // SAFETY: null asks for the default; it is registered for good, and so is the leaked copy.
        unsafe {
            let real = ffi::sqlite3_vfs_find(ptr::null());
            if real.is_null() {
                return ffi::SQLITE_ERROR;
            }
            REAL.store(real, Ordering::SeqCst);
            let vfs = Box::leak(Box::new(sqlite3_vfs {
                szOsFile: file::SIZE + (*real).szOsFile,
                pNext: ptr::null_mut(),
                zName: NAME.as_ptr(),
                xOpen: Some(open),
                xDelete: Some(delete),
                xAccess: Some(access),
                // The others depend on what pAppData points to, which is copied too, or on nothing.
                ..*real
            }));
            ffi::sqlite3_vfs_register(vfs, 1)
        }
    });
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(io::Error::other(format!("sqlite3_vfs_register answered {code}")))
    }
}

/// The disk that the file called `name` is on, and its path; none if it is on no such disk.
///
/// # Safety
/// `name` is null or a C string that lives as long as the path.
unsafe fn place<'a>(name: *const c_char) -> Option<(Arc<Mutex<Disk>>, &'a Path)> {
    if name.is_null() {
        return None;
    }
    // SAFETY: by the contract of this function.
    let path = Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()));
    let folder = path.parent()?;
    let mounted = lock(&MOUNTED);
    let (_, disk) = mounted.iter().find(|(mounted, _)| mounted == folder)?;
    Some((Arc::clone(disk), path))
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives `szOsFile` bytes at `file`: ours come first, and those of the real VFS behind
    // them, or at their place where a file is none of ours. `name` lives until the file is closed.
    unsafe {
        let real = REAL.load(Ordering::SeqCst);
        let Some(open_real) = (*real).xOpen else {
            return ffi::SQLITE_CANTOPEN;
        };
        let Some((disk, path)) = place(name).filter(|_| flags & KEPT != 0) else {
            return open_real(real, name, file, flags, out_flags);
        };
        (*file).pMethods = ptr::null();
        let create = flags & ffi::SQLITE_OPEN_CREATE != 0;
        let id = match lock(&disk).open(path, create) {
            Ok(Some(id)) => id,
            Ok(None) => return ffi::SQLITE_CANTOPEN,
            Err(_) => return ffi::SQLITE_IOERR,
        };
        // Locks and the wal-index are the database's.
        let mut beneath = ptr::null_mut();
        if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
            beneath = file::beneath(file);
            let code = open_real(real, name, beneath, flags, out_flags);
            if code != ffi::SQLITE_OK {
                lock(&disk).close();
                return code;
            }
        } else if !out_flags.is_null() {
            *out_flags = flags;
        }
        let sync_folder = create && flags & ffi::SQLITE_OPEN_MAIN_DB == 0;
        file::start(file, Handle::new(disk, id, sync_folder, beneath));
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: SQLite gives a C string; the real VFS is there for good.
    unsafe {
        if let Some((disk, path)) = place(name) {
            return match lock(&disk).delete(path, sync_folder & 1 != 0) {
                Ok(true) => ffi::SQLITE_OK,
                Ok(false) => ffi::SQLITE_IOERR_DELETE_NOENT,
                Err(_) => ffi::SQLITE_IOERR_DELETE,
            };
        }
        let real = REAL.load(Ordering::SeqCst);
        match (*real).xDelete {
            Some(delete_real) => delete_real(real, name, sync_folder),
            None => ffi::SQLITE_IOERR_DELETE,
        }
    }
}

unsafe extern "C" fn access(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a C string and a place for the answer; the real VFS is there for good.
    unsafe {
        if let Some((disk, path)) = place(name) {
            return match lock(&disk).exists(path) {
                Ok(exists) => {
                    *answer = c_int::from(exists);
                    ffi::SQLITE_OK
                }
                Err(_) => ffi::SQLITE_IOERR_ACCESS,
            };
        }
        let real = REAL.load(Ordering::SeqCst);
        match (*real).xAccess {
            Some(access_real) => access_real(real, name, flags, answer),
            None => ffi::SQLITE_IOERR_ACCESS,
        }
    }
}
