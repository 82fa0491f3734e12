-- What a shopper has to meet before a token is given (step-up).

CREATE TABLE challenges (
    quote      TEXT PRIMARY KEY REFERENCES tokens (quote),
    id         TEXT NOT NULL UNIQUE,
    -- asking: the connector has not said yet whether there is anything to meet.
    state      TEXT NOT NULL CHECK (state IN ('asking', 'open', 'met', 'failed')),
    page       TEXT,               -- where it is met; none for a passcode
    reason     TEXT,               -- why it failed, a code
    expires_at INTEGER NOT NULL,
    CHECK (page IS NULL OR state <> 'asking'),
    CHECK ((reason IS NOT NULL) = (state = 'failed'))
) STRICT;
