-- Who writes takes this row and holds it to the end of the transaction: one that writes comes after the other, whatever
-- process it is of, and sees all that came before.
CREATE TABLE turn (
    one     BIGINT PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL
);
INSERT INTO turn (one, version) VALUES (1, 0);

-- The number that a process gave the last transaction it committed, and when. One whose connection was lost in a commit
-- finds out here what became of it.
CREATE TABLE writers (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    commits BIGINT NOT NULL DEFAULT 0,
    since   TIMESTAMPTZ NOT NULL DEFAULT now()
);
