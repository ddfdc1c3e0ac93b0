-- A campaign counts all of its items at any time; what is live in it is a live visit, what is proposed is kept for its patient.
SELECT c.id::text AS key, c.size || ' items, of which in a known state ' || n.known AS detail
FROM campaign c CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE i.state IN ('todo', 'proposed', 'to_call', 'moved', 'cancelled', 'kept')) AS known
    FROM campaign_item i WHERE i.campaign_id = c.id) n
WHERE n.known <> c.size
UNION ALL
SELECT i.id::text, i.state || ', but its appointment is ' || a.status
FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id
WHERE i.state IN ('todo', 'proposed', 'to_call') AND a.status NOT IN ('pending', 'booked')
UNION ALL
-- A time that was closed meanwhile is noticed within seconds.
SELECT i.id::text, 'proposed, but its hold is ' || coalesce(h.state, 'not there')
FROM campaign_item i LEFT JOIN hold h ON h.id = i.hold_id
WHERE i.state = 'proposed' AND (h.id IS NULL OR (
    h.state NOT IN ('held', 'identified') AND h.closed_at < kit_now() - interval '10 seconds'))
UNION ALL
SELECT i.id::text, i.state || ', but still keeps a time'
FROM campaign_item i JOIN hold h ON h.id = i.hold_id
WHERE i.state IN ('moved', 'cancelled', 'kept') AND h.state IN ('held', 'identified')
UNION ALL
SELECT i.id::text, i.state || ' in a campaign that is ' || c.state
FROM campaign_item i JOIN campaign c ON c.id = i.campaign_id
WHERE (c.state = 'closed' AND i.state IN ('todo', 'proposed', 'to_call'))
   OR (c.state = 'draft' AND i.state IN ('proposed', 'to_call')) OR (c.state = 'sent' AND i.state = 'todo')
UNION ALL
SELECT i.id::text, 'to call, but nobody was ever asked to'
FROM campaign_item i WHERE i.state = 'to_call' AND i.call_need_id IS NULL
