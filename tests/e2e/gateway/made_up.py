"""What a program makes up from the aggregated OpenAPI and sends through the real door, right or wrong, as staff or as
nobody: never a 5xx, never a status or a type that is not documented. Each run sends the same. One file of tests per
service, so that they run beside each other."""

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from appointments.main import service as appointments
from cooperation.demo import loading as sterilisation
from cooperation.main import service as cooperation
from gateway import permissions
from gateway.demo import ACCOUNTS, CENTRE
from gateway.door.routes import Operation, documents, operations_of
from gateway.settings import GatewaySettings
from maillage.children import free_port
from maillage.database import Database
from maillage.service import DemoContext
from maillage.testing import NO_TLS, Running
from telesecretariat.main import service as telesecretariat
from tests.e2e.gateway.conftest import Desk
from tests.harness.appointments_world import world

EXAMPLES = int(os.environ.get("MAILLAGE_EXAMPLES", "1"))
"""For each operation, caller and kind of input: as many as keep each file under a minute."""
LIMITS = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance]
STAFF = (
    "secretaire1", "responsable", "administrateur", "auditeur", "pharmacien", "coordination", "agent1", "bloc",
    "hygiene",
)  # fmt: skip
OF_THE_GROUP = STAFF[4:]
"""Who is asked first about what the hospitals share: others hold the same permissions, over nothing."""
SERVICES = (appointments, telesecretariat, cooperation)
NOT_ASKED = frozenset(
    {
        "GET /api/stream",  # never ends
        "DELETE /auth/session",  # would leave everybody after it signed out
        "DELETE /auth/sessions",
    }
)


@dataclass
class Caller:
    """One who asks, with what his browser holds."""

    name: str
    cookies: dict[str, str]
    headers: dict[str, str]


@dataclass
class Seen:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


async def ask_everything(of: str, desk: Desk) -> dict[str, Seen]:
    """Every operation of one service (or of the gateway itself), for each kind of input and caller. Returns what
    each caller was answered, by login; fails on the first document that is not kept to."""
    async with httpx.AsyncClient(base_url=desk.house.url, trust_env=False, verify=NO_TLS) as client:
        schema = schemathesis.openapi.from_dict((await client.get("/openapi.json")).json())
    nobody, staff = await _callers(desk)
    seen: dict[str, Seen] = {caller.name: Seen() for caller in (nobody, *staff.values())}
    asked = {f"{each.method} {each.template}": each.asked for each in operations_of_service(of)}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        name = f"{operation.method.upper()} {operation.path}"
        if name in NOT_ASKED or name not in asked:
            continue
        for caller in (nobody, *(staff[login] for login in entitled(asked[name], of))):
            for mode in _kinds_for(caller, asked[name]):
                await asyncio.to_thread(_try, operation, mode, desk.house.url, caller, seen[caller.name])
    faults = [fault for each in seen.values() for fault in each.faults]
    assert not faults, "\n".join(faults)
    return seen


def _kinds_for(caller: Caller, asked: tuple[str, ...]) -> tuple[GenerationMode, ...]:
    """Who is turned away at the door need not be it twice: nothing of his body is read."""
    if caller.name == "nobody" and (asked[0] == "self" or asked[0] not in permissions.UNTABLED):
        return (GenerationMode.POSITIVE,)
    return (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def operations_of_service(of: str) -> list[Operation]:
    """All that the committed OpenAPI of one service declares."""
    files = documents(GatewaySettings().openapi_dir)
    return [each for service, document in files.items() if service == of for each in operations_of(service, document)]


def entitled(asked: tuple[str, ...], of: str) -> list[str]:
    """The login of one of the staff who may, if any; of whoever is signed in where that is enough."""
    if asked[0] in permissions.UNTABLED:
        return ["secretaire1"] if asked[0] == "self" else []
    roles = {account.login: account.role for account in ACCOUNTS}
    first = OF_THE_GROUP if of == "cooperation" else STAFF
    logins = [login for login in (*first, *STAFF) if permissions.allowed(permissions.grants_of(roles[login]), asked)]
    return logins[:1]


async def platform(
    of: str, running_service: Callable[..., Running], opened: Callable[..., Awaitable[Desk]]
) -> tuple[Desk, Running | None]:
    """The gateway with its committed routes, and that service; for appointments a centre with a site and a reason, for
    cooperation its demonstration."""
    port = free_port()
    door = f"http://127.0.0.1:{port}"
    services = [
        running_service(each, jwks=None, jwks_url=f"{door}/.well-known/jwks.json", public_url=door)
        for each in SERVICES
        if each.name == of
    ]
    if of == "appointments":
        async with world(services[0].database_url) as w:
            await w.organisation(id=CENTRE)
            await w.site(CENTRE, "autun")
            await w.reason(CENTRE)
    if of == "cooperation":
        await _demonstration(services[0])
    desk = await opened(
        address=f"127.0.0.1:{port}",
        public_url=door,
        openapi_dir=GatewaySettings().openapi_dir,
        upstreams={each.service.name: each.url for each in services},
    )
    return desk, services[0] if services else None


async def _demonstration(running: Running) -> None:
    database = Database(running.settings)
    await database.open()
    try:
        await sterilisation.load(DemoContext(database, running.settings))
    finally:
        await database.close()


async def _callers(desk: Desk) -> tuple[Caller, dict[str, Caller]]:
    staff: dict[str, Caller] = {}
    for login in STAFF:
        async with desk.browser(login) as client:
            staff[login] = _as(login, client)
    async with desk.browser() as client:
        return _as("nobody", client), staff


def _as(name: str, client: httpx.AsyncClient) -> Caller:
    return Caller(name, dict(client.cookies), {"X-CSRF-Token": client.headers["X-CSRF-Token"]})


def _try(
    operation: "schemathesis.APIOperation[Any, Any, Any, Any]",
    mode: GenerationMode,
    url: str,
    caller: Caller,
    seen: Seen,
) -> None:
    @seed(71)
    @LIMITS
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: "schemathesis.Case[Any]") -> None:
        headers = {**caller.headers, "Origin": url}
        answer = case.call(base_url=url, headers=headers, cookies=caller.cookies, timeout=20, allow_redirects=False)
        seen.statuses[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as wrong:
            reasons = wrong.exceptions if isinstance(wrong, FailureGroup) else [wrong]
            told = "; ".join(f"{each.title}: {each.message[:200]!r}" for each in reasons if isinstance(each, Failure))
            body = answer.text[:300]
            seen.faults.append(
                f"{caller.name} {operation.method.upper()} {operation.path} {answer.status_code}: {told}\n  {body}"
            )

    try:
        run()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "an operation without any parameter cannot be asked wrongly"
