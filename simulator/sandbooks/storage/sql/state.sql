-- name: get
SELECT value FROM state WHERE scope = :scope AND key = :key
-- name: put
INSERT INTO state (scope, key, value) VALUES (:scope, :key, :value) ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value
-- name: drop
DELETE FROM state WHERE scope = :scope AND key = :key
-- name: scope
SELECT key, value FROM state WHERE scope = :scope ORDER BY key
-- name: next
INSERT INTO counters (name, value) VALUES (:name, :start) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value
