-- name: by_key
SELECT r.kind, r.id, r.version, r.active, r.deleted, r.created, r.updated, r.sequence, r.exchange, r.body
FROM record_keys k JOIN records r ON r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND md5(k.value) = md5(:value) AND k.value = :value
ORDER BY r.sequence
-- name: page_by_key
SELECT r.kind, r.id, r.version, r.active, r.deleted, r.created, r.updated, r.sequence, r.exchange, r.body
FROM record_keys k JOIN records r ON r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND md5(k.value) = md5(:value) AND k.value = :value
AND r.deleted = 0 ORDER BY r.sequence LIMIT :most OFFSET :skip
-- name: count_by_key
SELECT count(*) FROM record_keys k JOIN records r ON r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND md5(k.value) = md5(:value) AND k.value = :value
AND r.deleted = 0
-- name: any_by_key
SELECT 1 FROM record_keys k JOIN records r ON r.platform = k.platform AND r.company = k.company AND r.kind = k.kind AND r.id = k.id
WHERE k.platform = :platform AND k.company = :company AND k.kind = :kind AND k.name = :name AND md5(k.value) = md5(:value) AND k.value = :value
AND r.deleted = 0 LIMIT 1
