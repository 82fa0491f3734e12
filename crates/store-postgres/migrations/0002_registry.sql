-- Who may be paid, who vouches for them, and with which keys they come.

CREATE TABLE merchants (
    id           TEXT COLLATE "C" PRIMARY KEY,
    name         TEXT COLLATE "C" NOT NULL,
    contact      TEXT COLLATE "C" NOT NULL,
    country      TEXT COLLATE "C" NOT NULL CHECK (length(country) = 2),
    created_at   BIGINT NOT NULL,
    suspended_at BIGINT
);

CREATE TABLE origins (
    merchant  TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    origin    TEXT COLLATE "C" NOT NULL,
    challenge TEXT COLLATE "C" NOT NULL,
    proven_at BIGINT,              -- an origin counts once it is proven
    PRIMARY KEY (merchant, origin)
);

CREATE TABLE order_keys (
    merchant TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    kid      TEXT COLLATE "C" NOT NULL,
    jwk      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, kid)
);

CREATE TABLE fees (
    merchant TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    method   TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL CHECK (length(currency) = 3),
    schedule TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (merchant, method, currency)
);

-- Of an API key its hash is kept, never the key.
CREATE TABLE api_keys (
    id          TEXT COLLATE "C" PRIMARY KEY,
    merchant    TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    hash        BYTEA NOT NULL UNIQUE CHECK (length(hash) = 32),
    scope       TEXT COLLATE "C" NOT NULL CHECK (scope IN ('secret', 'restricted', 'public')),
    permissions TEXT COLLATE "C" CHECK ((permissions IS NOT NULL) = (scope = 'restricted')),
    label       TEXT COLLATE "C",
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT,
    revoked_at  BIGINT
);
CREATE INDEX api_keys_of_merchant ON api_keys (merchant, created_at);
-- What a key was good for stays, and what was revoked stays revoked.
CREATE FUNCTION api_keys_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.hash <> OLD.hash OR NEW.scope <> OLD.scope
  OR NEW.permissions IS DISTINCT FROM OLD.permissions
  OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at) THEN
        RAISE EXCEPTION 'a key is made once and revoked once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_keys_stay BEFORE UPDATE ON api_keys
    FOR EACH ROW EXECUTE FUNCTION api_keys_stay();

-- One that is trusted no more stays known, so that no configuration brings it back.
CREATE TABLE accreditors (
    id      TEXT COLLATE "C" PRIMARY KEY,
    name    TEXT COLLATE "C" NOT NULL,
    keys    TEXT COLLATE "C" NOT NULL,
    trusted BIGINT NOT NULL CHECK (trusted IN (0, 1))
);

CREATE TABLE statements (
    seq        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    merchant   TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    origin     TEXT COLLATE "C" NOT NULL,
    body       TEXT COLLATE "C" NOT NULL,
    status_uri TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    UNIQUE (merchant, body)
);

CREATE TABLE status_lists (
    uri       TEXT COLLATE "C" PRIMARY KEY,
    issued_at BIGINT NOT NULL,
    body      TEXT COLLATE "C" NOT NULL
);
-- An old list could lack what was revoked since.
CREATE FUNCTION status_lists_stay_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.issued_at < OLD.issued_at THEN
        RAISE EXCEPTION 'the newest status list stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER status_lists_stay_new BEFORE UPDATE ON status_lists
    FOR EACH ROW EXECUTE FUNCTION status_lists_stay_new();
