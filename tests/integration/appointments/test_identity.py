"""Identity checks over HTTP: documents, the INS register, doubt; who may, and what stays in the sheet."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest_asyncio

from appointments.main import service
from maillage.ids import new_id
from maillage.testing import Logs, Running
from tests.harness import people
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic

Json = dict[str, Any]


@pytest_asyncio.fixture
async def connected(running_service: Callable[..., Running]) -> AsyncIterator[Clinic]:
    """A centre with the register that invents."""
    running = running_service(service, pool_wait_s=15, insi="development")
    async with world(running.database_url) as w, Clinic(running, w) as made:
        yield await made.build()


async def check(clinic: Clinic, who: UUID, act: str, **fields: Any) -> Any:
    caller = {name: fields.pop(name) for name in ("by", "key", "if_match") if name in fields}
    return await clinic.post(f"patients/{who}/identity", {"act": act, **fields}, **{"by": clinic.front, **caller})


async def sheet(clinic: Clinic, who: UUID, **params: Any) -> Json:
    answer = await clinic.get(f"patients/{who}/identity", by=clinic.front, **params)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def told(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code") or answer.json()["identity_status"]


async def test_from_said_to_qualified_and_back_to_doubtful(connected: Clinic, log_capture: Logs) -> None:
    clinic, who = connected, await connected.w.patient(connected.org, "Le Goff")
    assert told(await check(clinic, who, "document", document="passport")) == (200, "VALI")
    again = await check(clinic, who, "document", document="passport")
    assert told(again) == (409, "WRONG_STATE")
    assert (again.json()["state"], again.json()["allowed"]) == ("VALI", ["ins", "doubt"])
    stale = await check(clinic, who, "ins", if_match='"1"')
    assert told(stale) == (412, "VERSION_STALE")
    found = await check(clinic, who, "ins", key="one")
    assert told(found) == (200, "QUAL")
    assert (await check(clinic, who, "ins", key="one")).json() == found.json(), "the same answer for the same key"
    ins = found.json()["ins"]
    assert (ins[:10], found.json()["ins_oid"]) == ("2800171014", "1.2.250.1.213.1.4.11")
    file = (await clinic.get(f"patients/{who}", by=clinic.front)).json()
    assert (file["ins"], file["sex"], file["birth_place_insee"]) == (ins, "female", "71014"), "what lacked is there"
    assert (await clinic.get(f"patients/{who}")).json()["ins"] is None, "not for the telephone"

    doubt = await check(clinic, who, "doubt", by=people.nurse(clinic.org))
    assert (told(doubt), doubt.json()["doubtful"], doubt.json()["ins"]) == ((200, "PROV"), True, None)
    assert (await clinic.get(f"patients/{who}", by=clinic.front)).json()["flags"] == ["doubtful"]
    kept = await clinic.w.connection.fetchval("SELECT before ->> 'ins' FROM patient_change WHERE patient_id = $1", who)
    assert kept == ins, "in the history only"
    assert told(await check(clinic, who, "ins")) == (409, "WRONG_STATE")
    seen = await check(clinic, who, "document", document="identity_card")
    assert (told(seen), seen.json()["doubtful"]) == ((200, "VALI"), False)

    first = await sheet(clinic, who, limit=3)
    rest = await sheet(clinic, who, limit=3, cursor=first["checks"]["next_cursor"])
    checks = first["checks"]["items"] + rest["checks"]["items"]
    assert [(each["kind"], each["document"], each["outcome"]) for each in checks] == [
        ("document", "identity_card", "accepted"), ("doubt", None, "accepted"), ("ins", None, "accepted"),
        ("document", "passport", "accepted"),
    ]  # fmt: skip
    assert checks[0]["by"] == clinic.front.sub
    facts = await clinic.w.connection.fetch("SELECT action || facts AS said FROM kit.audit WHERE record_id = $1", who)
    for word in (ins, "Goff"):
        assert word not in log_capture.text
        assert not any(word in row["said"] for row in facts)
    assert {"identity.document", "identity.ins", "identity.doubt", "patient.identity"} <= {
        row["said"].partition("{")[0] for row in facts}  # fmt: skip


async def test_what_the_register_refuses_stays_in_the_sheet(connected: Clinic) -> None:
    clinic, w = connected, connected.w
    other = await w.patient(clinic.org, "Divergent", birth_given_names="Paul")
    refused = await check(clinic, other, "ins")
    assert told(refused) == (409, "INS_TRAITS_DIFFER")
    assert refused.json()["traits"] == ["birth_given_names"]
    assert "Autre" not in refused.text, "which trait, never its value"
    assert told(await check(clinic, await w.patient(clinic.org, "Introuvable"), "ins")) == (409, "INS_NOT_FOUND")
    now = await sheet(clinic, other)
    assert (now["identity_status"], [each["outcome"] for each in now["checks"]["items"]]) == ("PROV", ["traits_differ"])

    one, two = [await w.patient(clinic.org, "Martin", birth_given_names="Léa") for _ in range(2)]
    answers = await asyncio.gather(check(clinic, one, "ins"), check(clinic, two, "ins"))
    assert sorted(told(each) for each in answers) == [(200, "RECUP"), (409, "INS_ON_OTHER_FILE")]
    (second,) = [each for each in answers if each.status_code == 409]
    assert second.json()["patient_id"] in (str(one), str(two))
    (pair,) = (await clinic.get("duplicates", by=clinic.front)).json()["items"]
    assert (pair["grounds"], pair["score"]) == (["ins"], 1)
    assert {pair["first"]["id"], pair["second"]["id"]} == {str(one), str(two)}
    remains, goes = (one, two) if second.json()["patient_id"] == str(one) else (two, one)
    body: Json = {"from_id": str(goes), "into_id": str(remains), "reason": "un seul INS"}
    assert (await clinic.post("merges", body, by=clinic.front)).status_code == 201
    after = await sheet(clinic, remains)
    assert [each["outcome"] for each in after["checks"]["items"]].count("on_other_file") == 1, "the checks went over"


async def test_who_may_and_what_is_not_taken(clinic: Clinic) -> None:
    """The centre that is not connected to the register says so; each refusal has its sentence."""
    unavailable = await check(clinic, clinic.pat, "ins")
    assert told(unavailable) == (503, "INSI_UNAVAILABLE")
    assert "pièce" in unavailable.json()["detail"]
    taken = await check(clinic, clinic.pat, "document", document="family_book")
    assert (told(taken), taken.json()["accepted"]) == (
        (422, "DOCUMENT_NOT_ACCEPTED"), ["identity_card", "passport", "residence_permit"])  # fmt: skip
    bad: list[Json] = [
        {"act": "document"}, {"act": "ins", "document": "passport"}, {"act": "doubt", "ins": "184127645108946"},
        {"act": "guess"}, {"act": "document", "document": "library_card"},
    ]  # fmt: skip
    answers = [await clinic.post(f"patients/{clinic.pat}/identity", body, by=clinic.front) for body in bad]
    assert [each.status_code for each in answers] == [422] * 5
    assert "184127645108946" not in answers[2].text
    for by, status in (
        (clinic.desk, 403), (people.manager(clinic.org), 403), (people.patient("+33639980001"), 403),
        (people.front_desk(new_id()), 404), (people.practitioner(clinic.org), 200), (people.partner(clinic.org), 403),
    ):  # fmt: skip
        answer = await check(clinic, clinic.pat, "doubt", by=by)
        assert answer.status_code == status, by.role
        assert (await clinic.get(f"patients/{clinic.pat}/identity", by=by)).status_code == status
    assert (await clinic.get(f"patients/{new_id()}/identity", by=clinic.front)).status_code == 404
