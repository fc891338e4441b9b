-- name: get
SELECT value FROM state WHERE scope = :scope AND md5(key) = md5(:key) AND key = :key
-- name: put
INSERT INTO state (scope, key, value) VALUES (:scope, :key, :value) ON CONFLICT (scope, md5(key)) DO UPDATE SET value = excluded.value
-- name: drop
DELETE FROM state WHERE scope = :scope AND md5(key) = md5(:key) AND key = :key
