//! PostgreSQL as what runs the store's statements.

use std::{
    cell::RefCell,
    collections::{HashMap, hash_map::Entry},
};

use farthing_gateway::StoreError;
use farthing_store_sql::db::{Column, Columns, Db, Params, Row, Value};
use postgres::{
    Client, Statement,
    error::SqlState,
    types::{ToSql, Type},
};

use crate::connect::said;

/// A connection, and what is prepared on it.
pub(crate) struct Transaction(RefCell<Inner>);

struct Inner {
    client: Client,
    /// By the statement's text. There are as many as there are in the code.
    prepared: HashMap<&'static str, Prepared>,
}

struct Prepared {
    statement: Statement,
    /// The parameters' names in the order of their numbers.
    names: Vec<&'static str>,
}

impl Transaction {
    pub(crate) fn new(client: Client) -> Self {
        Self(RefCell::new(Inner {
            client,
            prepared: HashMap::new(),
        }))
    }

    /// Whether the connection is gone, and the transaction with it.
    pub(crate) fn is_lost(&self) -> bool {
        self.0.borrow().client.is_closed()
    }

    /// Runs statements that have no parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.0
            .borrow_mut()
            .client
            .batch_execute(sql)
            .map_err(|error| failed(&error))
    }

    /// Leaves the number of the commit that is about to be made in the row of who makes it. Answers that row: a new one
    /// where it wrote nothing for so long that another took it for gone.
    pub(crate) fn number_commit(&self, writer: i64, number: i64) -> Result<i64, StoreError> {
        let number = (":number", Value::Int(Some(number)));
        let changed = self.change(
            "UPDATE writers SET commits = :number, since = now() WHERE id = :writer",
            &[number.clone(), (":writer", Value::Int(Some(writer)))],
        )?;
        let mut row = writer;
        if changed == 0 {
            self.query(
                "INSERT INTO writers (commits) VALUES (:number) RETURNING id",
                &[number],
                &mut |made| {
                    if let Column::Int(id) = made.first()? {
                        row = id;
                    }
                    Ok(false)
                },
            )?;
        }
        Ok(row)
    }
}

impl Db for Transaction {
    fn change(&self, sql: &'static str, params: Params<'_>) -> Result<usize, StoreError> {
        let mut inner = self.0.borrow_mut();
        let (statement, values) = inner.bound(sql, params)?;
        let values: Vec<_> = values
            .iter()
            .map(|value| &**value as &(dyn ToSql + Sync))
            .collect();
        let changed = inner
            .client
            .execute(&statement, &values)
            .map_err(|error| failed(&error))?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
        read: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let rows = {
            let mut inner = self.0.borrow_mut();
            let (statement, values) = inner.bound(sql, params)?;
            let values: Vec<_> = values
                .iter()
                .map(|value| &**value as &(dyn ToSql + Sync))
                .collect();
            inner
                .client
                .query(&statement, &values)
                .map_err(|error| failed(&error))?
        };
        for row in &rows {
            if !read(&Found(row))? {
                break;
            }
        }
        Ok(())
    }
}

type Bound<'a> = Vec<Box<dyn ToSql + Sync + 'a>>;

impl Inner {
    fn bound<'a>(
        &mut self,
        sql: &'static str,
        params: Params<'a>,
    ) -> Result<(Statement, Bound<'a>), StoreError> {
        let prepared = match self.prepared.entry(sql) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let (numbered, names) = numbered(sql);
                let types: Result<Vec<_>, _> = names
                    .iter()
                    .map(|name| value_of(params, name).map(type_of))
                    .collect();
                let statement = self.client.prepare_typed(&numbered, &types?);
                entry.insert(Prepared {
                    statement: statement.map_err(|error| failed(&error))?,
                    names,
                })
            }
        };
        // One that the statement has no use for is a slip that a test would not see otherwise.
        if let Some((name, _)) = params.iter().find(|(name, _)| !prepared.names.contains(name)) {
            return Err(StoreError::Failed(format!("no parameter {name} in a statement")));
        }
        let values: Result<Bound<'a>, StoreError> = prepared
            .names
            .iter()
            .map(|name| {
                Ok(match value_of(params, name)? {
                    Value::Int(number) => Box::new(*number) as Box<dyn ToSql + Sync + 'a>,
                    Value::Text(text) => Box::new(*text),
                    Value::Bytes(bytes) => Box::new(*bytes),
                })
            })
            .collect();
        Ok((prepared.statement.clone(), values?))
    }
}

fn value_of<'p, 'a>(params: Params<'a>, name: &str) -> Result<&'a Value<'a>, StoreError>
where
    'p: 'a,
{
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

struct Found<'a>(&'a postgres::Row);

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

fn column(row: &postgres::Row, index: usize) -> Result<Column<'_>, StoreError> {
    let of = row.columns().get(index).map(|column| column.type_().clone());
    let unread = |error: postgres::Error| failed(&error);
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

/// What a database that is not there, or ends what it is doing, answers is no fault of what was asked: it was not done,
/// and the same may work a moment later.
pub(crate) fn failed(error: &postgres::Error) -> StoreError {
    let again = [
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::QUERY_CANCELED,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ];
    match error.code() {
        // The connection is gone.
        None => StoreError::Busy,
        Some(code) if again.contains(code) => StoreError::Busy,
        Some(_) => StoreError::Failed(said(error)),
    }
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
