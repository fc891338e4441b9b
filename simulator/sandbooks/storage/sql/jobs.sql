-- name: put
INSERT INTO jobs (id, due, run, body, state) VALUES (:id, :due, :run, :body, 'due')
-- name: next
SELECT id, due, run, body FROM jobs WHERE state = 'due' AND due <= :now ORDER BY due, id LIMIT 1
-- name: claim
UPDATE jobs SET state = 'running' WHERE id = :id AND state = 'due'
-- name: done
DELETE FROM jobs WHERE id = :id
-- name: give_back
UPDATE jobs SET state = 'due' WHERE state = 'running'
-- name: earliest
SELECT min(due) FROM jobs WHERE state = 'due'
-- name: kinds
SELECT count(*), sum(CASE WHEN run LIKE '%look_in' THEN 1 ELSE 0 END) FROM jobs WHERE state = 'due' AND due <= :until
-- name: until
SELECT id, due, run, body FROM jobs WHERE state = 'due' AND due <= :until ORDER BY due, id
-- name: list
SELECT id, due, run, body, state FROM jobs WHERE state <> 'failed' ORDER BY due, id
-- name: move
UPDATE jobs SET due = :due WHERE id = :id
-- name: failed
UPDATE jobs SET state = 'failed' WHERE id = :id
