-- name: get
SELECT body FROM companies WHERE platform = :platform AND id = :id
-- name: put
INSERT INTO companies (platform, id, number, body) VALUES (:platform, :id, :number, :body) ON CONFLICT (platform, id) DO UPDATE SET body = excluded.body
-- name: list
SELECT platform, id FROM companies ORDER BY number
-- name: of_platform
SELECT id FROM companies WHERE platform = :platform ORDER BY number
