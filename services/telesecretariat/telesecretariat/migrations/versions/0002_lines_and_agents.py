"""Clients, lines, hours, agents and their desks; who reaches the rows of a client."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0002"
down_revision = "0001"

SQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- A contract: the centre (organisation_id) is answered for by a provider; a centre that answers by itself is its own.
CREATE TABLE client (
    id                 uuid PRIMARY KEY,
    organisation_id    uuid NOT NULL,
    provider_id        uuid NOT NULL,
    name               text NOT NULL,
    valid              tstzrange NOT NULL,
    sl_threshold_s     integer NOT NULL DEFAULT 20 CHECK (sl_threshold_s BETWEEN 1 AND 600),
    sl_goal            double precision NOT NULL DEFAULT 0.8 CHECK (sl_goal > 0 AND sl_goal < 1),
    short_abandon_s    integer NOT NULL DEFAULT 5 CHECK (short_abandon_s BETWEEN 0 AND 60),
    prices             jsonb NOT NULL DEFAULT '{}',
    retention          jsonb NOT NULL DEFAULT '{}',
    monitoring_declared boolean NOT NULL DEFAULT false,
    recording_declared boolean NOT NULL DEFAULT false,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    EXCLUDE USING gist (organisation_id WITH =, provider_id WITH =, valid WITH &&)
);
CREATE TABLE agent_assignment (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    agent_id        uuid NOT NULL,
    during          tstzrange NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    EXCLUDE USING gist (client_id WITH =, agent_id WITH =, during WITH &&)
);
CREATE INDEX agent_assignment_agent ON agent_assignment (agent_id);
CALL kit_protect('client');
CALL kit_protect('agent_assignment');
-- A contract is seen by its two parties: what a centre pays another firm is no business of a third.
CREATE POLICY parties ON client AS RESTRICTIVE USING (
    (SELECT kit_all()) OR kit_role() IS NULL OR organisation_id = kit_own() OR provider_id = kit_own());

-- The clients whose rows the caller sees: of his own organisation for ever, as their provider while the contract runs,
-- and a telesecretary only those to whom she is assigned at this moment.
CREATE FUNCTION reached_clients() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(c.id), '{}') FROM client c
    WHERE (c.organisation_id = kit_own() OR c.provider_id = kit_own() AND c.valid @> kit_now())
      AND (kit_role() IS DISTINCT FROM 'telesecretary' OR EXISTS (
          SELECT FROM agent_assignment a
          WHERE a.client_id = c.id AND a.agent_id = kit_person() AND a.during @> kit_now()))
$$;
-- The centres behind them, and one's own: whose directory is read and whose practitioners are written to.
CREATE FUNCTION reached_centres() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_append(coalesce(array_agg(DISTINCT c.organisation_id), '{}'), kit_own())
    FROM client c WHERE c.id = ANY ((SELECT reached_clients())::uuid[])
$$;
CREATE PROCEDURE protect_client(target regclass) LANGUAGE plpgsql AS $$
BEGIN
    CALL kit_protect(target);
    EXECUTE format('CREATE POLICY client_reach ON %s AS RESTRICTIVE USING ((SELECT kit_all()) OR kit_role() IS NULL OR client_id = ANY ((SELECT reached_clients())::uuid[]))', target);
END $$;

CREATE TABLE calendar (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    weekly          jsonb NOT NULL,
    holiday_set     text NOT NULL DEFAULT 'FR',
    exceptions      jsonb NOT NULL DEFAULT '[]',
    drain_minutes   integer NOT NULL DEFAULT 15 CHECK (drain_minutes BETWEEN 0 AND 120),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE TABLE telephony_adapter (
    id              text PRIMARY KEY CHECK (id ~ '^[a-z0-9-]{1,40}$'),
    organisation_id uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('simulated', 'webhook', 'ari')),
    settings        jsonb NOT NULL DEFAULT '{}',
    secrets_sealed  bytea,
    state           text NOT NULL DEFAULT 'down' CHECK (state IN ('up', 'down')),
    since           timestamptz NOT NULL,
    capabilities    text[] NOT NULL DEFAULT '{}',
    lease_owner     uuid,
    lease_until     timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE TABLE telephony_outage (
    id               uuid PRIMARY KEY,
    organisation_id  uuid NOT NULL,
    adapter_id       text NOT NULL REFERENCES telephony_adapter,
    began_at         timestamptz NOT NULL,
    ended_at         timestamptz,
    calls_reconciled integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX telephony_outage_open ON telephony_outage (adapter_id) WHERE ended_at IS NULL;

CREATE TABLE line (
    id                uuid PRIMARY KEY,
    organisation_id   uuid NOT NULL,
    client_id         uuid NOT NULL REFERENCES client,
    name              text NOT NULL,
    number            text NOT NULL UNIQUE,
    time_zone         text NOT NULL,
    calendar_id       uuid NOT NULL REFERENCES calendar,
    adapter_id        text NOT NULL REFERENCES telephony_adapter,
    mode              text NOT NULL DEFAULT 'owned' CHECK (mode IN ('owned', 'observed')),
    distribution      text NOT NULL DEFAULT 'offer' CHECK (distribution IN ('offer', 'pick')),
    strategy          text NOT NULL DEFAULT 'longest_idle' CHECK (strategy IN ('longest_idle', 'fewest_calls')),
    required_skills   text[] NOT NULL DEFAULT '{}',
    preferred_skills  text[] NOT NULL DEFAULT '{}',
    relax_after_s     integer NOT NULL DEFAULT 60 CHECK (relax_after_s BETWEEN 0 AND 3600),
    head_starts       jsonb NOT NULL DEFAULT '{}',
    overflow_rules    jsonb NOT NULL DEFAULT '[]',
    callback_policy   jsonb NOT NULL DEFAULT '{}',
    max_waiting       integer NOT NULL DEFAULT 50 CHECK (max_waiting BETWEEN 1 AND 1000),
    wrap_up_s         integer NOT NULL DEFAULT 30 CHECK (wrap_up_s BETWEEN 0 AND 600),
    offer_s           integer NOT NULL DEFAULT 15 CHECK (offer_s BETWEEN 5 AND 60),
    emergency_targets text[] NOT NULL DEFAULT '{15}',
    duty_sectors      text[] NOT NULL DEFAULT '{}',
    web_address       text NOT NULL DEFAULT '',
    active            boolean NOT NULL DEFAULT true,
    open_told         boolean,
    tell_at           timestamptz,
    version           integer NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL
);
CREATE INDEX line_client ON line (client_id);
CREATE INDEX line_calendar ON line (calendar_id);
CREATE INDEX line_adapter ON line (adapter_id);
CREATE TABLE announcement (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    line_id         uuid REFERENCES line,
    moment          text NOT NULL CHECK (moment IN ('welcome', 'waiting', 'closed', 'overflow', 'barred', 'monitoring')),
    parts           jsonb NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX announcement_one ON announcement (client_id, line_id, moment) NULLS NOT DISTINCT;
CREATE TABLE known_number (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    number_hash     bytea NOT NULL,
    number_sealed   bytea NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('professional', 'barred')),
    label_sealed    bytea,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (client_id, number_hash)
);
CREATE TABLE duty_notice (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    sector          text NOT NULL,
    parts           jsonb NOT NULL,
    valid_until     timestamptz NOT NULL,
    read_at         timestamptz NOT NULL,
    ask_at          timestamptz NOT NULL,
    UNIQUE (organisation_id, sector)
);
-- Words that a centre chooses: pause reasons, motives, outcomes, destinations.
CREATE TABLE catalogue_entry (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('pause_reason', 'motive', 'outcome', 'destination')),
    code            text NOT NULL CHECK (code ~ '^[a-z0-9_]{1,40}$'),
    label_fr        text NOT NULL,
    label_en        text NOT NULL,
    facts           jsonb NOT NULL DEFAULT '{}',
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (organisation_id, kind, code)
);

-- Copies of the gateway's facts.
CREATE TABLE person_ref (
    person_id       uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    display_name    text NOT NULL,
    rpps            text,
    status          text NOT NULL,
    epoch           integer NOT NULL
);
CREATE INDEX person_ref_rpps ON person_ref (rpps) WHERE rpps IS NOT NULL;
CREATE TABLE membership_ref (
    membership_id   uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    person_id       uuid NOT NULL,
    role            text NOT NULL,
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz,
    sequence        bigint NOT NULL
);
CREATE INDEX membership_ref_person ON membership_ref (person_id);
CREATE TABLE organisation_ref (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL,
    name            text NOT NULL,
    active          boolean NOT NULL,
    sequence        bigint NOT NULL
);
CREATE TABLE delegation_ref (
    delegation_id   uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    provider_id     uuid NOT NULL,
    valid_from      timestamptz NOT NULL,
    valid_to        timestamptz,
    sequence        bigint NOT NULL
);
CREATE TABLE absence_ref (
    absence_id      uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    during          tstzrange NOT NULL,
    state           text NOT NULL,
    version         bigint NOT NULL
);
CREATE INDEX absence_ref_practitioner ON absence_ref (practitioner_id);
-- What followed a patient into another file, so that the merge can be undone for exactly these rows.
CREATE TABLE patient_move (
    record          text NOT NULL CHECK (record IN ('call', 'message', 'task', 'callback')),
    record_id       uuid NOT NULL,
    from_id         uuid NOT NULL,
    into_id         uuid NOT NULL,
    organisation_id uuid NOT NULL,
    moved_at        timestamptz NOT NULL,
    PRIMARY KEY (from_id, into_id, record, record_id)
);

-- Agents. organisation_id is who employs them (the firm, or the centre itself).
CREATE TABLE agent (
    id                 uuid PRIMARY KEY,
    organisation_id    uuid NOT NULL,
    label              text NOT NULL,
    skills             text[] NOT NULL DEFAULT '{}',
    device_kind        text CHECK (device_kind IN ('phone', 'browser')),
    device_address     text,
    device_ready       boolean NOT NULL DEFAULT false,
    ring_sealed        bytea,
    presence           text NOT NULL DEFAULT 'offline' CHECK (presence IN ('online', 'stale', 'offline')),
    work_state         text NOT NULL DEFAULT 'not_ready'
                       CHECK (work_state IN ('not_ready', 'ready', 'offered', 'on_call', 'wrap_up')),
    reason             text,
    pending_state      text CHECK (pending_state IN ('ready', 'not_ready', 'offline')),
    pending_reason     text,
    restore_state      text,
    idle_since         timestamptz,
    state_since        timestamptz NOT NULL,
    wrap_up_until      timestamptz,
    wrap_up_extensions integer NOT NULL DEFAULT 0,
    desk_id            uuid,
    desk_sid           text,
    seen_at            timestamptz,
    calls_today        integer NOT NULL DEFAULT 0,
    counted_on         date,
    active             boolean NOT NULL DEFAULT true,
    version            integer NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL,
    CHECK (presence <> 'offline' OR desk_id IS NULL),
    CHECK (presence <> 'offline' OR work_state IN ('not_ready', 'on_call'))
);
CREATE INDEX agent_ready ON agent (idle_since) WHERE work_state = 'ready' AND presence = 'online';
CREATE INDEX agent_seen ON agent (seen_at) WHERE presence <> 'offline';
CREATE TABLE agent_interval (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    agent_id        uuid NOT NULL REFERENCES agent,
    during          tstzrange NOT NULL,
    presence        text NOT NULL,
    work_state      text NOT NULL,
    reason          text,
    call_id         uuid,
    EXCLUDE USING gist (agent_id WITH =, during WITH &&)
);
CREATE UNIQUE INDEX agent_interval_open ON agent_interval (agent_id) WHERE upper_inf(during);

CALL kit_protect('calendar');
CALL kit_protect('telephony_adapter');
CALL kit_protect('telephony_outage');
CALL protect_client('line');
CALL protect_client('announcement');
CALL protect_client('known_number');
CALL kit_protect('duty_notice');
CALL kit_protect('catalogue_entry');
CALL kit_protect('person_ref');
CALL kit_protect('membership_ref');
CALL kit_protect('organisation_ref');
CALL kit_protect('delegation_ref');
CALL kit_protect('absence_ref');
CALL kit_protect('patient_move');
CALL kit_protect('agent');
CALL kit_protect('agent_interval');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(kit_sql("0002_position_and_rate"))
    op.execute(SQL)
