"""The kit's second part: where the live stream stands."""

from alembic import op

from maillage.migrate import kit_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """A table of one row, functions."""
    op.execute(kit_sql("0002_position_and_rate"))
