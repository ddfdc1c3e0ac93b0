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
    call_id         uuid NOT NULL UNIQUE REFERENCES call,
    agent_id        uuid NOT NULL,
    month           date NOT NULL,
    state           text NOT NULL DEFAULT 'drawn' CHECK (state IN ('drawn', 'scored', 'shared', 'commented', 'final')),
    scores          jsonb NOT NULL DEFAULT '{}',
    total           double precision,
    comment_sealed  bytea,
    agent_comment_sealed bytea,
    reviewer_id     uuid,
    shared_at       timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE INDEX quality_review_agent ON quality_review (agent_id, month);
-- Who draws takes the newest grid: one at a time.
CREATE UNIQUE INDEX quality_grid_active ON quality_grid (organisation_id) WHERE state = 'active';
CREATE TABLE invoice (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    client_id       uuid NOT NULL REFERENCES client,
    month           date NOT NULL CHECK (extract(day FROM month) = 1),
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'closed')),
    total_cents     bigint NOT NULL DEFAULT 0,
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
    corrects_id     uuid REFERENCES invoice_line,
    reason          text,
    -- A credit is of one line, says why, and counts below nothing.
    CHECK ((corrects_id IS NULL) = (reason IS NULL) AND (corrects_id IS NULL) = (count >= 0))
);
CREATE INDEX invoice_line_invoice ON invoice_line (invoice_id);
CREATE UNIQUE INDEX invoice_line_one ON invoice_line (invoice_id, kind) WHERE corrects_id IS NULL;
CREATE INDEX invoice_line_corrects ON invoice_line (corrects_id) WHERE corrects_id IS NOT NULL;

-- A closed invoice stays as it is, whoever asks: what was wrong is credited on a later one.
CREATE FUNCTION refuse_closed_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM invoice i WHERE i.state = 'closed'
               AND i.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.invoice_id END,
                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.invoice_id END)) THEN
        RAISE EXCEPTION 'the lines of a closed invoice do not change';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER closed_lines BEFORE INSERT OR UPDATE OR DELETE ON invoice_line
    FOR EACH ROW EXECUTE FUNCTION refuse_closed_line();
CREATE TRIGGER closed_invoice BEFORE UPDATE OR DELETE ON invoice
    FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION refuse_change();

CALL kit_protect('quality_grid');
CALL protect_client('quality_review');
-- An agent sees what was shared of her own calls, and nothing before that.
CREATE POLICY own_shared ON quality_review AS RESTRICTIVE USING (
    (SELECT kit_all()) OR kit_role() IS DISTINCT FROM 'telesecretary'
    OR (agent_id = kit_person() AND state IN ('shared', 'commented', 'final')));
CALL protect_client('invoice');
CALL protect_client('invoice_line');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
