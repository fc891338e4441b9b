-- name: get
SELECT kind, value, grant_id, issued, expires, revoked, body FROM tokens WHERE platform = :platform AND kind = :kind AND md5(value) = md5(:value) AND value = :value
-- name: put
INSERT INTO tokens (platform, kind, value, grant_id, issued, expires, revoked, body) VALUES (:platform, :kind, :value, :grant_id, :issued, :expires, :revoked, :body)
ON CONFLICT (md5(value), platform, kind) DO UPDATE SET grant_id = excluded.grant_id, issued = excluded.issued, expires = excluded.expires, revoked = excluded.revoked, body = excluded.body
-- name: platforms_of
SELECT DISTINCT platform FROM tokens WHERE md5(value) = md5(:value) AND value = :value ORDER BY platform
