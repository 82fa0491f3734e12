//! The methods of an open file: content from the disk model, locks and wal-index from the VFS beneath.
#![expect(unsafe_code, reason = "a VFS of SQLite is a table of C functions")]

use std::{
    ffi::{c_int, c_void},
    ptr, slice,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods};

use crate::{
    disk::{Disk, FileId},
    lock,
};

/// What SQLite holds of a file: its own part, and a pointer. The file of the VFS beneath comes behind it.
#[repr(C)]
struct File {
    base: sqlite3_file,
    handle: *mut Handle,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "two pointers"
)]
pub(crate) const SIZE: c_int = size_of::<File>() as c_int;

/// An open file.
pub(crate) struct Handle {
    disk: Arc<Mutex<Disk>>,
    id: FileId,
    /// Whether its next sync is the folder's too.
    sync_folder: AtomicBool,
    /// The database's file in the VFS beneath; null for a journal.
    beneath: *mut sqlite3_file,
}

impl Handle {
    pub(crate) fn new(
        disk: Arc<Mutex<Disk>>,
        id: FileId,
        sync_folder: bool,
        beneath: *mut sqlite3_file,
    ) -> Self {
        Self {
            disk,
            id,
            sync_folder: AtomicBool::new(sync_folder),
            beneath,
        }
    }

    /// What the VFS beneath answers; a journal has nothing beneath, and is asked nothing of the kind.
    fn forward(&self, ask: impl FnOnce(*mut sqlite3_file, &sqlite3_io_methods) -> Option<c_int>) -> c_int {
        if self.beneath.is_null() {
            return ffi::SQLITE_OK;
        }
        // SAFETY: it was opened with success, so that its methods are set, and it is not closed yet.
        let methods = unsafe { (*self.beneath).pMethods.as_ref() };
        methods
            .and_then(|methods| ask(self.beneath, methods))
            .unwrap_or(ffi::SQLITE_NOTFOUND)
    }

    /// As [`Self::forward`], unless the power is out.
    fn powered(
        &self,
        failure: c_int,
        ask: impl FnOnce(*mut sqlite3_file, &sqlite3_io_methods) -> Option<c_int>,
    ) -> c_int {
        if lock(&self.disk).is_out() {
            failure
        } else {
            self.forward(ask)
        }
    }
}

/// Where the file of the VFS beneath lies.
///
/// # Safety
/// `file` has [`SIZE`] bytes and those of the VFS beneath.
pub(crate) unsafe fn beneath(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: by the contract of this function.
    unsafe { file.cast::<File>().add(1).cast() }
}

/// Makes `file` the one that `handle` stands for; closing it drops the handle.
///
/// # Safety
/// As for [`beneath`].
pub(crate) unsafe fn start(file: *mut sqlite3_file, handle: Handle) {
    let handle = Box::into_raw(Box::new(handle));
    let base = sqlite3_file { pMethods: &METHODS };
    // SAFETY: by the contract of this function.
    unsafe { file.cast::<File>().write(File { base, handle }) };
}

/// # Safety
/// `file` was started and is not closed.
unsafe fn handle<'a>(file: *mut sqlite3_file) -> &'a Handle {
    // SAFETY: by the contract of this function.
    unsafe { &*(*file.cast::<File>()).handle }
}

/// Version 2 has no memory map of the content, which would go past the disk.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock_file),
    xUnlock: Some(unlock_file),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

// SAFETY, of all that follows: SQLite calls a method with a file that was opened and is not closed, and with
// buffers of the length that it says.

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let handle = unsafe { Box::from_raw((*file.cast::<File>()).handle) };
    lock(&handle.disk).close();
    handle.forward(|file, methods| Some(unsafe { methods.xClose?(file) }))
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    at: sqlite3_int64,
) -> c_int {
    let handle = unsafe { handle(file) };
    let (Ok(length), Ok(at)) = (usize::try_from(amount), usize::try_from(at)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // What is not there is read as zeros.
    let buffer = unsafe {
        ptr::write_bytes(buffer.cast::<u8>(), 0, length);
        slice::from_raw_parts_mut(buffer.cast(), length)
    };
    match lock(&handle.disk).read(handle.id, at, buffer) {
        Ok(there) if there == length => ffi::SQLITE_OK,
        Ok(_) => ffi::SQLITE_IOERR_SHORT_READ,
        Err(_) => ffi::SQLITE_IOERR_READ,
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    buffer: *const c_void,
    amount: c_int,
    at: sqlite3_int64,
) -> c_int {
    let handle = unsafe { handle(file) };
    let (Ok(length), Ok(at)) = (usize::try_from(amount), usize::try_from(at)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    let bytes = unsafe { slice::from_raw_parts(buffer.cast(), length) };
    match lock(&handle.disk).write(handle.id, at, bytes) {
        Ok(()) => ffi::SQLITE_OK,
        Err(_) => ffi::SQLITE_IOERR_WRITE,
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    let handle = unsafe { handle(file) };
    match usize::try_from(length).map(|length| lock(&handle.disk).set_length(handle.id, length)) {
        Ok(Ok(())) => ffi::SQLITE_OK,
        _ => ffi::SQLITE_IOERR_TRUNCATE,
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let sync_folder = handle.sync_folder.load(Ordering::SeqCst);
    match lock(&handle.disk).sync(handle.id, sync_folder) {
        Ok(()) => {
            handle.sync_folder.store(false, Ordering::SeqCst);
            ffi::SQLITE_OK
        }
        Err(_) => ffi::SQLITE_IOERR_FSYNC,
    }
}

unsafe extern "C" fn size(file: *mut sqlite3_file, answer: *mut sqlite3_int64) -> c_int {
    let handle = unsafe { handle(file) };
    match lock(&handle.disk).length(handle.id).map(i64::try_from) {
        Ok(Ok(length)) => {
            unsafe { *answer = length };
            ffi::SQLITE_OK
        }
        _ => ffi::SQLITE_IOERR_FSTAT,
    }
}

unsafe extern "C" fn lock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    handle.powered(ffi::SQLITE_IOERR_LOCK, |file, methods| {
        Some(unsafe { methods.xLock?(file, level) })
    })
}

unsafe extern "C" fn unlock_file(file: *mut sqlite3_file, level: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    handle.forward(|file, methods| Some(unsafe { methods.xUnlock?(file, level) }))
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    let handle = unsafe { handle(file) };
    handle.powered(ffi::SQLITE_IOERR_CHECKRESERVEDLOCK, |file, methods| {
        Some(unsafe { methods.xCheckReservedLock?(file, answer) })
    })
}

unsafe extern "C" fn control(file: *mut sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    let handle = unsafe { handle(file) };
    if handle.beneath.is_null() {
        return ffi::SQLITE_NOTFOUND;
    }
    handle.forward(|file, methods| Some(unsafe { methods.xFileControl?(file, operation, argument) }))
}

/// What SQLite's own VFS says.
unsafe extern "C" fn sector_size(_: *mut sqlite3_file) -> c_int {
    4_096
}

/// No more than the model keeps: a torn write leaves the bytes beside it alone.
unsafe extern "C" fn characteristics(_: *mut sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    answer: *mut *mut c_void,
) -> c_int {
    let handle = unsafe { handle(file) };
    handle.powered(ffi::SQLITE_IOERR_SHMMAP, |file, methods| {
        Some(unsafe { methods.xShmMap?(file, region, size, extend, answer) })
    })
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    let ask = |file, methods: &sqlite3_io_methods| {
        let shm_lock = methods.xShmLock?;
        Some(unsafe { shm_lock(file, offset, count, flags) })
    };
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        handle.forward(ask)
    } else {
        handle.powered(ffi::SQLITE_IOERR_SHMLOCK, ask)
    }
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    let handle = unsafe { handle(file) };
    handle.forward(|file, methods| {
        let shm_barrier = methods.xShmBarrier?;
        unsafe { shm_barrier(file) };
        Some(ffi::SQLITE_OK)
    });
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    let handle = unsafe { handle(file) };
    handle.forward(|file, methods| Some(unsafe { methods.xShmUnmap?(file, delete) }))
}
