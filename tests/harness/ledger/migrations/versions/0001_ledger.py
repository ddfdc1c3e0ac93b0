"""The kit's tables, entries and effects."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0001"
down_revision = None

SQL = """
CREATE TABLE entry (id uuid PRIMARY KEY, organisation_id uuid NOT NULL, text text NOT NULL, version integer NOT NULL DEFAULT 1);
CREATE TABLE effect (event_id uuid NOT NULL, entry_id uuid NOT NULL, version integer NOT NULL);
CALL kit_protect('entry');
"""


def upgrade() -> None:
    """Everything."""
    op.execute(kit_sql("0001_kit"))
    op.execute(kit_sql("0002_position_and_rate"))
    op.execute(SQL)
