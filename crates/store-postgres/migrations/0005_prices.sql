-- What merchants sell without a server of their own. `body` is the currency and the lines.

CREATE TABLE prices (
    id         TEXT COLLATE "C" PRIMARY KEY,
    merchant   TEXT COLLATE "C" NOT NULL REFERENCES merchants (id),
    body       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at  BIGINT
);
CREATE INDEX prices_of_merchant ON prices (merchant, created_at);
-- What is sold and for how much stays, and what is closed stays closed.
CREATE FUNCTION prices_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'prices remain';
    END IF;
    IF NEW.id <> OLD.id OR NEW.merchant <> OLD.merchant OR NEW.body <> OLD.body OR NEW.created_at <> OLD.created_at
  OR (OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at) THEN
        RAISE EXCEPTION 'a price never changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prices_stay BEFORE UPDATE OR DELETE ON prices
    FOR EACH ROW EXECUTE FUNCTION prices_stay();
