//! The rows of a provider's PostgreSQL.

use postgres::{Client, NoTls, fallible_iterator::FallibleIterator, types::Type};
use serde_json::{Map, Value};

use super::{ReadError, SCHEMAS, Table};
use crate::row::Row;

/// All that is read is of one moment, also beside a provider that runs.
pub(super) fn open(url: &str) -> Result<Client, ReadError> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
    let version: i64 = client
        .query_one("SELECT version FROM turn WHERE one = 1", &[])?
        .try_get(0)?;
    if !SCHEMAS.contains(&version) {
        return Err(ReadError::Form(format!(
            "the database's schema has version {version}, which this program does not know"
        )));
    }
    Ok(client)
}

/// Hands over each row of a table, as SQLite would have it.
pub(super) fn each(
    client: &mut Client,
    table: &Table,
    mut take: impl FnMut(Row) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    // The one function that each has under a name of its own.
    let query = table.query.replace(
        "json_group_array(json_array(account, amount) ORDER BY line)",
        "json_agg(json_build_array(account, amount) ORDER BY line)::text",
    );
    let params: [&i64; 0] = [];
    let mut rows = client.query_raw(&query, params)?;
    while let Some(row) = rows.next()? {
        let mut values = Map::new();
        for (index, column) in row.columns().iter().enumerate() {
            // It numbers rows in the order in which they came, as SQLite does unseen.
            if column.name() != "rowid" {
                values.insert(column.name().to_owned(), value(&row, index, column.type_())?);
            }
        }
        take(Row::new(values))?;
    }
    Ok(())
}

/// Bytes are lower-case hex; truth values are 0 and 1.
fn value(row: &postgres::Row, index: usize, of: &Type) -> Result<Value, ReadError> {
    let value = match *of {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map(Value::from),
        Type::BOOL => row
            .try_get::<_, Option<bool>>(index)?
            .map(|is| i64::from(is).into()),
        Type::TEXT => row.try_get::<_, Option<String>>(index)?.map(Value::from),
        Type::BYTEA => row
            .try_get::<_, Option<Vec<u8>>>(index)?
            .map(|bytes| crate::row::hex(&bytes).into()),
        _ => {
            return Err(ReadError::Form(format!(
                "a column is a {of}, which this program does not know"
            )));
        }
    };
    Ok(value.unwrap_or(Value::Null))
}
