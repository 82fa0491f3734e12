//! Payments that are there already: copies of one that was made, each a payment of its own to every index.

use std::path::Path;

use farthing_testkit::PostgresServer;
use rusqlite::Connection;

/// The database of a run.
pub enum Stored {
    /// A file in the run's folder.
    Sqlite,
    /// A server, and the address of a schema.
    Postgres(PostgresServer, String),
}

impl Stored {
    pub fn sqlite() -> Self {
        Self::Sqlite
    }

    pub fn postgres(server: PostgresServer) -> Self {
        let url = server.schema();
        Self::Postgres(server, url)
    }

    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(_, url) => Some(url),
        }
    }

    /// Stores `count` payments. They are not chained: no audit would pass them, and no request looks at that.
    pub fn fill(&self, folder: &Path, count: u64) {
        match self {
            Self::Sqlite => {
                let db = Connection::open(folder.join("farthing.db")).unwrap();
                db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA cache_size = -200000;")
                    .unwrap();
                let triggers: Vec<(String, String)> = db
                    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
                    .unwrap()
                    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
                    .unwrap()
                    .map(Result::unwrap)
                    .collect();
                let drop: String = triggers
                    .iter()
                    .map(|(name, _)| format!("DROP TRIGGER {name};"))
                    .collect();
                let make: String = triggers.iter().map(|(_, sql)| format!("{sql};")).collect();
                let copies = copies(count, "printf('%030d', n)", "randomblob(32)");
                db.execute_batch(&format!(
                    "BEGIN; {drop} {copies} {make} COMMIT; ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);"
                ))
                .unwrap();
            }
            Self::Postgres(server, url) => {
                let hash = "decode(md5(n::text) || md5((-n)::text), 'hex')";
                let copies = copies(count, "lpad(n::text, 30, '0')", hash);
                let _ = server.tell(
                    url,
                    &format!("SET session_replication_role = replica; {copies} ANALYZE"),
                );
            }
        }
    }
}

/// `id` and `hash` make an id's tail and 32 bytes out of the number `n`.
fn copies(count: u64, id: &str, hash: &str) -> String {
    // The one that was made is number 1 of the ledger.
    let n = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n <= {count})"
    );
    let of = |table: &str, columns: &str, values: &str| {
        format!(
            "INSERT INTO {table} ({columns}) {n} SELECT {values} FROM numbers, (SELECT * FROM {table} LIMIT 1) AS one;"
        )
    };
    [
        of("orders", "merchant, reference, digest", &format!("merchant, 'stored-' || n, {hash}")),
        of(
            "quotes",
            "id, merchant, reference, body, jws, terms, expires_at",
            &format!("'quo_' || {id}, merchant, 'stored-' || n, body, jws, terms, expires_at"),
        ),
        of("consents", "id, quote, body, jws", &format!("'con_' || {id}, 'quo_' || {id}, body, jws")),
        of(
            "tokens",
            "quote, hash, sealed_hash, fingerprint, hint, merchant, reference, amount, fee, currency, made_at, expires_at, consent, charge",
            &format!(
                "'quo_' || {id}, {hash}, {hash}, {hash}, hint, merchant, 'stored-' || n, amount, fee, currency, made_at, expires_at,
                 'con_' || {id}, 'chg_' || {id}"
            ),
        ),
        of(
            "charges",
            "id, merchant, reference, quote, consent, amount, fee, currency, hint, at_once, stage, receipt, captured, created_at",
            &format!(
                "'chg_' || {id}, merchant, 'stored-' || n, 'quo_' || {id}, 'con_' || {id}, amount, fee, currency, hint, at_once, stage,
                 'rcp_' || {id}, captured, created_at - 86400"
            ),
        ),
        of(
            "requests",
            "merchant, key, body_hash, charge, created_at",
            &format!("merchant, 'stored-' || n, body_hash, 'chg_' || {id}, created_at"),
        ),
        of("receipts", "id, charge, body, jws", &format!("'rcp_' || {id}, 'chg_' || {id}, body, jws")),
        of(
            "postings",
            "seq, kind, charge, at, currency, remainder, hash",
            &format!("n, kind, 'chg_' || {id}, at, currency, remainder, {hash}"),
        ),
        of("entries", "posting, line, account, amount", "n, 1, account, amount"),
        of("events", "id, merchant, kind, at, body", &format!("'evt_' || {id}, merchant, kind, at, body")),
    ]
    .concat()
}
