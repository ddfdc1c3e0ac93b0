"""Calls, what happened to them, offers to agents, callbacks, and what is asked of the telephone system."""

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = """
-- Numbers and free text are sealed by the service's key; number_hash is keyed, so that a number is found and not read.
CREATE TABLE call (
    id               uuid PRIMARY KEY,
    organisation_id  uuid NOT NULL,
    client_id        uuid NOT NULL REFERENCES client,
    line_id          uuid NOT NULL REFERENCES line,
    adapter_id       text NOT NULL REFERENCES telephony_adapter,
    direction        text NOT NULL CHECK (direction IN ('inbound', 'outbound', 'callback')),
    handled_by       text NOT NULL DEFAULT 'human' CHECK (handled_by IN ('human', 'bot', 'ivr')),
    observed         boolean NOT NULL DEFAULT false,
    state            text NOT NULL CHECK (state IN (
        'arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring', 'wrapping',
        'completed', 'abandoned', 'overflowed', 'callback_requested', 'closed', 'refused', 'failed')),
    provider_call_id text,
    number_sealed    bytea,
    number_hash      bytea,
    arrived_at       timestamptz NOT NULL,
    queued_at        timestamptz,
    priority_at      timestamptz,
    head_start       jsonb NOT NULL DEFAULT '[]',
    required_skills  text[] NOT NULL DEFAULT '{}',
    preferred_skills text[] NOT NULL DEFAULT '{}',
    relax_at         timestamptz,
    not_before       timestamptz,
    pick             boolean NOT NULL DEFAULT false,
    agent_id         uuid,
    desk_id          uuid,
    connect_deadline timestamptz,
    wrap_up_until    timestamptz,
    state_since      timestamptz NOT NULL,
    answered_at      timestamptz,
    left_queue_at    timestamptz,
    ended_at         timestamptz,
    ended_by         text CHECK (ended_by IN ('caller', 'agent', 'system', 'supervisor', 'transfer')),
    short            boolean NOT NULL DEFAULT false,
    returned         integer NOT NULL DEFAULT 0,
    wait_s           double precision,
    talk_s           double precision NOT NULL DEFAULT 0,
    hold_s           double precision NOT NULL DEFAULT 0,
    wrap_s           double precision NOT NULL DEFAULT 0,
    estimate_s       integer,
    callback_offered boolean NOT NULL DEFAULT false,
    overflow_step    integer NOT NULL DEFAULT 0,
    repeat_caller    integer NOT NULL DEFAULT 0,
    caller_kind      text CHECK (caller_kind IN ('patient', 'relative', 'professional', 'other')),
    patient_id       uuid,
    site_id          uuid,
    practitioner_id  uuid,
    motive           text,
    note_sealed      bytea,
    outcome          text,
    outcome_by       text,
    supervisor_told  boolean NOT NULL DEFAULT false,
    transferred_to   text,
    callback_id      uuid,
    about_call_id    uuid,
    missing_since    timestamptz,
    version          integer NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL
);
CREATE UNIQUE INDEX call_provider ON call (adapter_id, provider_call_id) WHERE provider_call_id IS NOT NULL;
-- One agent, one live call: the base refuses a second.
CREATE UNIQUE INDEX call_live_agent ON call (agent_id)
    WHERE state IN ('connecting', 'talking', 'held', 'transferring', 'wrapping');
CREATE INDEX call_queue ON call (priority_at, id) WHERE state = 'waiting';
CREATE INDEX call_offering ON call (priority_at, id) WHERE state = 'waiting' AND NOT pick;
CREATE INDEX call_live ON call (adapter_id)
    WHERE state IN ('arrived', 'waiting', 'offered', 'connecting', 'talking', 'held', 'transferring');
CREATE INDEX call_deadline ON call (connect_deadline) WHERE state IN ('connecting', 'transferring');
CREATE INDEX call_wrapping ON call (wrap_up_until) WHERE state = 'wrapping';
CREATE INDEX call_number ON call (organisation_id, number_hash, arrived_at) WHERE number_hash IS NOT NULL;
CREATE INDEX call_patient ON call (patient_id, arrived_at) WHERE patient_id IS NOT NULL;
CREATE INDEX call_line ON call (line_id, arrived_at);
CREATE INDEX call_unclassified ON call (client_id, ended_at) WHERE outcome = 'unclassified';

CREATE TABLE call_event (
    call_id         uuid NOT NULL REFERENCES call,
    seq             integer NOT NULL,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    state           text NOT NULL,
    agent_id        uuid,
    facts           jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (call_id, seq)
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER append_only BEFORE UPDATE ON call_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE offer (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    call_id         uuid NOT NULL REFERENCES call,
    agent_id        uuid NOT NULL REFERENCES agent,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'rescinded')),
    opened_at       timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    closed_at       timestamptz
);
CREATE UNIQUE INDEX offer_open_call ON offer (call_id) WHERE state = 'open';
CREATE UNIQUE INDEX offer_open_agent ON offer (agent_id) WHERE state = 'open';
CREATE INDEX offer_agent ON offer (agent_id, opened_at);
CREATE INDEX offer_due ON offer (expires_at) WHERE state = 'open';

CREATE TABLE callback (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    line_id         uuid NOT NULL REFERENCES line,
    origin          text NOT NULL CHECK (origin IN ('queue', 'agent')),
    number_sealed   bytea,
    number_hash     bytea,
    patient_id      uuid,
    call_id         uuid,
    live_call_id    uuid,
    priority_at     timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'dialling', 'done', 'missed', 'cancelled', 'expired')),
    attempts        integer NOT NULL DEFAULT 0,
    not_before      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    agent_id        uuid,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX callback_one ON callback (line_id, number_hash) WHERE state IN ('open', 'dialling');
CREATE INDEX callback_open ON callback (priority_at, id) WHERE state = 'open';
CREATE INDEX callback_due ON callback (expires_at) WHERE state = 'open';
CREATE INDEX callback_call ON callback (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE telephony_command (
    id               uuid PRIMARY KEY,
    seq              bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id  uuid NOT NULL,
    adapter_id       text NOT NULL REFERENCES telephony_adapter,
    call_id          uuid REFERENCES call,
    kind             text NOT NULL CHECK (kind IN ('answer', 'announce', 'hold_in_queue', 'ring_agent', 'connect',
                     'hold', 'resume', 'dial_third', 'transfer', 'hang_up', 'monitor', 'record')),
    arguments_sealed bytea NOT NULL,
    state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'done', 'failed', 'expired')),
    error            text,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    settled_at       timestamptz
);
CREATE INDEX telephony_command_pending ON telephony_command (adapter_id, seq) WHERE state = 'pending';
CREATE INDEX telephony_command_due ON telephony_command (expires_at) WHERE state IN ('pending', 'sent');
CREATE INDEX telephony_command_call ON telephony_command (call_id);
-- What an adapter has told, by its own unique id: a repeated fact changes nothing.
CREATE TABLE telephony_fact (
    adapter_id       text NOT NULL,
    fact_id          text NOT NULL,
    organisation_id  uuid NOT NULL,
    provider_call_id text,
    provider_at      timestamptz,
    received_at      timestamptz NOT NULL,
    kind             text NOT NULL,
    body_sealed      bytea,
    state            text NOT NULL DEFAULT 'done' CHECK (state IN ('done', 'early', 'ignored')),
    PRIMARY KEY (adapter_id, fact_id)
);
CREATE INDEX telephony_fact_early ON telephony_fact (adapter_id, received_at) WHERE state = 'early';
CREATE TABLE simulation (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    line_id         uuid NOT NULL REFERENCES line,
    day             date NOT NULL,
    seed            bigint NOT NULL,
    profile         text NOT NULL,
    speed           double precision NOT NULL CHECK (speed BETWEEN 1 AND 600),
    agents          integer NOT NULL CHECK (agents BETWEEN 0 AND 200),
    agent_ids       uuid[] NOT NULL DEFAULT '{}',
    -- Calls placed on demand, instead of those of a day.
    calls           integer CHECK (calls BETWEEN 1 AND 50),
    -- What part of the simulated day is shown; it begins at began_at.
    shows_from      timestamptz NOT NULL,
    shows_until     timestamptz NOT NULL CHECK (shows_until > shows_from),
    writes_messages boolean NOT NULL DEFAULT false,
    faults          jsonb NOT NULL DEFAULT '{}',
    state           text NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'failed')),
    began_at        timestamptz NOT NULL,
    ended_at        timestamptz
);
CREATE UNIQUE INDEX simulation_running ON simulation (line_id) WHERE state = 'running';
CREATE TABLE monitoring (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    call_id         uuid NOT NULL REFERENCES call,
    supervisor_id   uuid NOT NULL,
    mode            text NOT NULL CHECK (mode IN ('listen', 'whisper', 'barge')),
    purpose         text NOT NULL CHECK (purpose IN ('training', 'quality', 'help')),
    began_at        timestamptz NOT NULL,
    until           timestamptz NOT NULL,
    ended_at        timestamptz
);
CREATE UNIQUE INDEX monitoring_open ON monitoring (call_id, supervisor_id) WHERE ended_at IS NULL;
CREATE TABLE recording (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    call_id         uuid NOT NULL REFERENCES call,
    provider_ref    text NOT NULL,
    began_at        timestamptz NOT NULL,
    purge_at        timestamptz NOT NULL,
    objected        boolean NOT NULL DEFAULT false,
    purged_at       timestamptz
);

CALL protect_client('call');
CALL protect_client('call_event');
CALL protect_client('offer');
CALL protect_client('callback');
CALL kit_protect('telephony_command');
CALL kit_protect('telephony_fact');
CALL kit_protect('simulation');
CALL protect_client('monitoring');
CALL protect_client('recording');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
