"""The way to a service and back: both bodies streamed, one pool of connections per service (design: gateway 3.1,
3.7)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from aiohttp import ClientConnectionError, ClientConnectorError, ClientError
from starlette.types import Receive, Send
from yarl import URL

from gateway.door import headers as rules
from gateway.door.admission import Admission, Circuit
from gateway.door.headers import Header
from gateway.door.routes import Operation
from gateway.door.shared import Answer
from maillage.refusals import BodyTooLarge, Refusal, ServiceUnavailable
from maillage.words import Words

CONNECT_S: Final = 0.8
IDLE_S: Final = 4.0  # below uvicorn's own 5 s, so that the pool never hands out a connection that is being closed
SLOWEST_BODY: Final = 8_192  # bytes a second, beyond the first 20 s
READ_FIRST: Final = 65_536


class UpstreamTimeout(Refusal):
    """The service did not answer in the time its operation declares. It may have acted: the same key tells."""

    code, status = "UPSTREAM_TIMEOUT", 504
    title = Words("Réponse trop longue", "No answer in time")
    detail = Words(
        "La demande a peut-être abouti. Vérifiez, ou renvoyez-la avec la même clé.",
        "It may have worked. Check, or send it again with the same key.",
    )


class BodyTooSlow(Refusal):
    """The body did not arrive in time."""

    code, status = "REQUEST_TIMEOUT", 408
    title = Words("Envoi trop lent", "Sending too slow")
    detail = Words(
        "Vérifiez votre connexion et renvoyez la demande.", "Check your connection and send the request again."
    )


class ClientLeft(Exception):
    """The caller closed the connection: nobody waits for an answer."""


class Body:
    """A request's body, bounded in size and time. A small one is read before the service is asked, so that a slow
    sender
    holds no place there; a larger one, or one of unknown length, is streamed."""

    def __init__(self, receive: Receive, declared: int | None, *, chunked: bool, largest: int, seconds: float) -> None:
        if declared is not None and declared > largest:
            raise BodyTooLarge(headers={"Connection": "close"})
        self.declared = declared
        self.streamed = chunked or (declared or 0) > READ_FIRST
        self.seconds = seconds + largest / SLOWEST_BODY if self.streamed else seconds
        self.broken: Exception | None = None
        self.content = b""
        self.started = False
        self._receive = receive
        self._largest = largest
        self._idle_s = seconds

    async def prepare(self) -> None:
        """Reads a small body whole."""
        if self.declared and not self.streamed:
            self.content = b"".join([chunk async for chunk in self.chunks()])

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Beyond the limit or the time it raises, which aborts the request upstream."""
        self.started = True
        clock = asyncio.get_running_loop().time
        size, ends = 0, clock() + self.seconds
        more = True
        while more:
            try:
                async with asyncio.timeout_at(min(ends, clock() + self._idle_s)):
                    message = await self._receive()
            except TimeoutError:
                raise self._broke(BodyTooSlow(headers={"Connection": "close"})) from None
            if message["type"] == "http.disconnect":
                raise self._broke(ClientLeft())
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            if size > self._largest:
                raise self._broke(BodyTooLarge(headers={"Connection": "close"}))
            if chunk:
                yield chunk
            more = message.get("more_body", False)

    def _broke(self, cause: Exception) -> Exception:
        self.broken = cause
        return cause


class Upstream:
    """One service: its address, its pool, its places and its circuit."""

    def __init__(self, service: str, address: str, in_flight: int) -> None:
        self.service = service
        self.admission = Admission(in_flight)
        self.circuit = Circuit()
        self._address = address.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._in_flight = in_flight

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._in_flight + 8, keepalive_timeout=IDLE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                trust_env=False,
            )
            # aiohttp would repeat PUT and DELETE by itself, and a GET twice: what is repeated is decided here alone.
            self._session._retry_connection = False
        return self._session

    async def close(self) -> None:
        """Closes the pool."""
        if self._session is not None:
            await self._session.close()

    async def pass_on(
        self,
        operation: Operation,
        target: str,
        headers: list[tuple[str, str]],
        body: Body,
        send: Send,
        added: list[Header],
        *,
        head: bool,
    ) -> int:
        """Sends the request and streams the answer back; returns its status. Refuses before the first byte of the
        answer only."""
        async with self.admission.enter(operation.klass):
            response = await self._answered(operation, target, headers, body)
            try:
                await self._stream_back(response, send, added, operation, head=head)
            except BaseException:
                response.close()  # cut in the middle: the connection may hold the rest
                raise
            response.release()
            return response.status

    async def fetch(self, operation: Operation, target: str, headers: list[tuple[str, str]], body: Body) -> Answer:
        """The whole answer, to be shared."""
        async with self.admission.enter(operation.klass):
            response = await self._answered(operation, target, headers, body)
            try:
                async with asyncio.timeout(operation.timeout_s):
                    content = await response.read()
            except (TimeoutError, ClientError) as cut:
                response.close()
                raise ServiceUnavailable from cut
            return Answer(response.status, list(response.raw_headers), content)

    async def _answered(
        self, operation: Operation, target: str, headers: list[tuple[str, str]], body: Body
    ) -> aiohttp.ClientResponse:
        """The head of the answer, within the operation's time, counted from the end of the body."""
        self.circuit.check()
        try:
            async with asyncio.timeout(operation.timeout_s + (body.seconds if body.streamed else 0)):
                response = await self._tried(operation, target, headers, body)
        except TimeoutError as late:
            self.circuit.failed()
            raise UpstreamTimeout from late
        except ClientError as away:
            if body.broken is not None:
                self.circuit.abandoned()
                raise body.broken from away
            self.circuit.failed()
            raise ServiceUnavailable from away
        except BaseException:
            self.circuit.abandoned()
            raise
        self.circuit.succeeded()
        return response

    async def _tried(
        self, operation: Operation, target: str, headers: list[tuple[str, str]], body: Body
    ) -> aiohttp.ClientResponse:
        """A GET is repeated once if no byte of an answer came, another method only if nothing was sent."""
        try:
            return await self._send(operation, target, headers, body)
        except ClientConnectionError as lost:
            if body.streamed or not (operation.method == "GET" or isinstance(lost, ClientConnectorError)):
                raise
        return await self._send(operation, target, headers, body)

    async def _send(
        self, operation: Operation, target: str, headers: list[tuple[str, str]], body: Body
    ) -> aiohttp.ClientResponse:
        data = body.chunks() if body.streamed else body.content or None
        if body.streamed and body.declared is not None:
            headers = [*headers, ("Content-Length", str(body.declared))]
        return await self._client().request(
            operation.method,
            URL(self._address + target, encoded=True),
            headers=headers,
            data=data,
            allow_redirects=False,
        )

    async def _stream_back(
        self, response: aiohttp.ClientResponse, send: Send, added: list[Header], operation: Operation, *, head: bool
    ) -> None:
        no_store = not operation.template.startswith("/rdv/static/")
        await send(
            {
                "type": "http.response.start",
                "status": response.status,
                "headers": rules.from_service(response.raw_headers, added, no_store=no_store),
            }
        )
        if not head:
            async for chunk in response.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
