use tokio_postgres::{Error, error::SqlState};

use crate::{
    connect::{OpenError, check, config, connect},
    link::{Link, driver},
};

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
    let link = connect(&config(url)?, &driver()?)?;
    check(&link)?;
    up_to_date(&link)
}

pub(crate) fn up_to_date(link: &Link) -> Result<Migrated, OpenError> {
    begin_schema(link)?;
    link.batch("BEGIN")?;
    let migrated = missing_steps(link);
    match migrated {
        Ok(_) => link.batch("COMMIT")?,
        // What fails here, too, fails with the connection, and nothing is committed.
        Err(_) => drop(link.batch("ROLLBACK")),
    }
    migrated
}

fn missing_steps(link: &Link) -> Result<Migrated, OpenError> {
    let turn = "SELECT version FROM turn WHERE one = 1 FOR UPDATE";
    let from: i64 = link.wait(link.client.query_one(turn, &[]))?.try_get(0)?;
    let newest = MIGRATIONS.last().map_or(0, |(version, _)| *version);
    if from > newest {
        return Err(OpenError::Newer(from));
    }
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > from) {
        link.batch(sql)?;
        let up = "UPDATE turn SET version = $1 WHERE one = 1";
        link.wait(link.client.execute(up, &[version]))?;
    }
    Ok(Migrated { from, to: newest })
}

/// The row that everybody takes turns by must be there before anybody can. Of two that make it at once one fails, and
/// finds the other's.
fn begin_schema(link: &Link) -> Result<(), OpenError> {
    let there = "SELECT to_regclass('turn') IS NOT NULL";
    if link.wait(link.client.query_one(there, &[]))?.try_get(0)? {
        return Ok(());
    }
    let made: Result<(), Error> = link.batch(&format!("BEGIN; {FIRST} COMMIT;"));
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
            link.batch("ROLLBACK")?;
            Ok(())
        }
        made => Ok(made?),
    }
}
