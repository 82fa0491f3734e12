use postgres::{Client, error::SqlState};

use crate::connect::{OpenError, check, config, connect};

const FIRST: &str = include_str!("../migrations/0000_turns.sql");
/// The schema, one migration after the other, each with the version after it.
const MIGRATIONS: [(i64, &str); 5] = [
    (2, include_str!("../migrations/0001_first.sql")),
    (3, include_str!("../migrations/0002_registry.sql")),
    (4, include_str!("../migrations/0003_verdicts.sql")),
    (5, include_str!("../migrations/0004_challenges.sql")),
    (6, include_str!("../migrations/0005_prices.sql")),
];

/// What was done with a schema.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Migrated {
    /// Its version before; 0 where there was none.
    pub from: i64,
    /// Its version now.
    pub to: i64,
}

/// Brings the schema at `url` up to date. Who comes at the same time waits, and finds it done.
pub fn migrate(url: &str) -> Result<Migrated, OpenError> {
    let mut client = connect(&config(url)?)?;
    check(&mut client)?;
    up_to_date(&mut client)
}

pub(crate) fn up_to_date(client: &mut Client) -> Result<Migrated, OpenError> {
    begin_schema(client)?;
    let mut transaction = client.transaction()?;
    let from: i64 = transaction
        .query_one("SELECT version FROM turn WHERE one = 1 FOR UPDATE", &[])?
        .try_get(0)?;
    let newest = MIGRATIONS.last().map_or(0, |(version, _)| *version);
    if from > newest {
        return Err(OpenError::Newer(from));
    }
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > from) {
        transaction.batch_execute(sql)?;
        transaction.execute("UPDATE turn SET version = $1 WHERE one = 1", &[version])?;
    }
    transaction.commit()?;
    Ok(Migrated { from, to: newest })
}

/// The row that everybody takes turns by must be there before anybody can. Of two that make it at once one fails, and
/// finds the other's.
fn begin_schema(client: &mut Client) -> Result<(), OpenError> {
    let there = |client: &mut Client| -> Result<bool, postgres::Error> {
        client
            .query_one("SELECT to_regclass('turn') IS NOT NULL", &[])?
            .try_get(0)
    };
    if there(client)? {
        return Ok(());
    }
    let made = client.batch_execute(&format!("BEGIN; {FIRST} COMMIT;"));
    match made {
        Err(error)
            if [
                SqlState::UNIQUE_VIOLATION,
                SqlState::DUPLICATE_TABLE,
                SqlState::DUPLICATE_OBJECT,
            ]
            .iter()
            .any(|state| error.code() == Some(state)) =>
        {
            client.batch_execute("ROLLBACK")?;
            Ok(())
        }
        made => Ok(made?),
    }
}
