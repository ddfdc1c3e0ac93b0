"""SQL of invoices. A month is that of each line's own clock."""

CLIENT = """
SELECT organisation_id, provider_id, prices,
    valid && tstzrange($2::date::timestamp AT TIME ZONE 'Europe/Paris',
                       ($2::date + interval '1 month') AT TIME ZONE 'Europe/Paris') AS runs
FROM client WHERE id = $1 AND id = ANY ((SELECT reached_clients())::uuid[])
"""
OVER_AT = """
SELECT coalesce(max(($2::date + interval '1 month') AT TIME ZONE time_zone),
                ($2::date + interval '1 month') AT TIME ZONE 'Europe/Paris')
FROM line WHERE client_id = $1
"""
# A call belongs to the month in which it was answered, a message to the one in which it was sent: nothing that happens
# later adds to a month that is over. Appointments follow the call that booked them. One entry for each thing billed.
COUNTED = """
WITH month AS (
    SELECT id AS line_id, $2::date::timestamp AT TIME ZONE time_zone AS begins,
        ($2::date + interval '1 month') AT TIME ZONE time_zone AS ends
    FROM line WHERE client_id = $1
), answered AS (
    SELECT c.id, c.direction FROM month m JOIN call c ON c.line_id = m.line_id
    WHERE c.arrived_at >= m.begins - interval '31 days' AND c.arrived_at < m.ends
        AND c.answered_at >= m.begins AND c.answered_at < m.ends
), counted AS (
    SELECT CASE direction WHEN 'inbound' THEN 'call_answered' ELSE direction END AS kind, id FROM answered
    WHERE direction IN ('inbound', 'callback')
    UNION ALL
    SELECT 'appointment', a.id FROM answered a JOIN call_appointment b ON b.call_id = a.id WHERE b.status <> 'cancelled'
    UNION ALL
    SELECT 'message', c.id FROM message s JOIN call c ON c.id = s.call_id JOIN month m ON m.line_id = c.line_id
    WHERE s.client_id = $1 AND s.sent_at >= m.begins AND s.sent_at < m.ends
)
SELECT kind, array_agg(id ORDER BY id) AS call_ids FROM counted GROUP BY kind
"""
ADD = """
INSERT INTO invoice (id, organisation_id, client_id, month, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (client_id, month) DO NOTHING
"""
INVOICE = "SELECT * FROM invoice WHERE id = $1"
LOCK = "SELECT * FROM invoice WHERE id = $1 FOR NO KEY UPDATE"
LOCK_MONTH = "SELECT * FROM invoice WHERE client_id = $1 AND month = $2 FOR NO KEY UPDATE"
LIST = """
SELECT * FROM invoice
WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::date IS NULL OR month = $2) AND ($3::text IS NULL OR state = $3)
    AND ($4::uuid IS NULL OR id > $4)
ORDER BY id LIMIT $5
"""
LINES = """
SELECT * FROM invoice_line WHERE invoice_id = $1
ORDER BY corrects_id NULLS FIRST,
    array_position('{call_answered,callback,appointment,message,monthly}'::text[], kind), id
"""
DROP_KINDS = "DELETE FROM invoice_line WHERE invoice_id = $1 AND corrects_id IS NULL AND kind <> ALL ($2::text[])"
PUT_LINE = """
INSERT INTO invoice_line (id, organisation_id, client_id, invoice_id, kind, count, unit_cents, call_ids)
SELECT $2, i.organisation_id, i.client_id, i.id, $3, $4, $5, $6 FROM invoice i WHERE i.id = $1
ON CONFLICT (invoice_id, kind) WHERE corrects_id IS NULL
DO UPDATE SET count = excluded.count, unit_cents = excluded.unit_cents, call_ids = excluded.call_ids
"""
TOTAL = """
UPDATE invoice i SET version = version + 1, total_cents =
    (SELECT coalesce(sum(l.count * l.unit_cents), 0) FROM invoice_line l WHERE l.invoice_id = i.id)
WHERE i.id = $1
"""
CLOSE = """
UPDATE invoice SET state = 'closed', hash = $2, closed_at = $3, closed_by = $4, version = version + 1 WHERE id = $1
"""
# Locked, so that two credits together never exceed what was billed.
CORRECTABLE = """
SELECT l.id, l.kind, l.count, l.unit_cents FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id
WHERE l.id = $1 AND l.corrects_id IS NULL AND i.state = 'closed' AND i.client_id = $2 AND i.month < $3
FOR NO KEY UPDATE OF l
"""
CREDITED = "SELECT coalesce(-sum(count), 0) FROM invoice_line WHERE corrects_id = $1"
CREDIT = """
INSERT INTO invoice_line (id, organisation_id, client_id, invoice_id, kind, count, unit_cents, corrects_id, reason)
SELECT $2, i.organisation_id, i.client_id, i.id, l.kind, $4, l.unit_cents, l.id, $5
FROM invoice i, invoice_line l WHERE i.id = $1 AND l.id = $3
"""
DROP_CREDIT = "DELETE FROM invoice_line WHERE id = $2 AND invoice_id = $1 AND corrects_id IS NOT NULL RETURNING id"
LINE_OF = """
SELECT l.organisation_id FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id WHERE l.id = $2 AND i.id = $1
"""
CALLS = """
SELECT o.place, c.id, c.line_id, c.direction, c.arrived_at, c.answered_at, c.talk_s, c.hold_s
FROM invoice_line l CROSS JOIN unnest(l.call_ids) WITH ORDINALITY AS o (call_id, place) JOIN call c ON c.id = o.call_id
WHERE l.id = $1 AND o.place > $2 ORDER BY o.place LIMIT $3
"""
