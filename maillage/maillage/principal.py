"""Who acts: the result of verifying the gateway's internal token, and what row-level security follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["professional", "patient", "visitor", "partner", "system"]


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that the caller has proved by a one-time code: E.164 number or e-mail address."""

    channel: Literal["sms", "voice", "email"]
    value: str


@dataclass(frozen=True, slots=True)
class Principal:
    """One caller under one context.

    `orgs` are the organisations whose rows may be reached; `None` means all of the territory (public and system reach).
    `perms` are this service's permissions with their reach: s self, o own organisation, d delegating ones, t
    territory, p public rows.
    """

    sub: str
    kind: Kind
    role: str | None = None
    org: UUID | None = None
    orgs: frozenset[UUID] | None = frozenset()
    perms: Mapping[str, str] = field(default_factory=dict)
    contact: Contact | None = None
    visitor: str | None = None
    sid: str | None = None
    ip: str | None = None
    csrf: str | None = None
    acr: int = 0
    amr: tuple[str, ...] = ()
    auth_time: int | None = None
    """When a factor was last proved, in seconds since 1970."""
    bound_ids: tuple[str, ...] = ()
    """What a partner's machine stands for (`machine:<id>`, `adapter:<id>`): it may write about these alone."""

    def reach(self, permission: str) -> str | None:
        """How far the permission goes for this caller, or None when it is not held."""
        return self.perms.get(permission)

    @property
    def person_id(self) -> UUID | None:
        """The person behind a professional, else None."""
        prefix, _, value = self.sub.partition(":")
        return UUID(value) if prefix == "person" else None


def system(service: str) -> Principal:
    """Consumers and timed jobs act as the service itself, over all organisations."""
    return Principal(sub=f"system:{service}", kind="system", orgs=None)
