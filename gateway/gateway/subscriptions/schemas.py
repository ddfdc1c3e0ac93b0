"""Wire types of subscriptions."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Page, Patch, Wire

Url = Annotated[str, Field(min_length=1, max_length=2_000)]
Types = Annotated[list[Annotated[str, Field(max_length=120)]], Field(min_length=1, max_length=100)]


class SubscriptionIn(Wire):
    """Events that a machine wants. `url` for webhooks only. `client_id`: said by administrators; a machine speaks for
    itself."""

    client_id: UUID | None = None
    mode: Literal["webhook", "pull"]
    url: Url | None = None
    types: Types


class SubscriptionPatch(Patch):
    """What may change; a field left out stays. While active, a new `url` must answer a ping first."""

    url: Url | None = None
    types: Types | None = None


class SubscriptionOut(Wire):
    """One subscription. `secret` is given once, when it is made or rotated: `whsec_` and base64."""

    id: UUID
    client_id: UUID
    mode: Literal["webhook", "pull"]
    url: str | None
    types: Sequence[str]
    state: Literal["pending", "active", "disabled"]
    disabled_reason: Literal["gone", "no_success"] | None
    disabled_at: Instant | None
    last_success_at: Instant | None
    failing_since: Instant | None
    created_at: Instant
    version: int
    secret: str | None = None


class Subscriptions(Page[SubscriptionOut]):
    """Subscriptions by id."""


class ReplayIn(Wire):
    """What leaves again: one delivery, or those of the events from `from` until before `to`."""

    begin: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None
    delivery_id: UUID | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        window = self.begin is not None and self.end is not None
        half = (self.begin is None) != (self.end is None)
        if half or window == (self.delivery_id is not None):
            raise PydanticCustomError("INVALID", "either from and to, or delivery_id")
        return self


class Replayed(Wire):
    """How many deliveries are due again."""

    deliveries: int
