"""Scenario 10, delegation: a protocol ends on 31 December 2026; no time is offered after it, 5 visits are flagged."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.harness import people
from tests.harness.clinic import PARIS, Clinic, Json
from tests.harness.driven_clock import driven

pytestmark = pytest.mark.gated
MANAGED_FROM = "2026-01-01"
AFTER = (date(2027, 1, 4), date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 7), date(2027, 1, 8))


def _nine(day: date, hour: int = 9) -> str:
    return datetime(day.year, day.month, day.day, hour, tzinfo=PARIS).isoformat()


async def _starts(clinic: Clinic, first: date, last: date) -> list[str]:
    window = {"from": _nine(first, 0), "to": _nine(last, 0)}
    answer = await clinic.get("slots", reason="diabete", by=people.visitor(), limit=200, **window)
    assert answer.status_code == 200, answer.text
    return [item["start"] for item in answer.json()["items"]]


async def test_what_a_protocol_no_longer_covers_is_flagged_and_never_deleted(
    clinic: Clinic, admin_of: Callable[[str], str]
) -> None:
    manager = people.manager(clinic.org)
    nurse = await clinic.doctor(profession="nurse")
    async with driven(admin_of(clinic.running.database_url)) as clock:
        await clock.to(datetime(2026, 12, 14, 9, tzinfo=PARIS))
        protocol: Json = {
            "title": "Suivi du diabète de type 2",
            "reference": "PC-071-2026",
            "first_day": MANAGED_FROM,
            "physicians": [{"practitioner_id": str(clinic.ada)}, {"practitioner_id": str(clinic.bob)}],
            "nurses": [{"practitioner_id": str(nurse), "trained_on": "2026-03-02"}],
        }
        signed = await clinic.post("protocols", protocol, by=manager)
        assert signed.status_code == 201, signed.text
        reason = {
            "code": "diabete",
            "label": "Suivi du diabète",
            "public_label": "Suivi infirmier",
            "professions": ["nurse"],
            "modes": [{"mode": "on_site", "minutes": 20}],
            "bookable_by": ["public", "secretariat"],
            "protocol_id": signed.json()["id"],
        }
        made = await clinic.post("visit-reasons", reason, by=manager)
        assert made.status_code == 201, made.text
        wish = {"reason_id": made.json()["id"], "practitioner_id": str(nurse)}

        visits = [await clinic.book("09:00", **wish, start=_nine(day)) for day in (date(2026, 12, 30), *AFTER)]
        assert {visit["delegating_physician_id"] for visit in visits} <= {str(clinic.ada), str(clinic.bob)}
        assert {visit["protocol_id"] for visit in visits} == {signed.json()["id"]}

        shortened = await _sign(
            clinic, signed.json()["id"], protocol | {"last_day": "2026-12-31"}, signed.headers["etag"]
        )
        assert shortened["members"]["conflicts"] == 5
        drafts = (await clinic.get("campaigns", by=manager)).json()["items"]
        assert [draft["cause"] for draft in drafts] == ["protocol"]

        assert len(await _starts(clinic, date(2026, 12, 31), date(2027, 1, 15))) > 0
        assert await _starts(clinic, date(2027, 1, 1), date(2027, 1, 15)) == []
        flagged = (await clinic.get("appointments", conflict="true", practitioner=str(nurse))).json()["items"]
        assert [(v["conflict"], v["protocol_until"], v["status"]) for v in flagged] == [
            ("protocol", "2026-12-31", "booked")
        ] * 5
        assert [datetime.fromisoformat(v["start"]).date() for v in flagged] == list(AFTER)
        late = await clinic.post("appointments", clinic.wish("10:00", **wish) | {"start": _nine(AFTER[0], 10)})
        assert (late.status_code, late.json()["code"], late.json()["last_day"]) == (
            422,
            "PROTOCOL_NOT_VALID",
            "2026-12-31",
        )

        renewed = await _sign(clinic, signed.json()["id"], protocol | {"last_day": "2027-01-06"}, '"2"')
        assert renewed["members"]["conflicts"] == 2
        kept = (await clinic.get(f"appointments/{visits[1]['id']}")).json()
        assert (kept["conflict"], kept["protocol_until"]) == (None, None)
        assert await _starts(clinic, AFTER[2], AFTER[2] + timedelta(days=1))


async def _sign(clinic: Clinic, protocol_id: str, body: Json, version: str) -> dict[str, dict[str, int]]:
    answer = await clinic.put(f"protocols/{protocol_id}", body, by=people.manager(clinic.org), if_match=version)
    assert answer.status_code == 200, answer.text
    signed: dict[str, dict[str, int]] = answer.json()
    return signed
