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

    /// What the sandbox's carriers would have sent as text messages, in order.
    ///
    /// # Panics
    /// If their books can't be read.
    #[must_use]
    pub fn notices(&self) -> Vec<String> {
        let bank = self.path.with_extension("bank");
        let books = Connection::open_with_flags(bank, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut all = books.prepare("SELECT text FROM notices ORDER BY rowid").unwrap();
        let rows = all.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
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
    /// If a posting of the ledger does not sum to zero; or if what is booked of a charge is not what was agreed to,
    /// taken and given back.
    pub fn must_balance(&self) {
        for (query, wrong) in [
            (
                "SELECT count(*) FROM (SELECT 1 FROM postings LEFT JOIN entries ON posting = seq GROUP BY seq
                 HAVING coalesce(sum(amount), 1) <> 0)",
                "the entries of a posting do not sum to zero",
            ),
            (
                "SELECT count(*) FROM charges JOIN tokens USING (quote) WHERE stage = 'paid' AND (
                 tokens.amount <> charges.amount OR tokens.fee <> charges.fee OR tokens.currency <> charges.currency
                 OR captured > charges.amount + charges.fee)",
                "a charge is not what was agreed to",
            ),
            (
                "SELECT count(*) FROM charges WHERE captured <> (SELECT -sum(amount) FROM postings
                 JOIN entries ON posting = seq WHERE charge = charges.id AND kind = 'capture' AND account = 'bank')",
                "a booked amount is not the amount that was taken",
            ),
            (
                "SELECT count(*) FROM charges WHERE refunded <> (SELECT coalesce(sum(amount), 0) FROM postings
                 JOIN entries ON posting = seq WHERE charge = charges.id AND kind IN ('refund', 'return')
                 AND account = 'bank')",
                "a booked amount is not the amount that went back",
            ),
            (
                "SELECT count(*) FROM postings JOIN charges ON charges.id = charge WHERE stage <> 'paid'
                 OR charges.currency <> postings.currency",
                "something is booked for a charge that is not paid, or in another currency",
            ),
            (
                "SELECT count(*) FROM charges WHERE stage = 'paid'
                 AND id NOT IN (SELECT charge FROM postings WHERE kind = 'capture')",
                "a paid charge is not booked",
            ),
            (
                "SELECT count(*) FROM (SELECT 1 FROM charges WHERE stage = 'paid' GROUP BY merchant, reference
                 HAVING count(*) > 1)",
                "an order was paid twice",
            ),
        ] {
            assert_eq!(self.number(query, &[]), 0, "{wrong}");
        }
    }

    /// Makes a quarter of an hour pass for all that has no end yet: it was begun earlier by that, and is looked into
    /// sooner.
    ///
    /// # Panics
    /// If the books refuse it.
    pub fn make_a_quarter_of_an_hour_pass(&self) {
        self.seed(
            "UPDATE charges SET created_at = created_at - 900, look_at = look_at - 900
             WHERE stage IN ('asking', 'unknown');
             UPDATE operations SET created_at = created_at - 900, ask_at = ask_at - 900
             WHERE stage IN ('asking', 'unknown')",
        );
    }

    /// How many charges and operations have no end yet.
    ///
    /// # Panics
    /// If the books can't be read.
    #[must_use]
    pub fn without_end(&self) -> i64 {
        self.number(
            "SELECT (SELECT count(*) FROM charges WHERE stage IN ('asking', 'unknown'))
                  + (SELECT count(*) FROM operations WHERE stage IN ('asking', 'unknown'))",
            &[],
        )
    }

    /// # Panics
    /// If anything has no end yet, or the sandbox's bank has other books than the provider: a charge or an operation
    /// that the other does not know, or another amount reserved, taken, let go or given back.
    pub fn must_agree_with_the_bank(&self) {
        let bank = self.path.with_extension("bank");
        let db = self.open(OpenFlags::SQLITE_OPEN_READ_ONLY);
        db.execute("ATTACH ?1 AS bank", [bank.to_str()]).unwrap();
        for (query, wrong) in [
            (
                "SELECT id FROM charges WHERE stage IN ('asking', 'unknown')
                 UNION ALL SELECT id FROM operations WHERE stage IN ('asking', 'unknown')",
                "it has no end",
            ),
            (
                "SELECT charges.id FROM charges LEFT JOIN bank.charges AS theirs USING (id) WHERE NOT CASE stage
                 WHEN 'paid' THEN theirs.captured = charges.captured AND theirs.refunded = charges.refunded
                     AND theirs.currency = charges.currency AND voided = 0
                 WHEN 'authorised' THEN authorised = amount + fee AND theirs.currency = charges.currency
                     AND theirs.captured = 0 AND voided = 0
                 WHEN 'declined' THEN coalesce(authorised + theirs.captured, 0) = 0
                 ELSE theirs.captured = 0 AND voided = 1 END",
                "the bank has another charge",
            ),
            (
                "SELECT id FROM bank.charges WHERE id NOT IN (SELECT id FROM main.charges)
                 UNION ALL SELECT id FROM bank.operations WHERE id NOT IN (SELECT id FROM main.operations)",
                "the bank alone knows of it",
            ),
            (
                "SELECT operations.id FROM operations LEFT JOIN bank.operations AS theirs USING (id)
                 WHERE theirs.charge IS NOT operations.charge OR theirs.amount <> operations.amount
                 OR theirs.kind <> operations.kind OR theirs.done <> (stage = 'done')",
                "the bank has another operation",
            ),
        ] {
            let mut statement = db.prepare(query).unwrap();
            let found = statement.query_map([], |row| row.get(0)).unwrap();
            let found: Vec<String> = found.map(Result::unwrap).collect();
            assert!(found.is_empty(), "{wrong}: {found:?}");
        }
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

    /// Every file in which the database and the sandbox's bank beside it keep anything: their own, the write-ahead
    /// logs, the indexes of those.
    ///
    /// # Panics
    /// If there is no database.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let folder = self.path.parent().unwrap();
        let names = [&self.path, &self.path.with_extension("bank")]
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let found = entry.file_name().to_string_lossy().into_owned();
            if names.iter().any(|name| found.starts_with(name.as_str())) {
                files.push((found, std::fs::read(entry.path()).unwrap()));
            }
        }
        for name in names {
            assert!(
                files.iter().any(|(found, _)| *found == name),
                "there is no {name}"
            );
        }
        files
    }

    fn open(&self, flags: OpenFlags) -> Connection {
        let db = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).unwrap();
        db.busy_timeout(crate::wait::PATIENCE).unwrap();
        db
    }
}
