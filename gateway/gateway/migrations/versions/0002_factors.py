"""Second factors, devices, identities of other issuers, delegations that an administrator can change."""

from alembic import op

revision = "0002"
down_revision = "0001"

FACTORS = """
-- One authenticator per person: `secret_sealed`. `new_sealed`: one that is being enrolled; until its first code was typed
-- the one before works on. `last_step` only grows: a code works once.
CREATE TABLE totp (
    person_id     uuid PRIMARY KEY REFERENCES person,
    secret_sealed bytea,
    last_step     bigint NOT NULL DEFAULT 0,
    confirmed_at  timestamptz,
    new_sealed    bytea,
    new_at        timestamptz,
    CHECK ((secret_sealed IS NULL) = (confirmed_at IS NULL)),
    CHECK ((new_sealed IS NULL) = (new_at IS NULL))
);

CREATE TABLE recovery_code (
    person_id uuid NOT NULL REFERENCES person,
    code_hmac bytea NOT NULL,
    used_at   timestamptz,
    PRIMARY KEY (person_id, code_hmac)
);

-- A password was right; the second factor is awaited. Bound to the browser by the same secret as a session.
CREATE TABLE sign_in (
    id_hash    bytea PRIMARY KEY,
    person_id  uuid NOT NULL REFERENCES person,
    enrol      boolean NOT NULL DEFAULT false,
    failures   integer NOT NULL DEFAULT 0,
    device_id  uuid,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_age ON sign_in (expires_at);

-- An administrator lets a person in for some hours without the usual way (a provider is down, a card is lost).
CREATE TABLE temporary_access (
    id              uuid PRIMARY KEY,
    person_id       uuid NOT NULL REFERENCES person,
    organisation_id uuid NOT NULL REFERENCES organisation,
    code_hash       bytea NOT NULL UNIQUE,
    valid           tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid) AND NOT upper_inf(valid)),
    given_by        uuid NOT NULL REFERENCES person,
    ended_at        timestamptz
);
CREATE INDEX temporary_access_person ON temporary_access (person_id);
CREATE INDEX temporary_access_open ON temporary_access (upper(valid)) WHERE ended_at IS NULL;
CALL kit_protect('temporary_access');

-- A mail to a person about the account, written in the transaction that makes it true and sent by the worker. The token
-- of an invitation is kept sealed only until it has been handed over.
CREATE TABLE letter (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('invitation', 'second_factor_reset', 'temporary_access')),
    person_id    uuid NOT NULL REFERENCES person,
    token_sealed bytea,
    created_at   timestamptz NOT NULL,
    worthless_at timestamptz NOT NULL,
    due_at       timestamptz NOT NULL,
    tries        integer NOT NULL DEFAULT 0,
    state        text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'failed')),
    ended_at     timestamptz
);
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'due';
CREATE INDEX letter_age ON letter (created_at);

-- `known`: one browser of one person (two persons on one browser have the same token and a row each). `shared_post` and
-- `wall`: of an organisation; enrolled by typing a code there, of which the base keeps a keyed hash.
CREATE TABLE device (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL CHECK (kind IN ('known', 'shared_post', 'wall')),
    organisation_id uuid REFERENCES organisation,
    person_id       uuid REFERENCES person,
    label           text,
    token_hash      bytea,
    code_hash       bytea UNIQUE,
    code_expires_at timestamptz,
    enrolled_by     uuid REFERENCES person,
    valid           tstzrange NOT NULL CHECK (NOT isempty(valid) AND NOT lower_inf(valid)),
    last_seen_at    timestamptz,
    version         integer NOT NULL DEFAULT 1,
    CHECK ((kind = 'known') = (person_id IS NOT NULL)),
    CHECK ((kind = 'known') = (organisation_id IS NULL)),
    CHECK ((code_hash IS NULL) = (code_expires_at IS NULL))
);
CREATE UNIQUE INDEX device_token ON device (token_hash, person_id) NULLS NOT DISTINCT WHERE token_hash IS NOT NULL;
CREATE INDEX device_organisation ON device (organisation_id, id);
CREATE INDEX device_person ON device (person_id);
ALTER TABLE device ENABLE ROW LEVEL SECURITY;
ALTER TABLE device FORCE ROW LEVEL SECURITY;
CREATE POLICY reach ON device USING ((SELECT kit_all()) OR organisation_id = ANY ((SELECT kit_orgs())::uuid[]));

-- A badge is read from a card, its PIN typed: neither is kept. `pin_hash` null: the person has yet to choose it, with the
-- one-time code that the administrator was told.
CREATE TABLE badge (
    person_id       uuid NOT NULL REFERENCES person,
    organisation_id uuid NOT NULL REFERENCES organisation,
    badge_hmac      bytea NOT NULL,
    pin_hash        text,
    code_hmac       bytea,
    code_expires_at timestamptz,
    given_at        timestamptz NOT NULL,
    PRIMARY KEY (person_id, organisation_id),
    UNIQUE (organisation_id, badge_hmac),
    CHECK ((code_hmac IS NULL) = (code_expires_at IS NULL))
);
CALL kit_protect('badge');

-- How often something was tried in a window of time: sign-ins by address, tokens by client, misses of a manage link.
CREATE TABLE attempt_count (
    use_name   text NOT NULL,
    key_hash   bytea NOT NULL,
    window_at  timestamptz NOT NULL,
    n          integer NOT NULL,
    PRIMARY KEY (use_name, key_hash, window_at)
);
CREATE INDEX attempt_count_age ON attempt_count (window_at);

-- Who a person is for another issuer (OpenID Connect).
CREATE TABLE identity (
    issuer          text NOT NULL,
    subject         text NOT NULL,
    person_id       uuid NOT NULL REFERENCES person,
    last_sign_in_at timestamptz,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_person ON identity (person_id);

-- Registered before the first visit: when somebody signs in with this identifier, the role is his, once: a role that
-- was ended does not come back with the next sign-in.
CREATE TABLE expected_identity (
    id              uuid PRIMARY KEY,
    system          text NOT NULL,
    value           text NOT NULL,
    role            text NOT NULL,
    organisation_id uuid NOT NULL REFERENCES organisation,
    active          boolean NOT NULL DEFAULT true,
    source          text NOT NULL CHECK (source IN ('admin', 'event')),
    source_id       uuid,
    used_by         uuid REFERENCES person,
    used_at         timestamptz,
    version         integer NOT NULL DEFAULT 1,
    UNIQUE (system, value, role, organisation_id)
);
CREATE INDEX expected_identity_source ON expected_identity (source_id);
CREATE INDEX expected_identity_used_by ON expected_identity (used_by);
CALL kit_protect('expected_identity');

CREATE TABLE oidc_flow (
    state_hash      bytea PRIMARY KEY,
    provider        text NOT NULL,
    browser_hash    bytea NOT NULL,
    nonce           text NOT NULL,
    verifier_sealed bytea NOT NULL,
    return_to       text NOT NULL,
    step_up_sid     text,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL
);
CREATE INDEX oidc_flow_age ON oidc_flow (expires_at);
CREATE INDEX oidc_flow_browser ON oidc_flow (browser_hash, created_at);

-- Numbers are sold in blocks of ten thousand: who makes codes be sent for money does it block by block.
ALTER TABLE challenge ADD COLUMN block_hmac bytea;
CREATE INDEX challenge_block ON challenge (block_hmac, created_at) WHERE block_hmac IS NOT NULL;

ALTER TABLE person ADD COLUMN language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en'));
ALTER TABLE delegation ADD COLUMN version integer NOT NULL DEFAULT 1;

-- `unknown_sites`: places of work that the issuer named and no organisation here has: shown, not choosable.
-- `idle_s`: how long it lives without use; null: as long as its kind.
ALTER TABLE session ADD COLUMN device_id uuid REFERENCES device;
ALTER TABLE session ADD COLUMN idle_s integer;
ALTER TABLE session ADD COLUMN unknown_sites jsonb NOT NULL DEFAULT '[]';
ALTER TABLE session ADD COLUMN site_orgs uuid[];
ALTER TABLE session ADD COLUMN only_org uuid;
CREATE INDEX session_device ON session (device_id) WHERE ended_at IS NULL;

-- A wall screen has a session without a person: read-only, without idle end.
-- squawk-ignore ban-drop-constraint
ALTER TABLE session DROP CONSTRAINT session_kind_check;
ALTER TABLE session ADD CONSTRAINT session_kind_check CHECK (kind IN ('professional', 'patient', 'wall')) NOT VALID;
ALTER TABLE session VALIDATE CONSTRAINT session_kind_check;
ALTER TABLE session ADD CONSTRAINT session_wall_device CHECK (kind <> 'wall' OR device_id IS NOT NULL) NOT VALID;
ALTER TABLE session VALIDATE CONSTRAINT session_wall_device;
"""


def upgrade() -> None:
    """Add them."""
    op.execute(FACTORS)
