"""Bookings: holds, appointments and `busy`, whose exclusion constraint is the truth about double booking."""

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
CREATE TABLE hold (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    reason_id       uuid NOT NULL REFERENCES visit_reason,
    mode            text NOT NULL,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    resource_ids    uuid[] NOT NULL,
    during          tstzrange NOT NULL,
    occupied        tstzrange NOT NULL,
    audience        text NOT NULL,
    owner           text NOT NULL,
    state           text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'identified', 'confirmed', 'lapsed', 'released')),
    identity        jsonb NOT NULL DEFAULT '{}',
    call_id         uuid,
    appointment_id  uuid,
    moves_id        uuid,
    expires_at      timestamptz NOT NULL,
    extensions      integer NOT NULL DEFAULT 0 CHECK (extensions BETWEEN 0 AND 10),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX hold_owner ON hold (owner, created_at DESC);
CREATE INDEX hold_expiry ON hold (expires_at) WHERE state IN ('held', 'identified');
CREATE INDEX hold_call ON hold (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE appointment (
    id                      uuid PRIMARY KEY,
    organisation_id         uuid NOT NULL REFERENCES organisation,
    patient_id              uuid NOT NULL REFERENCES patient,
    reason_id               uuid NOT NULL REFERENCES visit_reason,
    mode                    text NOT NULL CHECK (mode IN ('on_site', 'teleconsultation', 'home', 'care_home')),
    schedule_id             uuid NOT NULL REFERENCES schedule,
    practitioner_id         uuid NOT NULL REFERENCES practitioner,
    site_id                 uuid NOT NULL REFERENCES site,
    place_id                uuid REFERENCES place,
    resource_ids            uuid[] NOT NULL,
    during                  tstzrange NOT NULL,
    occupied                tstzrange NOT NULL,
    local_date              date NOT NULL,
    status                  text NOT NULL
        CHECK (status IN ('pending', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow', 'entered-in-error')),
    version                 integer NOT NULL DEFAULT 1,
    audience                text NOT NULL,
    channel                 text NOT NULL CHECK (channel IN ('phone', 'online', 'desk', 'partner', 'sas')),
    booked_by               text NOT NULL,
    call_id                 uuid,
    requester               jsonb,
    overbooked              boolean NOT NULL DEFAULT false,
    overbook_reason         text,
    late                    boolean NOT NULL DEFAULT false,
    excused                 boolean NOT NULL DEFAULT false,
    cancel_reason           text,
    conflict                text,
    series_id               uuid,
    protocol_id             uuid,
    delegating_physician_id uuid,
    operator_id             uuid,
    partner_id              uuid,
    note                    text,
    join_ref                text,
    language                text NOT NULL DEFAULT 'fr',
    created_at              timestamptz NOT NULL,
    changed_at              timestamptz NOT NULL,
    CHECK (overbooked = (overbook_reason IS NOT NULL)),
    CONSTRAINT patient_in_one_place EXCLUDE USING gist (patient_id WITH =, during WITH &&)
        WHERE (status IN ('pending', 'booked', 'arrived'))
);
CREATE INDEX appointment_patient ON appointment (patient_id, lower(during));
CREATE INDEX appointment_day ON appointment (site_id, local_date);
CREATE INDEX appointment_practitioner_day ON appointment (practitioner_id, local_date);
CREATE INDEX appointment_call ON appointment (call_id) WHERE call_id IS NOT NULL;

CREATE TABLE appointment_change (
    appointment_id  uuid NOT NULL REFERENCES appointment,
    version         integer NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    event           text NOT NULL,
    status          text NOT NULL,
    during          tstzrange NOT NULL,
    practitioner_id uuid NOT NULL,
    by              text NOT NULL,
    role            text,
    reason          text,
    at              timestamptz NOT NULL,
    PRIMARY KEY (appointment_id, version)
);

CREATE TABLE busy (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL,
    resource_id     uuid NOT NULL REFERENCES resource,
    during          tstzrange NOT NULL CHECK (NOT isempty(during)),
    hold_id         uuid REFERENCES hold,
    appointment_id  uuid REFERENCES appointment,
    overbooked      boolean NOT NULL DEFAULT false,
    expires_at      timestamptz,
    CHECK ((hold_id IS NOT NULL) <> (appointment_id IS NOT NULL)),
    CHECK ((hold_id IS NOT NULL) = (expires_at IS NOT NULL)),
    CONSTRAINT one_at_a_time EXCLUDE USING gist (resource_id WITH =, during WITH &&) WHERE (NOT overbooked)
);
CREATE INDEX busy_range ON busy USING gist (resource_id, during);
CREATE INDEX busy_hold ON busy (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX busy_appointment ON busy (appointment_id) WHERE appointment_id IS NOT NULL;

CALL kit_protect('hold');
CALL kit_protect('appointment');
CALL kit_protect('appointment_change');
CALL kit_protect('busy');
"""


def upgrade() -> None:
    """New tables only. The constraints are there from the first day: they can be neither NOT VALID nor built concurrently."""
    op.execute(SQL)
