-- name: get
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND id = :id
-- name: put
INSERT INTO records (platform, company, kind, id, version, active, deleted, created, updated, sequence, exchange, body)
VALUES (:platform, :company, :kind, :id, :version, :active, :deleted, :created, :updated, :sequence, :exchange, :body)
ON CONFLICT (platform, company, kind, id) DO UPDATE SET version = excluded.version, active = excluded.active, deleted = excluded.deleted, updated = excluded.updated, body = excluded.body
-- name: scan
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind ORDER BY sequence
-- name: scan_live
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND deleted = 0 ORDER BY sequence
-- name: changed
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND updated >= :since ORDER BY sequence
-- name: page
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND deleted = 0 AND active >= :active ORDER BY sequence LIMIT :most OFFSET :skip
-- name: page_all
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND active >= :active ORDER BY sequence LIMIT :most OFFSET :skip
-- name: page_newest
SELECT kind, id, version, active, deleted, created, updated, sequence, exchange, body FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND deleted = 0 AND active >= :active ORDER BY sequence DESC LIMIT :most OFFSET :skip
-- name: count
SELECT count(*) FROM records WHERE platform = :platform AND company = :company AND kind = :kind AND deleted = 0
-- name: count_all
SELECT count(*) FROM records WHERE platform = :platform AND company = :company AND kind = :kind
-- name: kinds
SELECT DISTINCT kind FROM records WHERE platform = :platform AND company = :company ORDER BY kind
-- name: by_key
SELECT r.kind, r.id, r.version, r.active, r.deleted, r.created, r.updated, r.sequence, r.exchange, r.body
FROM record_keys k CROSS JOIN records r
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND k.value = :value
AND r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id ORDER BY +r.sequence
-- name: page_by_key
SELECT r.kind, r.id, r.version, r.active, r.deleted, r.created, r.updated, r.sequence, r.exchange, r.body
FROM record_keys k CROSS JOIN records r
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND k.value = :value
AND r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id AND r.deleted = 0
ORDER BY +r.sequence LIMIT :most OFFSET :skip
-- name: count_by_key
SELECT count(*) FROM record_keys k CROSS JOIN records r
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND k.value = :value
AND r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id AND r.deleted = 0
-- name: any_by_key
SELECT 1 FROM record_keys k CROSS JOIN records r
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND k.value = :value
AND r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id AND r.deleted = 0 LIMIT 1
-- name: last_value
SELECT value FROM record_keys WHERE platform = :platform AND company = :company AND kind = :kind AND name = :name ORDER BY value DESC LIMIT 1
-- name: drop_keys
DELETE FROM record_keys WHERE platform = :platform AND company = :company AND kind = :kind AND id = :id
-- name: add_key
INSERT INTO record_keys (platform, company, kind, name, value, id) VALUES (:platform, :company, :kind, :name, :value, :id) ON CONFLICT DO NOTHING
-- name: add_version
INSERT INTO versions (number, platform, company, kind, id, version, action, at, exchange, body, facts) VALUES (:number, :platform, :company, :kind, :id, :version, :action, :at, :exchange, :body, :facts)
-- name: versions
SELECT number, kind, id, version, action, at, exchange, body, facts FROM versions WHERE platform = :platform AND company = :company AND kind = :kind AND id = :id ORDER BY number
-- name: last_facts
SELECT facts FROM versions WHERE platform = :platform AND company = :company AND kind = :kind AND id = :id ORDER BY number DESC LIMIT 1
-- name: versions_after
SELECT number, kind, id, version, action, at, exchange, body, facts FROM versions WHERE platform = :platform AND company = :company AND number > :after ORDER BY number
-- name: versions_since
SELECT number, kind, id, version, action, at, exchange, body, facts FROM versions WHERE platform = :platform AND company = :company AND at >= :since ORDER BY number
-- name: get_blob
SELECT content FROM blobs WHERE platform = :platform AND company = :company AND key = :key
-- name: put_blob
INSERT INTO blobs (platform, company, key, content) VALUES (:platform, :company, :key, :content) ON CONFLICT (platform, company, key) DO UPDATE SET content = excluded.content
-- name: drop_blob
DELETE FROM blobs WHERE platform = :platform AND company = :company AND key = :key
