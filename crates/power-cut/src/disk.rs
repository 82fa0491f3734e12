use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use crate::loss::{Change, Kept, Loss, What, put};

/// An operation that fails once, with the power on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// A read.
    Read,
    /// A sync. Of what it was to make durable, this is on the disk all the same. The rest will never be: the
    /// operating system holds those changes for written, and goes on showing them to whoever reads.
    Sync(Kept),
}

/// How the running ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Kill,
    Cut(Kept, u64),
}

/// The disk, or the operating system, did not do it.
#[derive(Debug)]
pub(crate) struct Failed;

/// A file, whatever its name is now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct FileId(usize);

#[derive(Default)]
struct File {
    /// As it is read.
    seen: Vec<u8>,
    /// As it is on the disk.
    durable: Vec<u8>,
    /// What lies between the two.
    unsynced: Vec<Change>,
}

/// Which file a name leads to.
#[derive(Clone, Copy)]
struct Name {
    seen: Option<FileId>,
    durable: Option<FileId>,
}

/// A disk, with what the operating system holds of it in memory.
#[derive(Default)]
pub(crate) struct Disk {
    names: BTreeMap<PathBuf, Name>,
    files: Vec<File>,
    out: bool,
    failed: bool,
    open: usize,
    operations: u64,
    planned: Option<(u64, End)>,
    faults: Vec<(u64, Fault)>,
}

impl Disk {
    pub(crate) fn operations(&self) -> u64 {
        self.operations
    }

    pub(crate) fn is_out(&self) -> bool {
        self.out
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.out || self.failed
    }

    pub(crate) fn end_at(&mut self, operation: u64, end: End) {
        self.planned = Some((operation, end));
    }

    pub(crate) fn fail_from(&mut self, operation: u64, fault: Fault) {
        self.faults.push((operation, fault));
    }

    pub(crate) fn end(&mut self, end: End) {
        if self.out {
            return;
        }
        self.out = true;
        if let End::Cut(kept, seed) = end {
            self.lose(kept, seed);
        }
    }

    fn lose(&mut self, kept: Kept, seed: u64) {
        let orders = self.files.iter().flat_map(|file| &file.unsynced);
        let mut loss = Loss::new(kept, seed, orders.map(|change| change.order).collect());
        for file in &mut self.files {
            file.lose(&mut loss);
            file.seen.clone_from(&file.durable);
        }
        for name in self.names.values_mut() {
            if name.seen != name.durable && loss.keeps_name() {
                name.durable = name.seen;
            }
            name.seen = name.durable;
        }
    }

    /// Lays what is durable into the real files, and forgets of them what they now hold themselves.
    pub(crate) fn restore(&mut self) -> io::Result<()> {
        if self.open > 0 {
            return Err(io::Error::other("close every connection, then restore the power"));
        }
        for (path, name) in &self.names {
            match name.durable.and_then(|id| self.files.get(id.0)) {
                Some(file) => fs::write(path, &file.durable)?,
                None if path.exists() => fs::remove_file(path)?,
                None => {}
            }
        }
        let files = &self.files;
        self.names.retain(|_, name| {
            let file = name.seen.and_then(|id| files.get(id.0));
            name.seen != name.durable || file.is_some_and(|file| file.seen != file.durable)
        });
        if self.names.is_empty() {
            self.files.clear();
        }
        self.planned = None;
        self.faults.clear();
        self.out = false;
        self.failed = false;
        Ok(())
    }

    /// Opens a file, and makes it if it is not there and `create` says so.
    pub(crate) fn open(&mut self, path: &Path, create: bool) -> Result<Option<FileId>, Failed> {
        self.powered()?;
        let mut id = self.name(path)?.seen;
        if id.is_none() && create {
            id = Some(FileId(self.files.len()));
            self.files.push(File::default());
            self.name(path)?.seen = id;
            self.count()?;
        }
        self.open += usize::from(id.is_some());
        Ok(id)
    }

    pub(crate) fn close(&mut self) {
        self.open -= 1;
    }

    /// As SQLite's own VFS has it, an empty file does not exist.
    pub(crate) fn exists(&mut self, path: &Path) -> Result<bool, Failed> {
        self.powered()?;
        let id = self.name(path)?.seen;
        Ok(id
            .and_then(|id| self.files.get(id.0))
            .is_some_and(|file| !file.seen.is_empty()))
    }

    /// Returns whether there was such a file.
    pub(crate) fn delete(&mut self, path: &Path, sync_folder: bool) -> Result<bool, Failed> {
        self.powered()?;
        let was = self.name(path)?.seen.take().is_some();
        self.count()?;
        if sync_folder {
            self.sync_folder();
        }
        Ok(was)
    }

    /// Fills `buffer` with what is at `at`; returns how much of it there was.
    pub(crate) fn read(&mut self, id: FileId, at: usize, buffer: &mut [u8]) -> Result<usize, Failed> {
        self.powered()?;
        if self.fails(|fault| fault == Fault::Read).is_some() {
            return Err(Failed);
        }
        let seen = &self.file(id)?.seen;
        let there = seen.get(at..).unwrap_or_default();
        let length = there.len().min(buffer.len());
        buffer[..length].copy_from_slice(&there[..length]);
        Ok(length)
    }

    pub(crate) fn length(&mut self, id: FileId) -> Result<usize, Failed> {
        self.powered()?;
        Ok(self.file(id)?.seen.len())
    }

    pub(crate) fn write(&mut self, id: FileId, at: usize, bytes: &[u8]) -> Result<(), Failed> {
        let bytes = bytes.to_vec();
        self.change(id, What::Write { at, bytes })
    }

    pub(crate) fn set_length(&mut self, id: FileId, length: usize) -> Result<(), Failed> {
        self.change(id, What::Length(length))
    }

    fn change(&mut self, id: FileId, what: What) -> Result<(), Failed> {
        self.powered()?;
        let order = self.operations;
        let file = self.file(id)?;
        apply(&mut file.seen, &what);
        file.unsynced.push(Change { order, what });
        self.count()
    }

    pub(crate) fn sync(&mut self, id: FileId, sync_folder: bool) -> Result<(), Failed> {
        self.powered()?;
        self.count()?;
        if let Some(Fault::Sync(kept)) = self.fails(|fault| fault != Fault::Read) {
            let seed = self.operations;
            let file = self.file(id)?;
            let orders = file.unsynced.iter().map(|change| change.order).collect();
            file.lose(&mut Loss::new(kept, seed, orders));
            return Err(Failed);
        }
        let file = self.file(id)?;
        for change in file.unsynced.drain(..) {
            apply(&mut file.durable, &change.what);
        }
        if sync_folder {
            self.sync_folder();
        }
        Ok(())
    }

    fn sync_folder(&mut self) {
        for name in self.names.values_mut() {
            name.durable = name.seen;
        }
    }

    /// Counts an operation that is under way, and ends the running in its midst if that is planned.
    fn count(&mut self) -> Result<(), Failed> {
        self.operations += 1;
        if let Some((operation, end)) = self.planned
            && self.operations >= operation
        {
            self.end(end);
        }
        self.powered()
    }

    fn powered(&self) -> Result<(), Failed> {
        if self.out { Err(Failed) } else { Ok(()) }
    }

    fn fails(&mut self, like: impl Fn(Fault) -> bool) -> Option<Fault> {
        let operations = self.operations;
        let due = |(from, fault): &(u64, Fault)| *from <= operations && like(*fault);
        let at = self.faults.iter().position(due)?;
        self.failed = true;
        Some(self.faults.remove(at).1)
    }

    fn file(&mut self, id: FileId) -> Result<&mut File, Failed> {
        self.files.get_mut(id.0).ok_or(Failed)
    }

    /// The name at `path`; one that was not seen before leads to the real file, if there is one.
    fn name(&mut self, path: &Path) -> Result<&mut Name, Failed> {
        if !self.names.contains_key(path) {
            let id = match fs::read(path) {
                Ok(content) => {
                    self.files.push(File {
                        seen: content.clone(),
                        durable: content,
                        unsynced: Vec::new(),
                    });
                    Some(FileId(self.files.len() - 1))
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                Err(_) => return Err(Failed),
            };
            let name = Name {
                seen: id,
                durable: id,
            };
            self.names.insert(path.to_owned(), name);
        }
        self.names.get_mut(path).ok_or(Failed)
    }
}

impl File {
    fn lose(&mut self, loss: &mut Loss) {
        for change in self.unsynced.drain(..) {
            loss.write(&mut self.durable, &change);
        }
    }
}

fn apply(content: &mut Vec<u8>, what: &What) {
    match what {
        What::Write { at, bytes } => put(content, *at, bytes),
        What::Length(length) => content.resize(*length, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/no such folder/f";

    fn written() -> (Disk, FileId) {
        let mut disk = Disk::default();
        let id = disk.open(Path::new(PATH), true).unwrap().unwrap();
        disk.write(id, 0, b"text").unwrap();
        (disk, id)
    }

    fn after_a_cut(mut disk: Disk, kept: Kept) -> Option<Vec<u8>> {
        disk.end(End::Cut(kept, 1));
        let id = disk.names[Path::new(PATH)].durable?;
        Some(disk.files[id.0].durable.clone())
    }

    #[test]
    fn a_new_file_is_there_once_its_folder_is_synced() {
        let (mut disk, id) = written();
        disk.sync(id, false).unwrap();
        assert_eq!(after_a_cut(disk, Kept::Nothing), None);
        let (mut disk, id) = written();
        disk.sync(id, true).unwrap();
        disk.write(id, 2, b"more").unwrap();
        assert_eq!(after_a_cut(disk, Kept::Nothing).unwrap(), b"text");
    }

    #[test]
    fn a_deleted_file_is_gone_once_its_folder_is_synced() {
        let deleted = |sync_folder| {
            let (mut disk, id) = written();
            disk.sync(id, true).unwrap();
            assert!(disk.delete(Path::new(PATH), sync_folder).unwrap());
            assert!(!disk.exists(Path::new(PATH)).unwrap());
            after_a_cut(disk, Kept::Nothing)
        };
        assert_eq!(deleted(false).unwrap(), b"text");
        assert_eq!(deleted(true), None);
    }

    #[test]
    fn what_a_sync_failed_to_write_no_later_sync_writes() {
        for (kept, there) in [
            (Kept::Nothing, &b"\0\0\0\0more"[..]),
            (Kept::Everything, b"textmore"),
        ] {
            let (mut disk, id) = written();
            disk.fail_from(0, Fault::Sync(kept));
            disk.sync(id, true).unwrap_err();
            disk.write(id, 4, b"more").unwrap();
            disk.sync(id, true).unwrap();
            let mut read = [0; 8];
            assert_eq!(disk.read(id, 0, &mut read).unwrap(), 8);
            assert_eq!(&read, b"textmore", "the operating system still shows it");
            assert_eq!(after_a_cut(disk, Kept::Everything).unwrap(), there);
        }
    }

    #[test]
    fn the_power_goes_in_the_midst_of_an_operation() {
        let (mut disk, id) = written();
        disk.end_at(disk.operations() + 1, End::Cut(Kept::Nothing, 1));
        disk.sync(id, true).unwrap_err();
        assert!(disk.has_failed());
        disk.length(id).unwrap_err();
        assert_eq!(after_a_cut(disk, Kept::Everything), None, "it is cut once");
    }
}
