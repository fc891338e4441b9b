-- name: next
SELECT j.id, j.due, j.run, j.body FROM jobs j
WHERE j.state = 'due' AND j.due <= :now AND NOT EXISTS (
  SELECT 1 FROM jobs r WHERE r.state = 'running' AND sandbooks.lane(r.run, r.body) = sandbooks.lane(j.run, j.body))
ORDER BY j.due, j.id LIMIT 1
-- name: claim
UPDATE jobs SET state = 'running', owner = :owner WHERE id = :id AND state = 'due'
-- name: give_back
UPDATE jobs SET state = 'due', owner = 0 WHERE state = 'running' AND owner <> :owner AND sandbooks.is_gone(owner)
-- name: ready
SELECT 1 FROM jobs WHERE state = 'due' AND due <= :now OR state = 'running' AND owner <> :owner AND sandbooks.is_gone(owner) LIMIT 1
-- name: running
SELECT count(*) FROM jobs WHERE state = 'running'
-- name: running_beside
SELECT 1 FROM jobs WHERE state = 'running' AND owner <> :owner AND sandbooks.lane(run, body) = sandbooks.lane(:run, :body) LIMIT 1
