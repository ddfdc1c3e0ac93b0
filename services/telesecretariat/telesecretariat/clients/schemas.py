"""Wire types of contracts and assignments."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from maillage.wire import Instant, Line, Patch, Wire
from telesecretariat.clients.parameters import Retention
from telesecretariat.invoices.schemas import LineKind

Threshold = Annotated[int, Field(ge=1, le=600)]
Goal = Annotated[float, Field(gt=0, lt=1)]
Short = Annotated[int, Field(ge=0, le=60)]
Prices = Mapping[LineKind, Annotated[int, Field(ge=0, le=100_000_000)]]


def _in_order(begins: datetime | None, ends: datetime | None) -> None:
    if begins is not None and ends is not None and ends <= begins:
        raise PydanticCustomError("TIME_INVALID", "the end is not after the beginning")


class ClientIn(Wire):
    """A new contract: `organisation_id` is the centre whose calls are answered, `provider_id` who answers them (the
    centre itself, when it answers by itself). Prices in cents by kind of line of the bill; what has none is not billed.
    """

    organisation_id: UUID
    provider_id: UUID
    name: Line
    valid_from: Instant
    valid_to: Instant | None = None
    sl_threshold_s: Threshold = 20
    sl_goal: Goal = 0.8
    short_abandon_s: Short = 5
    prices: Annotated[Prices, Field(max_length=40)] = {}
    retention: Retention = Retention()

    @model_validator(mode="after")
    def _lasts(self) -> "ClientIn":
        _in_order(self.valid_from, self.valid_to)
        return self


class ClientPatch(Patch):
    """What changes of a contract; what is left out stays. `valid_to` ends it: its rows are out of the provider's reach
    from that instant on."""

    EMPTIABLE = frozenset({"valid_to"})

    name: Line | None = None
    valid_to: Instant | None = None
    sl_threshold_s: Threshold | None = None
    sl_goal: Goal | None = None
    short_abandon_s: Short | None = None
    prices: Annotated[Prices | None, Field(max_length=40)] = None
    retention: Retention | None = None
    monitoring_declared: bool | None = None
    recording_declared: bool | None = None


class ClientOut(Wire):
    """A contract, its parameters filled in."""

    id: UUID
    organisation_id: UUID
    provider_id: UUID
    name: str
    valid_from: datetime
    valid_to: datetime | None
    sl_threshold_s: int
    sl_goal: float
    short_abandon_s: int
    prices: Mapping[str, int]
    retention: Retention
    monitoring_declared: bool
    recording_declared: bool
    version: int
    created_at: datetime


class AssignmentIn(Wire):
    """An agent answers for a client, from now on unless `valid_from` says otherwise."""

    client_id: UUID
    agent_id: UUID
    valid_from: Instant | None = None
    valid_to: Instant | None = None

    @model_validator(mode="after")
    def _lasts(self) -> "AssignmentIn":
        _in_order(self.valid_from, self.valid_to)
        return self


class AssignmentPatch(Patch):
    """The end of an assignment, now at the earliest: from that instant on the agent sees nothing of the client."""

    valid_to: Instant


class AssignmentOut(Wire):
    """An assignment; without `valid_to` it goes on."""

    id: UUID
    client_id: UUID
    agent_id: UUID
    valid_from: datetime
    valid_to: datetime | None
    version: int
    created_at: datetime
