"""The door: every request from outside, from its path to the service and back (design: gateway 3.1). Pure ASGI."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import permissions
from gateway.door import cookies, csrf, paths, routes
from gateway.door import headers as rules
from gateway.door.address import client_address
from gateway.door.callers import Callers
from gateway.door.cookies import CookieRules, Signer, Ticket
from gateway.door.documents import Documents
from gateway.door.headers import Header, PathKind
from gateway.door.pages import refusal_answer
from gateway.door.routes import Operation, Routes
from gateway.door.shared import SharedAnswers
from gateway.door.tokens import Caller, Minter
from gateway.door.upstream import Body, ClientLeft, Upstream
from gateway.sessions.errors import ContextChanged, ContextRequired, SessionOver
from gateway.settings import GatewaySettings
from maillage.ids import new_id
from maillage.refusals import MethodNotAllowed, NotAllowed, NotFound, NotSignedIn, Refusal, ServiceUnavailable
from maillage.words import Words

log = structlog.get_logger()
REQUESTS: Final = Counter("maillage_door_requests_total", "Requests at the door", ["service", "status"])
SECONDS: Final = Histogram(
    "maillage_door_seconds",
    "Time at the door",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_ONCE: Final = frozenset(
    {
        b"host",
        b"authorization",
        b"content-length",
        b"transfer-encoding",
        b"x-csrf-token",
        b"maillage-context",
        b"origin",
    }
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


class BadHeaders(Refusal):
    """A header that must come once came twice, or length and chunks at once: two readers would disagree."""

    code, status = "BAD_HEADERS", 400
    title = Words("Demande illisible", "Unreadable request")
    detail = Words("Un en-tête est en double ou incohérent.", "A header is repeated or inconsistent.")


class TwoCredentials(Refusal):
    """A cookie and an `Authorization` header at once."""

    code, status = "TWO_CREDENTIALS", 400
    title = Words("Deux preuves d'identité", "Two credentials")
    detail = Words(
        "Envoyez soit le cookie, soit l'en-tête Authorization.", "Send either the cookie or the Authorization header."
    )


class BodyEncoding(Refusal):
    """A compressed body: refused before a byte of it is read."""

    code, status = "BODY_ENCODING", 415
    title = Words("Encodage non accepté", "Encoding not accepted")
    detail = Words("Envoyez le corps sans compression.", "Send the body without compression.")


@dataclass(slots=True)
class Request:
    """What the door knows of one request; filled step by step."""

    scope: Scope
    receive: Receive
    headers: list[Header]
    one: Mapping[bytes, bytes]
    id: str
    ip: str
    kind: PathKind = "api"
    path: paths.Path | None = None
    operation: Operation | None = None
    cookies: list[str] = field(default_factory=list)
    """Values of `Set-Cookie` for the answer."""

    @property
    def method(self) -> str:
        """The method as sent."""
        method: str = self.scope["method"]
        return method


@dataclass(frozen=True, slots=True)
class Parts:
    """What the door is made of."""

    settings: GatewaySettings
    rules: CookieRules
    signer: Signer
    callers: Callers
    minter: Minter
    routes: Routes
    upstreams: Mapping[str, Upstream]
    shared: SharedAnswers
    documents: Documents


class Door:
    """The ASGI application that faces the outside. `own` is the gateway's own API behind the kit's border."""

    def __init__(self, own: ASGIApp, parts: Parts) -> None:
        self._own = own
        self._parts = parts
        https = parts.rules.secure
        self._security = {
            kind: rules.security(kind, https=https) for kind in ("patient", "console", "api", "auth", "static")
        }
        self._origins = csrf.own_origins(parts.settings.public_url)
        self.head_s = parts.settings.head_s
        """Read by the listener's guard."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Whatever it holds, the answer is never a 500 of the door."""
        if scope["type"] == "lifespan":
            await self._own(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
            return
        began, state = time.perf_counter(), _Sent(send)
        headers: list[Header] = scope["headers"]
        request = Request(
            scope,
            receive,
            headers,
            dict(headers),
            str(new_id()),
            client_address(scope, headers, self._parts.settings.trusted_proxies),
        )
        try:
            await self._serve(request, state)
        except ClientLeft:
            state.status = 499
        except Refusal as refusal:
            await self._refuse(request, state, refusal)
        self._note(request, state.status, time.perf_counter() - began)

    async def _serve(self, request: Request, send: "_Sent") -> None:
        request.path = path = paths.read(request.scope["raw_path"])
        request.kind = rules.kind_of(path.text)
        if request.method not in _METHODS:
            raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
        if await self._static(request, send):
            return
        _check_headers(request)
        found = self._parts.routes.find(path.text, path.segments)
        if found is None:
            raise NotFound
        head = request.method == "HEAD"
        operation = found.methods.get("GET" if head else request.method)
        if operation is None:
            raise MethodNotAllowed(headers={"Allow": found.allow()})
        request.operation = operation
        caller = await self._caller(request)
        granted = self._granted(request, operation, caller)
        await self._pass_on(request, operation, caller, granted, send, head=head)

    async def _static(self, request: Request, send: "_Sent") -> bool:
        """Answers that need nobody: health, keys, documents."""
        assert request.path is not None
        if request.path.text == "/readyz" and request.method in ("GET", "HEAD"):
            await self._own(request.scope, request.receive, send)
            return True
        document = self._parts.documents.find(request.path.text)
        if document is None:
            return False
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
        headers = [
            (b"content-type", document.media),
            (b"cache-control", document.cache),
            (b"content-length", str(len(document.body)).encode()),
        ]
        await self._whole(request, send, 200, headers, document.body)
        return True

    async def _caller(self, request: Request) -> Caller:
        """Who calls, and whether another site made the browser do it."""
        parts = self._parts
        cookie = request.one.get(b"cookie", b"")
        unsafe = request.method in csrf.UNSAFE
        assert request.path is not None
        secret = cookies.parse(cookie, parts.rules.session) if cookie else None
        caller = await parts.callers.session(secret) if secret else None
        if secret and caller is None:
            request.cookies.append(parts.rules.clear(parts.rules.session))
            if request.kind == "api":
                raise SessionOver
        if caller is None:
            caller, known = self._visitor(request, cookie)
        else:
            known = True
        if unsafe and known:
            csrf.check(request.path.text, request.headers, caller.csrf, self._origins)
        elif unsafe:
            csrf.check_origin(request.headers, self._origins, needed=False)
        return caller

    def _visitor(self, request: Request, cookie: bytes) -> tuple[Caller, bool]:
        """The ticket's holder; a new ticket where one is needed: not for answers that are shared or open to all."""
        parts, operation = self._parts, request.operation
        assert operation is not None
        value = cookies.parse(cookie, parts.rules.visitor) if cookie else None
        ticket = parts.signer.read_ticket(value) if value else None
        known = ticket is not None
        public = (
            operation.public_s > 0 or operation.template.startswith("/rdv/static/") or operation.asked == ("signed",)
        )
        if ticket is None and public:
            return parts.callers.anonymous(), False
        if ticket is None or not ticket.fresh():
            ticket = Ticket(ticket.visitor_id if ticket else new_id().hex, int(time.time()))
            request.cookies.append(parts.rules.set(parts.rules.visitor, parts.signer.ticket(ticket), cookies.TICKET_S))
        return parts.callers.visitor(ticket), known

    def _granted(self, request: Request, operation: Operation, caller: Caller) -> tuple[str, ...]:
        """Those of the asked permissions that the caller holds, under the context the tab thinks it works in."""
        context = request.one.get(b"maillage-context")
        if (
            context is not None
            and caller.kind == "professional"
            and context.decode("latin-1") != str(caller.membership)
        ):
            raise ContextChanged
        asked = operation.asked
        if asked[0] in permissions.UNTABLED:
            if asked[0] == "self" and caller.sid is None:
                raise NotSignedIn
            return asked
        if caller.kind == "professional" and not caller.role:
            raise ContextRequired
        granted = permissions.allowed(caller.role, asked)
        if not granted:
            raise NotSignedIn if caller.kind == "visitor" else NotAllowed
        return granted

    async def _pass_on(
        self,
        request: Request,
        operation: Operation,
        caller: Caller,
        granted: tuple[str, ...],
        send: "_Sent",
        *,
        head: bool,
    ) -> None:
        path = request.path
        assert path is not None
        body = self._body(request, operation)
        await body.prepare()
        target = routes.inner_path(operation.service, path.raw)
        sharing = operation.public_s > 0 and caller.kind == "visitor" and operation.method == "GET"
        if sharing:
            caller = self._parts.callers.anonymous()
        orgs = permissions.organisations(caller.role, caller.org, caller.delegations, granted)
        token = self._parts.minter.token(caller, operation.service, orgs, "" if sharing else request.ip)
        headers = rules.to_service(request.headers)
        headers += [
            ("Authorization", f"Bearer {token}"),
            ("X-Request-Id", request.id),
            ("traceparent", rules.new_trace()),
        ]
        if operation.service == "gateway":
            await self._inside(request, target, headers, body, send)
            return
        query = request.scope["query_string"]
        target += f"?{query.decode('latin-1')}" if query else ""
        upstream = self._parts.upstreams.get(operation.service)
        if upstream is None:
            raise ServiceUnavailable
        added = self._added(request)
        if not sharing:
            await upstream.pass_on(operation, target, headers, body, send, added, head=head)
            return
        one = request.one
        key = (
            operation.service,
            target,
            one.get(b"accept-language", b""),
            one.get(b"accept", b""),
            one.get(b"if-none-match", b""),
        )
        answer = await self._parts.shared.get(
            key, operation.public_s, lambda: upstream.fetch(operation, target, headers, body)
        )
        clean = rules.from_service(answer.headers, added, no_store=True)
        await _send_whole(send, answer.status, clean, answer.body)

    def _body(self, request: Request, operation: Operation) -> Body:
        declared = request.one.get(b"content-length")
        reads = request.method in csrf.UNSAFE
        return Body(
            request.receive,
            int(declared) if declared and reads else None,
            chunked=reads and b"transfer-encoding" in request.one,
            largest=operation.max_body,
            seconds=self._parts.settings.body_s,
        )

    async def _inside(
        self, request: Request, target: str, headers: list[tuple[str, str]], body: Body, send: "_Sent"
    ) -> None:
        """The gateway's own API, in this process: same token, same border as a service. Only it may set cookies."""
        scope = dict(request.scope)
        scope["raw_path"] = target.encode()
        scope["path"] = request.path.text.removeprefix("/api/gateway") if request.path else target
        scope["headers"] = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        content = body.content if not body.streamed else b"".join([chunk async for chunk in body.chunks()])
        scope["headers"].append((b"content-length", str(len(content)).encode()))
        handed = False

        async def receive() -> Message:
            nonlocal handed
            if handed:
                return await request.receive()
            handed = True
            return {"type": "http.request", "body": content, "more_body": False}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(b"set-cookie", value) for name, value in message.get("headers", []) if name == b"set-cookie"]
                clean = rules.from_service(message.get("headers", []), self._added(request), no_store=True)
                message = {**message, "headers": clean + own}
            await send(message)

        await self._own(scope, receive, sending)

    def _added(self, request: Request) -> list[Header]:
        lines = [*self._security[request.kind], (b"x-request-id", request.id.encode())]
        lines.extend((b"set-cookie", value.encode("latin-1")) for value in request.cookies)
        return lines

    async def _whole(self, request: Request, send: "_Sent", status: int, headers: list[Header], body: bytes) -> None:
        await _send_whole(send, status, headers + self._added(request), body)

    async def _refuse(self, request: Request, send: "_Sent", refusal: Refusal) -> None:
        if send.status:
            raise refusal  # the answer has begun: the connection must be cut, not continued
        status, headers, body = refusal_answer(refusal, request.headers, request.id, request.kind)
        await self._whole(request, send, status, headers, body)

    def _note(self, request: Request, status: int, seconds: float) -> None:
        """The template of the path, never the path: it may hold a token or an id."""
        operation = request.operation
        service = operation.service if operation else "door"
        REQUESTS.labels(service, str(status)).inc()
        SECONDS.labels(service).observe(seconds)
        log.info(
            "request",
            request_id=request.id,
            operation=f"{request.method} {operation.template}" if operation else "none",
            status=status,
            ms=round(seconds * 1000, 1),
        )


class _Sent:
    """`send`, and the status that went out: 0 while nothing did."""

    __slots__ = ("_send", "status")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


async def _send_whole(send: Send, status: int, headers: list[Header], body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _check_headers(request: Request) -> None:
    """What the listener let through and no service may see."""
    if len(request.one) != len(request.headers):
        seen: set[bytes] = set()
        for name, _ in request.headers:
            if name in seen and name in _ONCE:
                raise BadHeaders(headers={"Connection": "close"})
            seen.add(name)
    one = request.one
    if (b"content-length" in one and b"transfer-encoding" in one) or b"host" not in one:
        raise BadHeaders(headers={"Connection": "close"})
    if not one.get(b"content-length", b"0").isdigit():
        raise BadHeaders(headers={"Connection": "close"})
    if one.get(b"content-encoding", b"identity").lower() != b"identity":
        raise BodyEncoding(headers={"Connection": "close"})
    if b"authorization" in one:
        # Partners' bearer tokens come with the next storey; until then nobody has a valid one.
        raise TwoCredentials if b"cookie" in one else NotSignedIn
