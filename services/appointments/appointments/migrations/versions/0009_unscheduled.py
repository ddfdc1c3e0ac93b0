"""What was last told of unscheduled care, by site and local half-day."""

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = """
CREATE TABLE unscheduled_care (
    organisation_id uuid NOT NULL REFERENCES organisation,
    site_id         uuid NOT NULL REFERENCES site,
    local_date      date NOT NULL,
    half            text NOT NULL CHECK (half IN ('morning', 'afternoon')),
    offered         integer NOT NULL,
    booked          integer NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    PRIMARY KEY (site_id, local_date, half)
);
CALL kit_protect('unscheduled_care');
"""


def upgrade() -> None:
    """A new table."""
    op.execute(SQL)
