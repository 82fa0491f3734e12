//! The ledger, and what is done once.

use crate::{file, refused};

#[test]
fn the_ledger_is_written_and_never_rewritten() {
    let (_dir, db) = file();
    let posting = |seq, kind, charge, operation| {
        format!(
            "INSERT INTO postings (seq, kind, charge, operation, at, currency, remainder, hash)
             VALUES ({seq}, '{kind}', '{charge}', {operation}, 1, 'EUR', 0, randomblob(32))"
        )
    };
    let third = posting(3, "hold", "paid", "NULL");
    let entry =
        |posting, line, amount| format!("INSERT INTO entries VALUES ({posting}, {line}, 'fees', {amount})");
    let append_only = "the ledger is append-only";
    for statement in [
        "UPDATE postings SET remainder = 1 WHERE seq = 1",
        "UPDATE postings SET seq = 3 WHERE seq = 2",
        "DELETE FROM postings WHERE seq = 2",
        "UPDATE entries SET amount = 1 WHERE posting = 2",
        "DELETE FROM entries WHERE posting = 2",
        // A conflict is resolved by deleting, and that without a word to the triggers of deletion.
        &third.replace("INSERT", "INSERT OR REPLACE").replace("(3,", "(2,"),
        &entry(2, 1, 1).replace("INSERT", "INSERT OR REPLACE"),
        &posting(4, "hold", "paid", "NULL"),
        &entry(1, 3, 1),
        &entry(2, 4, 1),
    ] {
        refused(&db, statement, append_only);
    }
    refused(&db, &entry(2, 3, 0), "CHECK constraint failed: amount <> 0");
    refused(
        &db,
        &posting(3, "capture", "paid", "NULL"),
        "UNIQUE constraint failed: postings.charge",
    );
    refused(
        &db,
        &posting(3, "refund", "paid", "'done'"),
        "UNIQUE constraint failed: postings.operation",
    );
    refused(
        &db,
        &posting(3, "hold", "none", "NULL"),
        "FOREIGN KEY constraint failed",
    );
    db.execute_batch(&third).unwrap();
    db.execute_batch(&entry(3, 1, 1)).unwrap();
}

#[test]
fn an_operation_ends_once_and_a_reservation_by_one() {
    let (_dir, db) = file();
    let insert = |id, charge, kind| {
        format!(
            "INSERT INTO operations (id, charge, kind, amount, currency, stage, created_at)
             VALUES ('{id}', '{charge}', '{kind}', 1, 'EUR', 'asking', 1)"
        )
    };
    for kind in ["capture", "void", "expire"] {
        refused(
            &db,
            &insert("o", "reserved", kind),
            "UNIQUE constraint failed: operations.charge",
        );
    }
    refused(
        &db,
        &insert("o", "paid", "return"),
        "UNIQUE constraint failed: operations.charge",
    );
    refused(
        &db,
        &insert("done", "paid", "refund"),
        "UNIQUE constraint failed: operations.id",
    );
    for id in ["done", "failed"] {
        for stage in ["asking", "unknown", "done", "failed"] {
            let statement = format!("UPDATE operations SET stage = '{stage}' WHERE id = '{id}'");
            refused(&db, &statement, "an operation ends once");
        }
    }
    for set in [
        "stage = 'asking'",
        "amount = 21",
        "currency = 'USD'",
        "kind = 'return'",
        "charge = 'part'",
        "id = 'o'",
    ] {
        let statement = format!("UPDATE operations SET {set} WHERE id = 'open'");
        refused(&db, &statement, "an operation ends once");
    }
    refused(
        &db,
        "DELETE FROM operations WHERE id = 'failed'",
        "operations remain",
    );
    db.execute_batch("UPDATE operations SET stage = 'failed', ended_at = 3 WHERE id IN ('void', 'return')")
        .unwrap();
    db.execute_batch(&insert("o", "reserved", "capture")).unwrap();
    db.execute_batch(&insert("p", "paid", "return")).unwrap();
}

#[test]
fn a_key_a_receipt_a_dispute_and_an_event_are_there_once() {
    let (_dir, db) = file();
    let request = |key, charge, operation| {
        format!("INSERT INTO requests VALUES ('m', '{key}', zeroblob(32), {charge}, {operation}, 1)")
    };
    refused(
        &db,
        &request("key", "'part'", "NULL"),
        "UNIQUE constraint failed: requests.merchant, requests.key",
    );
    refused(&db, &request("new", "NULL", "NULL"), "CHECK constraint failed");
    refused(
        &db,
        &request("new", "'part'", "'done'"),
        "CHECK constraint failed",
    );
    db.execute_batch(&request("new", "NULL", "'done'")).unwrap();
    let receipt = "INSERT INTO receipts VALUES ('r9', 'paid', '{}', 'jws')";
    refused(&db, receipt, "UNIQUE constraint failed: receipts.charge");
    let dispute =
        "INSERT INTO disputes (id, charge, merchant, reason, amount, currency, stage, answer_by, opened_at)
                   VALUES ('e', 'paid', 'm', 'other', 40, 'EUR', 'open', 1, 1)";
    refused(&db, dispute, "UNIQUE constraint failed: disputes.charge");
    for stage in ["open", "contested", "rejected"] {
        let statement = format!("UPDATE disputes SET stage = '{stage}' WHERE id = 'd'");
        refused(&db, &statement, "a dispute ends once");
    }
    db.execute_batch("UPDATE disputes SET stage = 'returning' WHERE id = 'd'")
        .unwrap();
    db.execute_batch("UPDATE disputes SET stage = 'returned', ended_at = 1 WHERE id = 'd'")
        .unwrap();
    let again = "UPDATE disputes SET stage = 'returning', ended_at = NULL WHERE id = 'd'";
    refused(&db, again, "a dispute ends once");
    let event = "INSERT INTO events VALUES ('v', 'm', 'charge.paid', 1, '{}')";
    db.execute_batch(event).unwrap();
    refused(&db, event, "UNIQUE constraint failed: events.id");
}
