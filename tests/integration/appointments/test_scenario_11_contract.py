"""Scenario 11: hours against contract, and the law that a manager cannot overlook.

80 % (28 h): a week of 30 h clinic and 1 h 30 of meetings is 31 h 30, +3 h 30; a Tuesday 8:00-20:30 (12 h 30) is red.
Adding Saturday 8:00-12:00 after the Friday home round 20:00-1:00 is refused (11 h rest). Duty hours stand beside.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx
import pytest

from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness import people
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven

Json = dict[str, Any]

pytestmark = pytest.mark.gated
MONDAY, TUESDAY, FRIDAY, SATURDAY = "2026-12-07", "2026-12-15", "2026-12-18", "2026-12-19"


def opening(days: str, start: str, end: str, kind: str = "clinic") -> Json:
    """A weekly window from that Monday on."""
    rrule = f"FREQ=WEEKLY;BYDAY={days}"
    return {"kind": kind, "first_date": MONDAY, "rrule": rrule, "local_start": start, "local_end": end}


WEEK = [
    opening("MO", "08:00", "12:00"),
    opening("MO", "13:00", "16:00"),
    opening("MO", "16:00", "17:30", "admin"),
    opening("TU", "08:00", "12:00"),
    opening("TU", "14:00", "18:00"),
    opening("WE,TH", "08:00", "12:00"),
    opening("WE,TH", "13:00", "16:30"),
]
"""30 h of clinic and a meeting."""


class Office:
    """What a manager does with the agenda of one doctor."""

    def __init__(self, clinic: Clinic, schedule: str, manager: Principal) -> None:
        self.clinic, self.schedule, self.manager = clinic, schedule, manager

    async def exception(self, body: Json, by: Principal | None = None) -> httpx.Response:
        """One day that differs."""
        return await self.clinic.post(f"schedules/{self.schedule}/exceptions", body, by=by or self.manager)

    async def week(self, first: str, last: str) -> Json:
        """The row of one week in the report."""
        answer = await self.clinic.get(
            "reports/contract-hours", by=self.manager, **{"from": first, "to": last, "group": "week"}
        )
        assert answer.status_code == 200, answer.text
        (row,) = [each for each in answer.json()["rows"] if each["contract_minutes"] is not None]
        found: Json = row
        return found


def law(answer: httpx.Response) -> tuple[int, str, str, str, int, int]:
    body = answer.json()
    return (
        answer.status_code, body["code"], body["rule"], body["local_date"], body["value"], body["limit"]
    )  # fmt: skip


async def test_hours_against_a_contract_of_eighty_percent(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    person = new_id()
    manager, herself = people.manager(clinic.org), people.practitioner(clinic.org, person)
    doctor = await clinic.w.practitioner(clinic.org, person_id=person)
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(datetime(2026, 12, 4, 10, tzinfo=PARIS))
        contract: Json = {"practitioner_id": str(doctor), "weekly_minutes": 28 * 60, "first_day": "2026-01-01"}
        assert (await clinic.post("contracts", contract, by=manager)).status_code == 201
        wish: Json = {"practitioner_id": str(doctor), "site_id": str(clinic.site)}
        made = await clinic.post("schedules", wish, by=manager)
        office = Office(clinic, made.json()["id"], manager)
        rules = await clinic.put(f"schedules/{office.schedule}/rules", {"rules": WEEK}, by=manager)
        assert rules.status_code == 200, rules.text

        row = await office.week(MONDAY, "2026-12-13")
        assert (row["clinic_minutes"], row["admin_minutes"], row["planned_minutes"]) == (30 * 60, 90, 31 * 60 + 30)
        assert (row["contract_minutes"], row["difference_minutes"]) == (28 * 60, 3 * 60 + 30)
        assert (row["duty_minutes"], row["breaches"]) == (None, [])

        await a_tuesday_until_half_past_eight_is_red(office, herself)
        await no_saturday_morning_after_a_friday_night(office)


async def a_tuesday_until_half_past_eight_is_red(office: Office, herself: Principal) -> None:
    """Refused; the doctor cannot allow it to herself; a manager can, and it stays red as long as the hours stand."""
    rules = (await office.clinic.get(f"schedules/{office.schedule}", by=office.manager)).json()["rules"]
    afternoon = next(each["id"] for each in rules if each["local_start"] == "14:00")
    late: Json = {
        "local_date": TUESDAY,
        "action": "change",
        "rule_id": afternoon,
        "opening": {"local_start": "16:30", "local_end": "20:30"},
    }
    assert law(await office.exception(late)) == (409, "WORKING_TIME_RULE", "AMPLITUDE", TUESDAY, 750, 720)
    allowed = late | {"override_reason": "Réunion publique du soir"}
    assert (await office.exception(allowed, herself)).status_code == 403
    assert (await office.exception(late | {"override_reason": " "})).status_code == 422
    added = await office.exception(allowed)
    assert added.status_code == 201, added.text

    red = {"rule": "AMPLITUDE", "local_date": TUESDAY, "value": 750, "limit": 720, "overridden": True}
    row = await office.week("2026-12-14", "2026-12-20")
    assert row["breaches"] == [red | {"reason": "Réunion publique du soir"}]
    taken_back = await office.clinic.delete(
        f"schedules/{office.schedule}/exceptions/{added.json()['id']}", by=office.manager
    )
    assert taken_back.status_code == 204
    assert (await office.week("2026-12-14", "2026-12-20"))["breaches"] == []


async def no_saturday_morning_after_a_friday_night(office: Office) -> None:
    """The round ends at one in the morning: eleven hours later it is noon."""
    night: Json = {"kind": "home_round", "local_start": "20:00", "local_end": "01:00", "modes": ["home"]}
    round_ = await office.exception({"local_date": FRIDAY, "action": "add", "opening": night})
    assert round_.status_code == 201, round_.text
    morning: Json = {"local_date": SATURDAY, "action": "add", "opening": {"local_start": "08:00", "local_end": "12:00"}}
    refused = await office.exception(morning)
    assert law(refused) == (409, "WORKING_TIME_RULE", "REST", SATURDAY, 7 * 60, 11 * 60)
    assert refused.json()["detail"].startswith("Moins de 11 h de repos avant cette journée.")
    after_noon = morning | {"opening": {"local_start": "12:00", "local_end": "14:00"}}
    assert (await office.exception(after_noon)).status_code == 201
    row = await office.week("2026-12-14", "2026-12-20")
    assert (row["home_round_minutes"], row["breaches"]) == (5 * 60, [])
