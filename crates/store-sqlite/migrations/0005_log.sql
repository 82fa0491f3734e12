-- How far the log beside the database goes: the last entry whose commit is in here. No row where there is no log.

CREATE TABLE logged (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
