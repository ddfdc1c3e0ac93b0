"""What an agenda needs beyond the first booking: reminders and receipts, waiting list, campaigns, calls that are needed,
rest, working time, protocols, series, merges, identity checks, rounds, sessions of visiting practitioners.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

MESSAGES = """
-- A message may also be about an offer of the waiting list, before there is an appointment. `number`: days before the visit
-- for a reminder, round of a proposal, else 0. `ref_id`: the offer or the campaign's item.
-- Nobody reads it as never null but this service, which goes with this revision.
-- squawk-ignore ban-drop-not-null
ALTER TABLE message ALTER COLUMN appointment_id DROP NOT NULL;
ALTER TABLE message ADD COLUMN number integer NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN ref_id uuid;
ALTER TABLE message ADD COLUMN patient_id uuid REFERENCES patient;
-- Whether its contact stood in a file when it was planned: then it is looked up again before it leaves.
ALTER TABLE message ADD COLUMN from_file boolean NOT NULL DEFAULT false;
-- How often a person had it sent again: the number of an attempt, and so our reference at the provider, never comes back.
ALTER TABLE message ADD COLUMN resent integer NOT NULL DEFAULT 0;
CREATE INDEX message_patient ON message (patient_id) WHERE patient_id IS NOT NULL;
ALTER TABLE message ADD CONSTRAINT message_kind_known CHECK (kind IN ('confirmation', 'moved', 'cancelled', 'reminder',
    'proposal', 'offer', 'series', 'by_phone')) NOT VALID;
-- The wider one stands already.
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_kind_check;
ALTER TABLE message VALIDATE CONSTRAINT message_kind_known;
ALTER TABLE message ADD CONSTRAINT message_about_something CHECK (appointment_id IS NOT NULL OR ref_id IS NOT NULL) NOT VALID;
ALTER TABLE message VALIDATE CONSTRAINT message_about_something;
CREATE UNIQUE INDEX message_once ON message (appointment_id, kind, channel, version, number, ref_id) NULLS NOT DISTINCT
    WHERE appointment_id IS NOT NULL;
CREATE UNIQUE INDEX message_once_of_offer ON message (ref_id, kind, channel, number) WHERE appointment_id IS NULL;
-- squawk-ignore ban-drop-constraint
ALTER TABLE message DROP CONSTRAINT message_appointment_id_kind_channel_version_key;
CREATE INDEX message_provider ON message (provider_ref) WHERE provider_ref IS NOT NULL;
CREATE INDEX message_ref ON message (ref_id) WHERE ref_id IS NOT NULL AND state = 'planned';

-- What providers said of messages, each receipt once; one that came before its message was settled waits here.
CREATE TABLE message_receipt (
    provider     text NOT NULL,
    receipt_id   text NOT NULL,
    provider_ref text NOT NULL,
    ref          text,
    state        text NOT NULL CHECK (state IN ('sent', 'delivered', 'failed')),
    at           timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    message_id   uuid REFERENCES message,
    PRIMARY KEY (provider, receipt_id)
);
CREATE INDEX message_receipt_waiting ON message_receipt (provider_ref) WHERE message_id IS NULL;
CREATE INDEX message_receipt_ref ON message_receipt (ref) WHERE message_id IS NULL AND ref IS NOT NULL;

-- A link in a message opens an appointment, or an offer of the waiting list.
-- Nobody reads it as never null but this service, which goes with this revision.
-- squawk-ignore ban-drop-not-null
ALTER TABLE manage_link ALTER COLUMN appointment_id DROP NOT NULL;
ALTER TABLE manage_link ADD COLUMN offer_id uuid;
ALTER TABLE manage_link ADD CONSTRAINT manage_link_to_one CHECK (num_nonnulls(appointment_id, offer_id) = 1) NOT VALID;
ALTER TABLE manage_link VALIDATE CONSTRAINT manage_link_to_one;
CREATE INDEX manage_link_offer ON manage_link (offer_id) WHERE offer_id IS NOT NULL;
"""

WAITING = """
CREATE TABLE waiting_entry (
    id                    uuid PRIMARY KEY,
    organisation_id       uuid NOT NULL REFERENCES organisation,
    patient_id            uuid NOT NULL REFERENCES patient,
    reason_id             uuid NOT NULL REFERENCES visit_reason,
    modes                 text[] NOT NULL,
    site_ids              uuid[] NOT NULL DEFAULT '{}',
    practitioner_ids      uuid[] NOT NULL DEFAULT '{}',
    from_date             date NOT NULL,
    to_date               date NOT NULL,
    weekdays              integer[] NOT NULL DEFAULT '{}',
    local_from            time,
    local_to              time,
    min_notice_minutes    integer NOT NULL DEFAULT 0 CHECK (min_notice_minutes >= 0),
    priority              integer NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 9),
    linked_appointment_id uuid REFERENCES appointment,
    state                 text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'offered', 'booked', 'withdrawn', 'expired')),
    offers_sent           integer NOT NULL DEFAULT 0,
    last_offer_on         date,
    audience              text NOT NULL,
    language              text NOT NULL DEFAULT 'fr',
    requester             jsonb,
    created_by            text NOT NULL,
    created_at            timestamptz NOT NULL,
    changed_at            timestamptz NOT NULL,
    version               integer NOT NULL DEFAULT 1,
    CHECK (to_date >= from_date)
);
CREATE INDEX waiting_entry_queue ON waiting_entry (organisation_id, priority DESC, created_at, id) WHERE state = 'waiting';
CREATE INDEX waiting_entry_over ON waiting_entry (to_date) WHERE state = 'waiting';
CREATE INDEX waiting_entry_patient ON waiting_entry (patient_id);
CREATE INDEX waiting_entry_linked ON waiting_entry (linked_appointment_id) WHERE linked_appointment_id IS NOT NULL;

-- A time that became free and is offered to one person after the other.
CREATE TABLE freed_time (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    during          tstzrange NOT NULL,
    refusals        integer NOT NULL DEFAULT 0,
    state           text NOT NULL DEFAULT 'offered' CHECK (state IN ('offered', 'taken', 'open')),
    cause_id        uuid,
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz
);

CREATE TABLE waiting_offer (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    entry_id        uuid NOT NULL REFERENCES waiting_entry,
    freed_time_id   uuid NOT NULL REFERENCES freed_time,
    hold_id         uuid NOT NULL UNIQUE REFERENCES hold,
    state           text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'accepted', 'declined', 'expired', 'void')),
    expires_at      timestamptz NOT NULL,
    appointment_id  uuid REFERENCES appointment,
    created_at      timestamptz NOT NULL,
    answered_at     timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX one_live_offer ON waiting_offer (entry_id) WHERE state = 'sent';
CREATE INDEX waiting_offer_due ON waiting_offer (expires_at) WHERE state = 'sent';
CREATE INDEX waiting_offer_freed ON waiting_offer (freed_time_id);

CALL kit_protect('waiting_entry');
CALL kit_protect('freed_time');
CALL kit_protect('waiting_offer');
"""

CAMPAIGNS = """
CREATE TABLE campaign (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    cause           text NOT NULL CHECK (cause IN ('absence', 'closure', 'rest', 'schedule', 'protocol', 'other')),
    cause_id        uuid,
    state           text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'sent', 'closed')),
    deadline        timestamptz,
    size            integer NOT NULL DEFAULT 0,
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL,
    sent_at         timestamptz,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX campaign_cause ON campaign (cause_id) WHERE cause_id IS NOT NULL;
CREATE INDEX campaign_deadline ON campaign (deadline) WHERE state = 'sent';

CREATE TABLE campaign_item (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    campaign_id     uuid NOT NULL REFERENCES campaign,
    appointment_id  uuid NOT NULL REFERENCES appointment,
    patient_id      uuid NOT NULL REFERENCES patient,
    state           text NOT NULL DEFAULT 'todo' CHECK (state IN ('todo', 'proposed', 'to_call', 'moved', 'cancelled', 'kept')),
    hold_id         uuid REFERENCES hold,
    round           integer NOT NULL DEFAULT 0,
    call_need_id    uuid,
    settled_by      text,
    settled_at      timestamptz,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (campaign_id, appointment_id)
);
CREATE UNIQUE INDEX one_live_item ON campaign_item (appointment_id) WHERE state IN ('todo', 'proposed', 'to_call');
CREATE INDEX campaign_item_appointment ON campaign_item (appointment_id);
CREATE INDEX campaign_item_hold ON campaign_item (hold_id) WHERE hold_id IS NOT NULL;

-- Somebody must be called: the telesecretaries have a task of the same id.
CREATE TABLE call_need (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    cause           text NOT NULL CHECK (cause IN ('campaign', 'offer', 'teleconsultation', 'message_failed')),
    ref_id          uuid NOT NULL,
    due_at          timestamptz NOT NULL,
    priority        integer NOT NULL,
    state           text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'met', 'settled')),
    created_at      timestamptz NOT NULL,
    closed_at       timestamptz,
    version         integer NOT NULL DEFAULT 1
);
-- When the patient was last in touch by telephone: a file in use is not an unseen one.
ALTER TABLE patient ADD COLUMN last_contact_at timestamptz;
CREATE UNIQUE INDEX one_open_need ON call_need (ref_id) WHERE state = 'open';

CALL kit_protect('campaign');
CALL kit_protect('campaign_item');
CALL kit_protect('call_need');
"""

WORK = """
-- Rest that a duty brings, as the permanence service said it last. Of a doctor by RPPS, not of an organisation: it holds
-- wherever he works, also where he comes to work later. What it closes is the absence that names it.
CREATE TABLE rest_window (
    rest_window_id uuid PRIMARY KEY,
    rpps           text NOT NULL,
    starts_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL,
    rule           text NOT NULL,
    revision       integer NOT NULL,
    withdrawn      boolean NOT NULL,
    CHECK (ends_at > starts_at)
);
CREATE INDEX rest_window_owed ON rest_window (ends_at) WHERE NOT withdrawn;
CREATE INDEX absence_of_duty ON absence (source_ref) WHERE source = 'permanence';

-- A rule of working time that a manager overrode, with the reason: red in the report as long as the hours stand.
CREATE TABLE working_time_override (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    rule            text NOT NULL,
    local_date      date NOT NULL,
    reason          text NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX working_time_override_day ON working_time_override (practitioner_id, local_date);

CALL kit_protect('working_time_override');
"""

PROTOCOLS = """
-- Delegation of care to nurses (protocole de coopération). Bounds are local days, the last one included; null: open.
CREATE TABLE protocol (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    title           text NOT NULL,
    reference       text NOT NULL,
    valid_from      date NOT NULL,
    valid_to        date CHECK (valid_to >= valid_from),
    active          boolean NOT NULL DEFAULT true,
    version         integer NOT NULL DEFAULT 1
);
CREATE TABLE protocol_member (
    protocol_id     uuid NOT NULL REFERENCES protocol,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    organisation_id uuid NOT NULL REFERENCES organisation,
    profession      text NOT NULL CHECK (profession IN ('physician', 'nurse')),
    trained_on      date,
    first_day       date,
    last_day        date CHECK (last_day >= first_day),
    PRIMARY KEY (protocol_id, practitioner_id)
);
CREATE INDEX protocol_member_practitioner ON protocol_member (practitioner_id);
CREATE INDEX appointment_protocol ON appointment (protocol_id) WHERE protocol_id IS NOT NULL;
-- Who delegated, at each version of a visit under protocol.
ALTER TABLE appointment_change ADD COLUMN delegating_physician_id uuid;

-- Who gives and who delegates care under a protocol, from which local day to which: the days of the protocol, the membership,
-- the training and the work at the centre, cut to each other. The only place of this rule; a span may come out empty.
CREATE FUNCTION delegation_members(asked uuid)
RETURNS TABLE (practitioner_id uuid, profession text, first_day date, last_day date) LANGUAGE sql STABLE AS $$
    SELECT m.practitioner_id, m.profession,
           greatest(p.valid_from, m.first_day, m.trained_on, lower(w.active_during)),
           least(p.valid_to, m.last_day, upper(w.active_during) - 1)
    FROM protocol p JOIN protocol_member m ON m.protocol_id = p.id
    JOIN practitioner w ON w.id = m.practitioner_id AND w.profession = m.profession
    WHERE p.id = asked AND p.active AND (m.profession = 'physician' OR m.trained_on IS NOT NULL)
$$;
-- Whether a nurse may give such a visit on a local day: a member, trained, and somebody there who delegates.
CREATE FUNCTION delegation_stands(asked uuid, nurse uuid, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT m.profession) = 2 FROM delegation_members(asked) m
    WHERE (m.profession = 'physician' OR m.practitioner_id = nurse)
      AND m.first_day <= day AND (m.last_day IS NULL OR m.last_day >= day)
$$;
-- The last local day of that; null: none, or no end.
CREATE FUNCTION delegation_until(asked uuid, nurse uuid) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN x.gives IS NOT NULL AND x.delegates IS NOT NULL
                THEN nullif(least(x.gives, x.delegates), 'infinity') END
    FROM (SELECT max(coalesce(m.last_day, 'infinity')) FILTER (WHERE m.practitioner_id = nurse) AS gives,
                 max(coalesce(m.last_day, 'infinity')) FILTER (WHERE m.profession = 'physician') AS delegates
          FROM delegation_members(asked) m) x
$$;

-- Several visits asked for at once.
CREATE TABLE series (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    reason_id       uuid NOT NULL REFERENCES visit_reason,
    rrule           text,
    on_conflict     text NOT NULL CHECK (on_conflict IN ('skip', 'nearest', 'fail')),
    created_by      text NOT NULL,
    created_at      timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX appointment_series ON appointment (series_id) WHERE series_id IS NOT NULL;

CALL kit_protect('protocol');
CALL kit_protect('protocol_member');
CALL kit_protect('series');
"""

PEOPLE = """
-- Pairs that may be one person, found by night.
CREATE TABLE duplicate_pair (
    first_id        uuid NOT NULL REFERENCES patient,
    second_id       uuid NOT NULL REFERENCES patient,
    organisation_id uuid NOT NULL REFERENCES organisation,
    score           numeric(4, 3) NOT NULL,
    grounds         text[] NOT NULL,
    found_at        timestamptz NOT NULL,
    PRIMARY KEY (first_id, second_id),
    CHECK (first_id < second_id)
);
CREATE INDEX duplicate_pair_score ON duplicate_pair (organisation_id, score DESC, first_id, second_id);
CREATE INDEX duplicate_pair_second ON duplicate_pair (second_id);
CREATE INDEX not_same_person_second ON not_same_person (second_id);
-- By whom a merge finds what speaks of somebody.
CREATE INDEX campaign_item_patient ON campaign_item (patient_id);
CREATE INDEX call_need_patient ON call_need (patient_id);
CREATE INDEX series_patient ON series (patient_id);

-- When pairs were last looked for in each organisation, and on which of its nights.
CREATE TABLE duplicate_search (
    organisation_id uuid PRIMARY KEY REFERENCES organisation,
    night           date NOT NULL,
    at              timestamptz NOT NULL,
    pairs           integer NOT NULL
);

-- Two files made one. `moved`: by table, the ids that spoke of `from_id`, so that all can go back.
CREATE TABLE patient_merge (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    from_id         uuid NOT NULL REFERENCES patient,
    into_id         uuid NOT NULL REFERENCES patient,
    reason          text NOT NULL,
    moved           jsonb NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL,
    undone_at       timestamptz,
    undone_by       text,
    version         integer NOT NULL DEFAULT 1,
    CHECK (from_id <> into_id)
);
CREATE INDEX patient_merge_from ON patient_merge (from_id);
CREATE INDEX patient_merge_into ON patient_merge (into_id);

-- How an identity was checked (RNIV): which kind of document, by whom, when. Never the number of a document.
CREATE TABLE identity_check (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    patient_id      uuid NOT NULL REFERENCES patient,
    kind            text NOT NULL CHECK (kind IN ('document', 'ins', 'doubt')),
    document        text,
    outcome         text NOT NULL,
    by              text NOT NULL,
    at              timestamptz NOT NULL
);
CREATE INDEX identity_check_patient ON identity_check (patient_id, at, id);

-- Who remains of a patient: himself, or the one into whom he was merged, and so on.
CREATE FUNCTION living_patient(who uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain AS (
        SELECT p.id, p.merged_into_id FROM patient p WHERE p.id = who
        UNION
        SELECT p.id, p.merged_into_id FROM chain c JOIN patient p ON p.id = c.merged_into_id)
    SELECT id FROM chain WHERE merged_into_id IS NULL
$$;
-- What is written about a patient while he is merged goes to the one who remains: its author has waited for the merge.
-- Bookings need it not: they lock the patient first, and refuse one who is merged.
CREATE FUNCTION merge_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    into_id uuid;
BEGIN
    LOOP
        SELECT p.merged_into_id INTO into_id FROM patient p WHERE p.id = NEW.patient_id FOR KEY SHARE;
        EXIT WHEN into_id IS NULL;
        NEW.patient_id := into_id;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER merge_follow BEFORE INSERT ON waiting_entry FOR EACH ROW EXECUTE FUNCTION merge_follow();
CREATE TRIGGER merge_follow BEFORE INSERT ON campaign_item FOR EACH ROW EXECUTE FUNCTION merge_follow();
CREATE TRIGGER merge_follow BEFORE INSERT ON call_need FOR EACH ROW EXECUTE FUNCTION merge_follow();
CREATE TRIGGER merge_follow BEFORE INSERT ON series FOR EACH ROW EXECUTE FUNCTION merge_follow();
CREATE TRIGGER merge_follow BEFORE INSERT ON identity_check FOR EACH ROW EXECUTE FUNCTION merge_follow();
CREATE TRIGGER merge_follow BEFORE INSERT ON message FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL)
    EXECUTE FUNCTION merge_follow();

CALL kit_protect('duplicate_pair');
CALL kit_protect('duplicate_search');
CALL kit_protect('patient_merge');
CALL kit_protect('identity_check');
"""

VISITS = """
-- Where a home visit is: {line, postal_code, city, access}. Of the visit, not of the person: people move.
ALTER TABLE appointment ADD COLUMN visit_address jsonb;
-- Who came without an appointment, and in which order of arrival.
ALTER TABLE appointment ADD COLUMN walk_in boolean NOT NULL DEFAULT false;
CREATE INDEX appointment_walk_in ON appointment (site_id, local_date) WHERE walk_in;

-- Whether some window of a practitioner lets somebody in for all of `span`: nothing closed, right reason, mode and
-- audience. `who` null: whatever the audience; `walk_in`: who comes without an appointment, for whom alone the windows
-- of that kind are open. `forced` (an overbooking) asks only that he is there when it begins, and that no minute of it
-- is of a rest that a duty brings.
CREATE OR REPLACE FUNCTION time_is_open(
    person uuid, place uuid, span tstzrange, reason uuid, way text, who text, at timestamptz, forced boolean
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM availability a
        WHERE a.practitioner_id = person AND a.site_id = place AND a.kind <> 'admin'
          AND a.ends_at > lower(span) AND a.starts_at <= lower(span)
          AND NOT a.closed && span
          AND (forced OR (
              CASE WHEN a.kind = 'walk_in' THEN coalesce(who, 'walk_in') = 'walk_in'
                   ELSE who IS DISTINCT FROM 'walk_in' END
              AND a.during @> span
              AND (reason IS NULL OR a.reason_ids = '{}' OR reason = ANY (a.reason_ids))
              AND (way IS NULL OR way = ANY (a.modes))
              AND CASE who WHEN 'public' THEN a.public_from WHEN 'secretariat' THEN a.secretariat_from
                           WHEN 'walk_in' THEN a.secretariat_from
                           WHEN 'partner' THEN a.partner_from WHEN 'regulator' THEN a.regulator_from
                           WHEN 'cpts' THEN a.cpts_from ELSE '-infinity' END <= at)))
        AND NOT (forced AND EXISTS (
            SELECT FROM absence x WHERE x.practitioner_id = person AND x.kind = 'rest' AND x.during && span));
END $$;

-- The room of a teleconsultation at its provider, which knows it as `ref`; `fallback_at`: when it went over to the
-- telephone, with or without a room. `planned_for`: the start for which all this holds; a move begins anew.
CREATE TABLE visit_room (
    appointment_id  uuid PRIMARY KEY REFERENCES appointment,
    organisation_id uuid NOT NULL REFERENCES organisation,
    ref             text NOT NULL UNIQUE,
    planned_for     timestamptz NOT NULL,
    provider        text,
    room_ref        text,
    opened_at       timestamptz,
    patient_seen_at timestamptz,
    host_seen_at    timestamptz,
    fallback_at     timestamptz,
    fallback_reason text,
    closed_at       timestamptz
);

CREATE INDEX visit_room_open ON visit_room (opened_at) WHERE opened_at IS NOT NULL AND closed_at IS NULL;
CREATE INDEX appointment_by_video ON appointment (local_date)
    WHERE mode = 'teleconsultation' AND status IN ('booked', 'arrived');

-- A day on which a practitioner from elsewhere receives at a site. Its window is an exception of his schedule.
CREATE TABLE visiting_session (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    practitioner_id uuid NOT NULL REFERENCES practitioner,
    site_id         uuid NOT NULL REFERENCES site,
    schedule_id     uuid NOT NULL REFERENCES schedule,
    exception_id    uuid,
    local_date      date NOT NULL,
    local_start     time NOT NULL,
    local_end       time NOT NULL,
    reason_ids      uuid[] NOT NULL,
    room_id         uuid REFERENCES resource,
    state           text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'cancelled')),
    note            text,
    version         integer NOT NULL DEFAULT 1
);
CREATE INDEX visiting_session_site ON visiting_session (site_id, local_date);
CREATE INDEX visiting_session_practitioner ON visiting_session (practitioner_id, local_date);

-- What the patient pages say of the telephone and of the duty number.
CREATE TABLE phone_line (
    line_id         uuid PRIMARY KEY,
    organisation_id uuid NOT NULL REFERENCES organisation,
    open            boolean NOT NULL,
    until           timestamptz,
    next_opening    timestamptz,
    sequence        bigint NOT NULL
);
CREATE TABLE duty_number (
    scheme_id       uuid PRIMARY KEY,
    patient_number  text NOT NULL,
    effective_from  timestamptz NOT NULL,
    version         integer NOT NULL
);

CALL kit_protect('visit_room');
CALL kit_protect('visiting_session');
CALL kit_protect('phone_line');
"""


def upgrade() -> None:
    """New tables and columns; constraints that only grow wider."""
    for part in (MESSAGES, WAITING, CAMPAIGNS, WORK, PROTOCOLS, PEOPLE, VISITS):
        op.execute(part)
