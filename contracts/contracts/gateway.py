"""Events of the gateway (design: gateway, section 5): who is who, who works where, who acts for whom."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.base import Event, Instant

PersonStatus = Literal["invited", "active", "suspended", "closed"]
OrganisationKind = Literal[
    "health_centre",
    "telesecretariat",
    "gcs",
    "hospital",
    "duty_association",
    "cdom",
    "ars",
    "samu",
    "supplier",
    "operator",
]


class Identifier(BaseModel):
    """A number given by somebody else: `system` is who gives it (`rpps`, `finess`, `siret`, or a URI), `value` it."""

    model_config = ConfigDict(frozen=True)

    system: str
    value: str


class PersonChanged(Event):
    """Name, identifiers or status of a professional changed. A person `suspended` or `closed` is out at once.

    `epoch` grows with each withdrawal of rights: the highest wins.
    """

    TYPE = "gateway.person_changed.v1"
    SUBJECT = "person_id"
    READERS = ("gateway:account.write",)
    SELF = "person_id"

    person_id: UUID
    status: PersonStatus
    display_name: str
    rpps: str | None
    identifiers: list[Identifier]
    epoch: int


class MembershipChanged(Event):
    """A role of a person in an organisation was given, or ends at `valid_to` (null: open)."""

    TYPE = "gateway.membership_changed.v1"
    SUBJECT = "membership_id"
    READERS = ("gateway:account.write",)
    SELF = "person_id"

    membership_id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str
    valid_from: Instant
    valid_to: Instant | None


class OrganisationChanged(Event):
    """An organisation was created, renamed or closed."""

    TYPE = "gateway.organisation_changed.v1"
    SUBJECT = "organisation_id"
    READERS = ("gateway:account.write",)

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    identifiers: list[Identifier]
    territory: str
    active: bool


class DelegationChanged(Event):
    """`provider_id` may act for `client_id` with these permissions until `valid_to`; a service may narrow it only."""

    TYPE = "gateway.delegation_changed.v1"
    SUBJECT = "delegation_id"
    READERS = ("gateway:account.write",)

    delegation_id: UUID
    provider_id: UUID
    client_id: UUID
    permissions: list[str]
    valid_from: Instant
    valid_to: Instant | None


class SessionEnded(Event):
    """A professional's session ended. `sid` is the public short name of the session, never its secret."""

    TYPE = "gateway.session_ended.v1"
    SUBJECT = "person_id"
    READERS = ("telesecretariat:floor.watch",)
    SELF = "person_id"

    person_id: UUID
    sid: str
    reason: Literal["signed_out", "idle", "expired", "suspended", "replaced", "ended_by_owner"]


class SubscriptionDisabled(Event):
    """Nothing is sent to this endpoint of a partner any more: it answered 410 (`gone`), or had no success for 24 h
    (`no_success`). What it would have got is kept 30 days and leaves when somebody enables it."""

    TYPE = "gateway.subscription_disabled.v1"
    SUBJECT = "subscription_id"
    READERS = ("gateway:subscription.write",)

    subscription_id: UUID
    organisation_id: UUID
    reason: Literal["gone", "no_success"]
