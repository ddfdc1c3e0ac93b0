"""The kit's tables and the copies of other services' facts: sites, practitioners, the appointment a call led to."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0001"
down_revision = None

SQL = """
CREATE TABLE site_ref (
    site_id         uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    finess          text,
    insee_code      text,
    timezone        text NOT NULL,
    active          boolean NOT NULL,
    version         integer NOT NULL
);

CREATE TABLE practitioner_ref (
    practitioner_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    rpps            text,
    profession      text NOT NULL,
    display_name    text NOT NULL,
    site_ids        uuid[] NOT NULL,
    active          boolean NOT NULL,
    version         integer NOT NULL
);

-- What a call led to; the outcome of the call is filled from here. One row per appointment, the newest version wins.
CREATE TABLE call_appointment (
    appointment_id  uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    call_id         uuid NOT NULL,
    patient_id      uuid NOT NULL,
    status          text NOT NULL,
    starts_at       timestamptz NOT NULL,
    event_id        uuid NOT NULL,
    version         integer NOT NULL
);
CREATE INDEX call_appointment_call ON call_appointment (call_id);

CALL kit_protect('site_ref');
CALL kit_protect('practitioner_ref');
CALL kit_protect('call_appointment');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(kit_sql("0001_kit"))
    op.execute(SQL)
