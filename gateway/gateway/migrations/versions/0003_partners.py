"""Partners' machines: clients, their keys, assertions, tokens, daily counts; subscriptions and deliveries."""

from alembic import op

revision = "0003"
down_revision = "0002"

PARTNERS = """
-- `certificates`: [{"thumbprint": "<x5t#S256>"}] or [{"issuer": "<DN>", "cn": "…", "ou": "…"}]. `reach`: how far its
-- scopes go (o own organisation, d delegating ones too, t the territory).
CREATE TABLE client (
    id               uuid PRIMARY KEY,
    organisation_id  uuid NOT NULL REFERENCES organisation,
    name             text NOT NULL,
    jwks             jsonb,
    jwks_url         text,
    certificates     jsonb NOT NULL DEFAULT '[]',
    scopes           text[] NOT NULL,
    reach            text NOT NULL CHECK (reach IN ('o', 'd', 't')),
    bound_ids        text[] NOT NULL DEFAULT '{}',
    status           text NOT NULL CHECK (status IN ('active', 'suspended')),
    created_at       timestamptz NOT NULL,
    last_used_at     timestamptz,
    last_refusal     text,
    last_refused_at  timestamptz,
    version          integer NOT NULL DEFAULT 1,
    CHECK (jwks IS NULL OR jwks_url IS NULL)
);
CREATE INDEX client_organisation ON client (organisation_id, id);
CALL kit_protect('client');

-- The keys that a partner publishes at its address, as last read; the last good set serves 24 h.
CREATE TABLE client_keys (
    client_id  uuid PRIMARY KEY REFERENCES client,
    keys       jsonb NOT NULL,
    read_at    timestamptz NOT NULL
);

CREATE TABLE assertion (
    client_id  uuid NOT NULL,
    jti        text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX assertion_age ON assertion (expires_at);

CREATE TABLE access_token (
    token_hash bytea PRIMARY KEY,
    client_id  uuid NOT NULL REFERENCES client,
    scopes     text[] NOT NULL,
    x5t        text,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX access_token_client ON access_token (client_id);
CREATE INDEX access_token_age ON access_token (expires_at);

-- Requests of a partner per day, told by each process every few seconds.
CREATE TABLE client_day (
    client_id uuid NOT NULL,
    day       date NOT NULL,
    requests  bigint NOT NULL,
    PRIMARY KEY (client_id, day)
);

CREATE TABLE subscription (
    id              uuid PRIMARY KEY,
    client_id       uuid NOT NULL REFERENCES client,
    organisation_id uuid NOT NULL REFERENCES organisation,
    mode            text NOT NULL CHECK (mode IN ('webhook', 'pull')),
    url             text,
    types           text[] NOT NULL,
    secrets_sealed  bytea[] NOT NULL DEFAULT '{}',
    rotated_at      timestamptz,
    state           text NOT NULL CHECK (state IN ('pending', 'active', 'disabled')),
    disabled_reason text,
    disabled_at     timestamptz,
    last_success_at timestamptz,
    failing_since   timestamptz,
    created_at      timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    CHECK ((mode = 'webhook') = (url IS NOT NULL))
);
CREATE INDEX subscription_organisation ON subscription (organisation_id, id);
CREATE INDEX subscription_client ON subscription (client_id);
CALL kit_protect('subscription');

-- One per (subscription, event): invariant G11. `position` orders the pull; `payload` is thin: ids and an address.
CREATE TABLE delivery (
    id              uuid PRIMARY KEY,
    position        bigint GENERATED ALWAYS AS IDENTITY,
    subscription_id uuid NOT NULL REFERENCES subscription,
    event_id        uuid NOT NULL,
    type            text NOT NULL,
    payload         jsonb NOT NULL,
    occurred_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('due', 'sending', 'delivered', 'parked', 'kept')),
    attempts        smallint NOT NULL DEFAULT 0,
    due_at          timestamptz,
    delivered_at    timestamptz,
    UNIQUE (subscription_id, event_id)
);
CREATE UNIQUE INDEX delivery_position ON delivery (position);
CREATE INDEX delivery_pull ON delivery (subscription_id, position);
CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'due';
CREATE INDEX delivery_sending ON delivery (due_at) WHERE state = 'sending';
CREATE INDEX delivery_age ON delivery (created_at);

-- `attempt` of the design: what each try met. The answer's body is never kept.
CREATE TABLE delivery_attempt (
    delivery_id uuid NOT NULL REFERENCES delivery ON DELETE CASCADE,
    n           smallint NOT NULL,
    at          timestamptz NOT NULL,
    status      smallint,
    failure     text,
    latency_ms  integer NOT NULL,
    PRIMARY KEY (delivery_id, n)
);
"""


def upgrade() -> None:
    """Add them."""
    op.execute(PARTNERS)
