-- Who may be paid, who vouches for them, and with which keys they come.

CREATE TABLE merchants (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    contact      TEXT NOT NULL,
    country      TEXT NOT NULL CHECK (length(country) = 2),
    created_at   INTEGER NOT NULL,
    suspended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE origins (
    merchant  TEXT NOT NULL REFERENCES merchants (id),
    origin    TEXT NOT NULL,
    challenge TEXT NOT NULL,
    proven_at INTEGER,              -- an origin counts once it is proven
    PRIMARY KEY (merchant, origin)
) STRICT, WITHOUT ROWID;

CREATE TABLE order_keys (
    merchant TEXT NOT NULL REFERENCES merchants (id),
    kid      TEXT NOT NULL,
    jwk      TEXT NOT NULL,
    PRIMARY KEY (merchant, kid)
) STRICT, WITHOUT ROWID;

CREATE TABLE fees (
    merchant TEXT NOT NULL REFERENCES merchants (id),
    method   TEXT NOT NULL,
    currency TEXT NOT NULL CHECK (length(currency) = 3),
    schedule TEXT NOT NULL,
    PRIMARY KEY (merchant, method, currency)
) STRICT, WITHOUT ROWID;

-- Of an API key its hash is kept, never the key.
CREATE TABLE api_keys (
    id          TEXT PRIMARY KEY,
    merchant    TEXT NOT NULL REFERENCES merchants (id),
    hash        BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    scope       TEXT NOT NULL CHECK (scope IN ('secret', 'restricted', 'public')),
    permissions TEXT CHECK ((permissions IS NOT NULL) = (scope = 'restricted')),
    label       TEXT,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER,
    revoked_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_of_merchant ON api_keys (merchant, created_at);
-- What a key was good for stays, and what was revoked stays revoked.
CREATE TRIGGER api_keys_stay BEFORE UPDATE ON api_keys
WHEN NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.hash <> OLD.hash OR NEW.scope <> OLD.scope
  OR NEW.permissions IS NOT OLD.permissions
  OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NOT OLD.revoked_at)
BEGIN
    SELECT RAISE(ABORT, 'a key is made once and revoked once');
END;

-- One that is trusted no more stays known, so that no configuration brings it back.
CREATE TABLE accreditors (
    id      TEXT PRIMARY KEY,
    name    TEXT NOT NULL,
    keys    TEXT NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE statements (
    seq        INTEGER PRIMARY KEY,
    merchant   TEXT NOT NULL REFERENCES merchants (id),
    origin     TEXT NOT NULL,
    body       TEXT NOT NULL,
    status_uri TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (merchant, body)
) STRICT;

CREATE TABLE status_lists (
    uri       TEXT PRIMARY KEY,
    issued_at INTEGER NOT NULL,
    body      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- An old list could lack what was revoked since.
CREATE TRIGGER status_lists_stay_new BEFORE UPDATE ON status_lists
WHEN NEW.issued_at < OLD.issued_at
BEGIN
    SELECT RAISE(ABORT, 'the newest status list stays');
END;
