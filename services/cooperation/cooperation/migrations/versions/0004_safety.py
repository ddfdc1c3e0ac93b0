"""Recalls, holds, signatures, issues, continuity plans."""

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
-- `scope`: what it was opened for, as asked; lines hold what it reached, whatever became of it since.
CREATE TABLE recall (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('open', 'closed')),
    cause           text NOT NULL,
    scope           jsonb NOT NULL,
    unfounded       boolean NOT NULL DEFAULT false,
    opened_by       text NOT NULL,
    opened_at       timestamptz NOT NULL,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE TABLE recall_line (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    recall_id       uuid NOT NULL REFERENCES recall,
    subject_kind    text NOT NULL CHECK (subject_kind IN ('run', 'order_line')),
    subject_id      uuid NOT NULL,
    set_id          uuid,
    state           text NOT NULL CHECK (state IN ('in_stock', 'in_transit', 'allocated', 'used', 'in_process')),
    operation_ref   text,
    ended           text CHECK (ended IN ('secured', 'written_off', 'acknowledged', 'aborted', 'cleared')),
    ended_at        timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (recall_id, subject_id),
    CHECK ((ended IS NULL) = (ended_at IS NULL))
);
CREATE INDEX recall_line_subject ON recall_line (subject_id);
CREATE INDEX recall_line_open ON recall_line (subject_id) WHERE ended IS NULL;
-- Contact goes on without end; a hold ends by signatures only. It is the member's whose things alone it names, the
-- group's when it names those of several: only who reaches all of them ends it.
CREATE TABLE hold (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('prion', 'quality', 'owner')),
    state           text NOT NULL CHECK (state IN ('active', 'lifted', 'destroyed', 'double_inactivated')),
    cause           text NOT NULL,
    placed_by       text NOT NULL,
    ended_at        timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'active') = (ended_at IS NULL))
);
CREATE TABLE hold_subject (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    hold_id         uuid NOT NULL REFERENCES hold,
    subject_kind    text NOT NULL CHECK (subject_kind IN ('set', 'instrument', 'run', 'order_line')),
    subject_id      uuid NOT NULL,
    contact         text NOT NULL CHECK (contact IN ('named', 'operation', 'instrument', 'later_run')),
    operation_ref   text,
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    UNIQUE (hold_id, subject_id)
);
CREATE INDEX hold_subject_active ON hold_subject (subject_id) WHERE active;
CREATE INDEX hold_subject_subject ON hold_subject (subject_id);
CREATE TABLE signature (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    about_kind      text NOT NULL CHECK (about_kind IN ('recall', 'recall_line', 'hold')),
    about_id        uuid NOT NULL,
    act             text NOT NULL,
    person_id       uuid NOT NULL,
    role            text NOT NULL,
    reason          text,
    signed_at       timestamptz NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX signature_about ON signature (about_id, act);
-- A recall that widened is signed again, by the same persons too.
CREATE UNIQUE INDEX signature_once ON signature (about_id, act, person_id) WHERE about_kind <> 'recall';
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON signature FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TABLE issue (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    kind            text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    severity        text NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
    state           text NOT NULL CHECK (state IN ('open', 'analysed', 'closed')),
    stage_seen      text,
    stage_of_origin text,
    subject_kind    text NOT NULL CHECK (subject_kind IN ('run', 'set', 'instrument', 'load', 'machine', 'crate', 'handover',
                        'order', 'order_line', 'loan', 'device')),
    subject_id      uuid NOT NULL,
    load_id         uuid,
    words           text,
    cause           text,
    action          text,
    opened_by       text NOT NULL,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX issue_subject ON issue (subject_id);
CREATE INDEX issue_load ON issue (load_id) WHERE load_id IS NOT NULL AND state <> 'closed';
CREATE INDEX issue_open ON issue (created_at) WHERE state <> 'closed';
-- Another authorised pharmacy sterilises for a time; the health agency is told at once (CSP R6111-20-1).
CREATE TABLE continuity_plan (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    group_id        uuid NOT NULL,
    state           text NOT NULL CHECK (state IN ('active', 'ended')),
    provider_name   text NOT NULL,
    provider_place  uuid NOT NULL REFERENCES place,
    authorisation   text NOT NULL,
    reason          text NOT NULL,
    planned_days    integer NOT NULL CHECK (planned_days BETWEEN 1 AND 366),
    ars_told_at     timestamptz NOT NULL,
    ars_notice_ref  text NOT NULL,
    ended_at        timestamptz,
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX continuity_plan_active ON continuity_plan (group_id) WHERE state = 'active';

CALL kit_protect('recall');
CALL kit_protect('recall_line');
CREATE POLICY own_lines ON recall FOR SELECT USING (EXISTS (SELECT FROM recall_line l WHERE l.recall_id = recall.id));
CALL kit_protect('hold');
CALL kit_protect('hold_subject');
CREATE POLICY own_subjects ON hold FOR SELECT USING (EXISTS (SELECT FROM hold_subject s WHERE s.hold_id = hold.id));
CALL kit_protect('signature');
CREATE POLICY own_subjects ON signature FOR SELECT USING (
    EXISTS (SELECT FROM recall_line l WHERE l.recall_id = signature.about_id OR l.id = signature.about_id)
    OR EXISTS (SELECT FROM hold_subject s WHERE s.hold_id = signature.about_id));
CALL kit_protect('issue');
CALL protect_reference('continuity_plan');
"""


def upgrade() -> None:
    """New tables only."""
    op.execute(SQL)
