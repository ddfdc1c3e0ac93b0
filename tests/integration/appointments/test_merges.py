"""Two files of one person: found by night, merged with all that speaks of them, and undone."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from appointments.merges import duplicates, queries
from maillage.database import Database
from maillage.doctor import check_invariants
from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven

Json = dict[str, Any]
Admin = Callable[[str], str]

# Every column of the base that names a patient, and why a merge leaves it, if it does.
OF_THE_FILE = {
    ("patient", "merged_into_id"): "what a merge writes",
    ("patient_word", "patient_id"): "how that file was found: who is merged is no longer shown",
    ("patient_change", "patient_id"): "what that file said before",
    ("patient_merge", "from_id"): "the merge itself",
    ("patient_merge", "into_id"): "the merge itself",
}
FOLLOWED_APART = {
    ("contact", "patient_id"),
    ("relation", "patient_id"),
    ("relation", "other_patient_id"),
    ("not_same_person", "first_id"),
    ("not_same_person", "second_id"),
    ("duplicate_pair", "first_id"),
    ("duplicate_pair", "second_id"),
}


async def merge(clinic: Clinic, goes: UUID, remains: UUID, **caller: Any) -> Any:
    body = {"from_id": str(goes), "into_id": str(remains), "reason": "saisie deux fois"}
    return await clinic.post("merges", body, by=caller.get("by", clinic.front))


async def undo(clinic: Clinic, merged: Any) -> Any:
    return await clinic.post(f"merges/{merged.json()['id']}/undo", by=clinic.front)


async def contact(clinic: Clinic, who: UUID, value: str, verified: datetime | None = None) -> None:
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at) VALUES ($1, $2, 'mobile', $3, $4)",
        clinic.org, who, value, verified,
    )  # fmt: skip


async def everything(clinic: Clinic) -> dict[str, list[str]]:
    """All that the base says of patients, but versions, histories and the merges themselves."""
    found = {}
    for table in sorted({"patient", *queries.FOLLOWING, *(name for name, _ in FOLLOWED_APART)}):
        if table.startswith("requester"):
            continue
        rows = await clinic.w.connection.fetch(f"SELECT to_jsonb(t) - 'version' AS row FROM {table} t")
        found[table] = sorted(json.dumps(json.loads(row["row"]), sort_keys=True) for row in rows)
    return found


async def holds(clinic: Clinic) -> None:
    found = await check_invariants(clinic.running.database_url, "appointments", "appointments")
    assert not [each for each in found if each.state != "ok"]


async def plant_all(clinic: Clinic, who: UUID) -> None:
    """A row about this patient in every table that speaks of patients."""
    w, now = clinic.w.connection, datetime.now(UTC)
    booked = await clinic.book("09:00", patient_id=who)
    other = await clinic.book("09:40", requester={"kind": "parent", "patient_id": str(who)})
    common = {"organisation_id": clinic.org, "patient_id": who}
    campaign, appointment = new_id(), UUID(str(booked["id"]))
    rows: list[tuple[str, Json]] = [
        ("campaign", {"id": campaign, "organisation_id": clinic.org, "cause": "other", "created_by": "t",
                      "created_at": now}),
        ("campaign_item", common | {"id": new_id(), "campaign_id": campaign, "appointment_id": appointment}),
        ("waiting_entry", common | {"id": new_id(), "reason_id": clinic.reason, "modes": ["on_site"],
                                    "from_date": clinic.day(), "to_date": clinic.day(9), "audience": "secretariat",
                                    "created_by": "t", "created_at": now, "changed_at": now}),
        ("call_need", common | {"id": new_id(), "cause": "campaign", "ref_id": new_id(), "due_at": now, "priority": 1,
                                "created_at": now}),
        ("series", common | {"id": new_id(), "reason_id": clinic.reason, "on_conflict": "skip", "created_by": "t",
                             "created_at": now}),
        ("message", common | {"id": new_id(), "appointment_id": UUID(str(other["id"])), "version": 9, "kind": "offer",
                              "channel": "sms", "recipient": "+33639980199", "due_at": now + timedelta(days=1),
                              "created_at": now}),
        ("identity_check", common | {"id": new_id(), "kind": "document", "document": "passport",
                                     "outcome": "accepted", "by": "t", "at": now}),
    ]  # fmt: skip
    for table, row in rows:
        places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await w.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())


async def test_every_column_that_names_a_patient_is_known_to_the_merge(clinic: Clinic) -> None:
    """A new table that speaks of patients fails here until merges/queries.py moves its rows."""
    named = await clinic.w.connection.fetch(
        """SELECT c.table_name, c.column_name FROM information_schema.columns c
           WHERE c.table_schema = 'public' AND (c.column_name = 'patient_id' OR c.column_name LIKE '%\\_patient\\_id')
           UNION
           SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k
           JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
           WHERE k.contype = 'f' AND k.confrelid = 'patient'::regclass"""
    )
    columns = {tuple(row.values()) for row in named}
    followed = {(table, "patient_id") for table in queries.FOLLOWING if not table.startswith("requester")}
    assert columns == followed | FOLLOWED_APART | set(OF_THE_FILE)
    with_requester = await clinic.w.connection.fetch(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'requester' AND table_schema = 'public'"
    )
    assert {f"requester_of_{row[0]}" for row in with_requester} == {n for n in queries.FOLLOWING if "requester" in n}
    (invariant,) = await check_invariants(
        clinic.running.database_url, "appointments", "appointments", ["appointments.15"]
    )
    assert invariant.state == "ok"


async def test_all_that_speaks_of_a_patient_goes_over_and_comes_back(clinic: Clinic) -> None:
    goes, remains = await clinic.w.patient(clinic.org, "LEGOFF"), await clinic.w.patient(clinic.org, "Le Goff")
    child, enemy, now = await clinic.w.patient(clinic.org), await clinic.w.patient(clinic.org), datetime.now(UTC)
    w = clinic.w.connection
    await plant_all(clinic, goes)
    await contact(clinic, goes, "+33639980001", now)
    await contact(clinic, remains, "+33639980001")
    await contact(clinic, goes, "+33639980002")
    relate = "INSERT INTO relation (patient_id, other_patient_id, organisation_id, kind) VALUES ($1, $2, $3, 'spouse')"
    for one, other in ((child, goes), (child, remains), (goes, enemy), (goes, remains)):
        await w.execute(relate, one, other, clinic.org)
    answer = await clinic.post("duplicates/not-same", {"first_id": str(goes), "second_id": str(enemy)}, by=clinic.front)
    assert answer.status_code == 200, answer.text
    await w.execute(
        "UPDATE patient SET flags = '{mobility}', first_seen_at = $2, referring_practitioner_id = $3 WHERE id = $1",
        goes, now - timedelta(days=9), clinic.ada,
    )  # fmt: skip
    for pair in (sorted((goes, remains)), sorted((goes, child))):
        await w.execute(
            "INSERT INTO duplicate_pair VALUES ($1, $2, $3, 0.9, '{similar_name}', $4)", *pair, clinic.org, now
        )
    before = await everything(clinic)

    merged = await merge(clinic, goes, remains)
    assert merged.status_code == 201, merged.text
    counts = {"appointment": 1, "waiting_entry": 1, "campaign_item": 1, "call_need": 1, "series": 1, "message": 1,
              "identity_check": 1, "requester_of_appointment": 1, "contact": 2, "relation": 3}  # fmt: skip
    assert merged.json()["moved"] == counts
    await holds(clinic)
    file = (await clinic.get(f"patients/{remains}", by=clinic.front)).json()
    assert {(c["value"], c["verified_at"] is not None) for c in file["contacts"]} == {
        ("+33639980001", True), ("+33639980002", False)}  # fmt: skip
    assert [each["other_patient_id"] for each in file["relations"]] == [str(enemy)]
    assert (file["flags"], file["referring_practitioner_id"]) == (["mobility"], str(clinic.ada))
    assert file["first_seen_at"] is not None
    assert (await clinic.get(f"patients/{goes}", by=clinic.front)).status_code == 404
    found = await clinic.get("patients", by=clinic.front, phone="+33639980002")
    assert [each["id"] for each in found.json()["items"]] == [str(remains)]
    assert (await clinic.get("duplicates", by=clinic.front)).json()["items"] == []
    again = await clinic.post("appointments", clinic.wish("11:00", patient_id=goes))
    assert (again.status_code, again.json()["code"]) == (404, "NOT_FOUND")

    since = await clinic.book("10:20", patient_id=remains)
    undone = await undo(clinic, merged)
    assert undone.status_code == 200, undone.text
    assert undone.json()["stayed"] == {"appointment": [since["id"]]}
    await clinic.w.connection.execute("DELETE FROM busy WHERE appointment_id = $1", UUID(str(since["id"])))
    await clinic.w.connection.execute(
        "DELETE FROM appointment_change WHERE appointment_id = $1", UUID(str(since["id"]))
    )
    await clinic.w.connection.execute("DELETE FROM message WHERE appointment_id = $1", UUID(str(since["id"])))
    await clinic.w.connection.execute("DELETE FROM manage_link WHERE appointment_id = $1", UUID(str(since["id"])))
    await clinic.w.connection.execute("DELETE FROM appointment WHERE id = $1", UUID(str(since["id"])))
    await clinic.w.settle(clinic.ada)
    assert await everything(clinic) == before, "exactly as it was"
    await holds(clinic)
    twice = await undo(clinic, merged)
    assert (twice.status_code, twice.json()["code"]) == (409, "ALREADY_UNDONE")
