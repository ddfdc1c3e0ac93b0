"""Partners' machines: clients, their keys, assertions, tokens, daily counts; subscriptions and deliveries."""

from alembic import op

revision = "0003"
down_revision = "0002"

PARTNERS = """
-- `certificates`: [{"thumbprint": "<x5t#S256>"}] or [{"issuer": "<DN>", "cn": "…", "ou": "…"}]. `jwks`: uploaded keys,
-- as read. `reach`: how far its scopes go (o own organisation, d delegating ones too, t the territory).
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

-- A certificate named by issuer and subject proves its client alone: no two clients, of any organisation, share one.
CREATE TABLE client_subject (
    issuer    text NOT NULL,
    cn        text NOT NULL,
    ou        text NOT NULL,
    client_id uuid NOT NULL REFERENCES client,
    PRIMARY KEY (issuer, cn, ou)
);
CREATE INDEX client_subject_client ON client_subject (client_id);

-- The keys that a partner publishes at its address, as last read; the last good set serves 24 h.
CREATE TABLE client_keys (
    client_id  uuid PRIMARY KEY REFERENCES client,
    keys       jsonb NOT NULL DEFAULT '[]',
    read_at    timestamptz,
    tried_at   timestamptz NOT NULL
);

CREATE TABLE assertion (
    client_id  uuid NOT NULL,
    jti        text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX assertion_age ON assertion (expires_at);

-- `key_print`: RFC 7638 thumbprint of the key that proved it; the token ends when the client no longer has that key.
CREATE TABLE access_token (
    token_hash bytea PRIMARY KEY,
    client_id  uuid NOT NULL REFERENCES client,
    scopes     text[] NOT NULL,
    x5t        text,
    key_print  text NOT NULL,
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

-- `last_position` counts the deliveries of one subscription: given under the lock of this row, so that their order is
-- the order of commits and a reader by cursor misses none. `forgotten_to`: the last one that was forgotten.
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
    disabled_reason text CHECK (disabled_reason IN ('gone', 'no_success')),
    disabled_at     timestamptz,
    told_at         timestamptz,
    last_success_at timestamptz,
    failing_since   timestamptz,
    last_position   bigint NOT NULL DEFAULT 0,
    forgotten_to    bigint NOT NULL DEFAULT 0,
    created_at      timestamptz NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    CHECK ((mode = 'webhook') = (url IS NOT NULL)),
    CHECK ((state = 'disabled') = (disabled_at IS NOT NULL))
);
CREATE INDEX subscription_organisation ON subscription (organisation_id, id);
CREATE INDEX subscription_client ON subscription (client_id);
CREATE INDEX subscription_types ON subscription USING gin (types);
CREATE INDEX subscription_untold ON subscription (disabled_at) WHERE state = 'disabled' AND told_at IS NULL;
CALL kit_protect('subscription');

-- One per (subscription, event): invariant G11. What leaves is made of these fields alone: ids and an address.
-- `about`: the organisation of the event; with `readers`, whether the partner may still see it is judged again
-- whenever it leaves. `attempts` counts for ever, `tries` since it last became due.
CREATE TABLE delivery (
    id              uuid PRIMARY KEY,
    subscription_id uuid NOT NULL REFERENCES subscription,
    position        bigint NOT NULL,
    event_id        uuid NOT NULL,
    type            text NOT NULL,
    subject_id      uuid NOT NULL,
    about           uuid NOT NULL,
    sequence        bigint NOT NULL,
    href            text NOT NULL,
    readers         text[] NOT NULL,
    occurred_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    state           text NOT NULL CHECK (state IN ('due', 'sending', 'delivered', 'parked', 'kept')),
    attempts        smallint NOT NULL DEFAULT 0,
    tries           smallint NOT NULL DEFAULT 0,
    due_at          timestamptz,
    delivered_at    timestamptz,
    UNIQUE (subscription_id, event_id),
    UNIQUE (subscription_id, position),
    CHECK ((state = 'due') = (due_at IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (subscription_id, due_at, position) WHERE state = 'due';
CREATE INDEX delivery_sending ON delivery (id) WHERE state = 'sending';
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

-- Whether a partner's machine may see, now, what concerns an organisation: it is active, holds a scope that reads it,
-- and reaches the organisation with that scope.
CREATE FUNCTION client_may_see(client_id uuid, about uuid, readers text[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM client c
        JOIN organisation o ON o.id = c.organisation_id AND o.active
        JOIN unnest($3) AS r (name) ON r.name = ANY (c.scopes)
        WHERE c.id = $1 AND c.status = 'active'
          AND (c.reach = 't' OR c.organisation_id = $2 OR (c.reach = 'd' AND EXISTS (
              SELECT FROM delegation d
              WHERE d.provider_id = c.organisation_id AND d.client_id = $2 AND d.valid @> kit_now()
                AND d.permissions && ARRAY[r.name, split_part(r.name, ':', 1) || ':*']))))
$$;
"""


def upgrade() -> None:
    """Add them."""
    op.execute(PARTNERS)
