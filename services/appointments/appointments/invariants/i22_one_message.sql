-- At most one message per appointment (or offer, or item of a campaign), kind, channel, version and number; after a cancellation only its notice leaves.
SELECT min(m.id::text)::uuid AS key, count(*) || ' messages ' || m.kind || ' by ' || m.channel || ' of version ' || m.version AS detail
FROM message m
GROUP BY m.appointment_id, m.ref_id, m.kind, m.channel, m.version, m.number HAVING count(*) > 1
UNION ALL
-- Ten seconds: a message may be taken up while the cancelling transaction, which began before, has not yet locked the appointment.
SELECT m.id, m.kind || ' of version ' || m.version || ' left after the cancellation of version ' || c.version
FROM message m
JOIN appointment_change c ON c.appointment_id = m.appointment_id AND c.event IN ('cancel', 'decline') AND c.version > m.version
WHERE m.kind <> 'cancelled' AND m.state <> 'dropped' AND (m.state = 'planned' OR m.claimed_at > c.at + interval '10 seconds')
