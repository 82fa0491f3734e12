//! SQLite as what runs the store's statements.

use farthing_gateway::StoreError;
use farthing_store_sql::db::{Column, Columns, Db, Params, Row, Value};
use rusqlite::{
    CachedStatement,
    types::{Null, ValueRef},
};

use crate::{
    log::Written,
    writer::{Session, failed, not_logged},
};

/// A connection in a transaction.
pub(crate) struct Transaction<'a>(pub &'a Session);

impl Transaction<'_> {
    /// The statement, prepared and with its parameters; and what the log has to say of it, if it writes.
    fn bound(
        &self,
        sql: &'static str,
        params: Params<'_>,
    ) -> Result<(CachedStatement<'_>, Option<Written>), StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let logged = self.0.logs() && !statement.readonly();
        let mut written = logged.then(|| Written::new(sql));
        for (name, value) in params {
            let index = statement.parameter_index(name).map_err(failed)?;
            // One that the statement has no use for is a slip that a test would not see otherwise.
            let index =
                index.ok_or_else(|| StoreError::Failed(format!("no parameter {name} in a statement")))?;
            if let Some(written) = &mut written {
                written.bind(index, value).map_err(not_logged)?;
            }
            match value {
                Value::Int(Some(number)) => statement.raw_bind_parameter(index, number),
                Value::Text(Some(text)) => statement.raw_bind_parameter(index, text),
                Value::Bytes(Some(bytes)) => statement.raw_bind_parameter(index, bytes),
                Value::Int(None) | Value::Text(None) | Value::Bytes(None) => {
                    statement.raw_bind_parameter(index, Null)
                }
            }
            .map_err(failed)?;
        }
        Ok((statement, written))
    }
}

impl Db for Transaction<'_> {
    fn change(&self, sql: &'static str, params: Params<'_>) -> Result<usize, StoreError> {
        let (mut statement, written) = self.bound(sql, params)?;
        let changed = statement.raw_execute().map_err(failed)?;
        // What changed nothing need not be done again.
        self.0.wrote(written.filter(|_| changed > 0));
        Ok(changed)
    }

    fn query(
        &self,
        sql: &'static str,
        params: Params<'_>,
        read: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let (mut statement, written) = self.bound(sql, params)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next().map_err(failed)? {
            if !read(&Found(row))? {
                break;
            }
        }
        self.0.wrote(written);
        Ok(())
    }
}

struct Found<'a>(&'a rusqlite::Row<'a>);

impl Columns for Found<'_> {
    fn get(&self, name: &str) -> Result<Column<'_>, StoreError> {
        column(self.0.get_ref(name).map_err(failed)?)
    }

    fn first(&self) -> Result<Column<'_>, StoreError> {
        column(self.0.get_ref(0).map_err(failed)?)
    }
}

fn column(value: ValueRef<'_>) -> Result<Column<'_>, StoreError> {
    Ok(match value {
        ValueRef::Null => Column::Null,
        ValueRef::Integer(number) => Column::Int(number),
        ValueRef::Text(text) => {
            let text = std::str::from_utf8(text)
                .map_err(|_| StoreError::Failed("a text is not UTF-8".to_owned()))?;
            Column::Text(text.into())
        }
        ValueRef::Blob(bytes) => Column::Bytes(bytes.into()),
        ValueRef::Real(_) => return Err(StoreError::Failed("a column holds a fraction".to_owned())),
    })
}
