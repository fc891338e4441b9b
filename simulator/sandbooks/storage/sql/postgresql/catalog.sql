-- name: find
SELECT number, holder FROM sandbooks.worlds WHERE name = :name
-- name: names
SELECT name FROM sandbooks.worlds ORDER BY number
-- name: count
SELECT count(*) FROM sandbooks.worlds
-- name: with_work
SELECT name FROM sandbooks.worlds WHERE live_ahead IS NOT NULL AND (is_busy OR live_ahead + :wall >= due) ORDER BY due, number
-- name: create
INSERT INTO sandbooks.worlds (name, layout) VALUES (:name, :layout) ON CONFLICT DO NOTHING RETURNING number
-- name: layout
SELECT layout FROM sandbooks.worlds WHERE number = :number
-- name: laid_out
UPDATE sandbooks.worlds SET layout = :layout WHERE number = :number
-- name: drop
DELETE FROM sandbooks.worlds WHERE number = :number
-- name: put_snapshot
INSERT INTO sandbooks.snapshots (world, name, image, taken_at, exchanges) VALUES (:world, :name, :image, :taken_at, :exchanges)
ON CONFLICT (world, name) DO UPDATE SET image = excluded.image, taken_at = excluded.taken_at, exchanges = excluded.exchanges
-- name: snapshots
SELECT name FROM sandbooks.snapshots WHERE world = :world ORDER BY name
-- name: snapshot_facts
SELECT taken_at, exchanges FROM sandbooks.snapshots WHERE world = :world AND name = :name
-- name: snapshot
SELECT image FROM sandbooks.snapshots WHERE world = :world AND name = :name
-- name: drop_snapshot
DELETE FROM sandbooks.snapshots WHERE world = :world AND name = :name
