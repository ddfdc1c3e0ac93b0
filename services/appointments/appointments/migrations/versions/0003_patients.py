"""Patients: identity, contacts, relations, and the pairs that a person has declared to be two people."""

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = """
-- Search keys are made by one function, so that creation, search and duplicates agree: no accent, no case, letters only.
CREATE FUNCTION name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, normalize(name, NFC))), '[^[:alnum:]]', '', 'g')
$$;

CREATE TABLE patient (
    id                        uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id           uuid NOT NULL REFERENCES organisation,
    identity_status           text NOT NULL DEFAULT 'PROV' CHECK (identity_status IN ('PROV', 'VALI', 'RECUP', 'QUAL')),
    birth_family_name         text NOT NULL,
    used_family_name          text,
    birth_given_names         text NOT NULL,
    used_given_name           text,
    birth_date                date NOT NULL,
    sex                       text CHECK (sex IN ('female', 'male', 'unknown')),
    birth_place_insee         text,
    ins                       text,
    ins_oid                   text,
    ins_at                    timestamptz,
    flags                     text[] NOT NULL DEFAULT '{}',
    referring_practitioner_id uuid REFERENCES practitioner,
    first_seen_at             timestamptz,
    online_blocked_until      timestamptz,
    merged_into_id            uuid REFERENCES patient,
    family_key                text NOT NULL GENERATED ALWAYS AS (name_key(birth_family_name)) STORED,
    used_key                  text GENERATED ALWAYS AS (name_key(used_family_name)) STORED,
    given_key                 text NOT NULL GENERATED ALWAYS AS (name_key(birth_given_names)) STORED,
    created_at                timestamptz NOT NULL,
    version                   integer NOT NULL DEFAULT 1,
    CHECK (ins IS NULL OR identity_status IN ('RECUP', 'QUAL'))
);
CREATE UNIQUE INDEX patient_ins ON patient (organisation_id, ins) WHERE ins IS NOT NULL AND merged_into_id IS NULL;
CREATE INDEX patient_birth ON patient (organisation_id, birth_date, family_key);
CREATE INDEX patient_family ON patient USING gin (family_key gin_trgm_ops);
CREATE INDEX patient_used ON patient USING gin (used_key gin_trgm_ops) WHERE used_key IS NOT NULL;

CREATE TABLE contact (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    kind            text NOT NULL CHECK (kind IN ('mobile', 'landline', 'email')),
    value           text NOT NULL,
    verified_at     timestamptz,
    UNIQUE (patient_id, value)
);
CREATE INDEX contact_value ON contact (value);

CREATE TABLE relation (
    patient_id       uuid NOT NULL REFERENCES patient,
    other_patient_id uuid NOT NULL REFERENCES patient,
    organisation_id  uuid NOT NULL REFERENCES organisation,
    kind             text NOT NULL CHECK (kind IN ('parent', 'guardian', 'carer', 'spouse')),
    may_book         boolean NOT NULL DEFAULT true,
    may_receive      boolean NOT NULL DEFAULT true,
    during           tstzrange NOT NULL DEFAULT '[,)',
    PRIMARY KEY (patient_id, other_patient_id, kind),
    CHECK (patient_id <> other_patient_id)
);
CREATE INDEX relation_other ON relation (other_patient_id);

CREATE TABLE not_same_person (
    first_id        uuid NOT NULL REFERENCES patient,
    second_id       uuid NOT NULL REFERENCES patient,
    organisation_id uuid NOT NULL REFERENCES organisation,
    by              text NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
);

CALL kit_protect('patient');
CALL kit_protect('contact');
CALL kit_protect('relation');
CALL kit_protect('not_same_person');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
