"""SQL of the bench's own territory: set-based, by the superuser, deterministic."""

# $1 centre, $2 its reason, $3 minutes of a visit
HOUSE = """
WITH o AS (
    INSERT INTO organisation (id, name, phone) VALUES ($1, 'Centre of the bench (generated)', '+33385347100')
)
INSERT INTO visit_reason (
    id, organisation_id, code, label, public_label, professions, modes, bookable_by, max_ahead_days)
VALUES ($2, $1, 'consultation', 'Consultation', 'Consultation', '{physician}',
        jsonb_build_array(jsonb_build_object('mode', 'on_site', 'minutes', $3::int)),
        '{public,secretariat,partner,regulator}', 400)
"""

# $1 centre, $2 how many, $3 head of ids, $4 first id
SITES = """
INSERT INTO site (id, organisation_id, kind, code, name, city, timezone)
SELECT ($3 || ($4::bigint + i))::uuid, $1, 'centre', 'site-' || i, 'Site ' || i, 'Ville ' || i, 'Europe/Paris'
FROM generate_series(0, $2::int - 1) AS i
"""

# $1 centre, $2 how many, $3 head of ids, $4 first id, $5 first id of schedules, $6 first id of sites,
# $7 doctors per site. Without rules: the worker must believe that their windows are written already.
DOCTORS = """
WITH n AS (
    SELECT i, ($3 || ($4::bigint + i))::uuid AS id, ($3 || ($5::bigint + i))::uuid AS schedule,
           ($3 || ($6::bigint + i / $7::int))::uuid AS site
    FROM generate_series(0, $2::int - 1) AS i
), r AS (
    INSERT INTO resource (id, organisation_id, kind, name) SELECT id, $1, 'practitioner', 'Medecin' || i FROM n
), p AS (
    INSERT INTO practitioner (id, organisation_id, profession, family_name, given_name, display_name)
    SELECT id, $1, 'physician', 'Medecin' || i, 'Camille', 'Camille Medecin' || i FROM n
)
INSERT INTO schedule (id, organisation_id, practitioner_id, site_id, expanded_to)
SELECT schedule, $1, id, site, date '2100-01-01' FROM n
"""

# Windows of every doctor and day. $1 rule, $2 first instant, $3 days, $4 seconds a window lasts, $5 by how many seconds
# the starts of doctors differ at most (0: all begin together)
WINDOWS = """
INSERT INTO availability (
    organisation_id, schedule_id, rule_id, practitioner_id, site_id, profession, local_date, kind, during, free, modes,
    public_from, secretariat_from, partner_from, regulator_from)
SELECT s.organisation_id, s.id, $1, s.practitioner_id, s.site_id, 'physician', (w.start AT TIME ZONE 'UTC')::date,
       'clinic', w.during, tstzmultirange(w.during), '{on_site}', '-infinity', '-infinity', '-infinity', '-infinity'
FROM (SELECT *, row_number() OVER (ORDER BY id) AS number FROM schedule) s
CROSS JOIN generate_series(0, $3::int - 1) AS day
CROSS JOIN LATERAL (
    SELECT b.start, tstzrange(b.start, b.start + $4::int * interval '1 second') AS during
    FROM (SELECT $2::timestamptz + day * interval '1 day'
                 + CASE WHEN $5::int = 0 THEN 0 ELSE s.number * 8100 % $5::int / 300 * 300 END * interval '1 second'
                 AS start) b) w
"""

# $1 centre, $2 how many, $3 head of ids, $4 first id
PATIENTS = """
WITH n AS (
    SELECT i, ($3 || ($4::bigint + i))::uuid AS id FROM generate_series(0, $2::int - 1) AS i
), p AS (
    INSERT INTO patient (id, organisation_id, birth_family_name, birth_given_names, birth_date, created_at)
    SELECT id, $1, 'Essai' || i, 'Alex', date '1950-01-01' + i % 20000, now() FROM n
)
INSERT INTO contact (organisation_id, patient_id, kind, value)
SELECT $1, id, 'mobile', '+3363998' || lpad((i % 10000)::text, 4, '0') FROM n
"""

# $1 firm, $2 how many, $3 head of ids, $4 first id of persons, $5 of their memberships, $6 what their names begin with:
# the secret of the session of person i is that and i.
SCREENS = """
WITH n AS (
    SELECT i, ($3 || ($4::bigint + i))::uuid AS person_id, ($3 || ($5::bigint + i))::uuid AS membership_id
    FROM generate_series(0, $2::int - 1) AS i
), p AS (
    INSERT INTO person (id, login, login_key, display_name, status)
    SELECT person_id, $6 || i, $6 || i, 'Bench ' || i, 'active' FROM n
), m AS (
    INSERT INTO membership (id, person_id, organisation_id, role, valid, source)
    SELECT membership_id, person_id, $1, 'telesecretary', tstzrange(now(), NULL), 'admin' FROM n
)
INSERT INTO session (id_hash, sid, kind, person_id, membership_id, created_at, idle_until, expires_at, auth_time, amr,
                     acr)
SELECT sha256(convert_to($6 || i, 'UTF8')), $6 || i, 'professional', person_id, membership_id, now(),
       now() + interval '1 hour', now() + interval '12 hours', now(), '{pwd}', 1
FROM n
"""

DURABILITY = """
SELECT name, setting FROM pg_settings
WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers',
               'max_connections', 'jit', 'wal_level', 'server_version', 'data_checksums', 'track_commit_timestamp')
"""

# When the booking of each event was committed (the audit is written with it), and when its effect elsewhere was.
COMMITTED = """
SELECT o.id, pg_xact_commit_timestamp(a.xid::xid) AS at
FROM kit.outbox o JOIN kit.audit a ON a.record_id = o.subject_id AND a.action = 'appointment.book'
WHERE o.type LIKE '%appointment_booked%' AND o.occurred_at > now() - interval '10 minutes'
"""
APPLIED = """
SELECT event_id, pg_xact_commit_timestamp(xmin) AS at FROM kit.inbox
WHERE type LIKE '%appointment_booked%' AND processed_at > now() - interval '10 minutes'
"""
WAITING = "SELECT count(*) FROM kit.outbox WHERE published_at IS NULL"
ALL_RELAYED = "UPDATE kit.outbox SET published_at = now() WHERE published_at IS NULL"
# $1 how many, $2 when: free times that changed, of a practitioner each.
EVENTS_WAIT = """
INSERT INTO kit.outbox (id, type, subject_id, organisation_id, payload, occurred_at)
SELECT uuidv7(), 'appointments.availability_changed.v1', p.id, uuidv7(),
       json_build_object('practitioner_id', p.id, 'site_id', uuidv7(), 'local_date', '2027-01-04', 'version', 1)::text,
       $2::timestamptz
FROM (SELECT uuidv7() AS id FROM generate_series(1, $1::int)) p
"""

# $1 centre, $2 firm, $3 client, $4 calendar, $5 line, $6 how many agents, $7 head of ids, $8 first id, $9 what rings
# them
FLOOR = """
WITH t AS (
    INSERT INTO telephony_adapter (id, organisation_id, kind, state, since)
    VALUES ('bench', $2, 'simulated', 'up', now())
), c AS (
    INSERT INTO client (id, organisation_id, provider_id, name, valid, created_at)
    VALUES ($3, $1, $2, 'Bench', tstzrange(now() - interval '1 day', NULL), now())
), h AS (
    INSERT INTO calendar (id, organisation_id, name, weekly, created_at) VALUES ($4, $1, 'Bench', '[]', now())
), l AS (
    INSERT INTO line (id, organisation_id, client_id, name, number, time_zone, calendar_id, adapter_id, distribution,
                      created_at)
    VALUES ($5, $1, $3, 'Bench', '+33639980001', 'Europe/Paris', $4, 'bench', 'pick', now())
), n AS (
    SELECT i, ($7 || ($8::bigint + i))::uuid AS id FROM generate_series(0, $6::int - 1) AS i
), a AS (
    INSERT INTO agent (id, organisation_id, label, device_kind, device_address, device_ready, ring_sealed, presence,
                       work_state, idle_since, state_since, desk_id, seen_at, created_at)
    SELECT id, $2, 'poste ' || i, 'phone', 'SIP/' || i, true, $9, 'online', 'ready', now(), now(), uuidv7(),
           now() + interval '1 day', now() FROM n
), v AS (
    INSERT INTO agent_interval (id, organisation_id, agent_id, during, presence, work_state)
    SELECT uuidv7(), $2, id, tstzrange(now(), NULL), 'online', 'ready' FROM n
)
INSERT INTO agent_assignment (id, organisation_id, client_id, agent_id, during, created_at)
SELECT uuidv7(), $1, $3, id, tstzrange(now() - interval '1 day', NULL), now() FROM n
"""
# Both sides alike: a call that is taken is over at once, and its agent is ready for the next.
HANGS_UP = """
CREATE FUNCTION hangs_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE call SET state = 'completed' WHERE id = NEW.id;
    UPDATE agent SET work_state = 'ready' WHERE id = NEW.agent_id;
    RETURN NULL;
END $$;
CREATE TRIGGER hangs_up AFTER UPDATE ON call FOR EACH ROW WHEN (NEW.state = 'connecting') EXECUTE FUNCTION hangs_up()
"""
# $1 centre, $2 client, $3 line, $4 how many, $5 a sealed number
CALLS = """
INSERT INTO call (id, organisation_id, client_id, line_id, adapter_id, direction, state, provider_call_id,
                  number_sealed, arrived_at, queued_at, priority_at, relax_at, pick, state_since, created_at)
SELECT id, $1, $2, $3, 'bench', 'inbound', 'waiting', id::text, $5, now(), now(), now(), now(), true, now(), now()
FROM (SELECT uuidv7() AS id FROM generate_series(1, $4::int)) n
"""
STILL_WAITING = "SELECT count(*) FROM call WHERE state = 'waiting'"
REACH = """
SELECT set_config('maillage.orgs', $1, true), set_config('maillage.caller', 'telesecretary ' || $2 || ' ' || $3, true)
"""
# What R11 left behind: calls that still wait, commands that nobody carries out, events that nobody has relayed, agents
# with whom the worker would have something to do. $1 the agent who acts.
QUIET_FLOOR = (
    "DELETE FROM kit.outbox",
    "DELETE FROM telephony_command",
    "UPDATE call SET state = 'completed' WHERE state <> 'completed'",
    "UPDATE agent SET presence = 'offline', work_state = 'not_ready', seen_at = NULL, desk_id = NULL WHERE id <> $1",
    "UPDATE agent SET seen_at = now() + interval '1 day', work_state = 'ready' WHERE id = $1",
)
