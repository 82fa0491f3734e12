//! PostgreSQL as what runs the store's statements.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, hash_map::Entry},
    mem,
};

use farthing_gateway::StoreError;
use farthing_store_sql::db::{Column, Columns, Db, Params, Row, Value, must_be};
use futures_util::future::{join, join_all};
use tokio_postgres::{
    Client, Error, SimpleQueryMessage, Statement,
    types::{ToSql, Type},
};

use crate::{
    errors::{Verdict, failed},
    link::Link,
};

/// Statements that wait for the next one, at the most. Up to 30 futures are polled in their order.
const WAITING: usize = 24;

/// A connection, and what is prepared on it. In a transaction that writes, each operation has a savepoint.
pub(crate) struct Transaction {
    inner: RefCell<Inner>,
    /// Whether something of an operation could not be undone: nothing of the transaction may be committed then.
    broken: Cell<bool>,
}

struct Inner {
    link: Link,
    /// By the statement's text. There are as many as there are in the code.
    prepared: HashMap<&'static str, Prepared>,
    /// What goes to the server with the next statement that is waited for.
    waiting: Vec<Waiting>,
    /// Whether one of those changed another number of rows than it must, in the operation that runs.
    spoilt: bool,
    /// What the errors of the transaction say about it.
    verdict: Verdict,
}

struct Prepared {
    statement: Statement,
    /// The parameters' names in the order of their numbers.
    names: Vec<&'static str>,
}

struct Waiting {
    statement: Statement,
    values: Values,
    wanted: Option<usize>,
}

impl Transaction {
    pub(crate) fn new(link: Link) -> Self {
        let inner = Inner {
            link,
            prepared: HashMap::new(),
            waiting: Vec::new(),
            spoilt: false,
            verdict: Verdict::Other,
        };
        Self {
            inner: RefCell::new(inner),
            broken: Cell::new(false),
        }
    }

    /// Whether the connection is gone, and the transaction with it.
    pub(crate) fn is_lost(&self) -> bool {
        self.inner.borrow().link.client.is_closed()
    }

    /// Whether nothing of the transaction may be committed.
    pub(crate) fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// What the errors of the transaction say about it.
    pub(crate) fn verdict(&self) -> Verdict {
        self.inner.borrow().verdict
    }

    /// Runs statements that have no parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        let mut inner = self.inner.borrow_mut();
        let done = inner.link.batch(sql);
        done.map_err(|error| inner.verdict.learn(&error))
    }

    /// Begins a transaction that writes, when its turn comes, and leaves its `number` in the row of who writes: there it is
    /// once the transaction is committed. Answers that row: a new one where it wrote nothing for so long that another took
    /// it for gone.
    pub(crate) fn begin(&self, writer: i64, number: i64) -> Result<i64, StoreError> {
        self.broken.set(false);
        self.inner.borrow_mut().verdict = Verdict::Other;
        let begun = self.simple(&format!(
            "BEGIN; SELECT one FROM turn WHERE one = 1 FOR UPDATE;
             UPDATE writers SET commits = {number}, since = now() WHERE id = {writer};
             SAVEPOINT operation"
        ))?;
        let mut of_update = begun.iter().filter_map(|message| match message {
            SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
            _ => None,
        });
        if of_update.nth(2) == Some(1) {
            return Ok(writer);
        }
        let made = self.simple(&format!(
            "RELEASE operation; INSERT INTO writers (commits) VALUES ({number}) RETURNING id; SAVEPOINT operation"
        ))?;
        let id = made.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0)?.parse().ok(),
            _ => None,
        });
        id.ok_or_else(|| StoreError::Failed("a new row has no number".to_owned()))
    }

    /// Begins one that reads, all of it at one moment.
    pub(crate) fn begin_reading(&self) -> Result<(), StoreError> {
        self.inner.borrow_mut().verdict = Verdict::Other;
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    /// Keeps what the operation did, which failed where this fails; the next one begins.
    pub(crate) fn keep(&self) -> Result<(), StoreError> {
        let mut inner = self.inner.borrow_mut();
        inner.answer_of(async |client| {
            client
                .batch_execute("RELEASE operation; SAVEPOINT operation")
                .await
        })?;
        if mem::take(&mut inner.spoilt) {
            return Err(StoreError::Failed(
                "an operation overlooked that it failed".to_owned(),
            ));
        }
        Ok(())
    }

    /// Undoes what the operation did; the next one begins.
    pub(crate) fn undo(&self) {
        {
            let mut inner = self.inner.borrow_mut();
            inner.waiting.clear();
            inner.spoilt = false;
        }
        if self.batch("ROLLBACK TO operation").is_err() {
            self.broken.set(true);
        }
    }

    fn simple(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>, StoreError> {
        let mut inner = self.inner.borrow_mut();
        let answered = inner.link.wait(inner.link.client.simple_query(sql));
        answered.map_err(|error| inner.verdict.learn(&error))
    }
}

impl Db for Transaction {
    fn change(&self, sql: &'static str, params: Params<'_>) -> Result<usize, StoreError> {
        let mut inner = self.inner.borrow_mut();
        let (statement, values) = inner.bound(sql, params)?;
        let values = by_reference(&values);
        let changed = inner.answer_of(async |client| client.execute(&statement, &values).await)?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    fn change_by_the_end(
        &self,
        sql: &'static str,
        params: Params<'_>,
        wanted: Option<usize>,
    ) -> Result<(), StoreError> {
        let mut inner = self.inner.borrow_mut();
        let (statement, values) = inner.bound(sql, params)?;
        inner.waiting.push(Waiting {
            statement,
            values,
            wanted,
        });
        if inner.waiting.len() >= WAITING {
            inner.answer_of(async |_| Ok(()))?;
        }
        Ok(())
    }

    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
        read: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let rows = {
            let mut inner = self.inner.borrow_mut();
            let (statement, values) = inner.bound(sql, params)?;
            let values = by_reference(&values);
            inner.answer_of(async |client| client.query(&statement, &values).await)?
        };
        for row in &rows {
            if !read(&Found(row))? {
                break;
            }
        }
        Ok(())
    }
}

type Values = Vec<Box<dyn ToSql + Send + Sync>>;

fn by_reference(values: &Values) -> Vec<&(dyn ToSql + Sync)> {
    values
        .iter()
        .map(|value| &**value as &(dyn ToSql + Sync))
        .collect()
}

impl Inner {
    /// What `last` is answered, after all that waits and with it.
    fn answer_of<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Result<T, Error>) -> Result<T, StoreError> {
        let waiting = mem::take(&mut self.waiting);
        let client = &self.link.client;
        let sent = waiting.iter().map(async |waiting| {
            let changed = client
                .execute(&waiting.statement, &by_reference(&waiting.values))
                .await?;
            Ok::<_, Error>((changed, waiting.wanted))
        });
        // Each is sent when it is polled for the first time, and they are polled in this order.
        let (before, last) = self.link.wait(join(join_all(sent), last(client)));
        for changed in before {
            // After one that fails all others do, as the transaction has failed: the first says why.
            let (changed, wanted) = changed.map_err(|error| self.verdict.learn(&error))?;
            let changed = usize::try_from(changed).unwrap_or(usize::MAX);
            must_be(changed, wanted).inspect_err(|_| self.spoilt = true)?;
        }
        last.map_err(|error| self.verdict.learn(&error))
    }

    fn bound(&mut self, sql: &'static str, params: Params<'_>) -> Result<(Statement, Values), StoreError> {
        let prepared = match self.prepared.entry(sql) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let (numbered, names) = numbered(sql);
                let types: Result<Vec<_>, _> = names
                    .iter()
                    .map(|name| value_of(params, name).map(type_of))
                    .collect();
                let types = types?;
                let statement = self.link.wait(self.link.client.prepare_typed(&numbered, &types));
                let statement = statement.map_err(|error| self.verdict.learn(&error))?;
                entry.insert(Prepared { statement, names })
            }
        };
        // One that the statement has no use for is a slip that a test would not see otherwise.
        if let Some((name, _)) = params.iter().find(|(name, _)| !prepared.names.contains(name)) {
            return Err(StoreError::Failed(format!("no parameter {name} in a statement")));
        }
        let values: Result<Values, StoreError> = prepared
            .names
            .iter()
            .map(|name| {
                Ok(match value_of(params, name)? {
                    Value::Int(number) => Box::new(*number) as Box<dyn ToSql + Send + Sync>,
                    Value::Text(text) => Box::new(text.map(str::to_owned)),
                    Value::Bytes(bytes) => Box::new(bytes.map(<[u8]>::to_vec)),
                })
            })
            .collect();
        Ok((prepared.statement.clone(), values?))
    }
}

fn value_of<'a>(params: Params<'a>, name: &str) -> Result<&'a Value<'a>, StoreError> {
    let found = params.iter().find(|(known, _)| *known == name);
    let (_, value) =
        found.ok_or_else(|| StoreError::Failed(format!("no value for {name} of a statement")))?;
    Ok(value)
}

fn type_of(value: &Value<'_>) -> Type {
    match value {
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    }
}

/// The statement with `$1`, `$2` … in the place of `:name`s, and the names. A colon stands for nothing else in the
/// store's statements.
fn numbered(sql: &'static str) -> (String, Vec<&'static str>) {
    let (mut text, mut names) = (String::with_capacity(sql.len()), Vec::new());
    let mut rest = sql;
    while let Some(at) = rest.find(':') {
        let (before, from) = rest.split_at(at);
        let end = from
            .bytes()
            .skip(1)
            .position(|byte| !(byte.is_ascii_alphanumeric() || byte == b'_'))
            .map_or(from.len(), |length| length + 1);
        let (name, after) = from.split_at(end);
        let number = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        text.push_str(before);
        text.push('$');
        text.push_str(&(number + 1).to_string());
        rest = after;
    }
    text.push_str(rest);
    (text, names)
}

struct Found<'a>(&'a tokio_postgres::Row);

impl Columns for Found<'_> {
    fn get(&self, name: &str) -> Result<Column<'_>, StoreError> {
        let index = self.0.columns().iter().position(|column| column.name() == name);
        column(
            self.0,
            index.ok_or_else(|| StoreError::Failed(format!("no column {name} in a row")))?,
        )
    }

    fn first(&self) -> Result<Column<'_>, StoreError> {
        column(self.0, 0)
    }
}

fn column(row: &tokio_postgres::Row, index: usize) -> Result<Column<'_>, StoreError> {
    let of = row.columns().get(index).map(|column| column.type_().clone());
    let unread = |error: Error| failed(&error);
    let found = match of {
        Some(Type::INT8) => row
            .try_get::<_, Option<i64>>(index)
            .map_err(unread)?
            .map(Column::Int),
        Some(Type::INT4) => {
            let number = row.try_get::<_, Option<i32>>(index).map_err(unread)?;
            number.map(|number| Column::Int(number.into()))
        }
        Some(Type::TEXT) => {
            let text = row.try_get::<_, Option<&str>>(index).map_err(unread)?;
            text.map(|text| Column::Text(text.into()))
        }
        Some(Type::BYTEA) => {
            let bytes = row.try_get::<_, Option<&[u8]>>(index).map_err(unread)?;
            bytes.map(|bytes| Column::Bytes(bytes.into()))
        }
        _ => {
            return Err(StoreError::Failed(
                "a column is of a type that is not used here".to_owned(),
            ));
        }
    };
    Ok(found.unwrap_or(Column::Null))
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn names_become_numbers() {
        let (sql, names) = numbered("UPDATE t SET a = :a, b = :b_1 WHERE a <> :a");
        assert_eq!(sql, "UPDATE t SET a = $1, b = $2 WHERE a <> $1");
        assert_eq!(names, [":a", ":b_1"]);
    }
}
