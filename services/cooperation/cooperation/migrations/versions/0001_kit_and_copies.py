"""The kit's tables and the copies of the gateway's facts: persons, memberships, organisations, delegations."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0001"
down_revision = None

SQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE person_ref (
    person_id       uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    display_name    text NOT NULL,
    status          text NOT NULL,
    epoch           integer NOT NULL
);
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
CALL kit_protect('person_ref');
CALL kit_protect('membership_ref');
CALL kit_protect('organisation_ref');
CALL kit_protect('delegation_ref');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(kit_sql("0001_kit"))
    op.execute(kit_sql("0002_position_and_rate"))
    op.execute(SQL)
