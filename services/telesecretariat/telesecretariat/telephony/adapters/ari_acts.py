"""What Asterisk is asked for each command of the port. Ids are chosen by us: asking twice does it once.

a-<command>  leg of an agent             q-<line>  where callers hear music: a holding bridge
t-<command>  leg to somebody else        c-<call>  where a call is spoken: a mixing bridge
s-<monitoring>, m-<monitoring>, b-<monitoring>     what a supervisor hears, her leg, and the bridge of both
"""

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from telesecretariat.calls.errors import NumberNotAllowed
from telesecretariat.telephony.adapters.ari_client import AriClient, Parameter
from telesecretariat.telephony.adapters.ari_speech import media
from telesecretariat.telephony.adapters.ari_voices import Voices
from telesecretariat.telephony.capable import dialable
from telesecretariat.telephony.numbers import e164, fictitious
from telesecretariat.telephony.port import Command, CommandFailed

RINGS_S: Final = 20
SPOKEN_WITHIN_S: Final = 90.0
"""No announcement is longer: what waits for its end does not wait for ever."""
REGULATOR: Final = "Local/regulator@maillage-simulated"
"""Who answers the emergency key where emergency calls are off: an extension of our dialplan, nobody real."""
# The name of a telephone that is registered here, and nothing that leads to a trunk or into the dialplan (`@`, `:`, a
# second `/`): agents type it themselves.
_DEVICE: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_TECHNOLOGY: Final = re.compile(r"(PJSIP|SIP|IAX2|WebSocket)/[A-Za-z0-9._-]{1,100}")
_SHORT: Final = re.compile(r"[0-9]{2,6}")
_SPY: Final = {"listen": "none", "whisper": "out"}


@dataclass(frozen=True, slots=True)
class House:
    """How this Asterisk is set up. `device` and `trunk` are endpoints with `{address}` and `{number}` in them."""

    device: str = "PJSIP/{address}"
    trunk: str | None = None
    music: str | None = None
    emergency_calls: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The line of a call."""

    line_id: UUID
    number: str
    zone: ZoneInfo


class Acts:
    """Does commands. `line_of` says on which line a call is; None for a call that is not there."""

    def __init__(self, client: AriClient, house: House, line_of: Callable[[UUID], Awaitable[Place | None]]) -> None:
        self._client, self._house, self._line_of = client, house, line_of
        self.voices = Voices(client)
        self._does: Mapping[str, Callable[[Command], Awaitable[None]]] = {
            "answer": self._answer,
            "announce": self._announce,
            "hold_in_queue": self._hold_in_queue,
            "ring_agent": self._ring_agent,
            "connect": self._connect,
            "hold": self._hold,
            "resume": self._resume,
            "dial_third": self._dial,
            "transfer": self._dial,
            "hang_up": self._hang_up,
            "monitor": self._monitor,
            "record": self._record,
            "delete_recording": self._delete_recording,
        }

    async def do(self, command: Command) -> None:
        """One command. Raises CommandFailed, AdapterAway."""
        await self._does[command.kind](command)

    async def spoken(self, playback_id: str) -> None:
        """An announcement is over: who waits for its end is moved."""
        waits = self.voices.over(playback_id)
        if waits is not None:
            await self.queue(*waits)

    async def join(self, call_id: str, channel_id: str) -> None:
        """A channel comes to where a call is spoken."""
        await self.voices.cut_short(channel_id)
        await self._into(f"c-{call_id}", "mixing", channel_id)

    async def monitor_answered(self, monitoring_id: str) -> None:
        """The supervisor took up her telephone: she hears what the snoop hears."""
        bridge = f"b-{monitoring_id}"
        await self._into(bridge, "mixing", f"s-{monitoring_id}")
        await self._into(bridge, "mixing", f"m-{monitoring_id}")

    async def monitor_ended(self, monitoring_id: str) -> None:
        """Nothing of it stays."""
        for path in (("channels", f"s-{monitoring_id}"), ("channels", f"m-{monitoring_id}")):
            await self._client.delete(*path)
        await self._client.delete("bridges", f"b-{monitoring_id}")

    async def queue(self, line_id: str, channel_id: str) -> None:
        """A caller waits with music, once he has heard what is being said to him."""
        if self.voices.speaks_to(channel_id):
            self.voices.then_queue(channel_id, line_id)
        else:
            await self._into(f"q-{line_id}", "holding", channel_id)

    async def music(self, bridge_id: str) -> None:
        """Music for all who wait in a bridge."""
        if self._house.music is None:
            await self._client.post("bridges", bridge_id, "moh")
        else:
            await self._client.post("bridges", bridge_id, "moh", parameters={"mohClass": self._house.music})

    async def _into(self, bridge_id: str, kind: str, channel_id: str) -> None:
        made = await self._client.post("bridges", bridge_id, fine=(409,), parameters={"type": kind, "name": bridge_id})
        if made and kind == "holding":
            await self.music(bridge_id)
        await self._client.post("bridges", bridge_id, "addChannel", parameters={"channel": [channel_id]})

    async def _answer(self, command: Command) -> None:
        await self._client.post("channels", _caller(command), "answer")

    async def _announce(self, command: Command) -> None:
        said, caller = media(command.arguments.get("parts"), (await self._place(command)).zone), _caller(command)
        playback_id = f"p-{command.id}"
        heard = self.voices.begins(caller, playback_id)
        try:
            await self._client.post("channels", caller, "play", playback_id, parameters={"media": said})
        except CommandFailed:
            await self.spoken(playback_id)
            raise
        if command.arguments.get("final"):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), SPOKEN_WITHIN_S)

    async def _hold_in_queue(self, command: Command) -> None:
        await self.queue(str(command.arguments["line_id"]), _caller(command))

    async def _hold(self, command: Command) -> None:
        await self.queue(str((await self._place(command)).line_id), _caller(command))

    async def _resume(self, command: Command) -> None:
        await self.join(str(command.call_id), _caller(command))

    async def _connect(self, command: Command) -> None:
        await self.join(str(command.call_id), str(command.arguments["leg"]))
        await self.join(str(command.call_id), _caller(command))

    async def _ring_agent(self, command: Command) -> None:
        endpoint = self._device(command.arguments.get("device_address"))
        what = "consult" if command.arguments.get("consult") is True else "agent"
        await self._ring(f"a-{command.id}", endpoint, what, command.call_id)

    async def _dial(self, command: Command) -> None:
        purpose = str(command.arguments.get("purpose", "transfer"))
        emergency = purpose == "emergency"
        endpoint = self._outside(str(command.arguments.get("to", "")), emergency=emergency)
        args = "called" if purpose == "callback" else "third"
        await self._ring(f"t-{command.id}", endpoint, args, command.call_id, (await self._place(command)).number)

    async def _ring(self, leg: str, endpoint: str, what: str, call_id: UUID, shown: str | None = None) -> None:
        wanted: dict[str, Parameter] = {
            "endpoint": endpoint, "app": self._client.app, "appArgs": f"{what},{call_id}", "timeout": RINGS_S,
        }  # fmt: skip
        if shown is not None:
            wanted["callerId"] = shown
        await self._client.post("channels", leg, fine=(409,), parameters=wanted)

    async def _hang_up(self, command: Command) -> None:
        leg = command.arguments.get("leg")
        await self._client.delete("channels", str(leg) if leg else _caller(command))

    async def _monitor(self, command: Command) -> None:
        mode, monitoring_id = str(command.arguments.get("mode")), str(command.arguments["monitoring_id"])
        if mode == "end":
            await self.monitor_ended(monitoring_id)
            return
        endpoint = self._device(command.arguments.get("device_address"))
        if mode != "barge":
            await self._client.post(
                "channels", str(command.arguments["agent_leg"]), "snoop", f"s-{monitoring_id}", fine=(409,),
                parameters={"spy": "both", "whisper": _SPY[mode], "app": self._client.app,
                            "appArgs": f"snoop,{command.call_id}"},
            )  # fmt: skip
        await self._ring(f"m-{monitoring_id}", endpoint, "barge" if mode == "barge" else "monitor", command.call_id)

    async def _record(self, command: Command) -> None:
        name = f"r-{command.arguments['recording_id']}"
        if command.arguments.get("on"):
            wanted: dict[str, Parameter] = {"name": name, "format": "wav", "ifExists": "fail"}
            await self._client.post("bridges", f"c-{command.call_id}", "record", fine=(409,), parameters=wanted)
        else:
            await self._client.post("recordings", "live", name, "stop", fine=(404,))

    async def _delete_recording(self, command: Command) -> None:
        """Stopped first: one that still ran would be stored after its deletion."""
        name = f"r-{command.arguments['recording_id']}"
        await self._client.post("recordings", "live", name, "stop", fine=(404,))
        await self._client.delete("recordings", "stored", name)

    async def _place(self, command: Command) -> Place:
        place = await self._line_of(command.call_id)
        if place is None:
            raise CommandFailed("no_line")
        return place

    def _device(self, address: object) -> str:
        """The endpoint of somebody's telephone. One that nobody can be behind is not dialled by a real system."""
        if not isinstance(address, str) or not address:
            raise CommandFailed("no_device")
        if _TECHNOLOGY.fullmatch(address) or address == REGULATOR:
            return address
        if address.startswith("+"):
            return self._outside(address, emergency=False)
        if not _DEVICE.fullmatch(address):
            raise CommandFailed("device_malformed")
        return self._house.device.format(address=address)

    def _outside(self, number: str, *, emergency: bool) -> str:
        """The endpoint of a number. Short ones only by the emergency key, which rings nobody real unless it is told."""
        if emergency and not self._house.emergency_calls:
            return REGULATOR
        if fictitious(number):
            raise CommandFailed("number_of_fiction")
        if not (_emergency(number) if emergency else _plain(number)):
            raise CommandFailed("number_not_allowed")
        if self._house.trunk is None:
            raise CommandFailed("no_trunk")
        return self._house.trunk.format(number=number)


def _emergency(number: str) -> bool:
    return e164(number) == number or _SHORT.fullmatch(number) is not None


def _plain(number: str) -> bool:
    """Whether it is French, neither short nor premium, whoever typed it and wherever."""
    try:
        return dialable(number, pointer="") == number
    except NumberNotAllowed:
        return False


def _caller(command: Command) -> str:
    if command.provider_call_id is None:
        raise CommandFailed("no_caller")
    return command.provider_call_id
