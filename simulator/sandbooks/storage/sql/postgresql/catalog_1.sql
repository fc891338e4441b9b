-- What the worlds of one database share. "take" and "holder" below: see sandbooks/storage/postgresql/locking.py.
CREATE TABLE sandbooks.worlds (
  number INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT COLLATE "C" NOT NULL UNIQUE,
  layout INTEGER NOT NULL, holder INTEGER NOT NULL DEFAULT 0,
  live_ahead BIGINT, due BIGINT, is_busy BOOLEAN NOT NULL DEFAULT false);
COMMENT ON COLUMN sandbooks.worlds.live_ahead IS 'what a live clock is ahead of the wall clock, microseconds; NULL: not live';
COMMENT ON COLUMN sandbooks.worlds.due IS 'when the next job is due, by the world''s clock';
COMMENT ON COLUMN sandbooks.worlds.is_busy IS 'whether somebody runs a job of it, or died doing so';
CREATE TABLE sandbooks.snapshots (
  world INTEGER NOT NULL REFERENCES sandbooks.worlds ON DELETE CASCADE, name TEXT COLLATE "C" NOT NULL,
  image BYTEA NOT NULL, taken_at BIGINT NOT NULL, exchanges BIGINT NOT NULL, PRIMARY KEY (world, name));
CREATE SEQUENCE sandbooks.sessions AS INTEGER CYCLE;

-- Waits for a world, and tells who held it last; NULL: there is no such world any more.
CREATE FUNCTION sandbooks.take(wanted INTEGER, session INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE known INTEGER;
BEGIN
  PERFORM pg_advisory_lock(1935764578, wanted);
  SELECT w.holder INTO known FROM sandbooks.worlds w WHERE w.number = wanted;
  IF NOT FOUND THEN
    PERFORM pg_advisory_unlock(1935764578, wanted);
  ELSIF known <> session THEN
    UPDATE sandbooks.worlds SET holder = session WHERE number = wanted;
  END IF;
  RETURN known;
END $$;

CREATE FUNCTION sandbooks.give(held INTEGER) RETURNS BOOLEAN LANGUAGE sql AS $$
  SELECT pg_advisory_unlock(1935764578, held)
$$;

-- Whether the process behind a session has ended: each holds a lock of its own for as long as it lives.
CREATE FUNCTION sandbooks.is_gone(session BIGINT) RETURNS BOOLEAN LANGUAGE sql AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
    AND l.classid = 1935764579 AND l.objid = session::oid AND l.objsubid = 2)
$$;

-- Jobs of one lane run one after the other, whichever process runs them: those of a hub company, and all others.
CREATE FUNCTION sandbooks.lane(run TEXT, body BYTEA) RETURNS TEXT LANGUAGE sql AS $$
  SELECT coalesce(CASE WHEN starts_with(run, 'sandbooks.hub.') THEN convert_from(body, 'UTF8')::json ->> 'company' END, '')
$$;

-- What a world's own tables say of its jobs and its clock, noted where one look finds every world with something to do.
CREATE FUNCTION sandbooks.note_jobs() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE next_due BIGINT; running BOOLEAN;
BEGIN
  EXECUTE format('SELECT (SELECT min(due) FROM %1$I.jobs WHERE state = ''due''), EXISTS (SELECT 1 FROM %1$I.jobs WHERE state = ''running'')',
    TG_TABLE_SCHEMA) INTO next_due, running;
  UPDATE sandbooks.worlds w SET due = next_due, is_busy = running
  WHERE w.number = substr(TG_TABLE_SCHEMA, 17)::integer AND (w.due, w.is_busy) IS DISTINCT FROM (next_due, running);
  RETURN NULL;
END $$;

CREATE FUNCTION sandbooks.note_clock() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE clock JSON := convert_from(NEW.value, 'UTF8')::json; ahead BIGINT;
BEGIN
  ahead := CASE WHEN clock ->> 'mode' = 'live' THEN (clock ->> 'at')::bigint END;
  UPDATE sandbooks.worlds w SET live_ahead = ahead
  WHERE w.number = substr(TG_TABLE_SCHEMA, 17)::integer AND w.live_ahead IS DISTINCT FROM ahead;
  RETURN NULL;
END $$;
