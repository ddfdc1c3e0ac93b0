"""SQL of the demonstration: one centre with one simulated line is planted; what became of its day is counted."""

CLIENT = """
INSERT INTO client (id, organisation_id, provider_id, name, valid, created_at)
VALUES ($1, $2, $3, $5, tstzrange($4, NULL), $4)
"""
CALENDAR = """
INSERT INTO calendar (id, organisation_id, name, weekly, created_at) VALUES ($1, $2, 'Semaine', $3, $4)
"""
ADAPTER = """
INSERT INTO telephony_adapter (id, organisation_id, kind, since, capabilities) VALUES ($1, $2, 'simulated', $3, $4)
"""
LINE = """
INSERT INTO line (id, organisation_id, client_id, name, number, time_zone, calendar_id, adapter_id, created_at)
VALUES ($1, $2, $3, $9, $4, $5, $6, $7, $8)
"""
SITE = """
INSERT INTO site_ref (site_id, organisation_id, name, timezone, active, version)
VALUES ($1, $2, $4, $3, true, 1)
"""
PRACTITIONER = """
INSERT INTO practitioner_ref
    (practitioner_id, organisation_id, rpps, profession, display_name, site_ids, active, version)
VALUES ($1, $2, $3, 'physician', $4, ARRAY[$5::uuid], true, 1)
"""
PERSON = """
INSERT INTO person_ref (person_id, organisation_id, display_name, rpps, status, epoch)
VALUES ($1, $2, $3, $4, 'active', 1)
"""
CONTACT = """
INSERT INTO contact_point (id, organisation_id, practitioner_id, role, channel, address_sealed, created_at)
VALUES ($1, $2, $3, 'self', 'sms', $4, $5)
"""
MOTIVES = """
INSERT INTO catalogue_entry (id, organisation_id, kind, code, label_fr, label_en, created_at)
VALUES ($1, $2, 'motive', $3, $4, $5, $6)
"""
INSTRUCTION = """
INSERT INTO instruction (id, organisation_id, client_id, scope, scope_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)
"""
VERSION = """
INSERT INTO instruction_version (id, organisation_id, client_id, instruction_id, number, text, allowed, forbidden,
    validity, state, author_id, validator_id, published_at, created_at)
VALUES ($1, $2, $3, $4, 1, $5, $6, $7, tstzrange($8, NULL), 'published', $9, $9, $8, $8)
"""
RED_FLAGS = """
INSERT INTO red_flag_set (id, organisation_id, client_id, number, items, state, validated_by, validity, created_at)
VALUES ($1, $2, $3, 1, $4, 'published', $5, tstzrange($6, NULL), $6)
"""
# A call of a former day that its caller gave up.
GAVE_UP = """
WITH made AS (
    INSERT INTO call (id, organisation_id, client_id, line_id, adapter_id, direction, state, number_sealed, number_hash,
        arrived_at, queued_at, priority_at, state_since, left_queue_at, ended_at, ended_by, wait_s, version, created_at)
    VALUES ($1, $2, $3, $4, $5, 'inbound', 'abandoned', $6, $7, $8, $8, $8, $9, $9, $9, 'caller',
        extract(epoch FROM $9::timestamptz - $8::timestamptz), 2, $8)
    RETURNING id, organisation_id, client_id
)
INSERT INTO call_event (call_id, seq, organisation_id, client_id, at, kind, state)
SELECT made.id, e.seq, made.organisation_id, made.client_id, e.at, e.kind, e.state
FROM made, (VALUES (1, $8::timestamptz, 'queued', 'waiting'), (2, $9, 'caller_hung_up', 'abandoned'))
    AS e (seq, at, kind, state)
"""

STATE = "SELECT state FROM simulation WHERE id = $1"
AT_WORK = "SELECT count(*) FROM agent WHERE presence <> 'offline'"
# The calls of one line since an instant. T: the client's threshold; short: who hung up within the client's few seconds.
COUNTS = """
WITH c AS (
    SELECT call.*, client.sl_threshold_s AS t, client.short_abandon_s AS s,
        answered_at IS NULL AND state = 'abandoned' AND queued_at IS NOT NULL AS gone
    FROM call JOIN client ON client.id = call.client_id
    WHERE line_id = $1 AND arrived_at >= $2 AND direction = 'inbound'
)
SELECT count(*) AS received,
    count(*) FILTER (WHERE answered_at IS NOT NULL) AS answered,
    count(*) FILTER (WHERE answered_at IS NOT NULL AND wait_s <= t) AS answered_in_time,
    count(*) FILTER (WHERE gone) AS abandoned,
    count(*) FILTER (WHERE gone AND wait_s <= t) AS abandoned_in_time,
    count(*) FILTER (WHERE gone AND wait_s < s) AS short_abandoned,
    count(*) FILTER (WHERE answered_at IS NULL AND state = 'overflowed') AS overflowed,
    count(*) FILTER (WHERE answered_at IS NULL AND state = 'callback_requested') AS callback_requested,
    count(*) FILTER (WHERE answered_at IS NULL AND state = 'closed') AS closed,
    count(*) FILTER (WHERE answered_at IS NULL AND state = 'refused') AS refused,
    count(*) FILTER (WHERE state = 'failed' AND answered_at IS NULL) AS failed,
    count(*) FILTER (WHERE answered_at IS NULL AND state IN ('arrived', 'waiting', 'offered', 'connecting'))
        AS in_progress,
    coalesce(avg(wait_s) FILTER (WHERE answered_at IS NOT NULL), 0)::float8 AS average_wait_s,
    coalesce(avg(talk_s) FILTER (WHERE answered_at IS NOT NULL), 0)::float8 AS average_talk_s,
    count(*) FILTER (WHERE repeat_caller >= 3) AS repeat_callers,
    count(*) FILTER (WHERE outcome = 'unclassified') AS unclassified,
    sum(returned)::int AS returned
FROM c
"""
TOLD = """
SELECT count(*) FROM telephony_fact WHERE kind = 'call_arrived' AND adapter_id = $1 AND state <> 'ignored'
"""
RED = """
SELECT count(*) AS opened, count(*) FILTER (WHERE outcome = 'handed_to_15') AS handed_over,
    count(*) FILTER (WHERE state <> 'closed') AS open FROM red_flag
"""
MESSAGES = """
SELECT count(*) FILTER (WHERE sent_at IS NOT NULL) AS sent,
    count(*) FILTER (WHERE acknowledged_at IS NOT NULL) AS acknowledged,
    count(*) FILTER (WHERE level > 0) AS escalated,
    count(*) FILTER (WHERE acknowledged_at IS NULL AND level = 0 AND sent_at IS NOT NULL) AS waiting
FROM message
"""
CALLBACKS = """
SELECT count(*) AS asked, count(*) FILTER (WHERE state = 'done') AS made,
    count(*) FILTER (WHERE state = 'missed') AS missed, count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
    count(*) FILTER (WHERE state = 'expired') AS expired
FROM callback
"""
# What one seed gives, whatever the day makes of it.
CALLED = """
SELECT provider_call_id, arrived_at FROM call
WHERE line_id = $1 AND direction = 'inbound' AND provider_call_id LIKE 'sim.%.0' ORDER BY arrived_at, id
"""
