-- name: after
SELECT body FROM exchanges WHERE number > :after ORDER BY number LIMIT NULLIF(:most, -1)
