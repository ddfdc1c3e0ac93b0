"""Asterisk's REST interface (ARI) over HTTP and its event socket: one request, one meaning.

Source: the contract that Asterisk publishes (rest-api/api-docs of version 22). Parameters go in the JSON body, which
every POST of it takes: numbers then stand in no address and in no access log.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import quote

import aiohttp
from pydantic import JsonValue
from yarl import URL

from telesecretariat.telephony.port import AdapterAway, CommandFailed

ANSWERS_IN_S: Final = 5.0
BEATS_EVERY_S: Final = 5.0
"""A socket that says nothing is asked for a sign of life; half of that later it counts as lost."""
Parameter = str | int | bool | Sequence[str] | Mapping[str, str]


class AriClient:
    """Speaks to one Asterisk as one application. `opened` first."""

    def __init__(self, url: str, user: str, password: str, app: str) -> None:
        root = url.rstrip("/")
        self._root = root if root.endswith("/ari") else f"{root}/ari"
        self._headers = {"Authorization": aiohttp.encode_basic_auth(user, password)}
        self.app = app
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Connections are kept while this lasts."""
        timeout = aiohttp.ClientTimeout(total=ANSWERS_IN_S)
        async with aiohttp.ClientSession(headers=self._headers, timeout=timeout) as session:
            self._session = session
            try:
                yield
            finally:
                self._session = None

    @asynccontextmanager
    async def events(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """The socket on which this application is told what happens to its channels. Raises AdapterAway."""
        url = URL(f"{self._root}/events?app={quote(self.app, safe='')}", encoded=True)
        try:
            async with self._sessions().ws_connect(url, heartbeat=BEATS_EVERY_S) as socket:
                yield socket
        except (aiohttp.ClientError, OSError, TimeoutError) as away:
            raise AdapterAway("no_socket") from away

    async def get(self, *path: str) -> JsonValue:
        """What stands at a path. Raises CommandFailed, AdapterAway."""
        return await self._ask("GET", path, None, ())

    async def post(
        self, *path: str, fine: Collection[int] = (), parameters: Mapping[str, Parameter] | None = None
    ) -> bool:
        """Asks for an act; False when it was answered by a status that is `fine`: it was done before."""
        return await self._ask("POST", path, parameters or {}, fine) is not False

    async def delete(self, *path: str) -> None:
        """Removes; what is not there is removed."""
        await self._ask("DELETE", path, None, (404,))

    def _sessions(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise AdapterAway("not_running")
        return self._session

    async def _ask(
        self, method: str, path: Sequence[str], body: Mapping[str, Parameter] | None, fine: Collection[int]
    ) -> JsonValue:
        url = URL("/".join((self._root, *(quote(part, safe="") for part in path))), encoded=True)
        try:
            async with self._sessions().request(method, url, json=body) as answer:
                if answer.status in fine:
                    return False
                if answer.status >= 500 or answer.status in (401, 403):
                    raise AdapterAway(f"ari_{answer.status}")
                if answer.status >= 400:
                    raise CommandFailed(
                        f"ari_{path[0]}_{path[-1] if len(path) > 2 else method.lower()}_{answer.status}"
                    )
                read: JsonValue = await answer.json(content_type=None) if answer.status == 200 else None
                return read
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as away:
            raise AdapterAway("no_answer") from away
