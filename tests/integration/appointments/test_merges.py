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

OURS = ("I6", "I20", "appointments.7", "appointments.15")
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
    body: Json = {"from_id": str(goes), "into_id": str(remains), "reason": "saisie deux fois"}
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


async def forget(clinic: Clinic, appointment: UUID) -> None:
    """As if it had never been booked."""
    for table in ("busy", "appointment_change", "message", "manage_link"):
        await clinic.w.connection.execute(f"DELETE FROM {table} WHERE appointment_id = $1", appointment)
    await clinic.w.connection.execute("DELETE FROM appointment WHERE id = $1", appointment)


async def holds(clinic: Clinic) -> None:
    found = await check_invariants(clinic.running.database_url, "appointments", "appointments", OURS)
    assert {each.name: (each.state, each.first) for each in found} == dict.fromkeys(OURS, ("ok", ""))


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
    body: Json = {"first_id": str(goes), "second_id": str(enemy)}
    assert (await clinic.post("duplicates/not-same", body, by=clinic.front)).status_code == 200
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
    await forget(clinic, UUID(str(since["id"])))
    await clinic.w.settle(clinic.ada)
    assert await everything(clinic) == before, "exactly as it was"
    await holds(clinic)
    twice = await undo(clinic, merged)
    assert (twice.status_code, twice.json()["code"]) == (409, "ALREADY_UNDONE")


async def test_what_is_not_merged_and_why(clinic: Clinic) -> None:
    one, two, three = [await clinic.w.patient(clinic.org) for _ in range(3)]
    w = clinic.w.connection

    async def refused(goes: UUID, remains: UUID) -> tuple[int, Json]:
        answer = await merge(clinic, goes, remains)
        return answer.status_code, answer.json()

    status, problem = await refused(one, one)
    assert (status, problem["code"]) == (422, "SAME_FILE")
    assert (await refused(one, new_id()))[1]["code"] == (await refused(new_id(), one))[1]["code"] == "NOT_FOUND"
    bad: list[Json] = [{"from_id": str(one), "into_id": str(two)}, {"from_id": "x", "into_id": "y", "reason": "z"}]
    for body in bad:
        assert (await clinic.post("merges", body, by=clinic.front)).status_code == 422

    carries = "UPDATE patient SET identity_status = 'RECUP', ins = $2, ins_oid = '1.2', ins_at = now() WHERE id = $1"
    await w.execute(carries, one, "184127645108946")
    status, problem = await refused(one, two)
    assert (status, problem["code"], problem["into_id"]) == (409, "KEEP_THE_CHECKED", str(one))
    await w.execute(carries, two, "284127645108946")
    for pair in ((one, two), (two, one)):
        assert (await refused(*pair))[1]["code"] == "INS_CONFLICT"
    await w.execute("UPDATE patient SET identity_status = 'PROV', ins = NULL, ins_oid = NULL, ins_at = NULL")

    declared: Json = {"first_id": str(two), "second_id": str(one)}
    assert (await clinic.post("duplicates/not-same", declared, by=clinic.front)).status_code == 200
    back = f"duplicates/not-same/{one}/{two}"
    assert (await clinic.delete(back, by=clinic.front)).status_code == 204
    assert (await clinic.delete(back, by=clinic.front)).status_code == 404

    his = await clinic.book("09:00", patient_id=one)
    hers = await clinic.book("09:00", patient_id=two, practitioner_id=clinic.bob)
    status, problem = await refused(one, two)
    assert (status, problem["code"], problem["appointment_id"], problem["other_id"]) == (
        409, "PATIENT_BUSY", his["id"], hers["id"])  # fmt: skip
    assert (await clinic.act(hers, "cancel")).status_code == 200

    assert (await clinic.post("duplicates/not-same", declared, by=clinic.front)).status_code == 200
    first = await merge(clinic, one, two)  # says the contrary of the declaration, which ends until the merge is undone
    assert await clinic.count("SELECT count(*) FROM not_same_person") == 0
    for pair in ((one, three), (three, one)):
        status, problem = await refused(*pair)
        assert (status, problem["code"], problem["into_id"]) == (409, "ALREADY_MERGED", str(two))
    second = await merge(clinic, two, three)
    assert (await refused(one, new_id()))[1]["code"] == "NOT_FOUND"
    assert (await refused(one, await clinic.w.patient(clinic.org)))[1]["into_id"] == str(three), "the end of the chain"
    late = await undo(clinic, first)
    assert (late.status_code, late.json()["code"], late.json()["merge_id"]) == (409, "LATER_MERGE", second.json()["id"])
    assert [(await undo(clinic, each)).status_code for each in (second, first)] == [200, 200]
    assert await clinic.count("SELECT count(*) FROM not_same_person") == 1
    page = (await clinic.get("merges", by=clinic.front, limit=1)).json()
    rest = (await clinic.get("merges", by=clinic.front, cursor=page["next_cursor"])).json()
    assert [each["id"] for each in page["items"] + rest["items"]] == [second.json()["id"], first.json()["id"]]
    assert all(each["undone_at"] for each in page["items"] + rest["items"])
    of_three = (await clinic.get("merges", by=clinic.front, patient_id=three)).json()
    assert [each["id"] for each in of_three["items"]] == [second.json()["id"]]
    await holds(clinic)
    said = await w.fetch("SELECT facts FROM kit.audit WHERE action LIKE 'patient.%merge'")
    assert len(said) == 8, "each act in the audit of both files"
    assert not any("deux fois" in row["facts"] for row in said)


async def test_two_at_once(clinic: Clinic) -> None:
    """Two merges of one patient, and a merge with bookings under way: nothing is left with who is gone."""
    goes, one, two = [await clinic.w.patient(clinic.org) for _ in range(3)]
    answers = await asyncio.gather(merge(clinic, goes, one), merge(clinic, goes, two))
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert {each.json().get("code") for each in answers} == {None, "ALREADY_MERGED"}
    crossed = await asyncio.gather(merge(clinic, one, two), merge(clinic, two, one))
    assert sorted(each.status_code for each in crossed) == [201, 409]

    for hour in ("09", "10", "11"):
        leaves, stays = await clinic.w.patient(clinic.org), await clinic.w.patient(clinic.org)
        wishes = [clinic.wish(f"{hour}:{minute}", patient_id=leaves) for minute in ("00", "20", "40")]
        booked = asyncio.gather(*(clinic.post("appointments", wish) for wish in wishes))
        merged = await merge(clinic, leaves, stays)
        assert merged.status_code == 201, merged.text
        assert {each.status_code for each in await booked} <= {201, 404}
        assert await clinic.count("SELECT count(*) FROM appointment WHERE patient_id = $1", leaves) == 0
        # Who read the patient before the merge and writes after it.
        need = new_id()
        await clinic.w.connection.execute(
            "INSERT INTO call_need (id, organisation_id, patient_id, cause, ref_id, due_at, priority, created_at)"
            " VALUES ($1, $2, $3, 'offer', $1, now(), 1, now())", need, clinic.org, leaves,
        )  # fmt: skip
        assert await clinic.w.connection.fetchval("SELECT patient_id FROM call_need WHERE id = $1", need) == stays
    await holds(clinic)


async def search(clinic: Clinic) -> None:
    """One round of the worker's job."""
    database = Database(clinic.running.settings)
    await database.open()
    try:
        await duplicates.search_due(database)
    finally:
        await database.close()


async def test_pairs_are_found_by_night_and_what_is_decided_never_comes_back(
    clinic: Clinic, admin_of: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "_PIECE", 2)  # several pieces; who was born on one day stays together
    w, org = clinic.w, clinic.org
    a, b, c = [await w.patient(org, name, "1990-05-04", birth_given_names="Éloïse")
               for name in ("Le Goff", "LEGOFF", "Le Gof")]  # fmt: skip
    family = [await w.patient(org, name, born) for name, born in (("Duval", "1970-01-01"), ("Martin", "1971-01-01"))]
    for who in family:
        await contact(clinic, who, "+33639980003", datetime.now(UTC))
    elsewhere = await w.organisation()
    other = await w.patient(elsewhere, "Le Goff", "1990-05-04", birth_given_names="Éloïse")
    d, e = await w.patient(org, "Leroy", "1960-01-01"), await w.patient(org, "Bernard", "1961-01-01")
    kept = "INSERT INTO patient_change VALUES ($1, 1, $2, $3::text::jsonb, 't', now())"
    for who in (d, e):
        await w.connection.execute(kept, who, org, '{"ins": "160017101400123"}')
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(datetime.combine(clinic.day(1), datetime.min.time(), PARIS) + timedelta(hours=2, minutes=59))
        await search(clinic)
        assert (await clinic.get("duplicates", by=clinic.front)).json() == {
            "items": [], "next_cursor": None, "searched_at": None}  # fmt: skip
        await time.forward(timedelta(minutes=2))
        await search(clinic)
        first = await pages(clinic)
        assert {(frozenset((UUID(p["first"]["id"]), UUID(p["second"]["id"]))), tuple(p["grounds"])) for p in first} == {
            (frozenset((a, b)), ("birth_and_name",)), (frozenset((a, c)), ("similar_name",)),
            (frozenset((b, c)), ("similar_name",)), (frozenset(family), ("contact_and_given_name",)),
            (frozenset((d, e)), ("ins",)),
        }  # fmt: skip
        scores = [each["score"] for each in first]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] == 1
        assert str(other) not in json.dumps(first)

        for pair in (sorted((a, c)), sorted((b, c))):
            body: Json = {"first_id": str(pair[1]), "second_id": str(pair[0])}
            answer = await clinic.post("duplicates/not-same", body, by=clinic.front)
            assert (answer.status_code, answer.json()["first_id"]) == (200, str(pair[0]))
        assert (await merge(clinic, a, b)).status_code == 201
        await time.forward(timedelta(minutes=30))
        await w.connection.execute("DELETE FROM contact")
        await search(clinic)
        assert len(await pages(clinic)) == 2, "once a night"
        await time.forward(timedelta(days=1))
        await search(clinic)
        (left,) = await pages(clinic)
        assert left["grounds"] == ["ins"], "nobody proves that number any more; the rest was decided"
    shown = await clinic.count("SELECT count(*) FROM kit.audit WHERE record_id = $1 AND action = 'patient.list'", a)
    assert shown >= 1
    await holds(clinic)


async def pages(clinic: Clinic) -> list[Json]:
    """All pairs, one at a time."""
    found: list[Json] = []
    after: str | None = None
    while True:
        answer = await clinic.get("duplicates", by=clinic.front, limit=1, **({"cursor": after} if after else {}))
        assert answer.status_code == 200, answer.text
        found, after = found + answer.json()["items"], answer.json()["next_cursor"]
        if after is None:
            return found


async def test_who_may(clinic: Clinic) -> None:
    one, two = await clinic.w.patient(clinic.org), await clinic.w.patient(clinic.org)
    merged = await merge(clinic, one, two, by=people.manager(clinic.org))
    assert merged.status_code == 201
    pair: Json = {"first_id": str(one), "second_id": str(two)}
    body: Json = {"from_id": str(one), "into_id": str(two), "reason": "x"}
    gone = f"merges/{merged.json()['id']}"
    for by, status in (
        (clinic.desk, 403), (people.practitioner(clinic.org), 403), (people.nurse(clinic.org), 403),
        (people.patient("+33639980001"), 403), (people.front_desk(new_id()), 404),
    ):  # fmt: skip
        told = [
            (await clinic.post("merges", body, by=by)).status_code,
            (await clinic.post(f"{gone}/undo", by=by)).status_code,
            (await clinic.get(gone, by=by)).status_code,
            (await clinic.post("duplicates/not-same", pair, by=by)).status_code,
            (await clinic.delete(f"duplicates/not-same/{one}/{two}", by=by)).status_code,
        ]
        assert told == [status] * 5
        lists = [await clinic.get(path, by=by) for path in ("merges", "duplicates")]
        assert all(each.status_code == 403 or each.json()["items"] == [] for each in lists)
    again = await clinic.post(f"{gone}/undo", by=clinic.front, key="once")
    assert (again.status_code, (await clinic.post(f"{gone}/undo", by=clinic.front, key="once")).json()) == (
        200, again.json())  # fmt: skip
    assert (await clinic.get("duplicates", by=clinic.front, cursor="x")).json()["code"] == "CURSOR_INVALID"


@pytest.mark.parametrize("planted", ["contact", "appointment"])
async def test_a_row_left_with_who_is_gone_is_named(clinic: Clinic, admin_of: Admin, planted: str) -> None:
    goes, remains = await clinic.w.patient(clinic.org), await clinic.w.patient(clinic.org)
    await clinic.book("09:00", patient_id=remains)
    assert (await merge(clinic, goes, remains)).status_code == 201
    connection = await asyncpg.connect(admin_of(clinic.running.database_url))
    try:
        if planted == "contact":
            await contact(clinic, goes, "+33639980001")
        else:
            await connection.execute("UPDATE appointment SET patient_id = $1", goes)
    finally:
        await connection.close()
    (found,) = await check_invariants(clinic.running.database_url, "appointments", "appointments", ["appointments.15"])
    assert (found.state, found.count) == ("BROKEN", 1), found.first
