CREATE TABLE IF NOT EXISTS charges (
    id         TEXT PRIMARY KEY,
    manner     INTEGER NOT NULL,    -- which of the sandbox's cards it was; never its number
    currency   TEXT NOT NULL,
    authorised INTEGER NOT NULL,    -- 0 where it was declined
    captured   INTEGER NOT NULL,
    refunded   INTEGER NOT NULL DEFAULT 0,
    voided     INTEGER NOT NULL DEFAULT 0,
    looks      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS operations (
    id     TEXT PRIMARY KEY,
    charge TEXT NOT NULL,
    kind   TEXT NOT NULL,
    amount INTEGER NOT NULL,
    done   INTEGER NOT NULL,
    looks  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS authentications (
    quote TEXT PRIMARY KEY,
    none_right INTEGER NOT NULL,        -- whether no passcode is taken
    tries INTEGER NOT NULL DEFAULT 0,
    met   INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS small (         -- quotes by what may be asked, where there are bounds within which it is not
    quote      TEXT PRIMARY KEY,
    instrument INTEGER NOT NULL,        -- as in charges.manner
    exempt     INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS unasked (
    instrument INTEGER PRIMARY KEY,
    sum        INTEGER NOT NULL,        -- of what was exempt since a passcode was right
    count      INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS allowances (
    quote    TEXT PRIMARY KEY,
    currency TEXT NOT NULL,
    remains  INTEGER NOT NULL           -- what the phone bill's limit had left when the passcode was asked for
) STRICT;
CREATE TABLE IF NOT EXISTS notices (
    about TEXT PRIMARY KEY,             -- the charge or the operation
    text  TEXT NOT NULL                 -- what a real carrier would send as a text message
) STRICT;
