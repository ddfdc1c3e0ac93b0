"""Schedules and what follows from them: rules, exceptions, absences, closures, stored availability."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = """
CREATE TABLE schedule (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    active          boolean NOT NULL DEFAULT true,
    expanded_to     date,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (practitioner_id, site_id)
);

CREATE TABLE opening_rule (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    kind            text NOT NULL CHECK (kind IN ('clinic', 'unscheduled', 'home_round', 'walk_in', 'admin')),
    first_date      date NOT NULL,
    rrule           text,
    local_start     time NOT NULL,
    local_end       time NOT NULL,
    reason_ids      uuid[] NOT NULL DEFAULT '{}',
    modes           text[] NOT NULL DEFAULT '{on_site}',
    room_id         uuid REFERENCES resource,
    step_minutes    integer CHECK (step_minutes BETWEEN 5 AND 240),
    audiences       text[] NOT NULL DEFAULT '{public,secretariat,partner,regulator}',
    releases        jsonb NOT NULL DEFAULT '[]',
    on_holidays     boolean NOT NULL DEFAULT false
);
CREATE INDEX opening_rule_schedule ON opening_rule (schedule_id);

CREATE TABLE opening_exception (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    local_date      date NOT NULL,
    action          text NOT NULL CHECK (action IN ('add', 'remove', 'change')),
    rule_id         uuid,
    fields          jsonb NOT NULL DEFAULT '{}',
    source          text NOT NULL CHECK (source IN ('manual', 'import'))
);
CREATE INDEX opening_exception_day ON opening_exception (schedule_id, local_date);

CREATE TABLE absence (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    during          tstzrange NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('leave', 'sick', 'training', 'rest', 'other')),
    source          text NOT NULL CHECK (source IN ('manual', 'import', 'permanence')),
    source_ref      text,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX absence_practitioner ON absence USING gist (practitioner_id, during);

CREATE TABLE closure (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    site_id         uuid NOT NULL REFERENCES site,
    during          tstzrange NOT NULL,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX closure_site ON closure USING gist (site_id, during);

-- One row per schedule, local day and rule (exceptions count as rules of their own), written 180 days ahead.
-- *_from: from which instant an audience may take it; '-infinity' = always, null = never.
CREATE TABLE availability (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id  uuid NOT NULL,
    schedule_id      uuid NOT NULL REFERENCES schedule,
    rule_id          uuid NOT NULL,
    practitioner_id  uuid NOT NULL,
    site_id          uuid NOT NULL,
    profession       text NOT NULL,
    local_date       date NOT NULL,
    kind             text NOT NULL,
    during           tstzrange NOT NULL,
    closed           tstzmultirange NOT NULL DEFAULT '{}',
    free             tstzmultirange NOT NULL,
    reason_ids       uuid[] NOT NULL DEFAULT '{}',
    modes            text[] NOT NULL,
    step_minutes     integer,
    room_id          uuid,
    public_from      timestamptz,
    secretariat_from timestamptz,
    partner_from     timestamptz,
    regulator_from   timestamptz,
    cpts_from        timestamptz,
    version          integer NOT NULL DEFAULT 1,
    UNIQUE (schedule_id, local_date, rule_id, during)
);
CREATE INDEX availability_practitioner ON availability USING gist (practitioner_id, during);
CREATE INDEX availability_search ON availability (site_id, local_date) WHERE NOT isempty(free);

CALL kit_protect('schedule');
CALL kit_protect('opening_rule');
CALL kit_protect('opening_exception');
CALL kit_protect('absence');
CALL kit_protect('closure');
CALL kit_protect('availability');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
