-- name: put
INSERT INTO exchanges (number, surface, company, at, body) VALUES (:number, :surface, :company, :at, :body) ON CONFLICT (number) DO UPDATE SET company = excluded.company, body = excluded.body
-- name: after
SELECT body FROM exchanges WHERE number > :after ORDER BY number LIMIT :most
-- name: get
SELECT body FROM exchanges WHERE number = :number
-- name: faults
SELECT id, body, matches, fired FROM faults ORDER BY id
-- name: put_fault
INSERT INTO faults (id, body, matches, fired) VALUES (:id, :body, 0, 0)
-- name: keep_fault
UPDATE faults SET body = :body, matches = :matches, fired = :fired WHERE id = :id
-- name: versions_of_id
SELECT kind, exchange, body FROM versions WHERE platform = :platform AND id = :id
-- name: drop_fault
DELETE FROM faults WHERE id = :id
-- name: drop_faults
DELETE FROM faults
-- name: count
SELECT count(*) FROM exchanges
