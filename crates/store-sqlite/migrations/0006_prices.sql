-- What merchants sell without a server of their own. `body` is the currency and the lines.

CREATE TABLE prices (
    id         TEXT PRIMARY KEY,
    merchant   TEXT NOT NULL REFERENCES merchants (id),
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX prices_of_merchant ON prices (merchant, created_at);
-- What is sold and for how much stays, and what is closed stays closed.
CREATE TRIGGER prices_stay BEFORE UPDATE ON prices
WHEN NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.body <> OLD.body OR NEW.created_at <> OLD.created_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT OLD.closed_at)
BEGIN
    SELECT RAISE(ABORT, 'a price never changes');
END;
CREATE TRIGGER prices_remain BEFORE DELETE ON prices BEGIN
    SELECT RAISE(ABORT, 'prices remain');
END;
