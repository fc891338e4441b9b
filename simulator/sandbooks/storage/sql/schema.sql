-- One world. Times are microseconds since 1970 UTC; documents are JSON bytes; money in the ledger is whole minor units.
CREATE TABLE IF NOT EXISTS state (scope TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (scope, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS companies (platform TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (platform, id)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS records (
  platform TEXT NOT NULL, company TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, active INTEGER NOT NULL, deleted INTEGER NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, sequence INTEGER NOT NULL, exchange INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (platform, company, kind, id));
CREATE INDEX IF NOT EXISTS records_in_order ON records (platform, company, kind, sequence);
CREATE INDEX IF NOT EXISTS records_by_change ON records (platform, company, kind, updated);
CREATE TABLE IF NOT EXISTS record_keys (
  platform TEXT NOT NULL, company TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (platform, company, kind, name, value, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_keys_of ON record_keys (platform, company, kind, id);
CREATE TABLE IF NOT EXISTS versions (
  number INTEGER PRIMARY KEY, platform TEXT NOT NULL, company TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, action TEXT NOT NULL, at INTEGER NOT NULL, exchange INTEGER NOT NULL, body BLOB NOT NULL, facts BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS versions_of ON versions (platform, company, kind, id, number);
CREATE INDEX IF NOT EXISTS versions_since ON versions (platform, company, at);
CREATE TABLE IF NOT EXISTS blobs (platform TEXT NOT NULL, company TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (platform, company, key));

CREATE TABLE IF NOT EXISTS tokens (
  platform TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, grant_id TEXT NOT NULL,
  issued INTEGER NOT NULL, expires INTEGER, revoked INTEGER, body BLOB NOT NULL, PRIMARY KEY (platform, kind, value)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tokens_by_value ON tokens (value);
CREATE INDEX IF NOT EXISTS tokens_of_grant ON tokens (platform, grant_id);

CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, run TEXT NOT NULL, body BLOB NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS jobs_due ON jobs (state, due, id);

CREATE TABLE IF NOT EXISTS exchanges (number INTEGER PRIMARY KEY, surface TEXT NOT NULL, company TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, body BLOB NOT NULL, matches INTEGER NOT NULL, fired INTEGER NOT NULL);

-- Tables with a second index keep their rowid: on a clustered key the planner would scan the book by its first column.
CREATE TABLE IF NOT EXISTS accounts (book TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, currency TEXT, active INTEGER NOT NULL, PRIMARY KEY (book, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
  book TEXT NOT NULL, number INTEGER NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  memo TEXT NOT NULL, reverses INTEGER, live INTEGER NOT NULL, PRIMARY KEY (book, number));
CREATE INDEX IF NOT EXISTS entries_of ON entries (book, kind, id, version);
CREATE TABLE IF NOT EXISTS lines (
  book TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, day TEXT NOT NULL, account TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL, base INTEGER NOT NULL, tax_code TEXT NOT NULL, party TEXT NOT NULL, dimensions TEXT NOT NULL, memo TEXT NOT NULL,
  PRIMARY KEY (book, number, position));
CREATE INDEX IF NOT EXISTS lines_of_account ON lines (book, account, day);
CREATE TABLE IF NOT EXISTS day_totals (book TEXT NOT NULL, account TEXT NOT NULL, currency TEXT NOT NULL, day TEXT NOT NULL, amount INTEGER NOT NULL, base INTEGER NOT NULL, PRIMARY KEY (book, account, currency, day));
CREATE TABLE IF NOT EXISTS closings (book TEXT NOT NULL, after INTEGER NOT NULL, through TEXT, PRIMARY KEY (book, after)) WITHOUT ROWID;
