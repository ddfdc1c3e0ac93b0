"""SQL of the messages' worker: taken up, handed over, settled, told of by receipts."""

# What events have overtaken of a message about an appointment. `i`: the campaign's item, `h`: the hold of its proposal.
# A reminder of a visit that may not take place stays unsaid, unless somebody has decided that it does: the last word on
# it counts, for it may be hit again.
_OVERTAKEN = """(
    upper(a.during) < {now}
    OR (m.kind = 'cancelled') <> (a.status = 'cancelled')
    OR a.status NOT IN ('pending', 'booked', 'cancelled')
    OR EXISTS (SELECT FROM appointment_change c WHERE c.appointment_id = m.appointment_id AND c.version > m.version
        AND c.event IN ('confirm', 'decline', 'move', 'cancel', 'reopen', 'leave', 'void'))
    OR (m.kind = 'reminder' AND (a.status <> 'booked' OR lower(a.during) <= {now} OR (a.conflict IS NOT NULL
        AND (SELECT k.state FROM campaign_item k WHERE k.appointment_id = a.id ORDER BY k.id DESC LIMIT 1)
            IS DISTINCT FROM 'kept')))
    OR (m.kind = 'proposal' AND (i.state IS DISTINCT FROM 'proposed' OR i.round <> m.number OR h.expires_at <= {now}
        OR coalesce(h.state NOT IN ('held', 'identified'), true)))
)"""
_ITEM = "LEFT JOIN campaign_item i ON i.id = m.ref_id LEFT JOIN hold h ON h.id = i.hold_id"
_OFFER_OVERTAKEN = """(
    o.state <> 'sent' OR o.expires_at <= {now} OR h.expires_at <= {now} OR h.state NOT IN ('held', 'identified')
)"""

# Nobody asked for these at this hour: by night they wait for the morning, also when the worker or the provider was away
# at their own. $3, $4: the usual quiet hours. `z`: the site, `q`: the centre with its own.
_DISTURBS = """(
    m.kind IN ('reminder', 'proposal', 'offer') AND m.channel <> 'email' AND EXISTS (
        SELECT FROM (SELECT ($1::timestamptz AT TIME ZONE z.timezone)::time AS wall,
                            coalesce((q.settings ->> 'quiet_from')::time, $3::time) AS since,
                            coalesce((q.settings ->> 'quiet_to')::time, $4::time) AS till) n
        WHERE CASE WHEN since < till THEN wall >= since AND wall < till
                   ELSE since <> till AND (wall >= since OR wall < till) END)
)"""

# Takes due messages up, or drops those that events have overtaken. The lock on the appointment waits for nobody: a
# message whose appointment is being changed at this moment is left to the next round.
_TAKE = """
), taken AS (
    UPDATE message m
    SET state = CASE WHEN p.overtaken THEN 'dropped' ELSE 'sending' END, claimed_at = $1, attempts = m.attempts + 1
    FROM picked p WHERE m.id = p.id
    RETURNING m.*
)
SELECT t.id, t.organisation_id, t.appointment_id, t.ref_id, t.kind, t.channel, t.recipient, t.language, t.attempts,
       t.resent, coalesce(g.phone, s.phone) AS phone, g.name AS organisation_name,
"""
_PLACE = "s.name AS site_name, s.address_line, s.postal_code, s.city, s.timezone"
CLAIM = f"""
WITH picked AS (
    SELECT m.id, {_OVERTAKEN.format(now="$1")} AS overtaken
    FROM message m JOIN appointment a ON a.id = m.appointment_id {_ITEM}
    JOIN site z ON z.id = a.site_id JOIN organisation q ON q.id = m.organisation_id
    WHERE m.state = 'planned' AND m.due_at <= $1 AND NOT {_DISTURBS}
    ORDER BY m.due_at LIMIT $2
    FOR UPDATE OF m SKIP LOCKED FOR SHARE OF a SKIP LOCKED
{_TAKE}
       a.status, a.version, CASE WHEN vr.fallback_at IS NOT NULL THEN 'by_phone' ELSE a.mode END AS mode,
       lower(a.during) AS start, upper(a.during) AS end, a.changed_at,
       upper(a.during) + interval '24 hours' AS link_until, {_PLACE},
       lower(h.during) AS proposed_start, h.mode AS proposed_mode, hs.name AS proposed_site,
       least(k.deadline, h.expires_at) AS answer_before,
       CASE WHEN t.kind = 'series' THEN ARRAY(
           SELECT lower(x.during) FROM appointment x
           WHERE x.series_id = t.ref_id AND x.status IN ('pending', 'booked') ORDER BY 1) END AS visits
FROM taken t JOIN appointment a ON a.id = t.appointment_id JOIN site s ON s.id = a.site_id
JOIN organisation g ON g.id = t.organisation_id
LEFT JOIN visit_room vr ON vr.appointment_id = a.id AND vr.planned_for = lower(a.during)
LEFT JOIN campaign_item i ON i.id = t.ref_id AND t.kind = 'proposal' LEFT JOIN campaign k ON k.id = i.campaign_id
LEFT JOIN hold h ON h.id = i.hold_id LEFT JOIN site hs ON hs.id = h.site_id
WHERE t.state = 'sending'
"""
CLAIM_OFFERS = f"""
WITH picked AS (
    SELECT m.id, {_OFFER_OVERTAKEN.format(now="$1")} AS overtaken
    FROM message m JOIN waiting_offer o ON o.id = m.ref_id JOIN hold h ON h.id = o.hold_id
    JOIN site z ON z.id = h.site_id JOIN organisation q ON q.id = m.organisation_id
    WHERE m.state = 'planned' AND m.due_at <= $1 AND m.appointment_id IS NULL AND NOT {_DISTURBS}
    ORDER BY m.due_at LIMIT $2
    FOR UPDATE OF m SKIP LOCKED FOR SHARE OF o SKIP LOCKED
{_TAKE}
       'offered' AS status, o.version, h.mode, lower(h.during) AS start, upper(h.during) AS end,
       o.created_at AS changed_at, upper(h.during) + interval '24 hours' AS link_until, {_PLACE},
       NULL::timestamptz AS proposed_start, NULL AS proposed_mode, NULL AS proposed_site,
       o.expires_at AS answer_before, NULL::timestamptz[] AS visits
FROM taken t JOIN waiting_offer o ON o.id = t.ref_id JOIN hold h ON h.id = o.hold_id
JOIN site s ON s.id = h.site_id JOIN organisation g ON g.id = t.organisation_id
WHERE t.state = 'sending'
"""
# Whether one message, $1, would now be overtaken, $2 now.
OVERTAKEN = f"""
SELECT {_OVERTAKEN.format(now="$2")} FROM message m JOIN appointment a ON a.id = m.appointment_id {_ITEM}
WHERE m.id = $1
UNION ALL
SELECT {_OFFER_OVERTAKEN.format(now="$2")}
FROM message m JOIN waiting_offer o ON o.id = m.ref_id JOIN hold h ON h.id = o.hold_id
WHERE m.id = $1 AND m.appointment_id IS NULL
"""

# Of the messages just taken up, $1, those whose contact is in no file of the people concerned any more: they go to the
# one of the same channel that now fits best, ranked as in PLAN, or fail when there is none. $2 now.
READDRESS = """
WITH about AS (
    SELECT m.id, m.organisation_id, m.channel, m.recipient, coalesce(a.patient_id, e.patient_id) AS patient_id,
           CASE WHEN coalesce(a.audience, e.audience) <> 'public'
                THEN (coalesce(a.requester, e.requester) ->> 'patient_id')::uuid END AS requester_id
    FROM message m LEFT JOIN appointment a ON a.id = m.appointment_id
    LEFT JOIN waiting_offer o ON m.appointment_id IS NULL AND o.id = m.ref_id
    LEFT JOIN waiting_entry e ON e.id = o.entry_id
    WHERE m.id = ANY ($1::uuid[]) AND m.from_file
), way AS (
    SELECT b.id, f.value, f.rank FROM about b CROSS JOIN LATERAL (
        SELECT c.kind, c.value, CASE WHEN c.verified_at IS NULL THEN 3 ELSE 2 END AS rank
        FROM contact c WHERE c.patient_id = b.patient_id
        UNION ALL
        SELECT c.kind, c.value, 1 FROM contact c
        WHERE c.patient_id = b.requester_id AND c.organisation_id = b.organisation_id
        UNION ALL
        SELECT c.kind, c.value, 4 FROM relation r JOIN contact c ON c.patient_id = r.other_patient_id
        WHERE r.patient_id = b.patient_id AND r.may_receive AND r.during @> $2::timestamptz) f
    WHERE b.channel = CASE f.kind WHEN 'mobile' THEN 'sms' WHEN 'email' THEN 'email' ELSE 'voice' END
), gone AS (
    SELECT b.id, (SELECT w.value FROM way w WHERE w.id = b.id ORDER BY w.rank, w.value LIMIT 1) AS value
    FROM about b WHERE NOT EXISTS (SELECT FROM way w WHERE w.id = b.id AND w.value = b.recipient)
)
UPDATE message m
SET recipient = coalesce(g.value, m.recipient), state = CASE WHEN g.value IS NULL THEN 'failed' ELSE m.state END
FROM gone g WHERE m.id = g.id RETURNING m.*
"""
ADD_LINKS = """
INSERT INTO manage_link (token_hash, organisation_id, appointment_id, offer_id, expires_at, created_at)
SELECT *, $6 FROM unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[])
"""
DROP_LINK = "DELETE FROM manage_link WHERE token_hash = $1"

SETTLE = """
UPDATE message SET state = $2, provider_ref = $3, sent_at = CASE WHEN $2 = 'sent' THEN $4::timestamptz END
WHERE id = $1 AND state = 'sending' RETURNING *
"""
PUT_OFF = "UPDATE message SET state = 'planned', due_at = $2 WHERE id = $1 AND state = 'sending'"
LOST = "UPDATE message SET state = 'unknown' WHERE state = 'sending' AND claimed_at < $1 RETURNING *"
