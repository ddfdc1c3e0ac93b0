"""The door: every request from outside, from its path to the service and back (design: gateway 3.1). Pure ASGI."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway import permissions
from gateway.door import cookies, csrf, files, paths, routes
from gateway.door import headers as rules
from gateway.door.address import client_address
from gateway.door.callers import Callers
from gateway.door.cookies import CookieRules, Signer, Ticket
from gateway.door.documents import Documents
from gateway.door.guard import CONNECTION
from gateway.door.headers import Header
from gateway.door.limits import Limits
from gateway.door.pages import refusal_answer
from gateway.door.partners import Machines
from gateway.door.request import Direct, Request, Sent, check_headers, send_whole
from gateway.door.routes import Operation, Routes
from gateway.door.shared import SharedAnswers
from gateway.door.tokens import Caller, Decision, Minter
from gateway.door.upstream import NO_BODY, Body, ClientLeft, Upstream, not_said
from gateway.sessions.errors import ContextChanged, ContextRequired, SessionOver, StepUpRequired
from gateway.settings import GatewaySettings
from gateway.waiting.service import Entrance
from maillage import clock, context, logs
from maillage.ids import new_id, new_id_text
from maillage.refusals import MethodNotAllowed, NotAllowed, NotFound, NotSignedIn, Refusal, ServiceUnavailable

log = structlog.get_logger()
REQUESTS: Final = Counter("maillage_door_requests_total", "Requests at the door", ["service", "status"])
SECONDS: Final = Histogram(
    "maillage_door_seconds",
    "Time at the door",
    ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


@cache
def _requests(service: str, status: int) -> Counter:
    """The counter of one service and status, found once."""
    return REQUESTS.labels(service, str(status))


@cache
def _seconds(service: str) -> Histogram:
    return SECONDS.labels(service)


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
    limits: Limits
    entrance: Entrance
    machines: Machines
    direct: dict[str, Direct] = field(default_factory=dict)
    """Operations that the door answers itself, without the border of the own API: by public path."""


class Door:
    """The ASGI application that faces the outside. `own` is the gateway's own API behind the kit's border."""

    def __init__(self, own: ASGIApp, parts: Parts, leave: Callable[[], None] = lambda: None) -> None:
        self.leave = leave
        """Said by the listener when the process ends."""
        self._own = own
        self._parts = parts
        https = parts.rules.secure
        self._security = {
            kind: rules.security(kind, https=https, connect=parts.settings.connects)
            for kind in ("patient", "console", "api", "oauth", "auth", "static")
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
        began, state = time.perf_counter(), Sent(send)
        headers: list[Header] = scope["headers"]
        request = Request(
            scope,
            receive,
            headers,
            dict(headers),
            new_id_text(),
            client_address(scope, headers, self._parts.settings.trusted_proxies),
        )
        try:
            await self._serve(request, state)
        except ClientLeft:
            state.status = 499
        except Refusal as refusal:
            await self._refuse(request, state, refusal)
        self._note(request, state.status, time.perf_counter() - began)

    async def _serve(self, request: Request, send: Sent) -> None:
        request.path = path = paths.read(request.scope["raw_path"])
        request.kind = rules.kind_of(path.text)
        if request.method not in _METHODS:
            raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
        if await self._static(request, send):
            return
        check_headers(request)
        found = self._parts.routes.find(path.text, path.segments)
        if found is None:
            raise NotFound
        head = request.method == "HEAD"
        operation = found.methods.get("GET" if head else request.method)
        if operation is None:
            raise MethodNotAllowed(headers={"Allow": found.allow()})
        request.operation = operation
        caller = await self._caller(request)
        request.limited = await self._parts.limits.take(caller, operation, request.ip)
        self._parts.entrance.admit(request, caller)
        self._parts.limits.watch(request, send)
        try:
            decision = self._decided(request, operation, caller)
        except NotAllowed:
            await self._parts.callers.note_refused(caller, f"{operation.method} {operation.template}", request.ip)
            raise
        direct = self._parts.direct.get(operation.template)
        if direct is not None:
            await direct(request, caller, send, self._added(request))
            return
        await self._pass_on(request, operation, caller, decision, send, head=head)

    async def _static(self, request: Request, send: Sent) -> bool:
        """Answers that need nobody: health, keys, documents."""
        assert request.path is not None
        if request.path.text == "/readyz" and request.method in ("GET", "HEAD"):
            await self._own(request.scope, request.receive, self._dressed(request, send))
            return True
        document = self._parts.documents.find(request.path.text, request.scope["query_string"])
        if document is None:
            return False
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(headers={"Allow": "GET, HEAD"})
        await self._whole(request, send, *files.answer(document, request.one))
        return True

    async def _caller(self, request: Request) -> Caller:
        """Who calls, and whether another site made the browser do it."""
        parts = self._parts
        cookie = request.one.get(b"cookie", b"")
        unsafe = request.method in csrf.UNSAFE
        assert request.path is not None
        secret = cookies.parse(cookie, parts.rules.session) if cookie else None
        if b"authorization" in request.one or b"client-cert" in request.one:
            machine = await parts.machines.caller(request, signed_in=bool(secret))
            if machine is not None:
                return machine
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
            operation.public_s > 0
            or operation.template.startswith(("/rdv/static/", "/oauth/"))
            or operation.asked == ("signed",)
        )
        if ticket is None and public:
            return parts.callers.anonymous(), False
        if ticket is None or not ticket.fresh():
            now = int(clock.now().timestamp())
            ticket = replace(ticket, issued_at=now) if ticket else Ticket(new_id().hex, now)
            request.cookies.append(parts.rules.set(parts.rules.visitor, parts.signer.ticket(ticket), cookies.TICKET_S))
        request.ticket = ticket
        return parts.callers.visitor(ticket), known

    def _decided(self, request: Request, operation: Operation, caller: Caller) -> Decision:
        """Those of the asked permissions that the caller holds, under the context the tab thinks it works in."""
        professional = caller.kind == "professional"
        if professional:
            context = request.one.get(b"maillage-context")
            if context is not None and context.decode("latin-1") != str(caller.membership):
                raise ContextChanged
        decision = caller.decisions.get(operation)
        if decision is None:
            decision = decide(operation, caller)
            caller.decisions[operation] = decision
        if operation.step_up_s is not None:
            _check_step_up(operation.step_up_s, caller)
        return decision

    async def _pass_on(
        self,
        request: Request,
        operation: Operation,
        caller: Caller,
        decision: Decision,
        send: Sent,
        *,
        head: bool,
    ) -> None:
        """To the service and back. Anonymous answers that may be shared are asked for in nobody's name."""
        assert request.path is not None
        body = self._body(request, operation) if request.method in csrf.UNSAFE else NO_BODY
        await body.prepare()
        target = routes.inner_path(operation.service, request.path.raw)
        sharing = operation.public_s > 0 and caller.kind == "visitor" and operation.method == "GET"
        if sharing:
            caller = self._parts.callers.anonymous()
        headers = self._told(request, operation, caller, decision, ip="" if sharing else request.ip)
        if operation.service == "gateway":
            await self._inside(request, target, headers, body, send)
            return
        query = request.scope["query_string"]
        target += f"?{query.decode('latin-1')}" if query else ""
        upstream = self._parts.upstreams.get(operation.service)
        if upstream is None:
            raise ServiceUnavailable
        upstream.circuit.refuse()
        if sharing:
            await self._share(request, operation, upstream, target, headers, body, send)
        else:
            await upstream.pass_on(operation, target, headers, body, send, self._added(request), head=head)

    def _told(
        self, request: Request, operation: Operation, caller: Caller, decision: Decision, ip: str
    ) -> list[Header]:
        """The headers for the service: the caller's that may pass, the internal token, the ids of request and trace."""
        token = self._parts.minter.token(caller, operation.service, decision.orgs, ip)
        headers = rules.to_service(request.headers)
        headers += [
            (b"authorization", b"Bearer " + token.encode()),
            (b"x-request-id", request.id.encode()),
            (b"traceparent", context.child_trace(None).encode()),
        ]
        return headers

    async def _share(
        self,
        request: Request,
        operation: Operation,
        upstream: Upstream,
        target: str,
        headers: list[Header],
        body: Body,
        send: Sent,
    ) -> None:
        one = request.one
        varying = (one.get(b"accept-language", b""), one.get(b"accept", b""), one.get(b"if-none-match", b""))
        answer = await self._parts.shared.get(
            (operation.service, target, *varying),
            operation.public_s,
            lambda: upstream.fetch(operation, target, headers, body),
        )
        clean = rules.from_service(answer.headers, self._added(request), no_store=True)
        await send_whole(send, answer.status, clean, answer.body)

    def _body(self, request: Request, operation: Operation) -> Body:
        declared = request.one.get(b"content-length")
        return Body(
            request.receive,
            int(declared) if declared else None,
            chunked=b"transfer-encoding" in request.one,
            largest=operation.max_body,
            seconds=self._parts.settings.body_s,
            here=request.scope.get("extensions", {}).get(CONNECTION, {}).get("whole", not_said),
        )

    async def _inside(self, request: Request, target: str, headers: list[Header], body: Body, send: Sent) -> None:
        """The gateway's own API, in this process: same token, same border as a service. Only it may set cookies."""
        scope = dict(request.scope)
        scope["raw_path"] = target.encode()
        scope["path"] = request.path.text.removeprefix("/api/gateway") if request.path else target
        scope["headers"] = headers
        content = body.content if not body.streamed else b"".join([chunk async for chunk in body.chunks()])
        scope["headers"].append((b"content-length", str(len(content)).encode()))
        scope["maillage.cookies"] = request.one.get(b"cookie", b"")  # theirs are read with `cookies.sent`
        handed = False

        async def receive() -> Message:
            nonlocal handed
            if handed:
                return await request.receive()
            handed = True
            return {"type": "http.request", "body": content, "more_body": False}

        await self._own(scope, receive, self._dressed(request, send))

    def _dressed(self, request: Request, send: Send) -> Send:
        """What the own API says, with the headers that every answer of the door carries."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(b"set-cookie", value) for name, value in message.get("headers", []) if name == b"set-cookie"]
                clean = rules.from_service(message.get("headers", []), self._added(request), no_store=True)
                message = {**message, "headers": clean + own}
            await send(message)

        return sending

    def _added(self, request: Request) -> list[Header]:
        lines = [*self._security[request.kind], (b"x-request-id", request.id.encode()), *request.limited]
        lines.extend((b"set-cookie", value.encode("latin-1")) for value in request.cookies)
        return lines

    async def _whole(self, request: Request, send: Sent, status: int, headers: list[Header], body: bytes) -> None:
        await send_whole(send, status, headers + self._added(request), body)

    async def _refuse(self, request: Request, send: Sent, refusal: Refusal) -> None:
        if send.status:
            raise refusal  # the answer has begun: the connection must be cut, not continued
        if request.path is None:
            request.kind = rules.kind_of(request.scope["raw_path"].decode("latin-1"))
        status, headers, body = refusal_answer(refusal, request.headers, request.id, request.kind)
        await self._whole(request, send, status, headers, body)

    def _note(self, request: Request, status: int, seconds: float) -> None:
        """The template of the path, never the path: it may hold a token or an id."""
        operation = request.operation
        service = operation.service if operation else "door"
        _requests(service, status).inc()
        if operation is None or operation.template not in self._parts.direct:  # a stream of hours is not a slow answer
            _seconds(service).observe(seconds)
        name = f"{request.method} {operation.template}" if operation else "none"
        logs.request(request.id, name, status, seconds, rules.linked_trace(request.one.get(b"traceparent")))


def decide(operation: Operation, caller: Caller) -> Decision:
    """What the table gives this caller for this operation. Partners never get what asks for a person's proof, and a
    screen on a wall only reads: whoever stands before it is nobody."""
    asked = operation.asked
    if (
        caller.role in permissions.OF_DEVICES
        and operation.method in csrf.UNSAFE
        and operation.template != "/auth/session"
    ):
        raise NotAllowed
    if asked[0] in permissions.UNTABLED:
        if asked[0] == "self" and caller.sid is None:
            raise NotAllowed if caller.kind == "partner" else NotSignedIn
        granted = asked
    else:
        if caller.kind == "professional" and not caller.role:
            raise ContextRequired
        granted = permissions.allowed(caller.grants, asked)
        if not granted:
            raise NotSignedIn if caller.kind == "visitor" else NotAllowed
    orgs = permissions.organisations(caller.grants, caller.org, caller.delegations, granted, role=caller.role)
    return Decision(granted, orgs)


def _check_step_up(seconds: float, caller: Caller) -> None:
    """A fresh second factor, where the operation asks for one: only a person has it."""
    if caller.kind != "professional":
        raise NotAllowed
    if caller.acr < 2 or clock.now().timestamp() - (caller.auth_time or 0) > seconds:
        raise StepUpRequired(max_age=int(seconds))
