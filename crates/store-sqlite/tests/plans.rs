//! No statement of the store reads a large table from end to end: what takes a moment with ten payments stored would take
//! a tenth of a second with a million, and everybody who pays would wait for it. The whole contract is run on a database that
//! believes that it holds a million, and SQLite says of each statement how it would go about it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use farthing_gateway::StoreError;
use farthing_store_sql::{
    Engine, SqlStore, Watch,
    db::{Column, Columns, Db, Params, Row, Value},
};
use rusqlite::{
    Connection, Statement,
    types::{Null, ValueRef},
};

/// What grows with every payment. The others grow with what is wrong with payments, or with merchants.
const LARGE: [&str; 11] = [
    "charges",
    "consents",
    "deliveries",
    "entries",
    "events",
    "orders",
    "postings",
    "quotes",
    "receipts",
    "requests",
    "tokens",
];

#[tokio::test]
async fn nothing_reads_a_large_table_from_end_to_end() {
    let seen = Seen::default();
    farthing_testkit::contract::all(async || SqlStore::new(engine(&seen))).await;
    let seen = seen.lock().unwrap();
    assert!(
        seen.statements.len() > 60,
        "only {} statements",
        seen.statements.len()
    );
    assert!(seen.faults.is_empty(), "{}", seen.faults.join("\n\n"));
}

/// The whole ledger, for whoever asks for that; its last posting, of which the scan reads one; and what SQLite does only after a
/// statement that broke a reference, which no statement here does.
fn is_meant(sql: &str, step: &str) -> bool {
    let all =
        sql.starts_with("SELECT seq, kind, charge, operation, at, currency, remainder, hash FROM postings");
    let last = sql == "SELECT seq, hash FROM postings ORDER BY seq DESC LIMIT 1";
    all || last || (sql.starts_with("INSERT INTO operations") && step == "SCAN requests")
}

/// With the fault that was there once: a join that the planner may begin at either end.
#[tokio::test]
async fn one_that_does_is_found() {
    let seen = Seen::default();
    let look = |db: &farthing_store_sql::db::Connection<'_>| {
        db.query(
            "SELECT disputes.id, charges.reference FROM disputes JOIN charges ON charges.id = disputes.charge
             WHERE (disputes.stage = 'open' AND disputes.answer_by <= 1) OR disputes.stage = 'returning'
             ORDER BY disputes.answer_by LIMIT 100",
            &[],
            &mut |_| Ok(true),
        )
    };
    engine(&seen).run(look).await.unwrap();
    assert_eq!(seen.lock().unwrap().faults.len(), 1);
}

type Seen = Arc<Mutex<Statements>>;

#[derive(Default)]
struct Statements {
    statements: BTreeSet<&'static str>,
    faults: Vec<String>,
}

fn engine(seen: &Seen) -> Explained {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.db");
    drop(farthing_store_sqlite::open(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA foreign_keys = ON; ANALYZE").unwrap();
    for table in LARGE {
        believe(&db, table);
    }
    db.execute_batch("ANALYZE sqlite_schema").unwrap();
    Explained {
        db: Mutex::new(db),
        _dir: dir,
        watch: Watch::default(),
        seen: Arc::clone(seen),
    }
}

/// Has the planner take `table` for one of a million rows, and the indexes of all its rows for telling.
fn believe(db: &Connection, table: &str) {
    let mut indexes = db
        .prepare("SELECT name FROM pragma_index_list(?1) WHERE partial = 0")
        .unwrap();
    let indexes: Vec<String> = indexes
        .query_map([table], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let insert = "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?1, ?2, ?3)";
    for index in indexes {
        let columns: i64 = db
            .query_row("SELECT count(*) FROM pragma_index_info(?1)", [&index], |row| {
                row.get(0)
            })
            .unwrap();
        let stat = format!("1000000{}", " 1".repeat(usize::try_from(columns).unwrap()));
        db.execute(insert, (table, &index, &stat)).unwrap();
    }
    db.execute(insert, (table, Null, "1000000")).unwrap();
}

/// SQLite, asked first how it would do what it is to do.
struct Explained {
    db: Mutex<Connection>,
    _dir: tempfile::TempDir,
    watch: Watch,
    seen: Seen,
}

impl Engine for Explained {
    async fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&farthing_store_sql::db::Connection<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let mut db = self.db.lock().unwrap();
        let transaction = db.transaction().unwrap();
        let done = operation(&Open {
            db: &transaction,
            seen: &self.seen,
        });
        // Dropped, it is rolled back.
        if done.is_ok() {
            transaction.commit().unwrap();
        }
        done
    }

    fn watch(&self) -> &Watch {
        &self.watch
    }
}

struct Open<'a> {
    db: &'a Connection,
    seen: &'a Seen,
}

impl Open<'_> {
    fn bound(&self, sql: &'static str, params: Params<'_>) -> Statement<'_> {
        let mut seen = self.seen.lock().unwrap();
        if seen.statements.insert(sql) {
            let mut plan = self.db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut rows = plan.raw_query();
            let mut steps: Vec<String> = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                steps.push(row.get(3).unwrap());
            }
            if steps
                .iter()
                .any(|step| self.is_from_end_to_end(step) && !is_meant(sql, step))
            {
                seen.faults.push(format!("{sql}\n{}", steps.join("\n")));
            }
        }
        let mut statement = self.db.prepare(sql).unwrap();
        for (name, value) in params {
            let index = statement.parameter_index(name).unwrap().unwrap();
            match value {
                Value::Int(number) => statement.raw_bind_parameter(index, number),
                Value::Text(text) => statement.raw_bind_parameter(index, text),
                Value::Bytes(bytes) => statement.raw_bind_parameter(index, bytes),
            }
            .unwrap();
        }
        statement
    }

    /// Whether a step of a plan is `SCAN charges` or the like. An index of some of the rows is small.
    fn is_from_end_to_end(&self, step: &str) -> bool {
        let mut words = step.split_whitespace();
        if words.next() != Some("SCAN") || !words.next().is_some_and(|table| LARGE.contains(&table)) {
            return false;
        }
        let partial = "SELECT count(*) FROM sqlite_schema, pragma_index_list(tbl_name) AS list
                       WHERE type = 'index' AND sqlite_schema.name = ?1 AND list.name = ?1 AND list.partial";
        let of_some = |index: &str| {
            self.db
                .query_row(partial, [index], |row| row.get::<_, i64>(0))
                .unwrap()
                > 0
        };
        !words
            .skip_while(|word| *word != "INDEX")
            .nth(1)
            .is_some_and(of_some)
    }
}

impl Db for Open<'_> {
    fn change(&self, sql: &'static str, params: Params<'_>) -> Result<usize, StoreError> {
        let changed = self.bound(sql, params).raw_execute();
        changed.map_err(|error| StoreError::Failed(error.to_string()))
    }

    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
        row: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.bound(sql, params);
        let mut rows = statement.raw_query();
        while let Some(found) = rows
            .next()
            .map_err(|error| StoreError::Failed(error.to_string()))?
        {
            if !row(&Found(found))? {
                break;
            }
        }
        Ok(())
    }
}

struct Found<'a>(&'a rusqlite::Row<'a>);

impl Columns for Found<'_> {
    fn get(&self, name: &str) -> Result<Column<'_>, StoreError> {
        Ok(column(self.0.get_ref(name).unwrap()))
    }

    fn first(&self) -> Result<Column<'_>, StoreError> {
        Ok(column(self.0.get_ref(0).unwrap()))
    }
}

fn column(value: ValueRef<'_>) -> Column<'_> {
    match value {
        ValueRef::Integer(number) => Column::Int(number),
        ValueRef::Text(text) => Column::Text(std::str::from_utf8(text).unwrap().into()),
        ValueRef::Blob(bytes) => Column::Bytes(bytes.into()),
        ValueRef::Null | ValueRef::Real(_) => Column::Null,
    }
}
