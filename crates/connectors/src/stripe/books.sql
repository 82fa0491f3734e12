CREATE TABLE IF NOT EXISTS charges (
    id         TEXT PRIMARY KEY,
    amount     INTEGER NOT NULL,
    currency   TEXT NOT NULL,
    at_once    INTEGER NOT NULL,
    intent     TEXT,                -- Stripe's own name for it, from the moment that we know it
    -- begun: nothing that moves money was asked for. confirming: it was, and its answer is not known.
    step       TEXT NOT NULL CHECK (step IN ('begun', 'intended', 'confirming', 'ended')),
    answer     TEXT CHECK ((answer IS NOT NULL) = (step = 'ended')),
    captured   INTEGER NOT NULL DEFAULT 0,
    refunded   INTEGER NOT NULL DEFAULT 0,
    voided     INTEGER NOT NULL DEFAULT 0,
    CHECK (step NOT IN ('intended', 'confirming') OR intent IS NOT NULL),
    CHECK (refunded BETWEEN 0 AND captured AND captured <= amount),
    CHECK (voided = 0 OR captured = 0)
) STRICT;
CREATE TABLE IF NOT EXISTS operations (
    id     TEXT PRIMARY KEY,
    charge TEXT NOT NULL REFERENCES charges (id),
    kind   TEXT NOT NULL,
    amount INTEGER NOT NULL,
    done   INTEGER                  -- none while its answer is not known
) STRICT;
CREATE TABLE IF NOT EXISTS authentications (
    quote    TEXT PRIMARY KEY,
    amount   INTEGER NOT NULL,
    currency TEXT NOT NULL,
    intent   TEXT,
    page     TEXT,                  -- where the bank asks
    -- confirming: the shopper may have been asked, or the money been reserved, and it is not known.
    step     TEXT NOT NULL CHECK (step IN ('begun', 'intended', 'confirming', 'open', 'met', 'refused', 'over')),
    answer   TEXT CHECK ((answer IS NOT NULL) = (step = 'refused')),
    CHECK (step IN ('begun', 'over') OR intent IS NOT NULL OR answer IS NOT NULL),
    CHECK ((page IS NOT NULL) <= (step IN ('open', 'met', 'refused', 'over')))
) STRICT;
