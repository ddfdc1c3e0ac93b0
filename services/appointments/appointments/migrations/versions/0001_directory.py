"""The kit's tables, then who works where: organisations, sites, places, resources, practitioners, contracts, reasons."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0001"
down_revision = None

SQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TABLE organisation (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid GENERATED ALWAYS AS (id) STORED,
    name          text NOT NULL,
    finess_legal  text,
    timezone      text NOT NULL DEFAULT 'Europe/Paris',
    phone         text,
    holiday_zone  text NOT NULL DEFAULT 'FR',
    settings      jsonb NOT NULL DEFAULT '{}',
    version       integer NOT NULL DEFAULT 1
);

CREATE TABLE site (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    kind            text NOT NULL CHECK (kind IN ('centre', 'branch', 'mobile')),
    parent_id       uuid REFERENCES site,
    code            text NOT NULL,
    name            text NOT NULL,
    finess          text,
    siret           text,
    address_line    text,
    postal_code     text,
    city            text NOT NULL,
    insee_code      text,
    lat             double precision,
    lon             double precision,
    phone           text,
    timezone        text NOT NULL,
    access_note     text,
    step_free       boolean,
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (organisation_id, code)
);

CREATE TABLE place (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    name            text NOT NULL,
    finess          text,
    address_line    text,
    postal_code     text,
    city            text NOT NULL,
    phone           text,
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1
);

-- Whatever can be busy. A practitioner's row has the same id in `practitioner`; rooms and equipment live here alone.
CREATE TABLE resource (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    kind            text NOT NULL CHECK (kind IN ('practitioner', 'room', 'equipment')),
    site_id         uuid REFERENCES site,
    name            text NOT NULL,
    tags            text[] NOT NULL DEFAULT '{}',
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    CHECK (kind = 'practitioner' OR site_id IS NOT NULL)
);
CREATE INDEX resource_site ON resource (site_id, kind);

CREATE TABLE practitioner (
    id              uuid PRIMARY KEY REFERENCES resource,
    organisation_id uuid NOT NULL REFERENCES organisation,
    rpps            text,
    profession      text NOT NULL CHECK (profession IN ('physician', 'nurse')),
    specialty       text,
    family_name     text NOT NULL,
    given_name      text NOT NULL,
    display_name    text NOT NULL,
    email           text,
    active_during   daterange NOT NULL DEFAULT '[2000-01-01,)',
    external        boolean NOT NULL DEFAULT false,
    person_id       uuid,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (organisation_id, rpps)
);
CREATE INDEX practitioner_rpps ON practitioner (rpps);
CREATE INDEX practitioner_person ON practitioner (person_id) WHERE person_id IS NOT NULL;

CREATE TABLE contract (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    weekly_minutes  integer NOT NULL CHECK (weekly_minutes BETWEEN 0 AND 2880),
    rule_pack       text NOT NULL DEFAULT 'territorial',
    during          daterange NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    EXCLUDE USING gist (practitioner_id WITH =, during WITH &&)
);

CREATE TABLE visit_reason (
    id                  uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id     uuid NOT NULL REFERENCES organisation,
    code                text NOT NULL,
    label               text NOT NULL,
    public_label        text NOT NULL,
    public_label_en     text,
    instruction         text,
    instruction_en      text,
    export_text         text,
    professions         text[] NOT NULL,
    modes               jsonb NOT NULL,
    bookable_by         text[] NOT NULL,
    min_notice_minutes  integer NOT NULL DEFAULT 0 CHECK (min_notice_minutes >= 0),
    max_ahead_days      integer NOT NULL DEFAULT 180 CHECK (max_ahead_days BETWEEN 0 AND 400),
    min_age             integer,
    max_age             integer,
    first_visit         text NOT NULL DEFAULT 'any' CHECK (first_visit IN ('any', 'only', 'never')),
    known_patient_only  boolean NOT NULL DEFAULT false,
    unscheduled         boolean NOT NULL DEFAULT false,
    sensitive           boolean NOT NULL DEFAULT false,
    needs_confirmation  boolean NOT NULL DEFAULT false,
    needs               jsonb NOT NULL DEFAULT '[]',
    protocol_id         uuid,
    text_to_accept      text,
    text_after          text,
    text_after_en       text,
    questions           jsonb NOT NULL DEFAULT '[]',
    max_live            integer NOT NULL DEFAULT 5 CHECK (max_live > 0),
    min_gap_days        integer NOT NULL DEFAULT 0,
    reminder_policy     text,
    rank                integer NOT NULL DEFAULT 100,
    active              boolean NOT NULL DEFAULT true,
    version             integer NOT NULL DEFAULT 1,
    UNIQUE (organisation_id, code)
);

-- Who a signed-in person is as a practitioner: copied from gateway.person_changed, tied by RPPS.
CREATE TABLE known_person (
    person_id    uuid PRIMARY KEY,
    rpps         text,
    status       text NOT NULL,
    epoch        bigint NOT NULL
);
CREATE INDEX known_person_rpps ON known_person (rpps) WHERE rpps IS NOT NULL;

CREATE TABLE import (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    kind            text NOT NULL,
    dry_run         boolean NOT NULL,
    state           text NOT NULL CHECK (state IN ('applied', 'checked', 'refused')),
    line_count      integer NOT NULL,
    faults          jsonb NOT NULL DEFAULT '[]',
    changes         jsonb NOT NULL DEFAULT '{}',
    by              text NOT NULL,
    at              timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1
);

CALL kit_protect('organisation');
CALL kit_protect('site');
CALL kit_protect('place');
CALL kit_protect('resource');
CALL kit_protect('practitioner');
CALL kit_protect('contract');
CALL kit_protect('visit_reason');
CALL kit_protect('import');
"""


def upgrade() -> None:
    """Creates everything at once: there is no earlier version to live beside."""
    op.execute(kit_sql("0001_kit"))
    op.execute(SQL)
