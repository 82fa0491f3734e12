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
    jws          TEXT NOT NULL,
    terms        TEXT NOT NULL,
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
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    hint        TEXT NOT NULL,
    merchant    TEXT NOT NULL,
    reference   TEXT NOT NULL,
    amount      INTEGER NOT NULL CHECK (amount > 0),
    fee         INTEGER NOT NULL CHECK (fee >= 0),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    made_at     INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    consent     TEXT NOT NULL UNIQUE REFERENCES consents (id),
    charge      TEXT UNIQUE,
    CHECK (charge IS NULL OR details IS NULL),
    UNIQUE (quote, merchant, reference, amount, fee, currency, consent)
) STRICT;
CREATE INDEX tokens_of_order ON tokens (merchant, reference);
CREATE INDEX tokens_of_instrument ON tokens (fingerprint, made_at);
CREATE INDEX tokens_with_details ON tokens (expires_at) WHERE details IS NOT NULL;

CREATE TABLE charges (
    id         TEXT PRIMARY KEY,
    merchant   TEXT NOT NULL,
    reference  TEXT NOT NULL,
    quote      TEXT NOT NULL UNIQUE,
    consent    TEXT NOT NULL,
    amount     INTEGER NOT NULL,
    fee        INTEGER NOT NULL,
    currency   TEXT NOT NULL,
    hint       TEXT NOT NULL,
    at_once    INTEGER NOT NULL CHECK (at_once IN (0, 1)),
    stage      TEXT NOT NULL
               CHECK (stage IN ('asking', 'unknown', 'authorised', 'paid', 'declined', 'voided', 'expired')),
    reason     TEXT CHECK ((reason IS NOT NULL) = (stage = 'declined')),
    receipt    TEXT UNIQUE CHECK ((receipt IS NOT NULL) = (stage = 'paid')),
    expires_at INTEGER CHECK (stage <> 'authorised' OR expires_at IS NOT NULL),
    look_at    INTEGER CHECK ((look_at IS NOT NULL) = (stage = 'unknown')),
    captured   INTEGER NOT NULL DEFAULT 0 CHECK ((captured > 0) = (stage = 'paid')),
    refunded   INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    refunding  INTEGER NOT NULL DEFAULT 0 CHECK (refunding >= 0),
    held       INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
    created_at INTEGER NOT NULL,
    -- Whatever the code above believes: refunded ≤ captured ≤ authorised ≤ agreed total,
    CHECK (refunded + refunding + held <= captured AND captured <= amount + fee),
    -- what is taken at once is taken whole,
    CHECK (at_once = 0 OR captured IN (0, amount + fee)),
    -- and what is charged is what was agreed to, with the consent that was given.
    FOREIGN KEY (quote, merchant, reference, amount, fee, currency, consent)
        REFERENCES tokens (quote, merchant, reference, amount, fee, currency, consent)
) STRICT;
-- An order is paid once, whatever the keys: it has at most one charge that is paid or can still be.
CREATE UNIQUE INDEX charges_one_live_per_order ON charges (merchant, reference)
    WHERE stage NOT IN ('declined', 'voided', 'expired');
CREATE INDEX charges_without_end ON charges (created_at) WHERE stage IN ('asking', 'unknown');
CREATE INDEX charges_reserved ON charges (expires_at) WHERE stage = 'authorised';

-- A charge goes forward, and one that has ended stays as it ended. What was to be reserved is not taken at once.
CREATE TRIGGER charges_go_forward BEFORE UPDATE OF stage ON charges
WHEN NOT CASE
    WHEN OLD.stage IN ('asking', 'unknown')
        THEN NEW.stage IN ('unknown', 'declined', iif(OLD.at_once, 'paid', 'authorised'))
    WHEN OLD.stage = 'authorised' THEN NEW.stage IN ('paid', 'voided', 'expired')
    ELSE FALSE
END
BEGIN
    SELECT RAISE(ABORT, 'a charge ends once');
END;
-- What was agreed to, taken and given back is never less than it was.
CREATE TRIGGER charges_stay BEFORE UPDATE OF id, merchant, reference, quote, consent, amount, fee, currency, at_once,
                                            receipt, captured, refunded ON charges
WHEN NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.reference <> OLD.reference OR NEW.quote <> OLD.quote
  OR NEW.consent <> OLD.consent OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.currency <> OLD.currency
  OR NEW.at_once <> OLD.at_once OR (OLD.receipt IS NOT NULL AND NEW.receipt IS NOT OLD.receipt)
  OR (OLD.captured > 0 AND NEW.captured <> OLD.captured) OR NEW.refunded < OLD.refunded
BEGIN
    SELECT RAISE(ABORT, 'what was agreed to and moved stays');
END;
CREATE TRIGGER charges_remain BEFORE DELETE ON charges BEGIN
    SELECT RAISE(ABORT, 'charges remain');
END;

CREATE TABLE operations (
    id         TEXT PRIMARY KEY,
    charge     TEXT NOT NULL REFERENCES charges (id),
    kind       TEXT NOT NULL CHECK (kind IN ('capture', 'void', 'expire', 'refund', 'return')),
    amount     INTEGER NOT NULL CHECK (amount > 0),
    currency   TEXT NOT NULL CHECK (length(currency) = 3),
    stage      TEXT NOT NULL CHECK (stage IN ('asking', 'unknown', 'done', 'failed')),
    ask_at     INTEGER CHECK ((ask_at IS NOT NULL) = (stage = 'unknown')),
    created_at INTEGER NOT NULL,
    ended_at   INTEGER CHECK ((ended_at IS NOT NULL) = (stage IN ('done', 'failed')))
) STRICT;
CREATE INDEX operations_of_charge ON operations (charge);
CREATE INDEX operations_without_end ON operations (created_at) WHERE stage IN ('asking', 'unknown');
-- A reservation is taken or let go once; a dispute brings the money back once.
CREATE UNIQUE INDEX operations_one_end_per_charge ON operations (charge)
    WHERE kind IN ('capture', 'void', 'expire') AND stage <> 'failed';
CREATE UNIQUE INDEX operations_one_return_per_charge ON operations (charge)
    WHERE kind = 'return' AND stage <> 'failed';
CREATE TRIGGER operations_end_once BEFORE UPDATE ON operations
WHEN OLD.stage IN ('done', 'failed') OR (OLD.stage = 'unknown' AND NEW.stage = 'asking')
  OR NEW.id <> OLD.id OR NEW.charge <> OLD.charge OR NEW.kind <> OLD.kind
  OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency
BEGIN
    SELECT RAISE(ABORT, 'an operation ends once');
END;
CREATE TRIGGER operations_remain BEFORE DELETE ON operations BEGIN
    SELECT RAISE(ABORT, 'operations remain');
END;

-- An idempotency key stands for one request for as long as what it made is kept.
CREATE TABLE requests (
    merchant   TEXT NOT NULL,
    key        TEXT NOT NULL,
    body_hash  BLOB NOT NULL CHECK (length(body_hash) = 32),
    charge     TEXT REFERENCES charges (id),
    operation  TEXT REFERENCES operations (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (merchant, key),
    CHECK ((charge IS NULL) <> (operation IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE receipts (
    id     TEXT PRIMARY KEY,
    charge TEXT NOT NULL UNIQUE REFERENCES charges (id),
    body   TEXT NOT NULL,
    jws    TEXT NOT NULL
) STRICT;

CREATE TABLE disputes (
    id          TEXT PRIMARY KEY,
    charge      TEXT NOT NULL UNIQUE REFERENCES charges (id),
    merchant    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    words       TEXT,
    amount      INTEGER NOT NULL CHECK (amount > 0),
    currency    TEXT NOT NULL CHECK (length(currency) = 3),
    stage       TEXT NOT NULL CHECK (stage IN ('open', 'contested', 'returning', 'returned', 'rejected')),
    answer      TEXT,               -- the merchant's words
    answer_by   INTEGER NOT NULL,
    opened_at   INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER CHECK ((ended_at IS NOT NULL) = (stage IN ('returned', 'rejected'))),
    CHECK (stage <> 'contested' OR (answer IS NOT NULL AND answered_at IS NOT NULL))
) STRICT;
CREATE INDEX disputes_of_merchant ON disputes (merchant, opened_at);
CREATE INDEX disputes_without_end ON disputes (answer_by) WHERE stage IN ('open', 'returning');
-- A return that failed leaves its dispute returning, and is begun anew.
CREATE TRIGGER disputes_go_forward BEFORE UPDATE OF stage ON disputes
WHEN NOT CASE OLD.stage
    WHEN 'open' THEN NEW.stage IN ('contested', 'returning', 'rejected')
    WHEN 'contested' THEN NEW.stage IN ('returning', 'rejected')
    WHEN 'returning' THEN NEW.stage IN ('returning', 'returned')
    ELSE FALSE
END
BEGIN
    SELECT RAISE(ABORT, 'a dispute ends once');
END;

-- The ledger: a posting is what one event moves; `hash` chains it to the posting before it.
CREATE TABLE postings (
    seq       INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('capture', 'refund', 'hold', 'release', 'return')),
    charge    TEXT NOT NULL REFERENCES charges (id),
    operation TEXT UNIQUE REFERENCES operations (id),
    at        INTEGER NOT NULL,
    currency  TEXT NOT NULL CHECK (length(currency) = 3),
    remainder INTEGER NOT NULL,
    hash      BLOB NOT NULL UNIQUE CHECK (length(hash) = 32)
) STRICT;
CREATE INDEX postings_of_charge ON postings (charge);
CREATE UNIQUE INDEX postings_one_capture ON postings (charge) WHERE kind = 'capture';
CREATE TABLE entries (
    posting INTEGER NOT NULL REFERENCES postings (seq),
    line    INTEGER NOT NULL,
    account TEXT NOT NULL,
    amount  INTEGER NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (posting, line)
) STRICT, WITHOUT ROWID;

-- The ledger is written, never rewritten: a posting comes after the last one, an entry at the end of the last posting.
CREATE TRIGGER postings_follow BEFORE INSERT ON postings
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM postings)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
WHEN NEW.posting <> (SELECT max(seq) FROM postings)
  OR NEW.line <> (SELECT count(*) + 1 FROM entries WHERE posting = NEW.posting)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER postings_remain BEFORE DELETE ON postings BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

-- What merchants are told, written in the transaction of what it tells.
CREATE TABLE events (
    id       TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    kind     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_merchant ON events (merchant, at);
CREATE TABLE endpoints (
    id         TEXT PRIMARY KEY,
    merchant   TEXT NOT NULL,
    url        TEXT NOT NULL,
    secret     BLOB NOT NULL,       -- encrypted
    created_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX endpoints_of_merchant ON endpoints (merchant, url) WHERE removed_at IS NULL;
CREATE TABLE deliveries (
    event    TEXT NOT NULL REFERENCES events (id),
    endpoint TEXT NOT NULL REFERENCES endpoints (id),
    stage    TEXT NOT NULL CHECK (stage IN ('due', 'delivered', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at   INTEGER CHECK ((due_at IS NOT NULL) = (stage = 'due')),
    ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (stage <> 'due')),
    failure  TEXT,                  -- why the last attempt failed
    PRIMARY KEY (event, endpoint)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_of_endpoint ON deliveries (endpoint, stage);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE stage = 'due';
CREATE INDEX deliveries_dead ON deliveries (ended_at) WHERE stage = 'dead';
