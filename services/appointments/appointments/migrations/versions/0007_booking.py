"""How time is taken and given back: the two acts that every booking, hold, move and cancellation is made of.

They are functions of the base so that one booking is one round trip, and so that each step inside sees what others have
committed while it waited: a single statement would go on with the snapshot it began with.

They keep one plan for ever: with a new one at each call, which their arrays make PostgreSQL prefer, a booking takes
twice as long.

Locks are always taken in this order: patient, appointment, hold, busy, availability; several of one kind by id.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

SQL = """
-- A booking is one statement: busy is written first, because it decides, and its owner after it.
ALTER TABLE busy ALTER CONSTRAINT busy_appointment_id_fkey DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE busy ALTER CONSTRAINT busy_hold_id_fkey DEFERRABLE INITIALLY DEFERRED;

-- Lists without a site or a person go by day.
CREATE INDEX appointment_date ON appointment (local_date, id);

-- Whether nobody has a resource during `span`; neither a hold past its deadline nor the appointment `besides` counts.
CREATE FUNCTION is_idle(resource uuid, span tstzrange, at timestamptz, besides uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM busy b
        WHERE b.resource_id = resource AND b.ends_at > lower(span) AND b.ends_at < upper(span) + interval '25 hours'
          AND b.during && span AND (b.expires_at IS NULL OR b.expires_at > at)
          AND b.appointment_id IS DISTINCT FROM besides);
END $$;

-- What overbookings of one practitioner and half-day are counted by; the day is cut at 13:00 local time.
CREATE FUNCTION half_day(moment timestamptz, zone text) RETURNS timestamp LANGUAGE sql STABLE AS $$
    SELECT date_trunc('day', moment AT TIME ZONE zone)
        + CASE WHEN (moment AT TIME ZONE zone)::time < '13:00' THEN interval '0' ELSE interval '13 hours' END
$$;

-- Writes free time anew after busy rows came (`taken`) or went (`given_back`). Answers the days that changed, as the
-- body of availability_changed. `people` are practitioners; other resources have no opening hours.
CREATE FUNCTION time_settle(people uuid[], given_back tstzmultirange, taken tstzrange) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    spans   tstzmultirange := given_back + coalesce(tstzmultirange(taken), '{}');
    windows uuid[];
    changed jsonb;
BEGIN
    SELECT array_agg(l.id) INTO windows FROM (
        SELECT a.id FROM availability a
        WHERE a.practitioner_id = ANY (people) AND a.ends_at > lower(spans) AND a.starts_at < upper(spans)
          AND a.during && spans
        ORDER BY a.id FOR UPDATE) l;
    WITH written AS (
        UPDATE availability a
        SET free = CASE WHEN isempty(given_back) THEN a.free - tstzmultirange(taken)
                        ELSE computed_free(a.practitioner_id, a.during, a.closed) END,
            version = a.version + 1
        WHERE a.id = ANY (windows)
        RETURNING a.practitioner_id, a.site_id, a.local_date)
    SELECT jsonb_agg(jsonb_build_object(
        'practitioner_id', d.practitioner_id, 'site_id', d.site_id, 'local_date', d.local_date,
        'version', nextval('availability_version')))
    INTO changed FROM (SELECT DISTINCT w.practitioner_id, w.site_id, w.local_date FROM written w) d;
    RETURN coalesce(changed, '[]');
END $$;

-- Ends holds that are past their deadline and removes their busy rows; what they kept is to be settled by the caller.
CREATE FUNCTION holds_lapse(ids uuid[], at timestamptz, OUT people uuid[], OUT spans tstzmultirange)
LANGUAGE plpgsql AS $$
DECLARE
    dead uuid[];
BEGIN
    SELECT array_agg(l.id) INTO dead FROM (
        SELECT h.id FROM hold h
        WHERE h.id = ANY (ids) AND h.state IN ('held', 'identified') AND h.expires_at <= at
        ORDER BY h.id FOR UPDATE) l;
    UPDATE hold h SET state = 'lapsed', closed_at = at, version = h.version + 1 WHERE h.id = ANY (dead);
    WITH gone AS (DELETE FROM busy b WHERE b.hold_id = ANY (dead) RETURNING b.resource_id, b.during)
    SELECT coalesce(array_agg(g.resource_id), '{}'), coalesce(range_agg(g.during), '{}')
    INTO people, spans FROM gone g;
END $$;

-- Whether some window of a practitioner lets somebody in for all of `span`: nothing closed, right reason, mode and
-- audience. `who` null: whatever the audience. `forced` (an overbooking) asks only that he is there when it begins.
CREATE FUNCTION time_is_open(
    person uuid, place uuid, span tstzrange, reason uuid, way text, who text, at timestamptz, forced boolean
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM availability a
        WHERE a.practitioner_id = person AND a.site_id = place AND a.kind <> 'admin'
          AND a.ends_at > lower(span) AND a.starts_at <= lower(span)
          AND NOT a.closed && span
          AND (forced OR (
              a.kind IN ('clinic', 'unscheduled', 'home_round') AND a.during @> span
              AND (reason IS NULL OR a.reason_ids = '{}' OR reason = ANY (a.reason_ids))
              AND (way IS NULL OR way = ANY (a.modes))
              AND CASE who WHEN 'public' THEN a.public_from WHEN 'secretariat' THEN a.secretariat_from
                           WHEN 'partner' THEN a.partner_from WHEN 'regulator' THEN a.regulator_from
                           WHEN 'cpts' THEN a.cpts_from ELSE '-infinity' END <= at)));
END $$;

-- Takes `span` for one owner on a practitioner (`person`), those who assist him and rooms: all of it or nothing.
-- `leaves`: holds or appointments whose time is given back in the same act (a move gives its own): never in the way.
-- outcome: ok; taken (somebody has it); not_open (no window for this reason, mode and audience).
CREATE FUNCTION time_take(
    org uuid, owner_hold uuid, owner_appointment uuid, until timestamptz, leaves uuid[], forced boolean,
    person uuid, assistants uuid[], rooms uuid[], place uuid, span tstzrange,
    reason uuid, way text, who text, at timestamptz,
    OUT outcome text, OUT changed jsonb
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    resources  uuid[] := person || assistants || rooms;
    people     uuid[] := person || assistants;
    given_back tstzmultirange := '{}';
    lapsed     record;
    left_over  record;
    expired    uuid[];
    written    integer;
BEGIN
    SELECT array_agg(b.hold_id) INTO expired FROM busy b
    WHERE b.resource_id = ANY (resources) AND b.expires_at <= at
      AND b.ends_at > lower(span) AND b.ends_at < upper(span) + interval '25 hours' AND b.during && span;
    IF expired IS NOT NULL THEN
        SELECT * INTO lapsed FROM holds_lapse(expired, at);
        people := people || lapsed.people;
        given_back := lapsed.spans;
    END IF;
    IF cardinality(leaves) > 0 THEN
        WITH gone AS (
            DELETE FROM busy b WHERE b.appointment_id = ANY (leaves) OR b.hold_id = ANY (leaves)
            RETURNING b.resource_id, b.during)
        SELECT coalesce(array_agg(g.resource_id), '{}') AS people, coalesce(range_agg(g.during), '{}') AS spans
        INTO left_over FROM gone g;
        people := people || left_over.people;
        given_back := given_back + left_over.spans;
    END IF;

    INSERT INTO busy (organisation_id, resource_id, during, hold_id, appointment_id, overbooked, expires_at)
    SELECT org, r, span, owner_hold, owner_appointment, forced, until FROM unnest(resources) AS r ORDER BY r
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written < cardinality(resources) THEN
        RAISE EXCEPTION USING ERRCODE = 'MT001', MESSAGE = 'taken';
    END IF;

    changed := time_settle(people, given_back, span);

    IF NOT time_is_open(person, place, span, reason, way, who, at, forced)
       OR EXISTS (SELECT FROM unnest(assistants) AS a
                  WHERE NOT time_is_open(a, place, span, NULL, NULL, NULL, at, forced)) THEN
        RAISE EXCEPTION USING ERRCODE = 'MT001', MESSAGE = 'not_open';
    END IF;
    -- An overbooked visit is outside the constraint: only this refuses a normal booking over one.
    IF NOT forced AND EXISTS (
        SELECT FROM busy b WHERE b.resource_id = ANY (resources) AND b.overbooked
          AND b.ends_at > lower(span) AND b.ends_at < upper(span) + interval '25 hours' AND b.during && span) THEN
        RAISE EXCEPTION USING ERRCODE = 'MT001', MESSAGE = 'taken';
    END IF;
    outcome := 'ok';
EXCEPTION WHEN SQLSTATE 'MT001' THEN
    outcome := SQLERRM;
    changed := '[]';
END $$;

-- The time of a hold becomes the appointment's. The caller has locked the hold and seen that it lives.
CREATE FUNCTION time_keep(kept_hold uuid, new_owner uuid, at timestamptz, OUT outcome text, OUT changed jsonb)
LANGUAGE plpgsql AS $$
BEGIN
    changed := '[]';
    UPDATE hold h
    SET state = 'confirmed', appointment_id = new_owner, closed_at = at, identity = '{}', version = h.version + 1
    WHERE h.id = kept_hold AND h.state IN ('held', 'identified') AND h.expires_at > at;
    IF NOT FOUND THEN
        outcome := 'lapsed';
        RETURN;
    END IF;
    UPDATE busy b SET hold_id = NULL, appointment_id = new_owner, expires_at = NULL WHERE b.hold_id = kept_hold;
    outcome := 'ok';
END $$;

-- Gives back all that an appointment or a hold keeps.
CREATE FUNCTION time_give(owner_hold uuid, owner_appointment uuid) RETURNS jsonb
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    gone record;
BEGIN
    WITH rows AS (
        DELETE FROM busy b WHERE b.hold_id = owner_hold OR b.appointment_id = owner_appointment
        RETURNING b.resource_id, b.during)
    SELECT array_agg(r.resource_id) AS people, range_agg(r.during) AS spans INTO gone FROM rows r;
    RETURN CASE WHEN gone.spans IS NULL THEN '[]' ELSE time_settle(gone.people, gone.spans, NULL) END;
END $$;

-- What the rules of a reason must know of a patient. The patient is locked first, and the rest read after the wait:
-- two bookings of one person are judged one after the other.
CREATE FUNCTION patient_record(
    who uuid, reason uuid, start timestamptz, gap integer, besides uuid, at timestamptz
) RETURNS TABLE (
    organisation_id uuid, birth_date date, seen boolean, online_blocked_until timestamptz, live_online integer,
    near_id uuid
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM patient p WHERE p.id = who FOR NO KEY UPDATE;
    RETURN QUERY
    SELECT p.organisation_id, p.birth_date, p.first_seen_at IS NOT NULL, p.online_blocked_until,
           (SELECT count(*)::integer FROM appointment a
            WHERE a.patient_id = who AND a.reason_id = reason AND a.audience = 'public' AND upper(a.during) > at
              AND a.status IN ('pending', 'booked', 'arrived') AND a.id IS DISTINCT FROM besides),
           (SELECT a.id FROM appointment a
            WHERE gap > 0 AND a.patient_id = who AND a.reason_id = reason
              AND a.status NOT IN ('cancelled', 'noshow', 'entered-in-error') AND a.id IS DISTINCT FROM besides
              AND lower(a.during) > start - gap * interval '1 day'
              AND lower(a.during) < start + gap * interval '1 day'
            ORDER BY lower(a.during) LIMIT 1)
    FROM patient p WHERE p.id = who AND p.merged_into_id IS NULL;
END $$;
"""


def upgrade() -> None:
    """Functions, and two keys that are now checked at COMMIT."""
    op.execute(SQL)
