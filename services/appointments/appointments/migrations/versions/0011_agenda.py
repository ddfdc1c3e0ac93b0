"""What an agenda needs beyond the first booking: reminders and receipts, waiting list, campaigns, calls that are needed,
rest, working time, protocols, series, merges, identity checks, rounds, sessions of visiting practitioners.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

MESSAGES = """
-- A message may also be about an offer of the waiting list, before there is an appointment. `number`: days before the visit
-- for a reminder, round of a proposal, else 0. `ref_id`: the offer or the campaign's item.
-- Nobody reads it as never null but this service, which goes with this revision.
-- squawk-ignore ban-drop-not-null
ALTER TABLE message ALTER COLUMN appointment_id DROP NOT NULL;
ALTER TABLE message ADD COLUMN number integer NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN ref_id uuid;
ALTER TABLE message ADD COLUMN patient_id uuid REFERENCES patient;
ALTER TABLE message ADD CONSTRAINT message_kind_known CHECK (kind IN ('confirmation', 'moved', 'cancelled', 'reminder',
    'proposal', 'offer', 'series', 'by_phone')) NOT VALID;
-- The wider one stands already.
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_kind_check;
ALTER TABLE message VALIDATE CONSTRAINT message_kind_known;
ALTER TABLE message ADD CONSTRAINT message_about_something CHECK (appointment_id IS NOT NULL OR ref_id IS NOT NULL) NOT VALID;
ALTER TABLE message VALIDATE CONSTRAINT message_about_something;
CREATE UNIQUE INDEX message_once ON message (appointment_id, kind, channel, version, number) WHERE appointment_id IS NOT NULL;
CREATE UNIQUE INDEX message_once_of_offer ON message (ref_id, kind, channel, number) WHERE appointment_id IS NULL;
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_appointment_id_kind_channel_version_key;
CREATE INDEX message_provider ON message (provider_ref) WHERE provider_ref IS NOT NULL;

-- What providers said of messages, each receipt once; one that came before its message was settled waits here.
CREATE TABLE message_receipt (
    provider     text NOT NULL,
    receipt_id   text NOT NULL,
    provider_ref text NOT NULL,
    ref          text,
    state        text NOT NULL CHECK (state IN ('sent', 'delivered', 'failed')),
    at           timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    message_id   uuid REFERENCES message,
    PRIMARY KEY (provider, receipt_id)
);
CREATE INDEX message_receipt_waiting ON message_receipt (provider_ref) WHERE message_id IS NULL;

-- A link in a message opens an appointment, or an offer of the waiting list.
-- Nobody reads it as never null but this service, which goes with this revision.
-- squawk-ignore ban-drop-not-null
ALTER TABLE manage_link ALTER COLUMN appointment_id DROP NOT NULL;
ALTER TABLE manage_link ADD COLUMN offer_id uuid;
ALTER TABLE manage_link ADD CONSTRAINT manage_link_to_one CHECK (num_nonnulls(appointment_id, offer_id) = 1) NOT VALID;
ALTER TABLE manage_link VALIDATE CONSTRAINT manage_link_to_one;
"""

WAITING = """
CREATE TABLE waiting_entry (
    id                    uuid PRIMARY KEY,
    organisation_id       uuid NOT NULL REFERENCES organisation,
    patient_id            uuid NOT NULL REFERENCES patient,
    reason_id             uuid NOT NULL REFERENCES visit_reason,
    modes                 text[] NOT NULL,
    site_ids              uuid[] NOT NULL DEFAULT '{}',
    practitioner_ids      uuid[] NOT NULL DEFAULT '{}',
    from_date             date NOT NULL,
    to_date               date NOT NULL,
    weekdays              integer[] NOT NULL DEFAULT '{}',
    local_from            time,
    local_to              time,
    min_notice_minutes    integer NOT NULL DEFAULT 0 CHECK (min_notice_minutes >= 0),
    priority              integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 9),
    linked_appointment_id uuid REFERENCES appointment,
    state                 text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'offered', 'booked', 'withdrawn', 'expired')),
    offers_sent           integer NOT NULL DEFAULT 0,
    last_offer_on         date,
    audience              text NOT NULL,
    language              text NOT NULL DEFAULT 'fr',
    requester             jsonb,
    created_by            text NOT NULL,
    created_at            timestamptz NOT NULL,
    changed_at            timestamptz NOT NULL,
    version               integer NOT NULL DEFAULT 1,
    CHECK (to_date >= from_date)
);
CREATE INDEX waiting_entry_queue ON waiting_entry (organisation_id, reason_id, priority DESC, created_at, id) WHERE state = 'waiting';
CREATE INDEX waiting_entry_patient ON waiting_entry (patient_id);
CREATE INDEX waiting_entry_linked ON waiting_entry (linked_appointment_id) WHERE linked_appointment_id IS NOT NULL;

-- A time that became free and is offered to one person after the other.
CREATE TABLE freed_time (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    during          tstzrange NOT NULL,
    refusals        integer NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'taken', 'open')),
    cause_id        uuid,
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz
);

CREATE TABLE waiting_offer (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    entry_id        uuid NOT NULL REFERENCES waiting_entry,
    freed_time_id   uuid NOT NULL REFERENCES freed_time,
    hold_id         uuid NOT NULL UNIQUE REFERENCES hold,
    state           text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'accepted', 'declined', 'expired', 'void')),
    expires_at      timestamptz NOT NULL,
    appointment_id  uuid REFERENCES appointment,
    created_at      timestamptz NOT NULL,
    answered_at     timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX one_live_offer ON waiting_offer (entry_id) WHERE state = 'sent';
CREATE INDEX waiting_offer_due ON waiting_offer (expires_at) WHERE state = 'sent';
CREATE INDEX waiting_offer_freed ON waiting_offer (freed_time_id);

CALL kit_protect('waiting_entry');
CALL kit_protect('freed_time');
CALL kit_protect('waiting_offer');
"""

CAMPAIGNS = """
CREATE TABLE campaign (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    cause           text NOT NULL CHECK (cause IN ('absence', 'closure', 'rest', 'schedule', 'protocol', 'other')),
    cause_id        uuid,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sent', 'closed')),
    deadline        timestamptz,
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX campaign_cause ON campaign (cause_id) WHERE cause_id IS NOT NULL;
CREATE INDEX campaign_deadline ON campaign (deadline) WHERE state = 'sent';

CREATE TABLE campaign_item (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    campaign_id     uuid NOT NULL REFERENCES campaign,
    appointment_id  uuid NOT NULL REFERENCES appointment,
    patient_id      uuid NOT NULL REFERENCES patient,
    state           text NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'proposed', 'to_call', 'moved', 'cancelled', 'kept')),
    hold_id         uuid REFERENCES hold,
    round           integer NOT NULL DEFAULT 0,
    call_need_id    uuid,
    settled_by      text,
    settled_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (campaign_id, appointment_id)
);
CREATE UNIQUE INDEX one_live_item ON campaign_item (appointment_id) WHERE state IN ('todo', 'proposed', 'to_call');
CREATE INDEX campaign_item_hold ON campaign_item (hold_id) WHERE hold_id IS NOT NULL;

-- Somebody must be called: the telesecretaries have a task of the same id.
CREATE TABLE call_need (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    cause           text NOT NULL CHECK (cause IN ('campaign', 'offer', 'teleconsultation', 'message_failed')),
    ref_id          uuid NOT NULL,
    due_at          timestamptz NOT NULL,
    priority        integer NOT NULL,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'met', 'settled')),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX one_open_need ON call_need (ref_id) WHERE state = 'open';

CALL kit_protect('campaign');
CALL kit_protect('campaign_item');
CALL kit_protect('call_need');
"""

WORK = """
-- Rest that a duty brings, as the permanence service said it last. A practitioner of two centres has a row in each.
CREATE TABLE rest_window (
    rest_window_id  uuid NOT NULL,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    organisation_id uuid NOT NULL REFERENCES organisation,
    during          tstzrange NOT NULL,
    rule            text NOT NULL,
    revision        integer NOT NULL,
    withdrawn       boolean NOT NULL DEFAULT false,
    absence_id      uuid,
    PRIMARY KEY (rest_window_id, practitioner_id)
);
CREATE INDEX rest_window_practitioner ON rest_window (practitioner_id);

-- A rule of working time that a manager overrode, with the reason: red in the report as long as the hours stand.
CREATE TABLE working_time_override (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    rule            text NOT NULL,
    local_date      date NOT NULL,
    reason          text NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX working_time_override_day ON working_time_override (practitioner_id, local_date);

CALL kit_protect('rest_window');
CALL kit_protect('working_time_override');
"""

PROTOCOLS = """
-- Delegation of care to nurses (protocole de coopération).
CREATE TABLE protocol (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    title           text NOT NULL,
    reference       text NOT NULL,
    valid           daterange NOT NULL,
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1
);
CREATE TABLE protocol_member (
    protocol_id     uuid NOT NULL REFERENCES protocol,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    organisation_id uuid NOT NULL REFERENCES organisation,
    profession      text NOT NULL CHECK (profession IN ('physician', 'nurse')),
    trained_on      date,
    during          daterange NOT NULL DEFAULT '[2000-01-01,)',
    PRIMARY KEY (protocol_id, practitioner_id)
);
CREATE INDEX protocol_member_practitioner ON protocol_member (practitioner_id);

-- Several visits asked for at once.
CREATE TABLE series (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    reason_id       uuid NOT NULL REFERENCES visit_reason,
    rrule           text,
    on_conflict     text NOT NULL CHECK (on_conflict IN ('skip', 'nearest', 'fail')),
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX appointment_series ON appointment (series_id) WHERE series_id IS NOT NULL;

CALL kit_protect('protocol');
CALL kit_protect('protocol_member');
CALL kit_protect('series');
"""

PEOPLE = """
-- Pairs that may be one person, found by night.
CREATE TABLE duplicate_pair (
    first_id        uuid NOT NULL REFERENCES patient,
    second_id       uuid NOT NULL REFERENCES patient,
    organisation_id uuid NOT NULL REFERENCES organisation,
    score           real NOT NULL,
    grounds         text[] NOT NULL,
    found_at        timestamptz NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
);
CREATE INDEX duplicate_pair_score ON duplicate_pair (organisation_id, score DESC, first_id, second_id);

-- Two files made one. `moved`: by table, the ids that spoke of `from_id`, so that all can go back.
CREATE TABLE patient_merge (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    from_id         uuid NOT NULL REFERENCES patient,
    into_id         uuid NOT NULL REFERENCES patient,
    reason          text NOT NULL,
    moved           jsonb NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL,
    undone_at       timestamptz,
    undone_by       text,
    version         integer NOT NULL DEFAULT 1,
    CHECK (from_id <> into_id)
);
CREATE INDEX patient_merge_from ON patient_merge (from_id);
CREATE INDEX patient_merge_into ON patient_merge (into_id);

-- How an identity was checked (RNIV): which kind of document, by whom, when. Never the number of a document.
CREATE TABLE identity_check (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    kind            text NOT NULL CHECK (kind IN ('document', 'ins', 'doubt')),
    document        text,
    outcome         text NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX identity_check_patient ON identity_check (patient_id, at);

CALL kit_protect('duplicate_pair');
CALL kit_protect('patient_merge');
CALL kit_protect('identity_check');
"""

VISITS = """
-- Where a home visit is: {line, postal_code, city, access}. Of the visit, not of the person: people move.
ALTER TABLE appointment ADD COLUMN visit_address jsonb;
-- Who came without an appointment, and in which order of arrival.
ALTER TABLE appointment ADD COLUMN walk_in boolean NOT NULL DEFAULT false;

-- The room of a teleconsultation at its provider; `fallback_at`: when it went over to the telephone.
CREATE TABLE visit_room (
    appointment_id  uuid PRIMARY KEY REFERENCES appointment,
    organisation_id uuid NOT NULL REFERENCES organisation,
    provider        text NOT NULL,
    room_ref        text NOT NULL,
    opened_at       timestamptz NOT NULL,
    patient_seen_at timestamptz,
    host_seen_at    timestamptz,
    fallback_at     timestamptz,
    fallback_reason text,
    closed_at       timestamptz
);

-- A day on which a practitioner from elsewhere receives at a site. Its window is an exception of his schedule.
CREATE TABLE visiting_session (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    exception_id    uuid,
    local_date      date NOT NULL,
    local_start     time NOT NULL,
    local_end       time NOT NULL,
    reason_ids      uuid[] NOT NULL,
    room_id         uuid REFERENCES resource,
    state           text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'cancelled')),
    note            text,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX visiting_session_site ON visiting_session (site_id, local_date);
CREATE INDEX visiting_session_practitioner ON visiting_session (practitioner_id, local_date);

-- What the patient pages say of the telephone and of the duty number.
CREATE TABLE phone_line (
    line_id         uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    open            boolean NOT NULL,
    until           timestamptz,
    next_opening    timestamptz,
    sequence        bigint NOT NULL
);
CREATE TABLE duty_number (
    scheme_id       uuid PRIMARY KEY,
    patient_number  text NOT NULL,
    effective_from  timestamptz NOT NULL,
    version         integer NOT NULL
);

CALL kit_protect('visit_room');
CALL kit_protect('visiting_session');
CALL kit_protect('phone_line');
"""


def upgrade() -> None:
    """New tables and columns; constraints that only grow wider."""
    for part in (MESSAGES, WAITING, CAMPAIGNS, WORK, PROTOCOLS, PEOPLE, VISITS):
        op.execute(part)
