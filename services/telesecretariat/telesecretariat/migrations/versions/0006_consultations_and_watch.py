"""A colleague who is consulted, recordings that are deleted where they lie, what the watch has seen, forced states."""

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = """
-- A colleague who is consulted while the caller hears music; her leg is no agent's leg of the call until she has it.
ALTER TABLE call ADD COLUMN consulted_id uuid;
ALTER TABLE telephony_command ADD COLUMN consult boolean NOT NULL DEFAULT false;

ALTER TABLE telephony_command ADD CONSTRAINT telephony_command_known CHECK (kind IN ('answer', 'announce',
    'hold_in_queue', 'ring_agent', 'connect', 'hold', 'resume', 'dial_third', 'transfer', 'hang_up', 'monitor',
    'record', 'delete_recording')) NOT VALID;
-- The wider one stands already.
-- squawk-ignore ban-drop-constraint
ALTER TABLE telephony_command DROP CONSTRAINT telephony_command_kind_check;
ALTER TABLE telephony_command VALIDATE CONSTRAINT telephony_command_known;
-- purged_at: when its deletion was asked for; deleted_at: when the telephone system had done it.
ALTER TABLE recording ADD COLUMN delete_command_id uuid;
ALTER TABLE recording ADD COLUMN deleted_at timestamptz;

-- A state that a supervisor forced: until then the agent cannot make herself ready.
ALTER TABLE agent ADD COLUMN forced_until timestamptz;

-- When desks were looked at last, by the machine's clock, and since when the service could hear them, by its own.
CREATE TABLE desk_watch (
    id         boolean PRIMARY KEY DEFAULT true CHECK (id),
    looked_at  timestamptz NOT NULL,
    hears_since timestamptz NOT NULL
);
"""


def upgrade() -> None:
    """New columns without a default to fill in, a wider check, a table of one row."""
    op.execute(SQL)
