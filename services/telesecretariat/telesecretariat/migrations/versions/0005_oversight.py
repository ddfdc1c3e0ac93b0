"""What supervisors and managers hold in hand: quality of calls, invoices."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
CREATE TABLE quality_grid (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    criteria        jsonb NOT NULL,
    state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'retired')),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE TABLE quality_review (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    grid_id         uuid NOT NULL REFERENCES quality_grid,
    call_id         uuid NOT NULL REFERENCES call,
    agent_id        uuid NOT NULL,
    month           date NOT NULL,
    state           text NOT NULL DEFAULT 'drawn' CHECK (state IN ('drawn', 'scored', 'shared', 'commented', 'final')),
    scores          jsonb NOT NULL DEFAULT '{}',
    total           double precision,
    comment_sealed  bytea,
    agent_comment_sealed bytea,
    reviewer_id     uuid,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (call_id, grid_id)
);
CREATE INDEX quality_review_agent ON quality_review (agent_id, month);
CREATE TABLE invoice (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    month           date NOT NULL CHECK (extract(day FROM month) = 1),
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'closed')),
    total_cents     bigint,
    hash            bytea,
    closed_at       timestamptz,
    closed_by       uuid,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (client_id, month)
);
CREATE TABLE invoice_line (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL,
    invoice_id      uuid NOT NULL REFERENCES invoice,
    kind            text NOT NULL,
    count           integer NOT NULL,
    unit_cents      bigint NOT NULL,
    call_ids        uuid[] NOT NULL DEFAULT '{}',
    corrects_id     uuid REFERENCES invoice_line
);
CREATE INDEX invoice_line_invoice ON invoice_line (invoice_id);

CALL kit_protect('quality_grid');
CALL protect_client('quality_review');
CALL protect_client('invoice');
CALL protect_client('invoice_line');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
