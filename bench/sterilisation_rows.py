"""SQL that plants a plant with a long past: one group, one hospital, a thousand sets,
           as many ended runs and entries of
the trace as asked. Written past the product, for its rows need be no more than alike in number and size."""

GROUP = """
INSERT INTO cooperation_group (id, organisation_id, name, gs1_prefix, created_at) VALUES ($1, $1, 'Bench',
           '9521234', now());
"""
REFERENCE = """
WITH g AS (SELECT $1::uuid AS id, $2::uuid AS member, ($3 || '1')::text AS head), m AS (
    INSERT INTO member (id, organisation_id, group_id, name, finess, joined_on, created_at)
    SELECT member, member, id, 'Bench', '529990001', current_date - 400, now() FROM g
), s AS (
    INSERT INTO site (id, organisation_id, group_id, name, kind, created_at)
    SELECT ($3 || '100000000001')::uuid, member, id, 'Bench', 'hospital', now() FROM g
), p AS (
    INSERT INTO place (id, organisation_id, group_id, site_id, name, kind, cleanliness, code, created_at)
    SELECT ($3 || '100000000002')::uuid, member, id, ($3 || '100000000001')::uuid, 'Bench', 'theatre', 'any', 'T',
           now() FROM g
), st AS (
    INSERT INTO station (id, organisation_id, group_id, site_id, place_id, name, kind, created_at)
    SELECT ($3 || '100000000003')::uuid, member, id, ($3 || '100000000001')::uuid, ($3 || '100000000002')::uuid,
           'Bench',
           'theatre', now() FROM g
), d AS (
    INSERT INTO device (id, organisation_id, group_id, station_id, name, created_at)
    SELECT ($3 || lpad((200000000000 + n)::text, 12, '0'))::uuid, member, id, ($3 || '100000000003')::uuid,
           'D' || n, now()
    FROM g, generate_series(1, 64) n
), mc AS (
    INSERT INTO machine (id, organisation_id, group_id, site_id, name, kind, capacity, state_since, created_at)
    SELECT ($3 || '100000000004')::uuid, id, id, ($3 || '100000000001')::uuid, 'Bench', 'steam', 18, now(),
           now() FROM g
), pr AS (
    INSERT INTO programme (id, organisation_id, group_id, code, no, name, kind, temp_c, plateau_s, saturation_k,
           expected_min,
                           valid, created_at)
    SELECT ($3 || '100000000005')::uuid, id, id, 'steam', 1, 'Bench', 'steam', 134, 1080, 2, 70,
           tstzrange(now() - interval '4000 days', NULL), now() FROM g
), pk AS (
    INSERT INTO packaging (id, organisation_id, group_id, name, kind, shelf_days, sealed, created_at)
    SELECT ($3 || '100000000006')::uuid, id, id, 'Bench', 'container', 180, false, now() FROM g
), im AS (
    INSERT INTO instrument_model (id, organisation_id, group_id, alias, created_at)
    SELECT ($3 || '100000000007')::uuid, id, id, 'Bench', now() FROM g
), c AS (
    INSERT INTO composition (id, organisation_id, group_id, code, name, created_at)
    SELECT ($3 || '100000000008')::uuid, member, id, 'B', 'Bench', now() FROM g
), v AS (
    INSERT INTO composition_version (id, organisation_id, composition_id, no, state, wash_programme, programme,
           packaging_ids,
                                     uo_category, adopted_at, created_at)
    SELECT ($3 || '100000000009')::uuid, member, ($3 || '100000000008')::uuid, 1, 'adopted', 'wash', 'steam',
           ARRAY[($3 || '100000000006')::uuid], 'A', now(), now() FROM g
), l AS (
    INSERT INTO composition_line (id, organisation_id, version_id, position, model_id, quantity, mode)
    SELECT ($3 || '100000000010')::uuid, member, ($3 || '100000000009')::uuid, 1, ($3 || '100000000007')::uuid, 5,
           'free' FROM g
)
INSERT INTO instrument_set (id, organisation_id, group_id, name, tag, composition_id, composition_version_id,
           created_at)
SELECT ($3 || lpad((300000000000 + n)::text, 12, '0'))::uuid, member, id, 'S' || n,
       'https://id.gs1.org/8003/09521234000129B' || lpad(n::text, 6, '0'), ($3 || '100000000008')::uuid,
       ($3 || '100000000009')::uuid, now()
FROM g, generate_series(1, 1000) n
"""
# $1 group, $2 member, $3 head of ids, $4 first run, $5 last run. Loads of fourteen packs, all used since.
LOADS = """
INSERT INTO load (id, organisation_id, group_id, machine_id, programme_id, kind, cycle_no, state, opened_by,
           started_by,
                  started_at, cycle_ended_at, decided_at, created_at)
SELECT ($3 || lpad((500000000000 + n)::text, 12, '0'))::uuid, $1, $1, ($3 || '100000000004')::uuid,
       ($3 || '100000000005')::uuid, 'steam', n, 'released', 'person:bench', 'person:bench', at, at, at, at
FROM generate_series($4::bigint / 14, $5::bigint / 14) n,
           LATERAL (SELECT now() - (n % 100000) * interval '5 minutes' AS at) t
WHERE $2::uuid IS NOT NULL
ON CONFLICT DO NOTHING
"""
RUNS = """
INSERT INTO run (id, organisation_id, group_id, set_id, composition_version_id, stage, stage_since, label,
           packaging_id, load_id,
                 sterile_on, expires_on, released_at, ended_at, created_at)
SELECT ($3 || lpad((400000000000 + n)::text, 12, '0'))::uuid, $2, $1,
       ($3 || lpad((300000000000 + 1 + n % 1000)::text, 12, '0'))::uuid, ($3 || '100000000009')::uuid, 'used', at,
       lpad((950000000000000000 + n)::text, 18, '0'), ($3 || '100000000006')::uuid,
       ($3 || lpad((500000000000 + n / 14)::text, 12, '0'))::uuid, at::date, at::date + 180, at, at, at
FROM generate_series($4::bigint, $5::bigint) n,
           LATERAL (SELECT now() - (n / 14 % 100000) * interval '5 minutes' AS at) t
"""
LOAD_RUNS = """
INSERT INTO load_run (id, organisation_id, group_id, load_id, run_id, added_by, frozen, ended, intact, dry,
           seen_at, created_at)
SELECT uuidv7(), $2, $1, ($3 || lpad((500000000000 + n / 14)::text, 12, '0'))::uuid,
       ($3 || lpad((400000000000 + n)::text, 12, '0'))::uuid, 'person:bench', true, true, true, true, now(), now()
FROM generate_series($4::bigint, $5::bigint) n
"""
USES = """
INSERT INTO use (id, organisation_id, run_id, operation_ref, used_at, created_at)
SELECT uuidv7(), $2, ($3 || lpad((400000000000 + n)::text, 12, '0'))::uuid, 'OP-' || n / 3, now(), now()
FROM generate_series($4::bigint, $5::bigint) n WHERE $1::uuid IS NOT NULL
"""
ENTRIES = """
INSERT INTO trace_entry (id, organisation_id, kind, subject_kind, subject_id, subject_version, occurred_at,
           recorded_at, actor,
                         person_id, role, data, digest)
SELECT uuidv7(), $2, 'run.bench', 'run', ($3 || lpad((400000000000 + n)::text, 12, '0'))::uuid, step, now(), now(),
       'person:bench', $1::uuid, 'sterilisation_agent',
       '{"row": {"stage": "washed", "stage_since": "2026-03-02T07:41:09+00:00", "version": 5},
           "facts": {"load_id": "x"}}', '\\x00'
FROM generate_series($4::bigint, $5::bigint) n, generate_series(1, 30) step
"""
PAST = (LOADS, RUNS, LOAD_RUNS, USES, ENTRIES)
# Sixty-four packs that are good today, one per device: what theatres look at.
GOOD = """
INSERT INTO run (id, organisation_id, group_id, set_id, composition_version_id, stage, stage_since, label,
           packaging_id,
                 sterile_on, expires_on, released_at, created_at)
SELECT ($3 || lpad((600000000000 + n)::text, 12, '0'))::uuid, $2, $1, ($3 || lpad((300000000000 + n)::text, 12,
           '0'))::uuid,
       ($3 || '100000000009')::uuid, 'released', now(), ($4::text[])[n], ($3 || '100000000006')::uuid,
           current_date, current_date + 180,
       now(), now()
FROM generate_series(1, 64) n
"""
STAYS = """
INSERT INTO custody (id, organisation_id, group_id, subject_kind, subject_id, place_id, since, created_at)
SELECT uuidv7(), $2, $1, 'set', ($3 || lpad((300000000000 + n)::text, 12, '0'))::uuid,
           ($3 || '100000000002')::uuid, now(), now()
FROM generate_series(1, 1000) n
"""
