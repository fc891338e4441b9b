-- What a world in PostgreSQL has beyond schema.sql: who runs a job, and keys of any length (a B-tree takes 2,700 bytes).
ALTER TABLE jobs ADD COLUMN owner BIGINT NOT NULL DEFAULT 0;
ALTER TABLE state DROP CONSTRAINT state_pkey;
CREATE UNIQUE INDEX state_of ON state (scope, md5(key));
ALTER TABLE tokens DROP CONSTRAINT tokens_pkey;
DROP INDEX tokens_by_value;
CREATE UNIQUE INDEX tokens_of ON tokens (md5(value), platform, kind);
ALTER TABLE record_keys DROP CONSTRAINT record_keys_pkey;
CREATE UNIQUE INDEX record_keys_by_value ON record_keys (platform, company, kind, name, md5(value), id);
CREATE TRIGGER jobs_noted AFTER INSERT OR UPDATE OR DELETE ON jobs FOR EACH STATEMENT EXECUTE FUNCTION sandbooks.note_jobs();
CREATE TRIGGER clock_noted AFTER INSERT OR UPDATE ON state FOR EACH ROW WHEN (NEW.scope = 'clock') EXECUTE FUNCTION sandbooks.note_clock();
