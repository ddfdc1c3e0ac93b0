"""What a telesecretary works with: instructions and the proof of them, messages, red flags, tasks, hand-overs."""

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
CREATE TABLE instruction (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    scope           text NOT NULL CHECK (scope IN ('client', 'site', 'practitioner')),
    scope_id        uuid NOT NULL,
    motive          text,
    channel         text NOT NULL DEFAULT 'phone' CHECK (channel IN ('phone', 'any')),
    windows         jsonb NOT NULL DEFAULT '[]',
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (client_id, scope, scope_id, motive)
);
CREATE TABLE instruction_version (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    instruction_id  uuid NOT NULL REFERENCES instruction,
    number          integer NOT NULL,
    text            text,
    allowed         text[],
    forbidden       text[] NOT NULL DEFAULT '{}',
    urgent_contacts jsonb,
    absence         jsonb,
    validity        tstzrange NOT NULL,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
    author_id       uuid NOT NULL,
    validator_id    uuid,
    published_at    timestamptz,
    withdrawn_at    timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (instruction_id, number),
    EXCLUDE USING gist (instruction_id WITH =, validity WITH &&) WHERE (state = 'published')
);
-- What was published can be proved: its words stay. Its end may come earlier, when it is withdrawn or followed by another.
CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.instruction_id, NEW.number, NEW.text, NEW.allowed, NEW.forbidden, NEW.urgent_contacts, NEW.absence,
            NEW.published_at, NEW.validator_id, lower(NEW.validity))
       IS DISTINCT FROM (OLD.instruction_id, OLD.number, OLD.text, OLD.allowed, OLD.forbidden, OLD.urgent_contacts,
            OLD.absence, OLD.published_at, OLD.validator_id, lower(OLD.validity)) THEN
        RAISE EXCEPTION 'a published version does not change';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_published BEFORE UPDATE ON instruction_version FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION keep_published();
CREATE TABLE instruction_display (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    call_id         uuid NOT NULL REFERENCES call,
    agent_id        uuid NOT NULL,
    version_ids     uuid[] NOT NULL,
    content_hash    bytea NOT NULL,
    facts           jsonb NOT NULL DEFAULT '{}',
    must_acknowledge uuid[] NOT NULL DEFAULT '{}',
    displayed_at    timestamptz NOT NULL,
    acknowledged_at timestamptz
);
CREATE INDEX instruction_display_call ON instruction_display (call_id);
CREATE TABLE instruction_reading (
    agent_id        uuid NOT NULL,
    version_id      uuid NOT NULL REFERENCES instruction_version,
    organisation_id uuid NOT NULL,
    acknowledged_at timestamptz NOT NULL,
    PRIMARY KEY (agent_id, version_id)
);

CREATE TABLE red_flag_set (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    number          integer NOT NULL,
    items           jsonb NOT NULL,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published', 'withdrawn')),
    validated_by    uuid,
    validity        tstzrange NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (client_id, number),
    EXCLUDE USING gist (client_id WITH =, validity WITH &&) WHERE (state = 'published')
);
CREATE TABLE red_flag (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    call_id         uuid NOT NULL REFERENCES call,
    agent_id        uuid NOT NULL,
    set_id          uuid REFERENCES red_flag_set,
    code            text,
    answers_sealed  bytea,
    address_sealed  bytea,
    state           text NOT NULL DEFAULT 'opened' CHECK (state IN ('opened', 'dialling', 'three_way', 'handed_over', 'closed')),
    target          integer NOT NULL DEFAULT -1,
    leg             text,
    dial_deadline   timestamptz,
    outcome         text CHECK (outcome IN ('handed_to_15', 'caller_already_with_15', 'practitioner_took_over',
                    'line_lost_15_informed', 'caller_refused')),
    exact_words_sealed bytea,
    opened_at       timestamptz NOT NULL,
    three_way_at    timestamptz,
    handed_over_at  timestamptz,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX red_flag_open ON red_flag (call_id) WHERE state <> 'closed';
CREATE INDEX red_flag_call ON red_flag (call_id);
CREATE INDEX red_flag_recent ON red_flag (opened_at);
CREATE INDEX red_flag_due ON red_flag (dial_deadline) WHERE state = 'dialling';

CREATE TABLE message (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    practitioner_id uuid NOT NULL,
    patient_id      uuid,
    call_id         uuid,
    number_hash     bytea,
    urgency         text NOT NULL CHECK (urgency IN ('urgent', 'same_day', 'routine')),
    motive          text,
    body_sealed     bytea NOT NULL,
    wants_callback  boolean NOT NULL DEFAULT false,
    state           text NOT NULL DEFAULT 'draft'
                    CHECK (state IN ('draft', 'sent', 'delivered', 'read', 'acknowledged', 'closed')),
    level           integer NOT NULL DEFAULT 0,
    due_at          timestamptz,
    action          text,
    answer_sealed   bytea,
    author_id       uuid NOT NULL,
    backup_id       uuid,
    callback_done   boolean NOT NULL DEFAULT false,
    sent_at         timestamptz,
    delivered_at    timestamptz,
    read_at         timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX message_due ON message (due_at) WHERE state IN ('sent', 'delivered', 'read');
CREATE INDEX message_practitioner ON message (practitioner_id, due_at) WHERE state <> 'closed';
CREATE INDEX message_call ON message (call_id);
CREATE INDEX message_number ON message (organisation_id, number_hash) WHERE number_hash IS NOT NULL;
CREATE INDEX message_patient ON message (patient_id) WHERE patient_id IS NOT NULL;
CREATE TABLE message_step (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    message_id      uuid NOT NULL REFERENCES message,
    at              timestamptz NOT NULL,
    kind            text NOT NULL,
    level           integer NOT NULL,
    by_id           uuid,
    facts           jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX message_step_message ON message_step (message_id, at);
CREATE TABLE contact_point (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    practitioner_id uuid,
    person_id       uuid,
    role            text NOT NULL CHECK (role IN ('self', 'backup', 'supervisor')),
    channel         text NOT NULL CHECK (channel IN ('sms', 'voice', 'email')),
    address_sealed  bytea NOT NULL,
    hours           jsonb NOT NULL DEFAULT '[]',
    place           integer NOT NULL DEFAULT 1,
    language        text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
    backup_practitioner_id uuid,
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX contact_point_practitioner ON contact_point (practitioner_id, place);
-- A word that leaves by SMS or mail: it says that something waits, never what.
CREATE TABLE notification (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    message_id      uuid REFERENCES message,
    level           integer NOT NULL,
    contact_point_id uuid NOT NULL REFERENCES contact_point,
    channel         text NOT NULL,
    due_at          timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
    attempts        integer NOT NULL DEFAULT 0,
    claimed_at      timestamptz,
    settled_at      timestamptz,
    provider_id     text,
    UNIQUE NULLS NOT DISTINCT (message_id, level, contact_point_id)
);
CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('due', 'sending');

CREATE TABLE task (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid,
    kind            text NOT NULL CHECK (kind IN ('call_patient', 'callback_missed', 'follow_up', 'document', 'call_practitioner')),
    subject_id      uuid,
    patient_id      uuid,
    practitioner_id uuid,
    call_id         uuid,
    note_sealed     bytea,
    due_at          timestamptz NOT NULL,
    owner_id        uuid,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'done', 'cancelled')),
    outcome         text,
    closed_at       timestamptz,
    told_sequence   bigint,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX task_open ON task (organisation_id, due_at) WHERE state IN ('open', 'taken');
CREATE INDEX task_subject ON task (subject_id) WHERE subject_id IS NOT NULL;
CREATE TABLE handover (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    from_id         uuid NOT NULL,
    to_id           uuid,
    items_sealed    bytea NOT NULL,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'signed', 'acknowledged')),
    signed_at       timestamptz,
    acknowledged_at timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);

CALL protect_client('instruction');
CALL protect_client('instruction_version');
CALL protect_client('instruction_display');
CALL kit_protect('instruction_reading');
CALL protect_client('red_flag_set');
CALL protect_client('red_flag');
CALL protect_client('message');
CALL kit_protect('message_step');
CALL kit_protect('contact_point');
CALL kit_protect('notification');
CALL kit_protect('task');
-- A task of a client is seen by who answers for that client; one of an organisation without a contract, by its own people.
CREATE POLICY client_reach ON task AS RESTRICTIVE USING ((SELECT kit_all()) OR kit_role() IS NULL
    OR client_id = ANY ((SELECT reached_clients())::uuid[]) OR (client_id IS NULL AND organisation_id = kit_own()));
CALL protect_client('handover');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
