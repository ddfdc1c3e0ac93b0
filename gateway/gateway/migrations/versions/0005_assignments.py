"""Copy of who answers for which client: the live stream shows a telesecretary the events of these alone."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
CREATE TABLE assignment (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    agent_id        uuid NOT NULL,
    client_id       uuid NOT NULL,
    valid           tstzrange NOT NULL,
    version         integer NOT NULL
);
CREATE INDEX assignment_agent ON assignment (agent_id);
CALL kit_protect('assignment');
"""


def upgrade() -> None:
    """A new table."""
    op.execute(SQL)
