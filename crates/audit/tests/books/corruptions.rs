//! What can be done to the books, one at a time, by who can write the file.

use std::path::Path;

use rusqlite::Connection;

/// A change that no trigger stops any more.
pub struct Corruption {
    pub what: &'static str,
    sql: &'static str,
    /// The codes of all that is found.
    pub found: &'static [&'static str],
}

impl Corruption {
    pub fn plant(&self, path: &Path) {
        let db = Connection::open(path).unwrap();
        let triggers: Vec<String> = db
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for trigger in triggers {
            db.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
        }
        db.execute_batch(
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
             DROP INDEX charges_one_live_per_order; DROP INDEX postings_one_capture;",
        )
        .unwrap();
        let before = db.total_changes();
        db.execute_batch(self.sql).unwrap();
        assert!(db.total_changes() > before, "{}: nothing was changed", self.what);
    }
}

const fn corruption(what: &'static str, sql: &'static str, found: &'static [&'static str]) -> Corruption {
    Corruption { what, sql, found }
}

pub const ALL: [Corruption; 51] = [
    corruption(
        "an entry's amount changed",
        "UPDATE entries SET amount = amount + 1 WHERE posting = 1 AND account LIKE 'merchant:%'",
        &["posting.sum", "chain.hash"],
    ),
    corruption(
        "money moved from one account to another",
        "UPDATE entries SET amount = amount - iif(account = 'fees', -1, 1) WHERE posting = 1 AND account <> 'bank'",
        &["chain.hash", "receipt.fee"],
    ),
    corruption(
        "an account renamed",
        "UPDATE entries SET account = 'merchant:mer_x' WHERE posting = 1 AND account LIKE 'merchant:%'",
        &["chain.hash", "posting.accounts"],
    ),
    corruption(
        "a posting deleted",
        "DELETE FROM entries WHERE posting = 1; DELETE FROM postings WHERE seq = 1",
        &[
            "chain.gap",
            "chain.hash",
            "charge.captured",
            "charge.stage",
            "receipt.fee",
        ],
    ),
    corruption(
        "the last posting deleted, its entries left",
        "DELETE FROM postings WHERE seq = (SELECT max(seq) FROM postings)",
        &["entry.astray", "charge.held", "dispute.amount"],
    ),
    corruption(
        "two postings swapped",
        "UPDATE postings SET seq = -1 WHERE seq = 1; UPDATE postings SET seq = 1 WHERE seq = 2;
         UPDATE postings SET seq = 2 WHERE seq = -1; UPDATE entries SET posting = -1 WHERE posting = 1;
         UPDATE entries SET posting = 1 WHERE posting = 2; UPDATE entries SET posting = 2 WHERE posting = -1",
        &["chain.hash"],
    ),
    corruption(
        "a hash changed",
        "UPDATE postings SET hash = zeroblob(32) WHERE seq = 3",
        &["chain.hash"],
    ),
    corruption(
        "a remainder changed",
        "UPDATE postings SET remainder = remainder + 1 WHERE seq = 1",
        &["chain.hash"],
    ),
    corruption(
        "a posting's time changed",
        "UPDATE postings SET at = at + 1 WHERE seq = 1",
        &["chain.hash"],
    ),
    corruption(
        "a charge's amount raised",
        "UPDATE charges SET amount = amount + 1 WHERE reference = 'partly'",
        &["charge.agreed", "charge.captured_beyond"],
    ),
    corruption(
        "a charge's and its token's amount raised",
        "UPDATE charges SET amount = amount + 1 WHERE reference = 'waits'; UPDATE tokens SET amount = amount + 1 WHERE reference = 'waits'",
        &["consent.agreed"],
    ),
    corruption(
        "captured raised",
        "UPDATE charges SET captured = captured + 1 WHERE reference = 'later'",
        &["charge.captured", "receipt.total"],
    ),
    corruption(
        "captured raised beyond what was agreed to",
        "UPDATE charges SET captured = captured + 1 WHERE reference = 'paid'",
        &["charge.captured", "charge.captured_beyond", "receipt.total"],
    ),
    corruption(
        "refunded lowered",
        "UPDATE charges SET refunded = refunded - 1 WHERE reference = 'partly'",
        &["charge.refunded"],
    ),
    corruption(
        "refunded raised beyond captured",
        "UPDATE charges SET refunded = captured + 1 WHERE reference = 'partly'",
        &["charge.refunded", "charge.refunded_beyond"],
    ),
    corruption(
        "refunding left over",
        "UPDATE charges SET refunding = 1 WHERE reference = 'partly'",
        &["charge.refunding"],
    ),
    corruption(
        "held left over",
        "UPDATE charges SET held = 1 WHERE reference = 'rejected'",
        &["charge.held"],
    ),
    corruption(
        "a stage turned back",
        "UPDATE charges SET stage = 'authorised' WHERE reference = 'paid'",
        &["charge.stage", "event.missing"],
    ),
    corruption(
        "a stage turned to paid",
        "UPDATE charges SET stage = 'paid' WHERE reference = 'waits'",
        &["charge.stage", "charge.receipt", "event.missing"],
    ),
    corruption(
        "a second charge of an order",
        "UPDATE charges SET stage = 'authorised', reference = 'paid' WHERE reference = 'waits'",
        &["charge.second"],
    ),
    corruption(
        "a token taken by nobody",
        "UPDATE tokens SET charge = NULL WHERE reference = 'paid'",
        &["charge.token"],
    ),
    corruption(
        "a consent's text changed",
        "UPDATE consents SET body = replace(body, 'once.', 'twice.') WHERE quote = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["consent.body", "consent.hash"],
    ),
    corruption(
        "a consent's total changed",
        "UPDATE consents SET body = json_set(body, '$.total.amount', 149) WHERE quote = (SELECT quote FROM charges WHERE reference = 'paid')",
        &[
            "consent.body",
            "consent.total",
            "consent.agreed",
            "consent.quote",
            "consent.text",
        ],
    ),
    corruption(
        "a consent's signature of another",
        "UPDATE consents SET jws = (SELECT jws FROM consents WHERE quote = (SELECT quote FROM charges WHERE reference = 'large')) WHERE quote = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["consent.body"],
    ),
    corruption(
        "a consent's amount in words changed",
        "UPDATE consents SET body = json_set(body, '$.text', replace(body ->> '$.text', '€1.50', '€11.50')) WHERE quote = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["consent.body", "consent.hash", "consent.text"],
    ),
    corruption(
        "a quote's total changed",
        "UPDATE quotes SET body = json_set(body, '$.methods[0].total.amount', 149) WHERE id = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["quote.body", "consent.quote"],
    ),
    corruption(
        "a quote's signature forged",
        "UPDATE quotes SET jws = substr(jws, 1, length(jws) - 8) || 'AAAAAAAA' WHERE id = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["quote.signature"],
    ),
    corruption(
        "a receipt's total changed",
        "UPDATE receipts SET body = json_set(body, '$.total.amount', 149) WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["receipt.body", "receipt.total"],
    ),
    corruption(
        "a receipt's payee changed",
        "UPDATE receipts SET body = json_set(body, '$.payee.name', 'Another') WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["receipt.body"],
    ),
    corruption(
        "a receipt's signature of another",
        "UPDATE receipts SET jws = (SELECT jws FROM receipts WHERE charge = (SELECT id FROM charges WHERE reference = 'large')) WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["receipt.body"],
    ),
    corruption(
        "a receipt signed by a consent",
        "UPDATE receipts SET jws = (SELECT jws FROM consents WHERE quote = (SELECT quote FROM charges WHERE reference = 'paid')) WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["receipt.body", "receipt.signature"],
    ),
    corruption(
        "a receipt deleted",
        "DELETE FROM receipts WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["charge.receipt"],
    ),
    corruption(
        "an operation's amount changed",
        "UPDATE operations SET amount = amount + 1 WHERE charge = (SELECT id FROM charges WHERE reference = 'partly')",
        &["operation.amount"],
    ),
    corruption(
        "an operation without its posting",
        "INSERT INTO operations SELECT 'opr_x', charge, kind, amount, currency, stage, NULL, created_at, ended_at FROM operations WHERE charge = (SELECT id FROM charges WHERE reference = 'partly')",
        &["operation.unposted", "event.missing"],
    ),
    corruption(
        "an operation turned back",
        "UPDATE operations SET stage = 'failed' WHERE charge = (SELECT id FROM charges WHERE reference = 'partly')",
        &["operation.posting", "event.missing"],
    ),
    corruption(
        "a capture without its operation",
        "UPDATE operations SET kind = 'void' WHERE kind = 'capture'",
        &["operation.posting", "operation.stage"],
    ),
    corruption(
        "an operation deleted",
        "DELETE FROM operations WHERE charge = (SELECT id FROM charges WHERE reference = 'partly')",
        &["posting.operation", "request.astray"],
    ),
    corruption(
        "an event deleted",
        "DELETE FROM events WHERE kind = 'charge.paid' AND body ->> '$.data.id' = (SELECT id FROM charges WHERE reference = 'paid')",
        &["event.missing"],
    ),
    corruption(
        "a dispute's event deleted",
        "DELETE FROM events WHERE kind = 'dispute.rejected'",
        &["event.missing"],
    ),
    corruption(
        "a key that points nowhere",
        "UPDATE requests SET charge = 'chg_x' WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["request.astray"],
    ),
    corruption(
        "a key of another merchant",
        "UPDATE requests SET merchant = 'mer_x' WHERE charge = (SELECT id FROM charges WHERE reference = 'paid')",
        &["request.astray"],
    ),
    corruption(
        "a dispute's amount changed",
        "UPDATE disputes SET amount = amount + 1 WHERE charge = (SELECT id FROM charges WHERE reference = 'disputed')",
        &["dispute.amount"],
    ),
    corruption(
        "a dispute's end changed",
        "UPDATE disputes SET stage = 'returned' WHERE charge = (SELECT id FROM charges WHERE reference = 'rejected')",
        &["dispute.stage", "event.missing"],
    ),
    corruption(
        "a dispute of nothing",
        "UPDATE disputes SET charge = 'chg_x' WHERE charge = (SELECT id FROM charges WHERE reference = 'disputed')",
        &["dispute.charge"],
    ),
    corruption(
        "details left behind",
        "UPDATE tokens SET details = x'00' WHERE reference = 'paid'",
        &["token.details"],
    ),
    corruption(
        "details left after their end",
        "UPDATE tokens SET expires_at = 1 WHERE reference = 'left'",
        &["token.details"],
    ),
    corruption(
        "a quote's key left after its end",
        "UPDATE quotes SET vault_secret = x'00', expires_at = 1 WHERE id = (SELECT quote FROM charges WHERE reference = 'paid')",
        &["quote.secret"],
    ),
    corruption(
        "a charge deleted",
        "DELETE FROM charges WHERE reference = 'declined'",
        &["request.astray"],
    ),
    corruption(
        "a posting of another currency",
        "UPDATE postings SET currency = 'USD' WHERE seq = 1",
        &["chain.hash", "posting.currency"],
    ),
    corruption(
        "a posting of another kind",
        "UPDATE postings SET kind = 'refund', charge = charge WHERE seq = 1",
        &[
            "chain.hash",
            "posting.accounts",
            "posting.operation",
            "charge.captured",
            "charge.refunded",
            "charge.stage",
            "receipt.fee",
        ],
    ),
    corruption(
        "a capture booked twice",
        "INSERT INTO postings SELECT max(seq) + 1, 'capture', (SELECT id FROM charges WHERE reference = 'paid'), NULL, 0, 'EUR', 0, zeroblob(32) FROM postings; INSERT INTO entries SELECT (SELECT max(seq) FROM postings), line, account, amount FROM entries WHERE posting = 1",
        &["chain.hash", "charge.captured", "charge.stage", "receipt.fee"],
    ),
];
