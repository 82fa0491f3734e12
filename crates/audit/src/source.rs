//! The rows to judge: of a database, or of an export of one. Both read as the same rows.

mod postgres;

use std::{
    cell::RefCell,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
};

use ::postgres::Client;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use serde_json::{Map, Value, json};

use crate::row::Row;

/// The longest line that an export may have.
const LINE_BYTES: u64 = 4 * 1024 * 1024;
/// The schemas that are known here.
const SCHEMAS: [i64; 5] = [3, 4, 5, 6, 7];

/// Why nothing can be said.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// A file.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The database.
    #[error("the database can't be read: {0}")]
    Database(#[from] rusqlite::Error),
    /// The same on PostgreSQL.
    #[error("the database can't be read: {0}")]
    Postgres(#[from] ::postgres::Error),
    /// Not what this program knows.
    #[error("{0}")]
    Form(String),
}

/// A table as it is read: whatever is a secret stays where it is.
struct Table {
    name: &'static str,
    query: &'static str,
}

const fn table(name: &'static str, query: &'static str) -> Table {
    Table { name, query }
}

/// In the order of an export.
const TABLES: [Table; 22] = [
    table("orders", "SELECT * FROM orders ORDER BY merchant, reference"),
    table(
        "quotes",
        "SELECT id, merchant, reference, body, jws, terms, vault_secret IS NOT NULL AS has_secret, expires_at
         FROM quotes ORDER BY id",
    ),
    table("consents", "SELECT * FROM consents ORDER BY id"),
    // Whoever has a token's hash could not pay with it, but has no use for it either.
    table(
        "tokens",
        "SELECT quote, details IS NOT NULL AS has_details, hint, merchant, reference, amount, fee, currency,
                made_at, expires_at, consent, charge
         FROM tokens ORDER BY quote",
    ),
    table("charges", "SELECT * FROM charges ORDER BY id"),
    table("operations", "SELECT * FROM operations ORDER BY id"),
    table("requests", "SELECT * FROM requests ORDER BY merchant, key"),
    table("receipts", "SELECT * FROM receipts ORDER BY id"),
    table("disputes", "SELECT * FROM disputes ORDER BY id"),
    // A posting is read with its entries.
    table(
        "postings",
        "SELECT postings.*, (SELECT json_group_array(json_array(account, amount) ORDER BY line)
                             FROM entries WHERE posting = seq) AS entries
         FROM postings ORDER BY seq",
    ),
    table(
        "entries_astray",
        "SELECT * FROM entries WHERE posting NOT IN (SELECT seq FROM postings) ORDER BY posting, line",
    ),
    table("events", "SELECT * FROM events ORDER BY id"),
    table(
        "endpoints",
        "SELECT id, merchant, url, created_at, removed_at FROM endpoints ORDER BY id",
    ),
    table("deliveries", "SELECT * FROM deliveries ORDER BY event, endpoint"),
    table("merchants", "SELECT * FROM merchants ORDER BY id"),
    table("origins", "SELECT * FROM origins ORDER BY merchant, origin"),
    table("order_keys", "SELECT * FROM order_keys ORDER BY merchant, kid"),
    table("fees", "SELECT * FROM fees ORDER BY merchant, method, currency"),
    table(
        "api_keys",
        "SELECT id, merchant, scope, permissions, label, created_at, expires_at, revoked_at
         FROM api_keys ORDER BY id",
    ),
    table("accreditors", "SELECT * FROM accreditors ORDER BY id"),
    table("statements", "SELECT * FROM statements ORDER BY seq"),
    table("status_lists", "SELECT * FROM status_lists ORDER BY uri"),
];

/// Where the rows are.
pub enum Source {
    /// A provider's database, as it was at one moment.
    Database(Connection),
    /// The same on PostgreSQL.
    Postgres(RefCell<Client>),
    /// An export of one.
    Export(PathBuf),
}

impl Source {
    /// Opens a database to read, also beside a provider that runs: all that is read is of one moment.
    pub fn database(path: &Path) -> Result<Self, ReadError> {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000; BEGIN;")?;
        let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if !SCHEMAS.contains(&version) {
            return Err(ReadError::Form(format!(
                "the database's schema has version {version}, which this program does not know"
            )));
        }
        Ok(Self::Database(db))
    }

    /// As [`Self::database`], of the PostgreSQL at `url`. It waits for the server: call it where waiting is allowed.
    pub fn postgres(url: &str) -> Result<Self, ReadError> {
        postgres::open(url).map(|client| Self::Postgres(RefCell::new(client)))
    }

    /// An export, as [`Self::export_to`] writes it.
    pub fn export(path: &Path) -> Result<Self, ReadError> {
        let found = Self::Export(path.to_owned());
        let mut whole = false;
        found.lines(|name, _| {
            whole |= name == "end";
            Ok(())
        })?;
        if whole {
            Ok(found)
        } else {
            Err(ReadError::Form(format!(
                "{}: the export lacks its end",
                path.display()
            )))
        }
    }

    /// Writes every table, a row a line, without secrets.
    pub fn export_to(&self, out: &mut dyn Write) -> Result<(), ReadError> {
        let failed = |error| ReadError::Io {
            path: "the export".to_owned(),
            error,
        };
        for table in &TABLES {
            self.each(table.name, |row| {
                let line = json!({ "table": table.name, "row": row.into_inner() });
                writeln!(out, "{line}").map_err(failed)
            })?;
        }
        writeln!(out, "{}", json!({ "table": "end", "row": {} })).map_err(failed)
    }

    /// Hands over each row of a table, in the order of its key.
    pub(crate) fn each(
        &self,
        name: &str,
        mut take: impl FnMut(Row) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        match self {
            Self::Export(_) => self.lines(|table, row| if table == name { take(row) } else { Ok(()) }),
            Self::Postgres(client) => postgres::each(&mut client.borrow_mut(), table_called(name)?, take),
            Self::Database(db) => {
                let table = table_called(name)?;
                let mut statement = db.prepare(table.query)?;
                let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let mut values = Map::new();
                    for (index, name) in names.iter().enumerate() {
                        values.insert(name.clone(), value(row.get_ref(index)?));
                    }
                    take(Row::new(values))?;
                }
                Ok(())
            }
        }
    }

    fn lines(&self, mut take: impl FnMut(&str, Row) -> Result<(), ReadError>) -> Result<(), ReadError> {
        let Self::Export(path) = self else { return Ok(()) };
        let name = path.display().to_string();
        let failed = |error| ReadError::Io {
            path: name.clone(),
            error,
        };
        let mut reader = BufReader::new(File::open(path).map_err(failed)?);
        let mut line = String::new();
        for number in 1u64.. {
            line.clear();
            if (&mut reader)
                .take(LINE_BYTES)
                .read_line(&mut line)
                .map_err(failed)?
                == 0
            {
                break;
            }
            let mut read: Value = serde_json::from_str(&line)
                .map_err(|error| ReadError::Form(format!("{name}, line {number}: {error}")))?;
            let (table, row) = (read["table"].take(), read["row"].take());
            let (Value::String(table), Value::Object(row)) = (table, row) else {
                return Err(ReadError::Form(format!(
                    "{name}, line {number}: no table and row"
                )));
            };
            take(&table, Row::new(row))?;
        }
        Ok(())
    }
}

fn table_called(name: &str) -> Result<&'static Table, ReadError> {
    let table = TABLES.iter().find(|table| table.name == name);
    table.ok_or_else(|| ReadError::Form(format!("there is no table {name}")))
}

/// Bytes are lower-case hex.
fn value(found: ValueRef<'_>) -> Value {
    match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.to_string().into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(bytes) => crate::row::hex(bytes).into(),
    }
}
