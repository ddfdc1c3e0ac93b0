"""What must be true of an agenda beside the invariants of the service: each a query that finds nothing."""

TRUTHS: dict[str, str] = {
    "a proposed time is kept for an item that is settled": """
        SELECT h.id, h.owner, i.state FROM hold h
        LEFT JOIN campaign_item i ON 'campaign:' || i.id = h.owner
        WHERE h.owner LIKE 'campaign:%' AND h.state IN ('held', 'identified') AND h.expires_at > kit_now()
          AND (i.id IS NULL OR i.hold_id IS DISTINCT FROM h.id OR i.state NOT IN ('todo', 'proposed', 'to_call'))""",
    "an entry is offered more than it may be, or twice on a day": """
        SELECT entry_id, count(*) FROM waiting_offer GROUP BY entry_id HAVING count(*) > 3
        UNION ALL
        SELECT entry_id, count(*) FROM waiting_offer
        GROUP BY entry_id, (created_at AT TIME ZONE 'Europe/Paris')::date HAVING count(*) > 1""",
    "an offer outlives its sense": """
        SELECT o.id, o.expires_at, lower(h.during) FROM waiting_offer o JOIN hold h ON h.id = o.hold_id
        WHERE o.expires_at > lower(h.during) - interval '6 hours'
           OR o.expires_at > o.created_at + interval '16 hours'""",
    "somebody is to be called about nothing": """
        SELECT n.id, n.cause FROM call_need n
        WHERE n.state = 'open' AND (
            (n.cause = 'offer' AND NOT EXISTS (SELECT FROM waiting_offer o WHERE o.id = n.ref_id AND o.state = 'sent'))
            OR (n.cause = 'campaign'
                AND NOT EXISTS (SELECT FROM campaign_item i WHERE i.id = n.ref_id AND i.state = 'to_call')))""",
    "one person's matter is about another's visit": """
        SELECT i.id::text, 'item' FROM campaign_item i JOIN appointment a ON a.id = i.appointment_id
        WHERE i.patient_id <> a.patient_id
        UNION ALL
        SELECT e.id::text, 'linked ' || a.status
        FROM waiting_entry e JOIN appointment a ON a.id = e.linked_appointment_id
        WHERE e.patient_id <> a.patient_id AND e.state IN ('waiting', 'offered') AND a.status IN ('pending', 'booked')
        UNION ALL
        SELECT s.id::text, 'series' FROM series s JOIN appointment a ON a.series_id = s.id
        WHERE s.patient_id <> a.patient_id
        UNION ALL
        SELECT n.id::text, 'call' FROM call_need n
        LEFT JOIN waiting_offer o ON o.id = n.ref_id LEFT JOIN waiting_entry e ON e.id = o.entry_id
        LEFT JOIN campaign_item i ON i.id = n.ref_id LEFT JOIN appointment a ON a.id = n.ref_id
        WHERE n.patient_id <> coalesce(e.patient_id, i.patient_id, a.patient_id)
        UNION ALL
        SELECT m.id::text, 'message' FROM message m JOIN waiting_offer o ON o.id = m.ref_id
        JOIN waiting_entry e ON e.id = o.entry_id WHERE m.patient_id <> e.patient_id""",
    "history tells another story than the visit": """
        SELECT a.id, a.status, c.status AS told FROM appointment a
        JOIN appointment_change c ON c.appointment_id = a.id AND c.version = a.version
        WHERE (a.status, a.practitioner_id, lower(a.during)) IS DISTINCT FROM
              (c.status, c.practitioner_id, lower(c.during))""",
    "a delegated visit without its physician": """
        SELECT a.id, a.status FROM appointment a JOIN visit_reason r ON r.id = a.reason_id
        WHERE r.protocol_id IS NOT NULL AND (a.protocol_id IS NULL OR (a.delegating_physician_id IS NULL
            AND a.conflict IS NULL AND a.status IN ('pending', 'booked')))""",
    "a message of a visit that has ended without a word waits": """
        SELECT m.id, m.kind, m.state, a.status FROM message m JOIN appointment a ON a.id = m.appointment_id
        WHERE m.state = 'planned' AND a.status = 'entered-in-error'""",
    "a hold was prolonged too often": "SELECT id, extensions FROM hold WHERE extensions > 10",
}
# Visits whose stored conflict is not the one that a new look finds; run in a transaction that is rolled back.
CONFLICTS = """
SELECT id, conflict FROM appointment
WHERE status IN ('pending', 'booked') AND upper(during) > kit_now() ORDER BY id
"""
STANDS = "SELECT id, version, status, practitioner_id, lower(during) AS start, patient_id FROM appointment"
RESTS = """
SELECT x.practitioner_id, lower(x.during) AS start, upper(x.during) AS end FROM absence x WHERE x.source = 'permanence'
"""
IN_REST = """
SELECT a.id FROM appointment a
WHERE a.status IN ('pending', 'booked') AND a.conflict IS NULL AND a.practitioner_id = $1
  AND a.during && tstzrange($2, $3) AND lower(a.during) > kit_now()
"""
