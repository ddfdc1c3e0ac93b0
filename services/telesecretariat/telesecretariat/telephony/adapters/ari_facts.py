"""What an event of Asterisk means to a call. Pure: one event in, facts and what has to be done first out.

Fact ids are made of what happened, not of when it was told, so that an event, its repetition and the comparison after
an outage are one fact.
"""

from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from maillage import clock
from telesecretariat.telephony.numbers import e164
from telesecretariat.telephony.port import Fact, FactKind

_NORMAL: Final = frozenset({0, 16})
_CAUSES: Final = {17: "busy", 18: "no_answer", 19: "no_answer", 20: "no_answer", 21: "rejected", 27: "unreachable"}
"""ISDN causes (ITU-T Q.850), as Asterisk gives them."""
OURS: Final = ("a-", "t-", "s-", "m-")


@dataclass(frozen=True, slots=True)
class Told:
    """What follows from one event: what is done at Asterisk at once, then the facts."""

    facts: tuple[Fact, ...] = ()
    claims: str | None = None
    joins: tuple[str, str] | None = None
    monitors: str | None = None
    unmonitors: str | None = None
    spoken: str | None = None
    empties: str | None = None


def told(event: Mapping[str, object], causes: MutableMapping[str, int]) -> Told:
    """Reads one event; what is not ours to know is nothing. `causes` keeps why channels are being hung up."""
    channel = _part(event, "channel")
    match event.get("type"):
        case "ChannelEnteredBridge":
            return _entered(_part(event, "bridge"), _at(event))
        case "ChannelLeftBridge":
            return _left(_part(event, "bridge"))
        case "PlaybackFinished":
            return Told(spoken=str(_part(event, "playback").get("id", "")))
        case str(kind) if channel_id_of(channel):
            return _of_channel(kind, event, channel, causes)
    return Told()


def _of_channel(
    kind: str, event: Mapping[str, object], channel: Mapping[str, object], causes: MutableMapping[str, int]
) -> Told:
    name, at = channel_id_of(channel), _at(event)
    match kind:
        case "CallBroadcast":
            return Told(claims=name)
        case "StasisStart":
            args = event.get("args")
            return _started(channel, [str(each) for each in args] if isinstance(args, list) else [], at)
        case "ChannelStateChange" if name[:2] in ("a-", "t-") and channel.get("state") == "Ringing":
            return Told((_fact("leg_ringing", f"ringing:{name}", at, leg=name),))
        case "ChannelDtmfReceived" if name[:2] not in OURS:
            digit = str(event.get("digit", ""))
            return Told((Fact(f"digit:{name}:{digit}:{event.get('timestamp')}", "digit", at, name, {"digit": digit}),))
        case "ChannelHangupRequest":
            causes[name] = _cause(event, 0)
        case "StasisEnd" | "ChannelDestroyed":
            return _ended(channel, _cause(event, causes.pop(name, 0)), at)
    return Told()


def channel_id_of(channel: Mapping[str, object]) -> str:
    """The id of a channel; empty for none."""
    return str(channel.get("id", ""))


def arrived(channel: Mapping[str, object], called: str, at: datetime) -> Fact:
    """Somebody calls. Numbers are normalised where they can be; a withheld one is null."""
    caller = _part(channel, "caller").get("number")
    name = channel_id_of(channel)
    details: dict[str, object] = {"from": e164(caller), "to": e164(called) or called}
    return Fact(f"arrived:{name}", "call_arrived", at, name, details)


def answered(leg: str, at: datetime) -> Fact:
    """A leg of ours was taken up."""
    return _fact("leg_answered", f"answered:{leg}", at, leg=leg)


def gone(leg: str, at: datetime, cause: int | None) -> Fact:
    """A leg that had been taken up is there no more; `cause` is null when nobody saw why: then it counts as lost."""
    by = "agent" if leg.startswith("a-") else "caller"
    on_purpose = cause in _NORMAL if by == "agent" else cause is not None
    if on_purpose:
        return _fact("ended", f"gone:{leg}", at, leg=leg, cause="normal", by=by)
    return _fact("leg_failed", f"gone:{leg}", at, leg=leg, cause="lost")


def connected(bridge_id: str, channels: Collection[object], at: datetime) -> tuple[Fact, ...]:
    """An agent and somebody else are where the call is spoken."""
    present = [str(each) for each in channels]
    others = [each for each in present if each[:2] not in ("a-", "s-", "m-")]
    if not bridge_id.startswith("c-") or not others:
        return ()
    return tuple(_fact("connected", f"connected:{leg}", at, leg=leg) for leg in present if leg.startswith("a-"))


def _started(channel: Mapping[str, object], args: list[str], at: datetime) -> Told:
    name = channel_id_of(channel)
    call_id = args[1] if len(args) > 1 else ""
    match name[:2]:
        case "a-":
            return Told((answered(name, at),), joins=(call_id, name) if args[0] == "consult" and call_id else None)
        case "t-":
            return Told((answered(name, at),), joins=(call_id, name) if args[0] == "third" and call_id else None)
        case "s-":
            return Told()
        case "m-":
            barges = bool(args) and args[0] == "barge"
            return Told(joins=(call_id, name)) if barges else Told(monitors=name[2:])
    called = args[1] if len(args) > 1 and args[0] == "inbound" else str(_part(channel, "dialplan").get("exten", ""))
    return Told((arrived(channel, called, at),))


def _ended(channel: Mapping[str, object], cause: int, at: datetime) -> Told:
    name = channel_id_of(channel)
    if name.startswith("s-"):
        return Told()
    if name.startswith("m-"):
        return Told(unmonitors=name[2:])
    if name[:2] not in ("a-", "t-"):
        return Told((Fact(f"hung_up:{name}", "caller_hung_up", at, name, {"cause": str(cause)}),))
    if channel.get("state") == "Up":
        return Told((gone(name, at, cause),))
    return Told((_fact("leg_failed", f"gone:{name}", at, leg=name, cause=_CAUSES.get(cause, "failed")),))


def _entered(bridge: Mapping[str, object], at: datetime) -> Told:
    return Told(connected(str(bridge.get("id", "")), cast(list[object], bridge.get("channels") or []), at))


def _left(bridge: Mapping[str, object]) -> Told:
    """Where a call was spoken and nobody is any more: away with it."""
    name = str(bridge.get("id", ""))
    return Told(empties=name) if name.startswith("c-") and not bridge.get("channels") else Told()


def _cause(event: Mapping[str, object], otherwise: int) -> int:
    cause = event.get("cause")
    return cause if isinstance(cause, int) and cause else otherwise


def _part(of: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = of.get(name)
    return part if isinstance(part, Mapping) else {}


def _at(event: Mapping[str, object]) -> datetime:
    """When Asterisk says that it was; ours decides in any case."""
    try:
        at = datetime.fromisoformat(str(event.get("timestamp")))
    except ValueError:
        return clock.now()
    return at if at.tzinfo is not None else clock.now()


def _fact(kind: FactKind, fact_id: str, at: datetime, **details: object) -> Fact:
    return Fact(fact_id, kind, at, None, details)
