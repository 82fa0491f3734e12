//! The provider's database, read beside it: what was booked, whatever anybody says.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, ToSql};

/// The database file of a provider.
pub struct Books {
    path: PathBuf,
}

impl Books {
    /// The books in `path`.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// How many rows `table` has.
    ///
    /// # Panics
    /// If there is no such table.
    #[must_use]
    pub fn count(&self, table: &str) -> i64 {
        self.number(&format!("SELECT count(*) FROM {table}"), &[])
    }

    /// The one number that `query` answers.
    ///
    /// # Panics
    /// If it answers anything else.
    #[must_use]
    pub fn number(&self, query: &str, parameters: &[&dyn ToSql]) -> i64 {
        self.open(OpenFlags::SQLITE_OPEN_READ_ONLY)
            .query_row(query, parameters, |row| row.get(0))
            .unwrap()
    }

    /// How many charges of the order `reference` were paid.
    #[must_use]
    pub fn paid(&self, reference: &str) -> i64 {
        self.number(
            "SELECT count(*) FROM charges WHERE reference = ?1 AND stage = 'paid'",
            &[&reference],
        )
    }

    /// # Panics
    /// If the ledger as a whole, or the entries of any charge, do not sum to zero in each currency; or if
    /// what is booked is not what was charged and agreed to.
    pub fn must_balance(&self) {
        let unbalanced =
            "SELECT count(*) FROM (SELECT 1 FROM entries GROUP BY charge, currency HAVING sum(amount) <> 0)";
        assert_eq!(
            self.number(unbalanced, &[]),
            0,
            "the entries of a charge do not sum to zero"
        );
        let differs = "SELECT count(*) FROM charges JOIN tokens USING (quote) WHERE stage = 'paid' AND (
            tokens.amount <> charges.amount OR tokens.currency <> charges.currency OR charges.amount <>
            (SELECT sum(amount) FROM entries WHERE charge = charges.id AND amount > 0))";
        assert_eq!(
            self.number(differs, &[]),
            0,
            "a booked amount is not the agreed amount"
        );
        let unpaid =
            "SELECT count(*) FROM entries JOIN charges ON charges.id = entries.charge WHERE stage <> 'paid'";
        assert_eq!(
            self.number(unpaid, &[]),
            0,
            "something is booked for a charge that is not paid"
        );
        let unbooked =
            "SELECT count(*) FROM charges WHERE stage = 'paid' AND id NOT IN (SELECT charge FROM entries)";
        assert_eq!(self.number(unbooked, &[]), 0, "a paid charge is not booked");
        let twice =
            "SELECT count(*) FROM (SELECT 1 FROM charges WHERE stage = 'paid' GROUP BY merchant, reference
            HAVING count(*) > 1)";
        assert_eq!(self.number(twice, &[]), 0, "an order was paid twice");
    }

    /// Makes time pass: `update` is a statement that moves a time.
    ///
    /// # Panics
    /// If it changes nothing.
    pub fn make_time_pass(&self, update: &str) {
        let changed = self
            .open(OpenFlags::SQLITE_OPEN_READ_WRITE)
            .execute(update, [])
            .unwrap();
        assert!(changed > 0, "{update}");
    }

    /// A copy of the books, in a folder of its own; of books that nobody writes in.
    ///
    /// # Panics
    /// If they can't be copied.
    #[must_use]
    pub fn copy(&self, folder: &Path) -> Self {
        std::fs::create_dir(folder).unwrap();
        for (name, bytes) in self.files() {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
        Self::at(&folder.join(self.path.file_name().unwrap()))
    }

    /// Writes a fault into the books.
    ///
    /// # Panics
    /// If the books refuse it.
    pub fn seed(&self, fault: &str) {
        self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)
            .execute_batch(fault)
            .unwrap();
    }

    /// Every file in which the database keeps anything: its own, the write-ahead log, the index of that.
    ///
    /// # Panics
    /// If there is no database.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = self.path.parent().unwrap();
        let name = self.path.file_name().unwrap().to_string_lossy().into_owned();
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let found = entry.file_name().to_string_lossy().into_owned();
            if found.starts_with(&name) {
                files.push((found, std::fs::read(entry.path()).unwrap()));
            }
        }
        assert!(!files.is_empty(), "there is no {}", self.path.display());
        files
    }

    fn open(&self, flags: OpenFlags) -> Connection {
        let db = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).unwrap();
        db.busy_timeout(crate::wait::PATIENCE).unwrap();
        db
    }
}
