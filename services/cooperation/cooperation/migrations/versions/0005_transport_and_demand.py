"""Vehicles, crates, seals, hand-overs, timetable; operations, needs, promises, urgent requests, loans; shared orders."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
CREATE TABLE vehicle (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    name            text NOT NULL,
    plate           text,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
-- `id` is also the id of its place. `flows`: codes of the flows that may ride; empty: all that agree with each other.
CREATE TABLE compartment (
    id              uuid PRIMARY KEY REFERENCES place,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    vehicle_id      uuid NOT NULL REFERENCES vehicle,
    cleanliness     text NOT NULL CHECK (cleanliness IN ('clean', 'dirty', 'both')),
    capacity        integer NOT NULL CHECK (capacity BETWEEN 1 AND 500),
    disinfected_at  timestamptz,
    dirty_since     timestamptz,
    cleaning_due    boolean NOT NULL DEFAULT false,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
CREATE INDEX compartment_vehicle ON compartment (vehicle_id);
-- `id` is also the id of its place; `tag`: canonical Digital Link of its GRAI. `load_state`: what it holds.
CREATE TABLE crate (
    id                uuid PRIMARY KEY REFERENCES place,
    organisation_id   uuid NOT NULL,
    group_id          uuid NOT NULL,
    tag               text NOT NULL UNIQUE,
    flow              text NOT NULL DEFAULT 'sterilisation',
    load_state        text NOT NULL DEFAULT 'empty' CHECK (load_state IN ('empty', 'clean', 'dirty')),
    seal              text,
    destination_id    uuid REFERENCES site,
    decontaminated_at timestamptz,
    dirty_since       timestamptz,
    quarantine        boolean NOT NULL DEFAULT false,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL,
    retired_at        timestamptz
);
CREATE TABLE seal (
    group_id        uuid NOT NULL,
    number          text NOT NULL CHECK (number ~ '^[0-9A-Za-z-]{1,40}$'),
    organisation_id uuid NOT NULL,
    crate_id        uuid NOT NULL REFERENCES crate,
    sealed_by       text NOT NULL,
    sealed_at       timestamptz NOT NULL,
    broken_at       timestamptz,
    PRIMARY KEY (group_id, number)
);
CREATE INDEX seal_crate ON seal (crate_id, sealed_at);
-- A crate may hold packs of several members. Who carries it must know how many things it holds and whether one of them
-- may not go on: that much is told of rows that he does not see, and nothing else of them.
CREATE FUNCTION crate_holds(crates uuid[]) RETURNS TABLE (crate_id uuid, things bigint)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    reach text := current_setting('maillage.orgs', true);
BEGIN
    PERFORM set_config('maillage.orgs', '*', true);
    RETURN QUERY
    SELECT c.place_id, count(*) FROM custody c WHERE c.place_id = ANY (crates) AND c.until IS NULL GROUP BY c.place_id;
    PERFORM set_config('maillage.orgs', coalesce(reach, ''), true);
END $$;
CREATE FUNCTION crate_blocks(crates uuid[]) RETURNS TABLE (crate_id uuid, code text, cause_id uuid)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    reach text := current_setting('maillage.orgs', true);
BEGIN
    PERFORM set_config('maillage.orgs', '*', true);
    RETURN QUERY
    WITH held AS (
        SELECT c.place_id AS crate_id, c.subject_id AS thing, r.id AS run_id, r.stage
        FROM custody c LEFT JOIN run r ON r.set_id = c.subject_id AND r.stage NOT IN ('used', 'aborted')
        WHERE c.place_id = ANY (crates) AND c.until IS NULL),
    touched AS (
        SELECT h.crate_id, h.thing FROM held h
        UNION SELECT h.crate_id, h.run_id FROM held h WHERE h.run_id IS NOT NULL
        UNION SELECT h.crate_id, c.instrument_id FROM held h JOIN run_content c ON c.run_id = h.run_id
              WHERE c.instrument_id IS NOT NULL
        UNION SELECT h.crate_id, i.id FROM held h JOIN instrument i ON i.set_id = h.thing
              WHERE CASE WHEN EXISTS (SELECT FROM hold_subject s WHERE s.subject_id = i.id AND s.active)
                  THEN h.stage NOT IN ('packed', 'sterilising', 'released') OR may_hold(h.run_id, i.model_id, i.status)
                  ELSE false END)
    SELECT t.crate_id, 'ON_HOLD', s.hold_id FROM touched t JOIN hold_subject s ON s.subject_id = t.thing AND s.active
    UNION ALL
    SELECT t.crate_id, 'RECALLED', l.recall_id
    FROM touched t JOIN recall_line l ON l.subject_id = t.thing
        AND (l.ended IS NULL OR l.ended IN ('secured', 'written_off'));
    PERFORM set_config('maillage.orgs', coalesce(reach, ''), true);
END $$;
-- Trips that run every week, until tours are planned: what a promise counts on. `days`: ISO weekdays.
CREATE TABLE road_link (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    from_site_id    uuid NOT NULL REFERENCES site,
    to_site_id      uuid NOT NULL REFERENCES site,
    metres          integer NOT NULL CHECK (metres >= 0),
    seconds         integer NOT NULL CHECK (seconds >= 0),
    method          text NOT NULL,
    departures      jsonb NOT NULL DEFAULT '[]',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz
);
CREATE UNIQUE INDEX road_link_ends ON road_link (group_id, from_site_id, to_site_id) WHERE retired_at IS NULL;
CREATE TABLE tour (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    vehicle_id      uuid NOT NULL REFERENCES vehicle,
    driver_id       uuid,
    leaves_at       timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('planned', 'loading', 'under_way', 'done')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE TABLE stop (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    tour_id         uuid NOT NULL REFERENCES tour,
    position        integer NOT NULL,
    site_id         uuid NOT NULL REFERENCES site,
    promised_at     timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('expected', 'served', 'failed')),
    reason          text,
    late_told       boolean NOT NULL DEFAULT false,
    settled_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (tour_id, position)
);
-- Two persons, each under their own badge: one gives, another takes. Into a locked place with a reason nobody is there.
CREATE TABLE handover (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('given', 'taken')),
    from_place_id   uuid NOT NULL REFERENCES place,
    to_place_id     uuid NOT NULL REFERENCES place,
    stop_id         uuid REFERENCES stop,
    given_by        text NOT NULL,
    given_at        timestamptz NOT NULL,
    unattended      text,
    taken_by        text,
    taken_at        timestamptz,
    take_by         timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'taken') = (taken_at IS NOT NULL))
);
CREATE INDEX handover_open ON handover (take_by) WHERE state = 'given';
CREATE TABLE handover_crate (
    handover_id     uuid NOT NULL REFERENCES handover,
    crate_id        uuid NOT NULL REFERENCES crate,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    seal_given      text,
    seal_taken      text,
    taken           boolean NOT NULL DEFAULT false,
    reason          text,
    PRIMARY KEY (handover_id, crate_id)
);
CREATE INDEX handover_crate_crate ON handover_crate (crate_id);

CREATE TABLE operation (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    operation_ref   text NOT NULL CHECK (operation_ref ~ '^[A-Za-z0-9._:-]{1,64}$'),
    site_id         uuid NOT NULL REFERENCES site,
    theatre         text NOT NULL,
    starts_at       timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('planned', 'done', 'cancelled')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, operation_ref)
);
CREATE INDEX operation_time ON operation (starts_at) WHERE state <> 'cancelled';
CREATE TABLE need (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    operation_id    uuid NOT NULL REFERENCES operation,
    composition_id  uuid NOT NULL REFERENCES composition,
    quantity        integer NOT NULL CHECK (quantity BETWEEN 0 AND 50),
    state           text NOT NULL DEFAULT 'short' CHECK (state IN ('covered', 'arriving', 'at_risk', 'short')),
    p90             timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (operation_id, composition_id)
);
CREATE INDEX need_composition ON need (composition_id);
CREATE TABLE allocation (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    need_id         uuid NOT NULL REFERENCES need,
    run_id          uuid NOT NULL REFERENCES run,
    made_by         text NOT NULL,
    ended_at        timestamptz,
    ended_why       text CHECK (ended_why IN ('taken_back', 'used', 'ended', 'blocked', 'need_gone', 'too_late')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE UNIQUE INDEX allocation_live ON allocation (run_id) WHERE ended_at IS NULL;
CREATE INDEX allocation_need ON allocation (need_id);
-- How long a stage took, by composition and hour of the day: what a promise is reckoned from. Kept 60 days.
CREATE TABLE stage_time (
    run_id          uuid NOT NULL,
    stage           text NOT NULL,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    composition_id  uuid NOT NULL,
    hour            smallint NOT NULL,
    seconds         integer NOT NULL CHECK (seconds >= 0),
    at              timestamptz NOT NULL,
    PRIMARY KEY (run_id, stage, at)
);
CREATE INDEX stage_time_of ON stage_time (composition_id, stage, at);
-- The medians and 90th percentiles of `stage_time`, made every few minutes; `hour` -1: of all hours. 30 observations
-- at least.
CREATE TABLE stage_spread (
    composition_id  uuid NOT NULL,
    stage           text NOT NULL,
    hour            smallint NOT NULL CHECK (hour BETWEEN -1 AND 23),
    organisation_id uuid NOT NULL,
    observations    integer NOT NULL,
    p50_s           double precision NOT NULL,
    p90_s           double precision NOT NULL,
    made_at         timestamptz NOT NULL,
    PRIMARY KEY (composition_id, stage, hour)
);
-- Hospitals whose needs and promises are to be reckoned again: something happened to their packs.
CREATE TABLE reckoning_due (
    organisation_id uuid PRIMARY KEY,
    since           timestamptz NOT NULL
);
CREATE TABLE promise (
    run_id          uuid PRIMARY KEY REFERENCES run,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    set_id          uuid NOT NULL,
    stage           text NOT NULL,
    p50             timestamptz NOT NULL,
    p90             timestamptz NOT NULL,
    reckoned_at     timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1
);
CREATE TABLE urgent_request (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    composition_id  uuid NOT NULL REFERENCES composition,
    site_id         uuid NOT NULL REFERENCES site,
    operation_ref   text,
    reason          text NOT NULL,
    needed_at       timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('asked', 'promised', 'declined', 'kept', 'missed')),
    run_id          uuid REFERENCES run,
    p50             timestamptz,
    p90             timestamptz,
    promised_at     timestamptz,
    delayed         jsonb NOT NULL DEFAULT '[]',
    asked_by        text NOT NULL,
    decided_by      text,
    decided_why     text,
    settled_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX urgent_request_open ON urgent_request (state, needed_at) WHERE state IN ('asked', 'promised');
-- A set lent by a supplier (ancillaire). `organisation_id`: the hospital it is for; the supplier sees its own.
CREATE TABLE loan (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    supplier_id     uuid NOT NULL,
    reference       text NOT NULL,
    site_id         uuid NOT NULL REFERENCES site,
    operation_ref   text,
    due_on          date NOT NULL,
    state           text NOT NULL CHECK (state IN ('announced', 'counted_in', 'ready', 'used', 'counted_out', 'closed')),
    announced       boolean NOT NULL,
    ifu_ref         text,
    set_id          uuid UNIQUE REFERENCES instrument_set,
    lines           jsonb NOT NULL,
    counted_in      jsonb,
    counted_out     jsonb,
    washes_needed   integer NOT NULL DEFAULT 2,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (supplier_id, reference)
);
-- Whose hospital a site is: asked by a supplier, who is in no group.
CREATE FUNCTION loan_site(asked uuid) RETURNS TABLE (organisation_id uuid, group_id uuid) LANGUAGE plpgsql AS $$
DECLARE reach text := current_setting('maillage.orgs', true);
BEGIN
    PERFORM set_config('maillage.orgs', '*', true);
    RETURN QUERY SELECT s.organisation_id, s.group_id FROM site s
        WHERE s.id = asked AND s.kind = 'hospital' AND s.retired_at IS NULL;
    PERFORM set_config('maillage.orgs', coalesce(reach, ''), true);
END $$;

CREATE TABLE flow (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    code            text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name            text NOT NULL,
    unit            text NOT NULL,
    direction       text NOT NULL CHECK (direction IN ('to_member', 'from_member')),
    cleanliness     text NOT NULL CHECK (cleanliness IN ('clean', 'dirty')),
    least_c         double precision,
    most_c          double precision,
    lots            boolean NOT NULL DEFAULT false,
    double_check    boolean NOT NULL DEFAULT false,
    cut_offs        jsonb NOT NULL DEFAULT '{}',
    incompatible    text[] NOT NULL DEFAULT '{}',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    UNIQUE (group_id, code),
    CHECK (least_c IS NULL OR most_c IS NULL OR least_c <= most_c)
);
CREATE TABLE item (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    flow_id         uuid NOT NULL REFERENCES flow,
    code            text NOT NULL CHECK (code ~ '^[A-Za-z0-9._-]{1,40}$'),
    name            text NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    retired_at      timestamptz,
    UNIQUE (flow_id, code)
);
CREATE TABLE flow_order (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    flow_id         uuid NOT NULL REFERENCES flow,
    site_id         uuid NOT NULL REFERENCES site,
    state           text NOT NULL CHECK (state IN ('draft', 'sent', 'accepted', 'declined', 'prepared', 'in_transit',
                        'received', 'closed', 'cancelled')),
    wanted_on       date NOT NULL,
    reason          text,
    sent_at         timestamptz,
    crate_ids       uuid[] NOT NULL DEFAULT '{}',
    checked_by      text,
    prepared_by     text,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX flow_order_live ON flow_order (wanted_on) WHERE state NOT IN ('closed', 'declined', 'cancelled');
CREATE TABLE order_line (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    order_id        uuid NOT NULL REFERENCES flow_order,
    item_id         uuid NOT NULL REFERENCES item,
    ordered         integer NOT NULL CHECK (ordered BETWEEN 1 AND 100000),
    prepared        integer CHECK (prepared >= 0),
    received        integer CHECK (received >= 0),
    lot             text,
    temperature_c   double precision,
    blocked         boolean NOT NULL DEFAULT false,
    decided_why     text,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (order_id, item_id)
);
CREATE INDEX order_line_lot ON order_line (lot) WHERE lot IS NOT NULL;

CALL protect_reference('vehicle');
CALL protect_shared('compartment');
CALL protect_shared('crate');
CALL protect_shared('seal');
CALL protect_reference('road_link');
CALL protect_reference('tour');
CALL protect_shared('stop');
CALL protect_shared('handover');
CALL protect_shared('handover_crate');
CALL kit_protect('operation');
CALL kit_protect('need');
CALL kit_protect('allocation');
CALL kit_protect('stage_time');
CALL kit_protect('stage_spread');
CALL kit_protect('reckoning_due');
CALL kit_protect('promise');
CALL kit_protect('urgent_request');
CALL kit_protect('loan');
CREATE POLICY suppliers ON loan USING (supplier_id = ANY ((SELECT kit_orgs())::uuid[]));
CALL protect_reference('flow');
CALL protect_reference('item');
CALL kit_protect('flow_order');
CALL kit_protect('order_line');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
