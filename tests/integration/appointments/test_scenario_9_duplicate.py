"""Scenario 9, duplicate: "Le Goff" and "LEGOFF", refused with the candidate, merged later with all that speaks of them
and the calls in telesecretariat, undone next day: all back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from maillage import clock
from maillage.testing import Running, soon
from telesecretariat.main import service as telesecretariat
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven
from tests.harness.floor import SETTINGS, Floor

Json = dict[str, Any]

pytestmark = pytest.mark.gated


async def person(clinic: Clinic, family: str, given: str, born: str, **fields: Any) -> Any:
    body = {"birth_family_name": family, "birth_given_names": given, "birth_date": born, **fields}
    return await clinic.post("patients", body, by=clinic.front)


async def relate(clinic: Clinic, child: Json, parent: Json) -> None:
    relation = {"other_patient_id": parent["id"], "kind": "parent"}
    async with clinic.running.client(clinic.front) as client:
        answer = await client.put(f"/v1/patients/{child['id']}/relations", json={"relations": [relation]})
        assert answer.status_code == 200, answer.text


async def whose(clinic: Clinic, floor: Floor, who: Json, children: list[Json], calls: list[Any]) -> dict[str, int]:
    """How much the two services say of a person."""
    visits = (await clinic.get("appointments", patient=who["id"])).json()["items"]
    waiting = (await clinic.get("waiting-entries", patient=who["id"])).json()["items"]
    files = [(await clinic.get(f"patients/{child['id']}", by=clinic.front)).json() for child in children]
    async with floor.http(floor.supervisor()) as desk:
        answers = [(await desk.get(f"/v1/calls/{call}")).json() for call in calls]
    return {
        "visits": len(visits),
        "waiting": len(waiting),
        "relations": sum(each["other_patient_id"] == who["id"] for file in files for each in file["relations"]),
        "calls": sum(answer["patient_id"] == who["id"] for answer in answers),
    }


async def test_one_person_with_two_files(
    clinic: Clinic, running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    desks: Any = running_service(telesecretariat, **SETTINGS)
    own = admin_of(clinic.running.database_url), admin_of(desks.database_url)
    async with await Floor.on(own[1], desks, clinic.org) as floor, driven(*own) as time:
        await time.to(datetime.combine(clinic.day(1), datetime.min.time(), PARIS) + timedelta(hours=9))
        clinic.running.work()
        desks.work()

        # Monday, at the desk of Autun: the second spelling is refused with the first as candidate …
        known = (await person(clinic, "Le Goff", "Éloïse", "1990-05-04")).json()
        refused = await person(clinic, "LEGOFF", "Eloise", "1990-05-04")
        assert (refused.status_code, refused.json()["code"]) == (409, "DUPLICATE_SUSPECTED")
        assert [each["id"] for each in refused.json()["candidates"]] == [known["id"]]
        # … and made all the same, as of another person, who books, waits, has two children, and calls.
        again = (await person(clinic, "LEGOFF", "Eloise", "1990-05-04", not_same_as=[known["id"]])).json()
        for hour in ("09:00", "10:00", "11:00"):
            await clinic.book(hour, 4, patient_id=again["id"])
        wish = {"patient_id": again["id"], "reason_id": str(clinic.reason), "from_date": clinic.day(2).isoformat(),
                "to_date": clinic.day(30).isoformat()}  # fmt: skip
        waits = await clinic.post("waiting-entries", wish)
        assert waits.status_code == 201, waits.text
        children = [(await person(clinic, "Le Goff", name, "2019-04-02")).json() for name in ("Anna", "Jean")]
        for child in children:
            await relate(clinic, child, again)
        at = clock.now()
        calls = [await floor.call(state="completed", patient_id=again["id"], ended_at=at) for _ in range(2)]
        calls.append(await floor.call(state="completed", patient_id=known["id"], ended_at=at))
        apart = {"visits": 3, "waiting": 1, "relations": 2, "calls": 2}
        alone = {"visits": 0, "waiting": 0, "relations": 0, "calls": 1}
        assert await whose(clinic, floor, again, children, calls) == apart
        assert await whose(clinic, floor, known, children, calls) == alone

        # A day later the two are seen to be one.
        await time.forward(timedelta(days=1))
        body = {"from_id": again["id"], "into_id": known["id"], "reason": "même personne, vue au guichet"}
        merged = await clinic.post("merges", body, by=clinic.front)
        assert merged.status_code == 201, merged.text
        together = {"visits": 3, "waiting": 1, "relations": 2, "calls": 3}

        async def all_follow() -> bool:
            return await whose(clinic, floor, known, children, calls) == together

        await soon(all_follow)
        assert (await clinic.get(f"patients/{again['id']}", by=clinic.front)).status_code == 404
        called = await clinic.get("patients", by=clinic.front, q="legoff eloise")
        assert [each["id"] for each in called.json()["items"]] == [known["id"]]

        # The next day they are two after all: all back.
        await time.forward(timedelta(days=1))
        undone = await clinic.post(f"merges/{merged.json()['id']}/undo", by=clinic.front)
        assert (undone.status_code, undone.json()["stayed"]) == (200, {})

        async def all_back() -> bool:
            return await whose(clinic, floor, again, children, calls) == apart

        await soon(all_back)
        assert await whose(clinic, floor, known, children, calls) == alone
