-- A live appointment has one busy row per resource with its own range, an ended one none; a live hold likewise.
WITH owner AS (
    SELECT id, resource_ids, occupied, overbooked, status IN ('pending', 'booked', 'arrived') AS live,
           status IN ('cancelled', 'entered-in-error') AS gone FROM appointment
    UNION ALL
    SELECT id, resource_ids, occupied, false, state IN ('held', 'identified'), state IN ('lapsed', 'released', 'confirmed') FROM hold
)
SELECT o.id::text AS key, 'has no busy row of its range for ' || r.id AS detail
FROM owner o CROSS JOIN LATERAL unnest(o.resource_ids) AS r (id)
WHERE o.live AND (
    SELECT count(*) FROM busy b
    WHERE b.resource_id = r.id AND o.id IN (b.appointment_id, b.hold_id) AND b.during = o.occupied AND b.overbooked = o.overbooked) <> 1
UNION ALL
SELECT o.id::text, 'has a busy row that is not its own: ' || b.id
FROM busy b JOIN owner o ON o.id = coalesce(b.appointment_id, b.hold_id)
WHERE o.gone OR NOT b.resource_id = ANY (o.resource_ids)
