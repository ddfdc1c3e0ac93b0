"""One booking by the product, written down statement by statement, and made into a script that pgbench can repeat.

So the anchor runs the very SQL of the product in its order, whatever becomes of it: what the recorded booking was about
is replaced by variables, ids that the product made anew are made anew, everything else is sent as it was.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import asyncpg

from appointments.appointments import service as appointments
from appointments.appointments.schemas import BookIn, ChangedOut
from bench import ids
from bench.times import Times, Visit
from contracts.base import Event
from maillage.database import Answer, Database, Key, Tx
from maillage.principal import Principal
from maillage.settings import ServiceSettings

_PARAMETER = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Statement:
    """As it went to the base; `types` are those of its parameters, as PostgreSQL has settled them."""

    sql: str
    args: Sequence[object]
    types: Sequence[str]


@dataclass(frozen=True)
class Script:
    """What pgbench runs, and the values it is given on its command line."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)


class _Recorded(Database):
    """The kit's database, whose connections say what they were asked."""

    async def open(self) -> None:
        await super().open()
        self.said: list[tuple[str, Sequence[object]]] = []
        assert self._pool is not None
        async with self._pool.acquire() as connection:
            connection.add_query_logger(lambda query: self.said.append((query.query, query.args)))


def body(visit: Visit, site: int) -> dict[str, str]:
    """A booking by phone, as the wire has it."""
    return {
        "reason_id": str(ids.REASON),
        "site_id": str(ids.uid(ids.SITE, site)),
        "practitioner_id": str(ids.uid(ids.DOCTOR, visit.doctor)),
        "patient_id": str(ids.uid(ids.PATIENT, visit.patient)),
        "start": visit.at.isoformat(),
        "call_id": str(ids.uid(ids.CALL, visit.number)),
    }


async def record(settings: ServiceSettings, times: Times, principal: Principal, *, audited: bool = True) -> Script:
    """Books a time through the product and makes the script. `audited=False`: without rows of the audit, for R14."""
    database = _Recorded(settings)
    await database.open()
    made: list[tuple[ChangedOut, datetime]] = []

    async def book(tx: Tx, asked: BookIn) -> ChangedOut:
        made.append((await appointments.book(tx, asked), tx.now))
        if not audited:
            tx._audits.clear()
        return made[-1][0]

    async def once(visit: Visit) -> None:
        wish = BookIn.model_validate_json(json.dumps(body(visit, times.site(visit.doctor))))
        await database.answer(principal, Key(principal.sub, _key(visit), b"\x00" * 32), _rendered, book, wish)

    try:
        warm, visit = (times.visit(number) for number in times.span(2))
        await once(warm)  # what the driver asks about types comes once per connection
        database.said.clear()
        await once(visit)
    finally:
        await database.close()
    statements = [await _typed(settings.postgres_url, sql, args) for sql, args in database.said]
    return script(statements, times.script(), _known(visit, times, made[-1][0].id, made[-1][1]))


def _key(visit: Visit) -> str:
    return f"recorded-{visit.number}"


def _rendered(result: ChangedOut) -> Answer:
    return Answer(201, result.model_dump_json().encode(), f'"{result.version}"')


async def _typed(url: str, sql: str, args: Sequence[object]) -> Statement:
    if not args:
        return Statement(sql, (), ())
    connection = await asyncpg.connect(url)
    try:
        prepared = await connection.prepare(sql)
        return Statement(sql, args, [each.name for each in prepared.get_parameters()])
    finally:
        await connection.close()


Known = Mapping[object, str]


def _known(visit: Visit, times: Times, appointment: UUID, now: datetime) -> Known:
    """What the recorded booking was about -> how pgbench says it for each of its own."""

    def uid(variable: str) -> str:
        return f"('{ids.HEAD}' || (:{variable})::text)::uuid"

    start, end = datetime.fromtimestamp(visit.start, now.tzinfo), visit.start + 600
    local_day = "(to_timestamp((:t)::float8) AT TIME ZONE 'Europe/Paris')::date"
    return {
        appointment: uid("appointment"),
        ids.uid(ids.DOCTOR, visit.doctor): uid("doctor"),
        ids.uid(ids.SCHEDULE, visit.doctor): uid("schedule"),
        ids.uid(ids.SITE, times.site(visit.doctor)): uid("site"),
        ids.uid(ids.PATIENT, visit.patient): uid("patient"),
        ids.uid(ids.CALL, visit.number): uid("call"),
        start: "to_timestamp((:t)::float8)",
        datetime.fromtimestamp(end, now.tzinfo): "to_timestamp((:e)::float8)",
        now: "now()",
        _key(visit): "('bench-' || (:n)::text)",
        date: local_day,
    }


def script(statements: Sequence[Statement], head: str, known: Known) -> Script:
    """The statements in pgbench's words."""
    lines: list[str] = [head]
    values: dict[str, str] = {}
    for place, statement in enumerate(statements):
        if not statement.args:
            lines.append(_plain(statement.sql))
            continue
        said = []
        for number, (value, kind) in enumerate(zip(statement.args, statement.types, strict=True), 1):
            name = f"s{place}_{number}"
            said.append(_said(value, kind, name, values, known))
        sql = _PARAMETER.sub(lambda match, said=said: said[int(match[1]) - 1], statement.sql)  # type: ignore[misc]
        lines.append(sql.strip().rstrip(";") + ";")
    return Script("\n".join(lines) + "\n", values)


def _plain(sql: str) -> str:
    """Several statements that the product sends as one message: one message too."""
    parts = [part.strip() for part in sql.split(";") if part.strip()]
    text = "\n".join(f"{part};" for part in parts)
    return text if len(parts) == 1 else f"\\startpipeline\n{text}\n\\endpipeline"


def _said(value: object, kind: str, name: str, values: dict[str, str], known: Known) -> str:
    """One parameter: an expression of the booking, or a variable that holds the recorded value."""
    if value is None:
        return f"NULL::{kind}"
    if isinstance(value, asyncpg.Range):
        lower, upper = (_said(bound, "timestamptz", "", values, known) for bound in (value.lower, value.upper))
        return f"tstzrange({lower}, {upper})"
    if isinstance(value, list | tuple):
        if any(isinstance(each, UUID) for each in value):
            of = kind.removesuffix("[]")
            return f"ARRAY[{', '.join(_said(each, of, '', values, known) for each in value)}]::{kind}"
        values[name] = _array(value)
        return f"(:{name})::{kind}"
    if type(value) is date:
        return known[date]
    if isinstance(value, str | UUID | datetime) and value in known:
        return known[value]
    if isinstance(value, UUID):
        return _id(value)
    values[name] = _text(value)
    return f"(:{name})::{kind}"


def _id(value: UUID) -> str:
    """An id of the house stays; any other was made for this booking, and so it is for the next."""
    return f"'{value}'::uuid" if str(value).startswith(ids.HEAD) else "uuidv7()"


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, dict | Event):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _array(values: Sequence[object]) -> str:
    """The literal of an array of plain values."""
    quoted = ['"' + str(each).replace("\\", "\\\\").replace('"', '\\"') + '"' for each in values]
    return "{" + ",".join(quoted) + "}"
