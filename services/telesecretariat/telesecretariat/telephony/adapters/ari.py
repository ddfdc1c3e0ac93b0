"""Asterisk through ARI: one socket that tells, requests that act, and a comparison after each connection.

Asterisk says nothing again that was said while the socket was away; callers meanwhile stay where they were, with their
music. So on every connection, also after a clean close, what it holds is compared with what we think.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Final, cast

import aiohttp
import structlog

from maillage import clock
from maillage.database import Database
from maillage.ids import new_id
from telesecretariat.settings import TelesecretariatSettings
from telesecretariat.telephony.adapters import ari_state
from telesecretariat.telephony.adapters.ari_acts import Acts, House
from telesecretariat.telephony.adapters.ari_client import AriClient
from telesecretariat.telephony.adapters.ari_facts import Told, channel_id_of, connected, told
from telesecretariat.telephony.port import (
    COMMANDS,
    AdapterAway,
    Command,
    CommandFailed,
    Fact,
    FactKind,
    Tell,
)
from telesecretariat.telephony.rows import Adapter

log = structlog.get_logger()
FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 10.0


class Replaced(Exception):
    """Another connection took this application over: to take it back would take it from a colleague's calls."""


class AriAdapter:
    """One Asterisk, one application."""

    def __init__(self, adapter_id: str, client: AriClient, house: House, held: ari_state.Held) -> None:
        self.capabilities = frozenset(COMMANDS)
        self._id, self._client, self._held = adapter_id, client, held
        self._acts = Acts(client, house, held.line_of)
        self._up: bool | None = None
        self._found: frozenset[str] | None = None
        self._causes: dict[str, int] = {}

    async def run(self, tell: Tell) -> None:
        """For ever. An application that was taken over by another connection stays down: somebody must look."""
        wait_s = FIRST_WAIT_S
        async with self._client.opened():
            while True:
                try:
                    async with self._client.events() as socket:
                        await self._catch_up(tell)
                        wait_s = FIRST_WAIT_S
                        await self._listen(socket, tell)
                except AdapterAway as away:
                    log.warning("telephone system away", adapter=self._id, cause=str(away))
                except Replaced:
                    await self._down(tell, "replaced")
                    log.error("telephone system taken over by another connection", adapter=self._id)
                    await asyncio.Event().wait()
                await self._down(tell, "lost")
                await clock.sleep(wait_s * _jitter())
                wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    async def do(self, command: Command) -> None:
        """One command, by REST; it does not need the socket."""
        await self._acts.do(command)

    async def calls(self) -> frozenset[str]:
        """Every channel of the application: callers by their own ids, and our legs among them. While `adapter_up` is
        being told: those that were found then."""
        return frozenset(await self._channels()) if self._found is None else self._found

    async def _down(self, tell: Tell, cause: str) -> None:
        if self._up is not False:
            self._up = False
            await tell(_fact("adapter_down", cause=cause))

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse, tell: Tell) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            try:
                event = json.loads(message.data)
            except ValueError:
                log.warning("event not readable", adapter=self._id)
                continue
            if isinstance(event, dict):
                await self._on(event, tell)

    async def _on(self, event: Mapping[str, object], tell: Tell) -> None:
        if event.get("type") == "ApplicationReplaced":
            raise Replaced
        heard = told(event, self._causes)
        try:
            await self._act_on(heard)
        except AdapterAway:
            raise
        except CommandFailed as failed:
            # Its channel went away meanwhile: the event that says so follows.
            log.info("event came too late", adapter=self._id, event=str(event.get("type")), cause=str(failed))
        for fact in heard.facts:
            if fact.kind == "caller_hung_up" and fact.provider_call_id is not None:
                self._acts.voices.left(fact.provider_call_id)
            await tell(fact)

    async def _act_on(self, heard: Told) -> None:
        """What has to be done at Asterisk before others hear of it."""
        if heard.claims is not None:
            await self._claim(heard.claims)
        if heard.joins is not None:
            await self._acts.join(*heard.joins)
        if heard.monitors is not None:
            await self._acts.monitor_answered(heard.monitors)
        if heard.unmonitors is not None:
            await self._acts.monitor_ended(heard.unmonitors)
        if heard.spoken is not None:
            await self._acts.spoken(heard.spoken)
        if heard.empties is not None:
            await self._client.delete("bridges", heard.empties)

    async def _claim(self, channel_id: str) -> None:
        """Several applications are shown a call: the first to ask has it, and is told of it by StasisStart."""
        won = await self._client.post(
            "events", "claim", fine=(404, 409), parameters={"channelId": channel_id, "application": self._client.app}
        )
        log.info("call claimed" if won else "call is another's", adapter=self._id)

    async def _catch_up(self, tell: Tell) -> None:
        """Who called, answered and hung up while nobody listened; who is in a wrong place is put right."""
        self._acts.voices.forget()
        channels = await self._channels()
        bridges = await self._bridges()
        self._up, self._found = True, frozenset(channels)
        await tell(_fact("adapter_up"))
        self._found = None
        for channel in channels.values():
            for fact in ari_state.found(channel):
                await tell(fact)
        for bridge_id, inside in bridges.items():
            for fact in connected(bridge_id, inside, clock.now()):
                await tell(fact)
        legs, places = await self._held.expected(self._id)
        for leg in legs:
            if leg not in channels:
                await tell(ari_state.gone(leg))
        for bridge_id in bridges:
            if bridge_id.startswith("q-"):
                await self._acts.music(bridge_id)
        for channel_id, bridge_id in places:
            if channel_id in channels and channel_id not in bridges.get(bridge_id, ()):
                await self._put_right(channel_id, bridge_id)

    async def _put_right(self, channel_id: str, bridge_id: str) -> None:
        place = self._acts.queue if bridge_id.startswith("q-") else self._acts.join
        try:
            await place(bridge_id[2:], channel_id)
        except AdapterAway:
            raise
        except CommandFailed as failed:
            log.info("channel went away", adapter=self._id, cause=str(failed))

    async def _channels(self) -> dict[str, Mapping[str, object]]:
        """The channels that are the application's, by id."""
        try:
            application = await self._client.get("applications", self._client.app)
        except AdapterAway:
            raise
        except CommandFailed as unknown:
            raise AdapterAway("no_application") from unknown
        ids = set(cast(list[str], application.get("channel_ids", []))) if isinstance(application, dict) else set()
        every = await self._client.get("channels")
        channels = (each for each in every if isinstance(each, dict)) if isinstance(every, list) else ()
        return {name: each for each in channels if (name := channel_id_of(each)) in ids}

    async def _bridges(self) -> dict[str, frozenset[str]]:
        every = await self._client.get("bridges")
        bridges = (each for each in every if isinstance(each, dict)) if isinstance(every, list) else ()
        return {str(each["id"]): frozenset(cast(list[str], each.get("channels", []))) for each in bridges}


def _jitter() -> float:
    """Between one half and one: many that lost the same server do not come back at the same instant."""
    return 0.5 + new_id().int % 1024 / 2048


def _fact(kind: FactKind, **details: object) -> Fact:
    return Fact(f"{kind}:{new_id()}", kind, clock.now(), None, details)


def made(adapter: Adapter, database: Database) -> AriAdapter:
    """The Asterisk of the settings, for this row's application and endpoints."""
    settings = cast(TelesecretariatSettings, database.settings)
    own = adapter.settings
    text: Callable[[str], str | None] = lambda name: str(own[name]) if own.get(name) else None  # noqa: E731
    house = House(
        device=text("device") or "PJSIP/{address}",
        trunk=text("trunk"),
        music=text("music"),
        emergency_calls=settings.emergency_calls,
    )
    app = text("app") or settings.ari_app
    client = AriClient(settings.ari_url or "http://127.0.0.1:8088", settings.ari_user, settings.ari_password, app)
    return AriAdapter(adapter.id, client, house, ari_state.Held(database))
