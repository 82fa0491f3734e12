-- Amounts are minor units. Times are seconds since 1970. Hashes are SHA-256. JSON is what `protocol` writes.

CREATE TABLE orders (
    merchant  TEXT NOT NULL,
    reference TEXT NOT NULL,
    digest    BLOB NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (merchant, reference)
) STRICT, WITHOUT ROWID;

CREATE TABLE quotes (
    id           TEXT PRIMARY KEY,
    merchant     TEXT NOT NULL,
    reference    TEXT NOT NULL,
    body         TEXT NOT NULL,
    vault_secret BLOB,              -- encrypted; gone once a token is made, or when the quote has expired
    expires_at   INTEGER NOT NULL,
    FOREIGN KEY (merchant, reference) REFERENCES orders (merchant, reference)
) STRICT;
CREATE INDEX quotes_of_order ON quotes (merchant, reference);
CREATE INDEX quotes_with_key ON quotes (expires_at) WHERE vault_secret IS NOT NULL;

CREATE TABLE consents (
    id    TEXT PRIMARY KEY,
    quote TEXT NOT NULL UNIQUE REFERENCES quotes (id),
    body  TEXT NOT NULL,
    jws   TEXT NOT NULL
) STRICT;

-- One quote, one token: a token that is made anew takes the row of the one whose answer was lost.
CREATE TABLE tokens (
    quote       TEXT PRIMARY KEY REFERENCES quotes (id),
    hash        BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    sealed_hash BLOB NOT NULL CHECK (length(sealed_hash) = 32),
    details     BLOB,               -- encrypted; gone once the token is taken, or when it has expired
    hint        TEXT NOT NULL,
    merchant    TEXT NOT NULL,
    reference   TEXT NOT NULL,
    amount      INTEGER NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    expires_at  INTEGER NOT NULL,
    consent     TEXT NOT NULL UNIQUE REFERENCES consents (id),
    charge      TEXT UNIQUE,
    CHECK (charge IS NULL OR details IS NULL),
    UNIQUE (quote, amount, currency)
) STRICT;
CREATE INDEX tokens_of_order ON tokens (merchant, reference);
CREATE INDEX tokens_with_details ON tokens (expires_at) WHERE details IS NOT NULL;

CREATE TABLE charges (
    id         TEXT PRIMARY KEY,
    merchant   TEXT NOT NULL,
    reference  TEXT NOT NULL,
    quote      TEXT NOT NULL UNIQUE,
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL CHECK (length(body_hash) = 32),
    amount     INTEGER NOT NULL,
    currency   TEXT NOT NULL,
    hint       TEXT NOT NULL,
    stage      TEXT NOT NULL CHECK (stage IN ('asking', 'unknown', 'paid', 'declined')),
    reason     TEXT CHECK ((reason IS NOT NULL) = (stage = 'declined')),
    receipt    TEXT UNIQUE CHECK ((receipt IS NOT NULL) = (stage = 'paid')),
    created_at INTEGER NOT NULL,
    UNIQUE (merchant, key),
    -- What is charged is what was agreed to, whatever the code above believes.
    FOREIGN KEY (quote, amount, currency) REFERENCES tokens (quote, amount, currency)
) STRICT;
-- An order is paid once, whatever the keys: it has at most one charge that is not declined.
CREATE UNIQUE INDEX charges_one_live_per_order ON charges (merchant, reference) WHERE stage <> 'declined';
CREATE INDEX charges_without_end ON charges (created_at) WHERE stage IN ('asking', 'unknown');

-- A charge that has ended stays as it ended.
CREATE TRIGGER charges_end_once BEFORE UPDATE OF stage ON charges
WHEN OLD.stage IN ('paid', 'declined') BEGIN
    SELECT RAISE(ABORT, 'a charge ends once');
END;

CREATE TABLE receipts (
    id     TEXT PRIMARY KEY,
    charge TEXT NOT NULL UNIQUE REFERENCES charges (id),
    body   TEXT NOT NULL,
    jws    TEXT NOT NULL
) STRICT;

CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    charge   TEXT NOT NULL REFERENCES charges (id),
    account  TEXT NOT NULL,
    amount   INTEGER NOT NULL CHECK (amount <> 0),
    currency TEXT NOT NULL CHECK (length(currency) = 3)
) STRICT;
CREATE INDEX entries_of_charge ON entries (charge);

-- The ledger is written, never rewritten.
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
