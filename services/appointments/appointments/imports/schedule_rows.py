"""Rows of schedules: each is one opening rule; those of one practitioner at one site are the whole of an agenda."""

from dataclasses import dataclass, field
from uuid import UUID

from asyncpg import Record

from appointments.directory import queries as sites_sql
from appointments.directory.practitioners import queries as practitioners_sql
from appointments.imports import queries
from appointments.imports.domain import Row
from appointments.imports.work import Work
from appointments.reasons import queries as reasons_sql
from appointments.schedules import service as schedules
from appointments.schedules.schemas import Rule, RulesIn, ScheduleIn
from maillage.refusals import Refusal

MAX_RULES = 100


@dataclass(slots=True)
class Known:
    """What a row may name, by the name it uses."""

    practitioners: dict[str, Record]
    sites: dict[str, Record]
    reasons: dict[str, Record]
    rooms: dict[tuple[UUID, str], list[UUID]]


@dataclass(slots=True)
class Agenda:
    """The rows of one practitioner at one site."""

    rules: list[Rule] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


async def import_schedules(work: Work) -> None:
    """Replaces the whole set of rules of each agenda that the file names; agendas that it does not name stay."""
    tx, organisation_id = work.tx, work.organisation_id
    known = Known(
        await practitioners_sql.by_rpps(tx, organisation_id),
        await sites_sql.sites_by_code(tx, organisation_id),
        await reasons_sql.by_code(tx, organisation_id),
        await queries.rooms(tx, organisation_id),
    )
    agendas: dict[tuple[UUID, UUID], Agenda] = {}
    async for row in work.rows():
        _gather(work, row, known, agendas)
    stored = await queries.schedules(tx, organisation_id)
    faulty = set(work.per_line)
    for (practitioner_id, site_id), agenda in agendas.items():
        if len(agenda.rules) > MAX_RULES:
            work.fault(agenda.lines[MAX_RULES], None, "TOO_MANY_RULES")
        elif not faulty & set(agenda.lines):
            given = ScheduleIn(practitioner_id=practitioner_id, site_id=site_id)
            await _write(work, given, stored.get((practitioner_id, site_id)), agenda)


def _gather(work: Work, row: Row, known: Known, agendas: dict[tuple[UUID, UUID], Agenda]) -> None:
    values = work.read(row)
    who = known.practitioners.get("".join(str(values.pop("rpps", "")).split()))
    where = known.sites.get(str(values.pop("site", "")))
    for column, found in (("rpps", who), ("site", where)):
        if found is None:
            work.fault(row.line, column, "REFERENCE_UNKNOWN")
    if who is None or where is None:
        return
    agenda = agendas.setdefault((who["id"], where["id"]), Agenda())
    agenda.lines.append(row.line)
    _name_reasons(work, row, known, values)
    _name_room(work, row, known.rooms, where["id"], values)
    rrule = _rrule(work, row, values)
    rule = work.build(Rule, row, values | {"rrule": rrule}, None)
    if rule is not None:
        agenda.rules.append(rule)


def _name_reasons(work: Work, row: Row, known: Known, values: dict[str, object]) -> None:
    codes = values.pop("reasons", [])
    found = [known.reasons.get(str(code)) for code in codes] if isinstance(codes, list) else []
    if None in found:
        work.fault(row.line, "reasons", "REFERENCE_UNKNOWN")
    values["reason_ids"] = [reason["id"] for reason in found if reason is not None]


def _name_room(
    work: Work, row: Row, rooms: dict[tuple[UUID, str], list[UUID]], site_id: UUID, values: dict[str, object]
) -> None:
    name = values.pop("room", None)
    if name is None:
        return
    named = rooms.get((site_id, str(name)), [])
    if len(named) == 1:
        values["room_id"] = named[0]
    else:
        work.fault(row.line, "room", "REFERENCE_AMBIGUOUS" if named else "REFERENCE_UNKNOWN")


def _rrule(work: Work, row: Row, values: dict[str, object]) -> str | None:
    """The recurrence that the weekdays mean; none for a single day. UNTIL is a local day, itself included."""
    days, every, until = values.pop("weekdays", None), values.pop("every_weeks", None), values.pop("until", None)
    if not isinstance(days, list):
        return None
    rule = f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    if every is not None:
        rule += f";INTERVAL={str(every)[:6]}"
    if until is not None:
        rule += f";UNTIL={str(until).replace('-', '')[:12]}"
    return rule


async def _write(work: Work, given: ScheduleIn, schedule_id: UUID | None, agenda: Agenda) -> None:
    """The same use cases as the schedule editor; what they refuse is a fault of the line that they point to."""
    try:
        if schedule_id is None:
            stored = await schedules.create(work.tx, given)
        else:
            stored = await schedules.show(work.tx, schedule_id)
        if schedule_id is not None and _same(stored.rules, agenda.rules):
            work.unchanged += 1
            return
        await schedules.put_rules(work.tx, stored.id, RulesIn(rules=tuple(agenda.rules)))
    except Refusal as refusal:
        place = refusal.errors[0].pointer.split("/") if refusal.errors else []
        number = int(place[2]) if len(place) > 2 and place[1] == "rules" else 0
        column = {"rrule": "weekdays", "reason_ids": "reasons", "room_id": "room"}.get(place[-1]) if place else None
        work.refused(agenda.lines[number], column, refusal)
        return
    work.created += schedule_id is None
    work.changed += schedule_id is not None


def _same(stored: list[Rule], wanted: list[Rule]) -> bool:
    return sorted(map(_plain, stored)) == sorted(map(_plain, wanted))


def _plain(rule: Rule) -> str:
    """A rule without its id and without the order of its sets."""
    sets = {name: tuple(sorted(set(getattr(rule, name)))) for name in ("reason_ids", "modes", "audiences")}
    return rule.model_copy(update={"id": None, **sets}).model_dump_json()
