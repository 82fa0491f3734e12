-- What a shopper has to meet before a token is given (step-up).

CREATE TABLE challenges (
    quote      TEXT COLLATE "C" PRIMARY KEY REFERENCES tokens (quote),
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    -- asking: the connector has not said yet whether there is anything to meet.
    state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('asking', 'open', 'met', 'failed')),
    page       TEXT COLLATE "C",               -- where it is met; none for a passcode
    reason     TEXT COLLATE "C",               -- why it failed, a code
    expires_at BIGINT NOT NULL,
    CHECK (page IS NULL OR state <> 'asking'),
    CHECK ((reason IS NOT NULL) = (state = 'failed'))
);
