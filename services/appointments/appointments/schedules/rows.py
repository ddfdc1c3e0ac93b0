"""Between the wire, the rules of the domain and the rows."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from appointments.schedules import schemas
from appointments.schedules.domain import Opening, OpeningException, OpeningRule, Release
from appointments.schedules.errors import RruleUnsupported
from appointments.schedules.recurrence import Recurrence, UnsupportedRule, parse


def opening(given: schemas.Opening) -> Opening:
    """The opening of the domain."""
    return Opening(
        kind=given.kind,
        local_start=given.local_start,
        local_end=given.local_end,
        reason_ids=tuple(sorted(set(given.reason_ids))),
        modes=tuple(sorted(set(given.modes))),
        room_id=given.room_id,
        step_minutes=given.step_minutes,
        audiences=tuple(sorted(set(given.audiences))),
        releases=tuple(Release(r.audience, r.days_before, r.local_time) for r in given.releases),
    )


def rules(given: Iterable[schemas.Rule], zone: ZoneInfo) -> list[OpeningRule]:
    """The rules of the domain; each has its id by now. Raises `RRULE_UNSUPPORTED` with the place of the rule."""
    return [
        OpeningRule(
            cast(UUID, rule.id), opening(rule), rule.first_date, _recurrence(rule.rrule, place, zone), rule.on_holidays
        )
        for place, rule in enumerate(given)
    ]


def _recurrence(text: str | None, place: int, zone: ZoneInfo) -> Recurrence | None:
    try:
        return None if text is None else parse(text, zone)
    except UnsupportedRule as wrong:
        raise RruleUnsupported(pointer=f"/rules/{place}/rrule") from wrong


def rule_of(row: asyncpg.Record) -> schemas.Rule:
    """A stored rule as it was sent."""
    return schemas.Rule.model_validate({**row, "releases": json.loads(row["releases"])})


def exception_of(row: asyncpg.Record) -> schemas.ExceptionOut:
    """A stored exception as it was sent."""
    fields = json.loads(row["fields"])
    return schemas.ExceptionOut(
        id=row["id"],
        local_date=row["local_date"],
        action=row["action"],
        rule_id=row["rule_id"],
        opening=schemas.Opening.model_validate(fields) if fields else None,
        source=row["source"],
    )


def exceptions(given: Iterable[schemas.ExceptionOut]) -> list[OpeningException]:
    """The exceptions of the domain."""
    return [
        OpeningException(
            item.id, item.local_date, item.action, item.rule_id, opening(item.opening) if item.opening else None
        )
        for item in given
    ]


def rule_values(
    rule: schemas.Rule, organisation_id: UUID, schedule_id: UUID
) -> tuple[
    UUID | None,
    UUID,
    UUID,
    str,
    date,
    str | None,
    time,
    time,
    list[UUID],
    list[str],
    UUID | None,
    int | None,
    list[str],
    str,
    bool,
]:
    """The columns of a rule, in the order of KEEP_RULE."""
    releases = json.dumps([release.model_dump(mode="json") for release in rule.releases])
    return (
        rule.id, organisation_id, schedule_id, rule.kind, rule.first_date, rule.rrule, rule.local_start, rule.local_end,
        list(rule.reason_ids), list(rule.modes), rule.room_id, rule.step_minutes, list(rule.audiences), releases,
        rule.on_holidays,
    )  # fmt: skip


def identified(
    given: Sequence[schemas.Rule], stored: Iterable[schemas.Rule], new_id: Callable[[], UUID]
) -> list[schemas.Rule]:
    """Every rule with an id: the one it names if the schedule has it, that of an equal stored rule, else a new one.

    So a set that is sent again (by an import, which knows no ids) changes nothing, and its windows keep their rows.
    """
    by_content: dict[str, list[UUID]] = {}
    for rule in stored:
        by_content.setdefault(_content(rule), []).append(cast(UUID, rule.id))
    known = {rule_id for ids in by_content.values() for rule_id in ids}
    named = {rule.id for rule in given if rule.id in known}
    result: list[schemas.Rule] = []
    used: set[UUID | None] = set()
    for rule in given:
        equal = [i for i in by_content.get(_content(rule), ()) if i not in used and i not in named]
        chosen = rule.id if rule.id in named and rule.id not in used else equal[0] if equal else new_id()
        used.add(chosen)
        result.append(rule.model_copy(update={"id": chosen}))
    return result


def _content(rule: schemas.Rule) -> str:
    return rule.model_dump_json(exclude={"id"})
