"""Wire types of delegations."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field

from maillage.wire import Instant, Page, Patch, Wire

Permission = Annotated[str, Field(pattern=r"^[a-z_]+:(\*|[a-z_]+(\.[a-z_]+)+)$", max_length=80)]


class DelegationIn(Wire):
    """Another organisation may act for the administrator's own one. Now, if `valid_from` is left out or past; without
    end, if `valid_to` is."""

    provider_id: UUID
    permissions: Annotated[Sequence[Permission], Field(min_length=1, max_length=50)]
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class DelegationPatch(Patch):
    """Its end; an instant in the past means now."""

    valid_to: Instant


class DelegationOut(Wire):
    """`provider_id` may act for `client_id` with these permissions from `valid_from` to `valid_to` (null: open)."""

    id: UUID
    provider_id: UUID
    provider_name: str
    client_id: UUID
    client_name: str
    permissions: Sequence[str]
    valid_from: Instant
    valid_to: Instant | None
    version: int


class Delegations(Page[DelegationOut]):
    """Given and received by the own organisation."""
