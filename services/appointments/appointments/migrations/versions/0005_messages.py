"""Messages to patients and the links that let them manage an appointment."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
CREATE TABLE manage_link (
    token_hash      bytea PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    appointment_id  uuid NOT NULL REFERENCES appointment,
    tries           integer NOT NULL DEFAULT 0,
    opened_by       text[] NOT NULL DEFAULT '{}',
    expires_at      timestamptz NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX manage_link_appointment ON manage_link (appointment_id);

-- One row per thing to say. The text is made when it is sent, from the rows as they then are.
CREATE TABLE message (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL REFERENCES organisation,
    appointment_id  uuid NOT NULL REFERENCES appointment,
    version         integer NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('confirmation', 'moved', 'cancelled')),
    channel         text NOT NULL CHECK (channel IN ('sms', 'voice', 'email')),
    recipient       text NOT NULL,
    language        text NOT NULL DEFAULT 'fr',
    due_at          timestamptz NOT NULL,
    state           text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dropped')),
    attempts        integer NOT NULL DEFAULT 0,
    provider_ref    text,
    sent_at         timestamptz,
    created_at      timestamptz NOT NULL,
    UNIQUE (appointment_id, kind, channel, version)
);
CREATE INDEX message_due ON message (due_at) WHERE state = 'planned';
CREATE INDEX message_sending ON message (id) WHERE state = 'sending';

CALL kit_protect('manage_link');
CALL kit_protect('message');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
