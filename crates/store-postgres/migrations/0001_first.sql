-- Amounts are minor units. Times are seconds since 1970. Hashes are SHA-256. JSON is what `protocol` writes.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE TABLE orders (
    merchant  TEXT COLLATE "C" NOT NULL,
    reference TEXT COLLATE "C" NOT NULL,
    digest    BYTEA NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (merchant, reference)
);

CREATE TABLE quotes (
    id           TEXT COLLATE "C" PRIMARY KEY,
    merchant     TEXT COLLATE "C" NOT NULL,
    reference    TEXT COLLATE "C" NOT NULL,
    body         TEXT COLLATE "C" NOT NULL,
    jws          TEXT COLLATE "C" NOT NULL,
    terms        TEXT COLLATE "C" NOT NULL,
    vault_secret BYTEA,              -- encrypted; gone once a token is made, or when the quote has expired
    expires_at   BIGINT NOT NULL,
    FOREIGN KEY (merchant, reference) REFERENCES orders (merchant, reference)
);
CREATE INDEX quotes_of_order ON quotes (merchant, reference);
CREATE INDEX quotes_with_key ON quotes (expires_at) WHERE vault_secret IS NOT NULL;

CREATE TABLE consents (
    id    TEXT COLLATE "C" PRIMARY KEY,
    quote TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES quotes (id),
    body  TEXT COLLATE "C" NOT NULL,
    jws   TEXT COLLATE "C" NOT NULL
);

-- One quote, one token: a token that is made anew takes the row of the one whose answer was lost.
CREATE TABLE tokens (
    quote       TEXT COLLATE "C" PRIMARY KEY REFERENCES quotes (id),
    hash        BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    sealed_hash BYTEA NOT NULL CHECK (length(sealed_hash) = 32),
    details     BYTEA,               -- encrypted; gone once the token is taken, or when it has expired
    fingerprint BYTEA NOT NULL CHECK (length(fingerprint) = 32),
    hint        TEXT COLLATE "C" NOT NULL,
    merchant    TEXT COLLATE "C" NOT NULL,
    reference   TEXT COLLATE "C" NOT NULL,
    amount      BIGINT NOT NULL CHECK (amount > 0),
    fee         BIGINT NOT NULL CHECK (fee >= 0),
    currency    TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    made_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    consent     TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES consents (id),
    charge      TEXT COLLATE "C" UNIQUE,
    CHECK (charge IS NULL OR details IS NULL),
    UNIQUE (quote, merchant, reference, amount, fee, currency, consent)
);
CREATE INDEX tokens_of_order ON tokens (merchant, reference);
CREATE INDEX tokens_of_instrument ON tokens (fingerprint, made_at);
CREATE INDEX tokens_with_details ON tokens (expires_at) WHERE details IS NOT NULL;

CREATE TABLE charges (
    id         TEXT COLLATE "C" PRIMARY KEY,
    merchant   TEXT COLLATE "C" NOT NULL,
    reference  TEXT COLLATE "C" NOT NULL,
    quote      TEXT COLLATE "C" NOT NULL UNIQUE,
    consent    TEXT COLLATE "C" NOT NULL,
    amount     BIGINT NOT NULL,
    fee        BIGINT NOT NULL,
    currency   TEXT COLLATE "C" NOT NULL,
    hint       TEXT COLLATE "C" NOT NULL,
    at_once    BIGINT NOT NULL CHECK (at_once IN (0, 1)),
    stage      TEXT COLLATE "C" NOT NULL
               CHECK (stage IN ('asking', 'unknown', 'authorised', 'paid', 'declined', 'voided', 'expired')),
    reason     TEXT COLLATE "C" CHECK ((reason IS NOT NULL) = (stage = 'declined')),
    receipt    TEXT COLLATE "C" UNIQUE CHECK ((receipt IS NOT NULL) = (stage = 'paid')),
    expires_at BIGINT CHECK (stage <> 'authorised' OR expires_at IS NOT NULL),
    look_at    BIGINT CHECK ((look_at IS NOT NULL) = (stage = 'unknown')),
    captured   BIGINT NOT NULL DEFAULT 0 CHECK ((captured > 0) = (stage = 'paid')),
    refunded   BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0),
    refunding  BIGINT NOT NULL DEFAULT 0 CHECK (refunding >= 0),
    held       BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    created_at BIGINT NOT NULL,
    -- Whatever the code above believes: refunded ≤ captured ≤ authorised ≤ agreed total,
    CHECK (refunded + refunding + held <= captured AND captured <= amount + fee),
    -- what is taken at once is taken whole,
    CHECK (at_once = 0 OR captured IN (0, amount + fee)),
    -- and what is charged is what was agreed to, with the consent that was given.
    FOREIGN KEY (quote, merchant, reference, amount, fee, currency, consent)
        REFERENCES tokens (quote, merchant, reference, amount, fee, currency, consent)
);
-- An order is paid once, whatever the keys: it has at most one charge that is paid or can still be.
CREATE UNIQUE INDEX charges_one_live_per_order ON charges (merchant, reference)
    WHERE stage NOT IN ('declined', 'voided', 'expired');
CREATE INDEX charges_without_end ON charges (created_at) WHERE stage IN ('asking', 'unknown');
CREATE INDEX charges_reserved ON charges (expires_at) WHERE stage = 'authorised';

-- A charge goes forward, and one that has ended stays as it ended. What was to be reserved is not taken at once.
CREATE FUNCTION charges_go_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NOT CASE
        WHEN OLD.stage IN ('asking', 'unknown')
            THEN NEW.stage IN ('unknown', 'declined', CASE WHEN OLD.at_once = 1 THEN 'paid' ELSE 'authorised' END)
        WHEN OLD.stage = 'authorised' THEN NEW.stage IN ('paid', 'voided', 'expired')
        ELSE FALSE
    END) THEN
        RAISE EXCEPTION 'a charge ends once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charges_go_forward BEFORE UPDATE OF stage ON charges
    FOR EACH ROW EXECUTE FUNCTION charges_go_forward();
-- What was agreed to, taken and given back is never less than it was.
CREATE FUNCTION charges_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.reference <> OLD.reference OR NEW.quote <> OLD.quote
  OR NEW.consent <> OLD.consent OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.currency <> OLD.currency
  OR NEW.at_once <> OLD.at_once OR (OLD.receipt IS NOT NULL AND NEW.receipt IS DISTINCT FROM OLD.receipt)
  OR (OLD.captured > 0 AND NEW.captured <> OLD.captured) OR NEW.refunded < OLD.refunded THEN
        RAISE EXCEPTION 'what was agreed to and moved stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charges_stay BEFORE UPDATE OF id, merchant, reference, quote, consent, amount, fee, currency, at_once,
                                            receipt, captured, refunded ON charges
    FOR EACH ROW EXECUTE FUNCTION charges_stay();
CREATE TRIGGER charges_remain BEFORE DELETE ON charges
    FOR EACH ROW EXECUTE FUNCTION refuse('charges remain');

CREATE TABLE operations (
    rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
    id         TEXT COLLATE "C" PRIMARY KEY,
    charge     TEXT COLLATE "C" NOT NULL REFERENCES charges (id),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('capture', 'void', 'expire', 'refund', 'return')),
    amount     BIGINT NOT NULL CHECK (amount > 0),
    currency   TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    stage      TEXT COLLATE "C" NOT NULL CHECK (stage IN ('asking', 'unknown', 'done', 'failed')),
    ask_at     BIGINT CHECK ((ask_at IS NOT NULL) = (stage = 'unknown')),
    created_at BIGINT NOT NULL,
    ended_at   BIGINT CHECK ((ended_at IS NOT NULL) = (stage IN ('done', 'failed')))
);
CREATE INDEX operations_of_charge ON operations (charge);
CREATE INDEX operations_without_end ON operations (created_at) WHERE stage IN ('asking', 'unknown');
-- A reservation is taken or let go once; a dispute brings the money back once.
CREATE UNIQUE INDEX operations_one_end_per_charge ON operations (charge)
    WHERE kind IN ('capture', 'void', 'expire') AND stage <> 'failed';
CREATE UNIQUE INDEX operations_one_return_per_charge ON operations (charge)
    WHERE kind = 'return' AND stage <> 'failed';
CREATE FUNCTION operations_end_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage IN ('done', 'failed') OR (OLD.stage = 'unknown' AND NEW.stage = 'asking')
  OR NEW.id <> OLD.id OR NEW.charge <> OLD.charge OR NEW.kind <> OLD.kind
  OR NEW.amount <> OLD.amount OR NEW.currency <> OLD.currency THEN
        RAISE EXCEPTION 'an operation ends once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER operations_end_once BEFORE UPDATE ON operations
    FOR EACH ROW EXECUTE FUNCTION operations_end_once();
CREATE TRIGGER operations_remain BEFORE DELETE ON operations
    FOR EACH ROW EXECUTE FUNCTION refuse('operations remain');

-- An idempotency key stands for one request for as long as what it made is kept.
CREATE TABLE requests (
    merchant   TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    body_hash  BYTEA NOT NULL CHECK (length(body_hash) = 32),
    charge     TEXT COLLATE "C" REFERENCES charges (id),
    operation  TEXT COLLATE "C" REFERENCES operations (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (merchant, key),
    CHECK ((charge IS NULL) <> (operation IS NULL))
);

CREATE TABLE receipts (
    id     TEXT COLLATE "C" PRIMARY KEY,
    charge TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES charges (id),
    body   TEXT COLLATE "C" NOT NULL,
    jws    TEXT COLLATE "C" NOT NULL
);

CREATE TABLE disputes (
    id          TEXT COLLATE "C" PRIMARY KEY,
    charge      TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES charges (id),
    merchant    TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    words       TEXT COLLATE "C",
    amount      BIGINT NOT NULL CHECK (amount > 0),
    currency    TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    stage       TEXT COLLATE "C" NOT NULL CHECK (stage IN ('open', 'contested', 'returning', 'returned', 'rejected')),
    answer      TEXT COLLATE "C",               -- the merchant's words
    answer_by   BIGINT NOT NULL,
    opened_at   BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at    BIGINT CHECK ((ended_at IS NOT NULL) = (stage IN ('returned', 'rejected'))),
    CHECK (stage <> 'contested' OR (answer IS NOT NULL AND answered_at IS NOT NULL))
);
CREATE INDEX disputes_of_merchant ON disputes (merchant, opened_at);
CREATE INDEX disputes_without_end ON disputes (answer_by) WHERE stage IN ('open', 'returning');
-- A return that failed leaves its dispute returning, and is begun anew.
CREATE FUNCTION disputes_go_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NOT CASE OLD.stage
        WHEN 'open' THEN NEW.stage IN ('contested', 'returning', 'rejected')
        WHEN 'contested' THEN NEW.stage IN ('returning', 'rejected')
        WHEN 'returning' THEN NEW.stage IN ('returning', 'returned')
        ELSE FALSE
    END) THEN
        RAISE EXCEPTION 'a dispute ends once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disputes_go_forward BEFORE UPDATE OF stage ON disputes
    FOR EACH ROW EXECUTE FUNCTION disputes_go_forward();

-- The ledger: a posting is what one event moves; `hash` chains it to the posting before it.
CREATE TABLE postings (
    seq       BIGINT PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('capture', 'refund', 'hold', 'release', 'return')),
    charge    TEXT COLLATE "C" NOT NULL REFERENCES charges (id),
    operation TEXT COLLATE "C" UNIQUE REFERENCES operations (id),
    at        BIGINT NOT NULL,
    currency  TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    remainder BIGINT NOT NULL,
    hash      BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32)
);
CREATE INDEX postings_of_charge ON postings (charge);
CREATE UNIQUE INDEX postings_one_capture ON postings (charge) WHERE kind = 'capture';
CREATE TABLE entries (
    posting BIGINT NOT NULL REFERENCES postings (seq),
    line    BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    amount  BIGINT NOT NULL CHECK (amount <> 0),
    PRIMARY KEY (posting, line)
);

-- The ledger is written, never rewritten: a posting comes after the last one, an entry at the end of the last posting.
CREATE FUNCTION postings_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM postings) THEN
        RAISE EXCEPTION 'the ledger is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER postings_follow BEFORE INSERT ON postings
    FOR EACH ROW EXECUTE FUNCTION postings_follow();
CREATE FUNCTION entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.posting <> (SELECT max(seq) FROM postings)
  OR NEW.line <> (SELECT count(*) + 1 FROM entries WHERE posting = NEW.posting) THEN
        RAISE EXCEPTION 'the ledger is append-only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_follow BEFORE INSERT ON entries
    FOR EACH ROW EXECUTE FUNCTION entries_follow();
CREATE TRIGGER postings_stay BEFORE UPDATE ON postings
    FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER postings_remain BEFORE DELETE ON postings
    FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');
CREATE TRIGGER entries_remain BEFORE DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse('the ledger is append-only');

-- What merchants are told, written in the transaction of what it tells.
CREATE TABLE events (
    rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
    id       TEXT COLLATE "C" PRIMARY KEY,
    merchant TEXT COLLATE "C" NOT NULL,
    kind     TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX events_of_merchant ON events (merchant, at);
CREATE TABLE endpoints (
    rowid      BIGINT GENERATED ALWAYS AS IDENTITY,
    id         TEXT COLLATE "C" PRIMARY KEY,
    merchant   TEXT COLLATE "C" NOT NULL,
    url        TEXT COLLATE "C" NOT NULL,
    secret     BYTEA NOT NULL,       -- encrypted
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX endpoints_of_merchant ON endpoints (merchant, url) WHERE removed_at IS NULL;
CREATE TABLE deliveries (
    event    TEXT COLLATE "C" NOT NULL REFERENCES events (id),
    endpoint TEXT COLLATE "C" NOT NULL REFERENCES endpoints (id),
    stage    TEXT COLLATE "C" NOT NULL CHECK (stage IN ('due', 'delivered', 'dead')),
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at   BIGINT CHECK ((due_at IS NOT NULL) = (stage = 'due')),
    ended_at BIGINT CHECK ((ended_at IS NOT NULL) = (stage <> 'due')),
    failure  TEXT COLLATE "C",                  -- why the last attempt failed
    PRIMARY KEY (event, endpoint)
);
CREATE INDEX deliveries_of_endpoint ON deliveries (endpoint, stage);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE stage = 'due';
CREATE INDEX deliveries_dead ON deliveries (ended_at) WHERE stage = 'dead';
