"""The states of a shared order, who may bring it from one to the next, and until when it is taken. Pure.

Towards a member (laundry, meals, pharmacy, purchasing) the group prepares and the member receives. From a member
(waste, biology) it works the other way round: the member asks for the collection and prepares it, the group receives.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

State = Literal[
    "draft", "sent", "accepted", "declined", "prepared", "in_transit", "received", "closed", "cancelled",
]  # fmt: skip
Act = Literal["send", "accept", "decline", "prepare", "check", "dispatch", "receive", "close", "cancel"]
Direction = Literal["to_member", "from_member"]
Side = Literal["member", "group", "either"]

FROM: Final[Mapping[Act, tuple[State, ...]]] = MappingProxyType(
    {
        "send": ("draft",),
        "accept": ("sent",),
        "decline": ("sent",),
        "prepare": ("accepted",),
        "check": ("accepted",),
        "dispatch": ("prepared",),
        "receive": ("in_transit",),
        "close": ("received",),
        "cancel": ("draft", "sent", "accepted"),
    }
)
"""From which states each act is possible."""


def side(act: Act, direction: Direction) -> Side:
    """Who does it. Staff of the group reach the members' rows, so that they may act for them."""
    if act in ("accept", "decline"):
        return "group"
    if act in ("prepare", "check", "dispatch"):
        return "group" if direction == "to_member" else "member"
    if act == "receive":
        return "member" if direction == "to_member" else "group"
    return "either" if act == "close" else "member"


def taken_until(wanted_on: date, cut_off: time | None, zone: ZoneInfo) -> datetime:
    """When an order for that local day closes: the day before at the site's hour; without one, the end of the day."""
    if cut_off is None:
        return datetime.combine(wanted_on + timedelta(days=1), time(0), zone)
    return datetime.combine(wanted_on - timedelta(days=1), cut_off, zone)


def out_of_range(temperature_c: float, least_c: float | None, most_c: float | None) -> bool:
    """Whether goods came too cold or too warm. Degrees Celsius; the bounds are allowed."""
    return (least_c is not None and temperature_c < least_c) or (most_c is not None and temperature_c > most_c)
