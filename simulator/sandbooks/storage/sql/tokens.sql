-- name: get
SELECT kind, value, grant_id, issued, expires, revoked, body FROM tokens WHERE platform = :platform AND kind = :kind AND value = :value
-- name: put
INSERT INTO tokens (platform, kind, value, grant_id, issued, expires, revoked, body) VALUES (:platform, :kind, :value, :grant_id, :issued, :expires, :revoked, :body)
ON CONFLICT (platform, kind, value) DO UPDATE SET grant_id = excluded.grant_id, issued = excluded.issued, expires = excluded.expires, revoked = excluded.revoked, body = excluded.body
-- name: of_grant
SELECT kind, value, grant_id, issued, expires, revoked, body FROM tokens WHERE platform = :platform AND grant_id = :grant_id ORDER BY issued, value
-- name: of_kind
SELECT kind, value, grant_id, issued, expires, revoked, body FROM tokens WHERE platform = :platform AND kind = :kind ORDER BY issued, value
-- name: expire_grant
UPDATE tokens SET expires = :at WHERE platform = :platform AND grant_id = :grant_id AND kind = :kind AND (expires IS NULL OR expires > :at)
-- name: revoke_grant
UPDATE tokens SET revoked = :at WHERE platform = :platform AND grant_id = :grant_id AND revoked IS NULL
-- name: platforms_of
SELECT DISTINCT platform FROM tokens WHERE value = :value ORDER BY platform
