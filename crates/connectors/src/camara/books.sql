CREATE TABLE IF NOT EXISTS payments (
    quote    TEXT PRIMARY KEY,
    amount   INTEGER NOT NULL,
    currency TEXT NOT NULL,
    attempt  INTEGER NOT NULL DEFAULT 1,    -- how often it was prepared: each is a correlator of its own
    payment  TEXT,                          -- the carrier's own name for it, from the moment that we know it
    proof    TEXT,                          -- what its passcode is tried for (authorizationId)
    page     TEXT,                          -- where the carrier asks, where it does so itself
    tries    INTEGER NOT NULL DEFAULT 0,
    -- begun: the carrier may have been asked to prepare it. asked: it asks the shopper. met: it was them.
    step     TEXT NOT NULL CHECK (step IN ('begun', 'asked', 'met', 'barred', 'over')),
    bar      TEXT CHECK ((bar IS NOT NULL) = (step = 'barred')),
    CHECK (step NOT IN ('asked', 'met') OR payment IS NOT NULL)
) STRICT;
CREATE TABLE IF NOT EXISTS charges (
    id       TEXT PRIMARY KEY,
    quote    TEXT,
    payment  TEXT UNIQUE,                   -- none of a charge that never got so far
    amount   INTEGER NOT NULL,
    currency TEXT NOT NULL,
    refunded INTEGER NOT NULL DEFAULT 0,
    -- confirming: the carrier may have been asked to take the money. accepted: it said that it will look to it.
    step     TEXT NOT NULL CHECK (step IN ('confirming', 'accepted', 'ended')),
    answer   TEXT CHECK ((answer IS NOT NULL) = (step = 'ended')),
    CHECK (step = 'ended' OR (payment IS NOT NULL AND quote IS NOT NULL)),
    CHECK (refunded BETWEEN 0 AND amount)
) STRICT;
CREATE TABLE IF NOT EXISTS operations (
    id     TEXT PRIMARY KEY,
    charge TEXT NOT NULL REFERENCES charges (id),
    amount INTEGER NOT NULL,
    done   INTEGER                          -- none while its answer is not known
) STRICT;
