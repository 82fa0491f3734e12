//! For tests alone: a disk under SQLite that forgets what was not synced, as disks do when the power is cut.
//!
//! [`PowerCut::over`] makes a VFS the default of this process that wraps the one SQLite brings. Databases in
//! the folder, their journals and write-ahead logs are then read as they were last written, and kept as they
//! were last synced. Files elsewhere, and temporary ones, are not touched.
//!
//! What makes a change durable:
//! - `xSync` of a file makes its content and its length durable, and no other file's;
//! - a name that was made or deleted is durable once the folder is synced. SQLite's own VFS does that at the
//!   first sync of a journal or log that it opened to write, and after a deletion if it is asked to: so does
//!   this one. It makes every name of the folder durable.
//!
//! The wal-index is memory that processes share, and no disk's: the wrapped VFS keeps it. So it does locks.

mod disk;
mod file;
mod loss;
mod vfs;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

pub use disk::Fault;
use disk::{Disk, End};
pub use loss::Kept;

/// The power of a folder's disk. Dropping it takes the folder off that disk, and what is on the disk with it:
/// the real files are those that [`Self::restore`] laid down last.
pub struct PowerCut {
    folder: PathBuf,
    disk: Arc<Mutex<Disk>>,
}

impl PowerCut {
    /// Puts the SQLite files in `folder` on a disk whose power can be cut.
    pub fn over(folder: &Path) -> io::Result<Self> {
        let folder = folder.canonicalize()?;
        vfs::register()?;
        let disk = Arc::new(Mutex::new(Disk::default()));
        vfs::mount(folder.clone(), Arc::clone(&disk));
        Ok(Self { folder, disk })
    }

    /// How many operations have changed the disk or synced it until now.
    #[must_use]
    pub fn operations(&self) -> u64 {
        lock(&self.disk).operations()
    }

    /// Whether anything has failed since [`Self::restore`]: an operation, or all.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        lock(&self.disk).has_failed()
    }

    /// Cuts the power: of what was not synced, `kept` remains, drawn by `seed`. From now on every operation
    /// fails, until [`Self::restore`].
    pub fn cut(&self, kept: Kept, seed: u64) {
        lock(&self.disk).end(End::Cut(kept, seed));
    }

    /// Cuts the power in the midst of the operation with this number.
    pub fn cut_at(&self, operation: u64, kept: Kept, seed: u64) {
        lock(&self.disk).end_at(operation, End::Cut(kept, seed));
    }

    /// Ends the process and not the power: every operation fails, as after a cut, but the operating system
    /// still has what was written, and may write it later.
    pub fn kill(&self) {
        lock(&self.disk).end(End::Kill);
    }

    /// Ends the process in the midst of the operation with this number.
    pub fn kill_at(&self, operation: u64) {
        lock(&self.disk).end_at(operation, End::Kill);
    }

    /// Lets one operation fail: the first that `fault` is about, from the operation with this number on.
    pub fn fail_from(&self, operation: u64, fault: Fault) {
        lock(&self.disk).fail_from(operation, fault);
    }

    /// Turns the power on again. The real files are then what a program would find that knows nothing of all
    /// this. Fails while a connection to the folder is open, for SQLite would share its wal-index with new ones.
    pub fn restore(&self) -> io::Result<()> {
        lock(&self.disk).restore()
    }
}

impl Drop for PowerCut {
    fn drop(&mut self) {
        vfs::unmount(&self.folder);
    }
}

/// A panic in one test must not be hidden behind the lock's in another.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
