"""A strict Asterisk: the operations of `ari_contract` over a state machine, and nothing else.

    async with FakeAri() as asterisk:             # asterisk.url, user, password
        await asterisk.ring_in("+33639980101", "+33399000001")     # a caller; he enters the application
        await asterisk.pick_up("a-…"); asterisk.hang_up("…"); asterisk.press("…", "1")
        await asterisk.drop()                     # every socket is cut; `closed = True`: none is let in again

An unknown path or parameter, a parameter missing, a wrong password: written down in `broken`, and the end of the block
fails. Legs that are originated are taken up at once while `answers` is true; announcements are over at once unless it
is `slow`, then when `finish` says so.
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from types import TracebackType

import aiohttp
from aiohttp import web

from maillage import clock
from maillage.ids import new_id
from tests.harness.ari_contract import EVENTS, Bridge, Channel, Operation, Refused, match

USER, PASSWORD = "maillage", "of-the-tests"
REGULATOR = "Local/regulator@maillage-simulated"


class FakeAri:
    """See the top of the file."""

    def __init__(self, *, answers: bool = True, twice: bool = False, delay_s: float = 0) -> None:
        self.answers, self.twice, self.delay_s = answers, twice, delay_s
        self.user, self.password = USER, PASSWORD
        self.closed = self.slow = False
        self.broken: list[str] = []
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.answered: list[tuple[str, int]] = []
        self.fallen_back: list[str] = []
        self.channels: dict[str, Channel] = {}
        self.bridges: dict[str, Bridge] = {}
        self.recordings: dict[str, str] = {}
        self.stored: set[str] = set()
        self.apps: dict[str, web.WebSocketResponse | None] = {}
        self.connections: defaultdict[str, int] = defaultdict(int)
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> "FakeAri":
        app = web.Application()
        app.router.add_route("*", "/ari/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        self.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        await self.drop()
        assert self._runner is not None
        await self._runner.cleanup()
        if kind is None:
            assert not self.broken, self.broken

    # --- what a test does with it ---------------------------------------------------------------------------------

    async def ring_in(self, caller: str, called: str, channel_id: str | None = None, app: str = "maillage") -> str:
        """Somebody calls. With nobody listening `Stasis()` fails: the dialplan goes on, the caller is not ours."""
        channel = Channel(channel_id or f"{new_id().int % 10**10}.{len(self.channels)}", caller, called)
        self.channels[channel.id] = channel
        if self.apps.get(app) is None:
            self.fallen_back.append(channel.id)
        else:
            await self._enter(channel, app, ["inbound", called])
        return channel.id

    async def broadcast(self, caller: str, called: str) -> str:
        """A caller is shown to every application: the first that claims him has him."""
        channel = Channel(f"{new_id().int % 10**10}.{len(self.channels)}", caller, called)
        self.channels[channel.id] = channel
        channel.offered = {"winner": None}
        for app in self.apps:
            await self._emit(app, "CallBroadcast", channel=channel.said(), caller=caller, called=called)
        return channel.id

    async def pick_up(self, leg: str) -> None:
        """Whoever is rung answers: the leg enters the application."""
        channel = self.channels[leg]
        channel.state = "Up"
        await self._emit(channel.told, "ChannelStateChange", channel=channel.said())
        if channel.told is not None:
            await self._enter(channel, channel.told, channel.args)

    async def hang_up(self, channel_id: str, cause: int = 16) -> None:
        """Somebody hangs up, or a leg fails."""
        channel = self.channels.pop(channel_id)
        told = channel.told
        await self._emit(told, "ChannelHangupRequest", channel=channel.said(), cause=cause)
        await self._leave(channel)
        if channel.app is not None:
            await self._emit(told, "StasisEnd", channel=channel.said())
        await self._emit(told, "ChannelDestroyed", channel=channel.said(), cause=cause, cause_txt="")

    async def finish(self, playback_id: str) -> None:
        """An announcement was heard to its end, or cut short."""
        for channel in self.channels.values():
            if playback_id in channel.hears:
                channel.hears.remove(playback_id)
                said = {"id": playback_id, "media_uri": "", "target_uri": f"channel:{channel.id}", "state": "done"}
                await self._emit(channel.told, "PlaybackFinished", playback=said)

    async def press(self, channel_id: str, digit: str) -> None:
        """A key."""
        channel = self.channels[channel_id]
        await self._emit(channel.told, "ChannelDtmfReceived", channel=channel.said(), digit=digit, duration_ms=90)

    async def drop(self) -> None:
        """Cuts every socket, without a word. What happens until the next connection is told to nobody."""
        for app, socket in self.apps.items():
            self.apps[app] = None
            if socket is not None:
                await socket.close()

    async def take_over(self, app: str = "maillage") -> None:
        """Another connection registers the same application: the first is told, and cut."""
        socket, self.apps[app] = self.apps.get(app), None
        if socket is not None:
            await self._send(socket, self._event(app, "ApplicationReplaced", {}))
            await socket.close()

    def legs(self, beginning: str) -> list[str]:
        """Ids of the channels that begin so, in the order of their making."""
        return [name for name in self.channels if name.startswith(beginning)]

    def inside(self, bridge_id: str) -> list[str]:
        """Who is in a bridge; nobody in one that is not there."""
        bridge = self.bridges.get(bridge_id)
        return [] if bridge is None else list(bridge.channels)

    # --- requests ---------------------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["tail"].split("/")
        found = match(request.method, path)
        if request.headers.get("authorization") != aiohttp.encode_basic_auth(self.user, self.password):
            return self._wrong(f"{request.method} {request.path}: wrong password", 401)
        if found is None:
            return self._wrong(f"{request.method} /{'/'.join(path)}: unknown", 404)
        operation, names = found
        if operation.name == "events":
            return await self._socket(request)
        text = await request.text()
        given: dict[str, object] = {**request.query, **(json.loads(text) if text else {})}
        if unknown := given.keys() - operation.required - operation.optional:
            return self._wrong(f"{operation.name}: unknown parameters {sorted(unknown)}", 400)
        if missing := operation.required - given.keys():
            return self._wrong(f"{operation.name}: without {sorted(missing)}", 400)
        self.asked.append((operation.name, {**names, **given}))
        return await self._answer(operation, {**names, **given})

    async def _answer(self, operation: Operation, given: dict[str, object]) -> web.Response:
        try:
            body = await getattr(self, f"_do_{operation.name}")(given)
        except Refused as refused:
            self.answered.append((operation.name, refused.status))
            if refused.status not in operation.errors:
                self.broken.append(f"{operation.name} answers {refused.status}, which the contract does not say")
            return web.json_response({"message": "refused"}, status=refused.status)
        self.answered.append((operation.name, operation.success))
        if operation.success == 204:
            return web.Response(status=204)
        return web.json_response(body, status=operation.success)

    def _wrong(self, sentence: str, status: int) -> web.Response:
        self.broken.append(sentence)
        return web.json_response({"message": sentence}, status=status)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.closed:
            return web.Response(status=503)
        app = request.query["app"]
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self.take_over(app)
        self.apps[app] = socket
        self.connections[app] += 1
        async for _ in socket:
            pass
        if self.apps.get(app) is socket:
            self.apps[app] = None
        return socket

    # --- operations -------------------------------------------------------------------------------------------------

    async def _do_application(self, given: dict[str, object]) -> object:
        app = str(given["applicationName"])
        if app not in self.apps:
            raise Refused(404)
        ids = [each.id for each in self.channels.values() if each.told == app]
        return {
            "name": app, "channel_ids": ids, "bridge_ids": list(self.bridges), "endpoint_ids": [], "device_names": [],
            "events_allowed": [], "events_disallowed": [],
        }  # fmt: skip

    async def _do_channels(self, given: dict[str, object]) -> object:
        return [each.said() for each in self.channels.values()]

    async def _do_bridges(self, given: dict[str, object]) -> object:
        return [each.said() for each in self.bridges.values()]

    async def _do_originate(self, given: dict[str, object]) -> object:
        name, endpoint = str(given.get("channelId") or new_id()), str(given["endpoint"])
        if name in self.channels:
            raise Refused(409)
        if "/" not in endpoint or ("app" not in given and "extension" not in given):
            raise Refused(400)
        args = str(given.get("appArgs", "")).split(",")
        channel = Channel(name, str(given.get("callerId", "")), "s", "Down", told=str(given["app"]), args=args)
        channel.endpoint = endpoint
        self.channels[name] = channel
        channel.state = "Ringing"
        await self._emit(channel.told, "ChannelStateChange", channel=channel.said())
        if self.answers or endpoint == REGULATOR:
            asyncio.get_running_loop().call_soon(self._soon, name)
        return channel.said()

    def _soon(self, name: str) -> None:
        self._picking = asyncio.ensure_future(self._pick_up_if_there(name))

    async def _pick_up_if_there(self, name: str) -> None:
        if name in self.channels:
            await self.pick_up(name)

    async def _do_hang_up(self, given: dict[str, object]) -> None:
        await self.hang_up(self._found(given).id)

    async def _do_answer(self, given: dict[str, object]) -> None:
        channel = self._in_stasis(given)
        if channel.state not in ("Ring", "Ringing", "Up"):
            raise Refused(412)
        channel.state = "Up"

    async def _do_play(self, given: dict[str, object]) -> object:
        channel = self._in_stasis(given)
        if channel.state != "Up":
            raise Refused(412)
        media = given["media"]
        playback = {
            "id": given["playbackId"], "media_uri": media[-1] if isinstance(media, list) else media,
            "target_uri": f"channel:{channel.id}", "state": "queued",
        }  # fmt: skip
        channel.hears.append(str(given["playbackId"]))
        if not self.slow:
            await self.finish(str(given["playbackId"]))
        return playback

    async def _do_stop_playback(self, given: dict[str, object]) -> None:
        if not any(given["playbackId"] in each.hears for each in self.channels.values()):
            raise Refused(404)
        await self.finish(str(given["playbackId"]))

    async def _do_snoop(self, given: dict[str, object]) -> object:
        watched = self._found(given)
        name = str(given["snoopId"])
        if name in self.channels or watched.state != "Up":
            raise Refused(400)
        snoop = Channel(name, "", "", "Up", told=str(given["app"]), args=str(given.get("appArgs", "")).split(","))
        self.channels[name] = snoop
        await self._enter(snoop, str(given["app"]), snoop.args)
        return snoop.said()

    async def _do_make_bridge(self, given: dict[str, object]) -> object:
        name = str(given["bridgeId"])
        if name in self.bridges:
            raise Refused(409)
        self.bridges[name] = Bridge(name, str(given.get("type", "mixing")))
        return self.bridges[name].said()

    async def _do_destroy_bridge(self, given: dict[str, object]) -> None:
        bridge = self._found_bridge(given)
        for name in bridge.channels:
            self.channels[name].bridge = None
        for name in [each for each, where in self.recordings.items() if where == bridge.id]:
            self._store(name)
        del self.bridges[bridge.id]

    async def _do_add_channel(self, given: dict[str, object]) -> None:
        bridge, wanted = self._found_bridge(given), given["channel"]
        for name in wanted if isinstance(wanted, list) else str(wanted).split(","):
            channel = self.channels.get(name)
            if channel is None:
                raise Refused(400)
            if channel.app is None:
                raise Refused(422)
            if channel.hears:
                self.broken.append("addChannel would only be answered when the announcement ends")
            if channel.bridge == bridge.id:
                continue
            await self._leave(channel)
            channel.bridge = bridge.id
            bridge.channels.append(name)
            await self._emit(channel.told, "ChannelEnteredBridge", bridge=bridge.said(), channel=channel.said())

    async def _do_music(self, given: dict[str, object]) -> None:
        self._found_bridge(given).music = True

    async def _do_record(self, given: dict[str, object]) -> object:
        bridge, name = self._found_bridge(given), str(given["name"])
        if name in self.recordings:
            raise Refused(409)
        self.recordings[name] = bridge.id
        return {"name": name, "format": given["format"], "state": "recording", "target_uri": f"bridge:{bridge.id}"}

    async def _do_stop_recording(self, given: dict[str, object]) -> None:
        if str(given["recordingName"]) not in self.recordings:
            raise Refused(404)
        self._store(str(given["recordingName"]))

    async def _do_delete_recording(self, given: dict[str, object]) -> None:
        if str(given["recordingName"]) not in self.stored:
            raise Refused(404)
        self.stored.remove(str(given["recordingName"]))

    def _store(self, name: str) -> None:
        del self.recordings[name]
        self.stored.add(name)

    async def _do_claim(self, given: dict[str, object]) -> None:
        channel = self.channels.get(str(given["channelId"]))
        if channel is None or not channel.offered:
            raise Refused(404)
        if channel.offered["winner"] is not None:
            raise Refused(409)
        channel.offered["winner"] = str(given["application"])
        await self._enter(channel, str(given["application"]), ["inbound", channel.called])

    # --- state ------------------------------------------------------------------------------------------------------

    def _found(self, given: dict[str, object]) -> Channel:
        channel = self.channels.get(str(given["channelId"]))
        if channel is None:
            raise Refused(404)
        return channel

    def _in_stasis(self, given: dict[str, object]) -> Channel:
        channel = self._found(given)
        if channel.app is None:
            raise Refused(409)
        return channel

    def _found_bridge(self, given: dict[str, object]) -> Bridge:
        bridge = self.bridges.get(str(given["bridgeId"]))
        if bridge is None:
            raise Refused(404)
        return bridge

    async def _enter(self, channel: Channel, app: str, args: list[str]) -> None:
        channel.app = channel.told = app
        channel.args = args
        await self._emit(app, "StasisStart", channel=channel.said(), args=args)

    async def _leave(self, channel: Channel) -> None:
        bridge = self.bridges.get(channel.bridge or "")
        channel.bridge = None
        if bridge is not None and channel.id in bridge.channels:
            bridge.channels.remove(channel.id)
            await self._emit(channel.told, "ChannelLeftBridge", bridge=bridge.said(), channel=channel.said())

    async def _emit(self, app: str | None, kind: str, **fields: object) -> None:
        """Tells an application that listens; one that does not is told nothing, then or later."""
        socket = self.apps.get(app or "")
        if app is None or socket is None:
            return
        event = self._event(app, kind, fields)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        for _ in range(2 if self.twice else 1):
            await self._send(socket, event)

    @staticmethod
    async def _send(socket: web.WebSocketResponse, event: dict[str, object]) -> None:
        if not socket.closed:
            with contextlib.suppress(ConnectionError):
                await socket.send_json(event)

    def _event(self, app: str, kind: str, fields: dict[str, object]) -> dict[str, object]:
        if missing := EVENTS[kind] - fields.keys():
            self.broken.append(f"event {kind} without {sorted(missing)}")
        at = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
        return {"type": kind, "application": app, "timestamp": at, "asterisk_id": "00:00:00:00:00:01", **fields}
