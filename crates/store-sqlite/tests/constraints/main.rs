//! What the schema refuses by itself, whatever the code above it believes: each statement here is written by hand on
//! the store's own file, and must fail for the reason that is named.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod books;
mod charges;

use rusqlite::Connection;
use tempfile::TempDir;

/// A file with charges of 150 and a fee of 5: `asking`, `unknown`, `declined`, `reserved` (not taken at once), `paid`
/// with 155 taken, 20 on its way, 30 back and 40 held, and `part` with 100 taken of what was reserved.
fn file() -> (TempDir, Connection) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("f.db");
    drop(farthing_store_sqlite::open(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    for charge in [
        "asking", "unknown", "declined", "reserved", "paid", "part", "free",
    ] {
        token(&db, charge, charge);
    }
    token(&db, "paid again", "paid");
    token(&db, "reserved again", "reserved");
    token(&db, "declined again", "declined");
    for (charge, at_once) in [
        ("asking", 1),
        ("unknown", 1),
        ("declined", 1),
        ("reserved", 0),
        ("paid", 1),
        ("part", 0),
    ] {
        db.execute_batch(&insert_charge(charge, charge, at_once)).unwrap();
    }
    db.execute_batch(
        "UPDATE charges SET stage = 'unknown', look_at = 1 WHERE id = 'unknown';
         UPDATE charges SET stage = 'declined', reason = '\"card_declined\"' WHERE id = 'declined';
         UPDATE charges SET stage = 'authorised', expires_at = 9 WHERE id IN ('reserved', 'part');
         UPDATE charges SET stage = 'paid', receipt = 'r1', captured = 155 WHERE id = 'paid';
         UPDATE charges SET refunding = 20, refunded = 30, held = 40 WHERE id = 'paid';
         UPDATE charges SET stage = 'paid', receipt = 'r2', captured = 100 WHERE id = 'part';
         INSERT INTO operations (id, charge, kind, amount, currency, stage, created_at, ended_at)
             VALUES ('done', 'paid', 'refund', 30, 'EUR', 'done', 1, 2), ('failed', 'paid', 'refund', 9, 'EUR', 'failed', 1, 2);
         INSERT INTO operations (id, charge, kind, amount, currency, stage, ask_at, created_at)
             VALUES ('open', 'paid', 'refund', 20, 'EUR', 'unknown', 5, 1);
         INSERT INTO operations (id, charge, kind, amount, currency, stage, created_at)
             VALUES ('void', 'reserved', 'void', 155, 'EUR', 'asking', 1),
                    ('return', 'paid', 'return', 40, 'EUR', 'asking', 1);
         INSERT INTO requests (merchant, key, body_hash, charge, created_at) VALUES ('m', 'key', zeroblob(32), 'paid', 1);
         INSERT INTO receipts (id, charge, body, jws) VALUES ('r1', 'paid', '{}', 'jws');
         INSERT INTO disputes (id, charge, merchant, reason, amount, currency, stage, answer_by, opened_at)
             VALUES ('d', 'paid', 'm', 'other', 40, 'EUR', 'returning', 1, 1);
         INSERT INTO postings (seq, kind, charge, at, currency, remainder, hash)
             VALUES (1, 'capture', 'paid', 1, 'EUR', 0, randomblob(32));
         INSERT INTO entries (posting, line, account, amount) VALUES (1, 1, 'bank', -155), (1, 2, 'merchant:m', 155);
         INSERT INTO postings (seq, kind, charge, operation, at, currency, remainder, hash)
             VALUES (2, 'refund', 'paid', 'done', 1, 'EUR', 0, randomblob(32));
         INSERT INTO entries (posting, line, account, amount) VALUES (2, 1, 'refunds:m', -30), (2, 2, 'bank', 30);",
    )
    .unwrap();
    (dir, db)
}

/// A quote of an order, agreed to: a consent and a token.
fn token(db: &Connection, quote: &str, order: &str) {
    let sql = format!(
        "INSERT INTO orders (merchant, reference, digest) VALUES ('m', '{order}', zeroblob(32)) ON CONFLICT DO NOTHING;
         INSERT INTO quotes (id, merchant, reference, body, jws, terms, expires_at)
             VALUES ('{quote}', 'm', '{order}', '{{}}', 'jws', '{{}}', 9);
         INSERT INTO consents (id, quote, body, jws) VALUES ('{quote}', '{quote}', '{{}}', 'jws');
         INSERT INTO tokens (quote, hash, sealed_hash, fingerprint, hint, merchant, reference, amount, fee, currency,
                             made_at, expires_at, consent)
             VALUES ('{quote}', randomblob(32), zeroblob(32), zeroblob(32), '{{}}', 'm', '{order}', 150, 5, 'EUR', 1, 9,
                     '{quote}')"
    );
    db.execute_batch(&sql).unwrap();
}

fn insert_charge(id: &str, order: &str, at_once: u8) -> String {
    format!(
        "INSERT INTO charges (id, merchant, reference, quote, consent, amount, fee, currency, hint, at_once, stage,
                              created_at)
         VALUES ('{id}', 'm', '{order}', '{id}', '{id}', 150, 5, 'EUR', '{{}}', {at_once}, 'asking', 1)"
    )
}

#[track_caller]
fn refused(db: &Connection, statement: &str, why: &str) {
    let answer = db.execute_batch(statement);
    let said = answer.map_or_else(|error| error.to_string(), |()| "not refused".to_owned());
    assert!(said.contains(why), "{statement}: {said}");
}
