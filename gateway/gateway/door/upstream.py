"""The way to a service and back: both bodies streamed, one pool of connections per service (design: gateway 3.1,
3.7)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from starlette.types import Message, Receive, Send

from gateway.door import headers as rules
from gateway.door.admission import Admission, Circuit
from gateway.door.connection import Connection, Cut, NoConnection, Pool, request_head
from gateway.door.headers import Header
from gateway.door.routes import Operation
from gateway.door.shared import Answer
from maillage.refusals import BodyTooLarge, Refusal, ServiceUnavailable
from maillage.words import Words

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


def not_said() -> bool:
    """Whether the whole body is here already, where the listener does not say."""
    return False


class Body:
    """A request's body, bounded in size and time. A small one is read before the service is asked, so that a slow
    sender
    holds no place there; a larger one, or one of unknown length, is streamed."""

    def __init__(
        self,
        receive: Receive,
        declared: int | None,
        *,
        chunked: bool,
        largest: int,
        seconds: float,
        here: Callable[[], bool] = not_said,
    ) -> None:
        if declared is not None and declared > largest:
            raise BodyTooLarge(headers={"Connection": "close"})
        self.declared = declared
        self.streamed = chunked or (declared or 0) > READ_FIRST
        self.seconds = seconds + largest / SLOWEST_BODY if self.streamed else seconds
        self.broken: Exception | None = None
        self.content = b""
        self.started = False
        self._receive = receive
        self._here = here
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
            if self._here():
                message = await self._receive()  # at once: nothing to be timed
            else:
                message = await self._received(min(ends, clock() + self._idle_s))
            if message["type"] == "http.disconnect":
                raise self._broke(ClientLeft())
            chunk: bytes = message.get("body", b"")
            size += len(chunk)
            if size > self._largest:
                raise self._broke(BodyTooLarge(headers={"Connection": "close"}))
            if chunk:
                yield chunk
            more = message.get("more_body", False)

    async def _received(self, until: float) -> Message:
        try:
            async with asyncio.timeout_at(until):
                return await self._receive()
        except TimeoutError:
            raise self._broke(BodyTooSlow(headers={"Connection": "close"})) from None

    def _broke(self, cause: Exception) -> Exception:
        self.broken = cause
        return cause


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


NO_BODY: Final = Body(_nothing, None, chunked=False, largest=0, seconds=0)
"""Of methods that have none."""


class Upstream:
    """One service: its address, its connections, its places and its circuit."""

    def __init__(self, service: str, address: str, in_flight: int) -> None:
        self.service = service
        self.admission = Admission(in_flight)
        self.circuit = Circuit()
        self._pool = Pool(address)

    async def close(self) -> None:
        """Closes the pool."""
        self._pool.close()

    async def pass_on(
        self,
        operation: Operation,
        target: str,
        headers: list[Header],
        body: Body,
        send: Send,
        added: list[Header],
        *,
        head: bool,
    ) -> int:
        """Sends the request and streams the answer back; returns its status. Refuses before the first byte of the
        answer only."""
        await self.admission.take(operation.klass)
        try:
            connection, status = await self._answered(operation, target, headers, body)
            try:
                await _stream_back(connection, status, send, added, operation, head=head)
            except BaseException:
                connection.abort()  # cut in the middle: it may hold the rest
                raise
            self._pool.give_back(connection)
            return status
        finally:
            self.admission.leave()

    async def fetch(self, operation: Operation, target: str, headers: list[Header], body: Body) -> Answer:
        """The whole answer, to be shared."""
        await self.admission.take(operation.klass)
        try:
            connection, status = await self._answered(operation, target, headers, body)
            try:
                async with asyncio.timeout(operation.timeout_s):
                    content = b"".join([chunk async for chunk in connection.chunks()])
            except (TimeoutError, Cut) as cut:
                connection.abort()
                raise ServiceUnavailable from cut
            except BaseException:
                connection.abort()
                raise
            answer = Answer(status, connection.headers, content)
            self._pool.give_back(connection)
            return answer
        finally:
            self.admission.leave()

    async def _answered(
        self, operation: Operation, target: str, headers: list[Header], body: Body
    ) -> tuple[Connection, int]:
        """The head of the answer, within the operation's time, counted from the end of the body."""
        self.circuit.check()
        try:
            found = await self._tried(operation, target, headers, body)
        except TimeoutError as late:
            self.circuit.failed()
            raise UpstreamTimeout from late
        except (NoConnection, Cut) as away:
            self.circuit.failed()
            raise ServiceUnavailable from away
        except BaseException:
            self.circuit.abandoned()
            raise
        self.circuit.succeeded()
        return found

    async def _tried(
        self, operation: Operation, target: str, headers: list[Header], body: Body
    ) -> tuple[Connection, int]:
        """A GET is repeated once, on a new connection, if no byte of an answer came; another method never: what a
        service was sent it may have done. What is kept and was closed meanwhile is known before anything is sent."""
        try:
            return await self._send(await self._pool.take(), operation, target, headers, body)
        except (Cut, NoConnection) as lost:
            began = isinstance(lost, Cut) and (lost.began or operation.method != "GET")
            if began or body.streamed:
                raise
        return await self._send(await self._pool.new(), operation, target, headers, body)

    async def _send(
        self, connection: Connection, operation: Operation, target: str, headers: list[Header], body: Body
    ) -> tuple[Connection, int]:
        length = (-1 if body.declared is None else body.declared) if body.streamed else (len(body.content) or None)
        if length is None and operation.method in ("POST", "PUT", "PATCH"):
            length = 0
        head = request_head(operation.method, target, self._pool.host, headers, length)
        seconds = operation.timeout_s + (body.seconds if body.streamed else 0)
        connection.limit(seconds)
        try:
            connection.write(head + body.content)
            if body.streamed:
                await connection.write_all(body.chunks(), framed=length == -1)
            return connection, await connection.head()
        except BaseException:
            connection.abort()
            raise
        finally:
            connection.unlimited()


async def _stream_back(
    connection: Connection, status: int, send: Send, added: list[Header], operation: Operation, *, head: bool
) -> None:
    """Head and body to the caller, each piece as it comes: one piece when the answer is already there."""
    no_store = not operation.template.startswith("/rdv/static/")
    headers = rules.from_service(connection.headers, added, no_store=no_store)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if connection.complete and not head:
        await send({"type": "http.response.body", "body": connection.taken(), "more_body": False})
        return
    async for chunk in connection.chunks():
        if not head:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
