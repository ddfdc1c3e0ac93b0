"""Wire types of lines and of what a caller would hear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from maillage.wire import Line, Patch, Phone, Wire
from telesecretariat.announcements.schemas import Part, SpokenNumber
from telesecretariat.lines.parameters import CallbackPolicy, HeadStarts, OverflowRule

_ZONES = available_timezones()


def _zone(value: str) -> str:
    if value not in _ZONES:
        raise PydanticCustomError("ZONE_UNKNOWN", "not an IANA zone")
    return value


Zone = Annotated[str, Field(max_length=60), AfterValidator(_zone)]
AdapterId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
Skill = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Skills = Annotated[Sequence[Skill], Field(max_length=20)]
Sectors = Annotated[Sequence[Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")]], Field(max_length=10)]
Targets = Annotated[Sequence[SpokenNumber], Field(min_length=1, max_length=5)]
Web = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9./:_-]*$")]
Relax = Annotated[int, Field(ge=0, le=3_600)]
Rules = Annotated[Sequence[OverflowRule], Field(max_length=10)]
Room = Annotated[int, Field(ge=1, le=1_000)]
WrapUp = Annotated[int, Field(ge=0, le=600)]
Lease = Annotated[int, Field(ge=5, le=60)]
Mode = Literal["owned", "observed"]
Distribution = Literal["offer", "pick"]
Strategy = Literal["longest_idle", "fewest_calls"]


class LineIn(Wire):
    """A new line. `mode` observed: the telephone system distributes, the desk follows. `distribution`: calls are
    offered to the agent of the `strategy`, or picked from the list. `duty_sectors` are those of permanence whose
    published number and place a closed line announces. `emergency_targets` are dialled by the emergency key, in order.
    """

    client_id: UUID
    name: Line
    number: Phone
    time_zone: Zone = "Europe/Paris"
    calendar_id: UUID
    adapter_id: AdapterId
    mode: Mode = "owned"
    distribution: Distribution = "offer"
    strategy: Strategy = "longest_idle"
    required_skills: Skills = ()
    preferred_skills: Skills = ()
    relax_after_s: Relax = 60
    head_starts: HeadStarts = HeadStarts()
    overflow_rules: Rules = ()
    callback_policy: CallbackPolicy = CallbackPolicy()
    max_waiting: Room = 50
    wrap_up_s: WrapUp = 30
    offer_s: Lease = 15
    emergency_targets: Targets = ("15",)
    duty_sectors: Sectors = ()
    web_address: Web = ""


class LinePatch(Patch):
    """What changes of a line; what is left out stays."""

    name: Line | None = None
    number: Phone | None = None
    time_zone: Zone | None = None
    calendar_id: UUID | None = None
    adapter_id: AdapterId | None = None
    mode: Mode | None = None
    distribution: Distribution | None = None
    strategy: Strategy | None = None
    required_skills: Skills | None = None
    preferred_skills: Skills | None = None
    relax_after_s: Relax | None = None
    head_starts: HeadStarts | None = None
    overflow_rules: Rules | None = None
    callback_policy: CallbackPolicy | None = None
    max_waiting: Room | None = None
    wrap_up_s: WrapUp | None = None
    offer_s: Lease | None = None
    emergency_targets: Targets | None = None
    duty_sectors: Sectors | None = None
    web_address: Web | None = None
    active: bool | None = None


class LineOut(Wire):
    """A line with all its parameters, defaults filled in."""

    id: UUID
    organisation_id: UUID
    client_id: UUID
    name: str
    number: str
    time_zone: str
    calendar_id: UUID
    adapter_id: str
    mode: Mode
    distribution: Distribution
    strategy: Strategy
    required_skills: Sequence[str]
    preferred_skills: Sequence[str]
    relax_after_s: int
    head_starts: HeadStarts
    overflow_rules: Sequence[OverflowRule]
    callback_policy: CallbackPolicy
    max_waiting: int
    wrap_up_s: int
    offer_s: int
    emergency_targets: Sequence[str]
    duty_sectors: Sequence[str]
    web_address: str
    active: bool
    version: int
    created_at: datetime


class OpeningOut(Wire):
    """What a line does at an instant, and what its caller hears first. `until`: when that changes."""

    open: bool
    until: datetime | None
    next_opening: datetime | None
    reason: Literal["open", "hours", "holiday", "closed_day"]
    announcement_parts: Sequence[Part]
