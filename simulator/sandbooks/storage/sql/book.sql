-- name: put_account
INSERT INTO accounts (book, id, position, name, kind, currency, active)
VALUES (:book, :id, (SELECT count(*) FROM accounts WHERE book = :book), :name, :kind, :currency, :active)
ON CONFLICT (book, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, currency = excluded.currency, active = excluded.active
-- name: account
SELECT id, name, kind, currency, active FROM accounts WHERE book = :book AND id = :id
-- name: accounts
SELECT id, name, kind, currency, active FROM accounts WHERE book = :book ORDER BY position
-- name: last_number
SELECT max(number) FROM entries WHERE book = :book
-- name: add_entry
INSERT INTO entries (book, number, day, kind, id, version, memo, reverses, live) VALUES (:book, :number, :day, :kind, :id, :version, :memo, :reverses, :live)
-- name: retire
UPDATE entries SET live = 0 WHERE book = :book AND kind = :kind AND id = :id AND live = 1
-- name: add_line
INSERT INTO lines (book, number, position, day, account, currency, amount, base, tax_code, party, dimensions, memo)
VALUES (:book, :number, :position, :day, :account, :currency, :amount, :base, :tax_code, :party, :dimensions, :memo)
-- name: add_total
INSERT INTO day_totals (book, account, currency, day, amount, base) VALUES (:book, :account, :currency, :day, :amount, :base)
ON CONFLICT (book, account, currency, day) DO UPDATE SET amount = day_totals.amount + excluded.amount, base = day_totals.base + excluded.base
-- name: entries
SELECT number, day, kind, id, version, memo, reverses FROM entries WHERE book = :book ORDER BY number
-- name: live_entry
SELECT number, day, kind, id, version, memo, reverses FROM entries WHERE book = :book AND kind = :kind AND id = :id AND live = 1
-- name: posted_version
SELECT 1 FROM entries WHERE book = :book AND kind = :kind AND id = :id AND version = :version AND reverses IS NULL
-- name: lines_of_entry
SELECT account, currency, amount, base, tax_code, party, dimensions, memo FROM lines WHERE book = :book AND number = :number ORDER BY position
-- name: lines_of_account
SELECT e.number, l.position, e.day, e.kind, e.id, e.version, e.memo, e.reverses, l.account, l.currency, l.amount, l.base, l.tax_code, l.party, l.dimensions, l.memo
FROM lines l JOIN entries e ON e.book = l.book AND e.number = l.number
WHERE l.book = :book AND l.account = :account AND l.day >= :since AND l.day <= :through ORDER BY l.number, l.position
-- name: lines_of_source
SELECT e.number, l.position, e.day, e.kind, e.id, e.version, e.memo, e.reverses, l.account, l.currency, l.amount, l.base, l.tax_code, l.party, l.dimensions, l.memo
FROM entries e CROSS JOIN lines l
WHERE l.book = e.book AND l.number = e.number AND e.book = :book AND e.kind = :kind AND e.id = :id ORDER BY +e.number, +l.position
-- name: lines
SELECT e.number, l.position, e.day, e.kind, e.id, e.version, e.memo, e.reverses, l.account, l.currency, l.amount, l.base, l.tax_code, l.party, l.dimensions, l.memo
FROM lines l JOIN entries e ON e.book = l.book AND e.number = l.number
WHERE l.book = :book AND l.day >= :since AND l.day <= :through ORDER BY l.number, l.position
-- name: totals
SELECT account, currency, CAST(sum(amount) AS BIGINT), CAST(sum(base) AS BIGINT) FROM day_totals WHERE book = :book AND day >= :since AND day <= :through GROUP BY account, currency ORDER BY account, currency
-- name: totals_of
SELECT account, currency, CAST(sum(amount) AS BIGINT), CAST(sum(base) AS BIGINT) FROM day_totals WHERE book = :book AND account = :account AND day >= :since AND day <= :through GROUP BY account, currency ORDER BY account, currency
-- name: day_totals
SELECT day, account, currency, amount, base FROM day_totals WHERE book = :book ORDER BY account, currency, day
-- name: currencies_of
SELECT DISTINCT currency FROM day_totals WHERE book = :book AND account = :account ORDER BY currency
-- name: closing
SELECT through FROM closings WHERE book = :book ORDER BY after DESC LIMIT 1
-- name: closings
SELECT after, through FROM closings WHERE book = :book ORDER BY after
-- name: close
INSERT INTO closings (book, after, through) VALUES (:book, (SELECT coalesce(max(number), 0) FROM entries WHERE book = :book), :through)
ON CONFLICT (book, after) DO UPDATE SET through = excluded.through
