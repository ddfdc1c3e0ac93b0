"""The manager's day: a file of the directory, opening hours, an absence; and what other centres see of it: nothing."""

from collections.abc import Awaitable
from uuid import UUID

import httpx

from maillage.testing import soon
from tests.harness.front import API
from tests.harness.place import Json, Place, ok, refused

CSV = {"content-type": "text/csv"}
TITLES = "code;nom;ville;telephone\n"
GOOD = TITLES + "bourbon;Bourbon;Bourbon;03 53 01 00 01\ngueugnon;Gueugnon;Gueugnon;\n"
FAULTY = TITLES + "bourbon;Bourbon;Bourbon;0899 12 34 56\ngueugnon;Gueugnon;Gueugnon;\nMajuscule;Nom;Ville;\n"


async def test_a_file_is_rehearsed_line_by_line_then_applied_whole(place: Place) -> None:
    manager = place.staff["manager"]
    before = await _sites(manager)

    def send(data: str, dry_run: str) -> Awaitable[httpx.Response]:
        return manager.post(f"{API}/imports", params={"kind": "sites", "dry_run": dry_run}, content=data, headers=CSV)

    rehearsed = await ok(send(FAULTY, "true"), 201)
    assert rehearsed["state"] == "refused"
    assert [(f["line"], f["column"]) for f in rehearsed["faults"]] == [(2, "telephone"), (4, "code")]  # type: ignore[attr-defined]
    lines = await refused(send(FAULTY, "false"), 422, "IMPORT_REFUSED")
    assert [line["line"] for line in lines["lines"]] == [2, 4]  # type: ignore[attr-defined]
    assert await _sites(manager) == before
    assert (await ok(send(GOOD, "true"), 201))["state"] == "checked"
    assert await _sites(manager) == before
    assert (await ok(send(GOOD, "false"), 201))["changes"] == {
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "conflicts": 0,
    }
    assert await _sites(manager) == before | {"bourbon", "gueugnon"}


async def _sites(manager: httpx.AsyncClient) -> set[str]:
    items = (await ok(manager.get(f"{API}/sites")))["items"]
    assert isinstance(items, list)
    return {site["code"] for site in items}


async def test_rules_open_times_once_rehearsed_and_only_on_the_version_that_was_read(place: Place) -> None:
    manager, desk, doctor = place.staff["manager"], place.staff["telesecretary"], await place.doctor()
    schedule = f"{API}/schedules/{place.schedules[doctor]}"
    known = await manager.get(schedule)
    first = str(place.moment("00:00", 0).date())
    hours = {"local_start": "08:00", "local_end": "09:00", "first_date": first, "rrule": "FREQ=DAILY"}
    rules, read = {"rules": [{**hours, "on_holidays": True}]}, {"If-Match": known.headers["etag"]}
    told = await ok(manager.put(f"{schedule}/rules", params={"dry_run": "true"}, json=rules))
    assert told["dry_run"] is True
    assert (await manager.get(schedule)).headers["etag"] == known.headers["etag"]
    await ok(manager.put(f"{schedule}/rules", json=rules, headers=read))
    await refused(manager.put(f"{schedule}/rules", json=rules, headers=read), 412, "VERSION_STALE")
    await place.book("telesecretary", "08:20", 7, practitioner_id=doctor)
    closed = place.wish("10:00", 7, practitioner_id=doctor)
    await refused(desk.post(f"{API}/appointments", json=closed), 409, "SLOT_NOT_OPEN")


async def test_an_absence_closes_times_and_names_the_visits_it_meets_but_nobody_hears_why(place: Place) -> None:
    manager, desk, doctor = place.staff["manager"], place.staff["telesecretary"], await place.doctor()
    booked = await place.book("telesecretary", "14:20", 7, practitioner_id=doctor)
    span = {"start": place.moment("08:00", 7).isoformat(), "end": place.moment("20:00", 7).isoformat()}
    away = {**span, "practitioner_id": str(doctor), "kind": "sick"}
    absence = await ok(manager.post(f"{API}/absences", json=away), 201)
    assert absence["conflicts"] == 1
    seen = await ok(desk.get(f"{API}/appointments/{booked['id']}"))
    assert (seen["status"], seen["conflict"]) == ("booked", "absence")
    wish = place.wish("14:40", 7, practitioner_id=doctor, patient_id=await place.person("Kerven"))
    assert "sick" not in str(await refused(desk.post(f"{API}/appointments", json=wish), 409, "SLOT_NOT_OPEN"))
    events = "SELECT payload::text AS said FROM kit.outbox WHERE subject_id = $1"
    rows = await place.door.cluster.rows("appointments", events, UUID(str(absence["id"])))
    assert len(rows) == 1
    assert "sick" not in rows[0]["said"]
    assert (await manager.delete(f"{API}/absences/{absence['id']}")).status_code == 204
    await ok(desk.post(f"{API}/appointments", json=wish), 201)


async def test_a_practitioner_reads_the_own_day_and_sets_the_own_absences_only(place: Place) -> None:
    doctor = place.staff["practitioner"]
    booked = await place.book("front_desk", "11:00", 8)
    day = {"day": str(place.moment("00:00", 8).date()), "practitioner": str(place.ada)}
    listed = (await ok(doctor.get(f"{API}/appointments", params=day)))["items"]
    assert [each["id"] for each in listed] == [booked["id"]]  # type: ignore[attr-defined]
    own = {"start": place.moment("14:00", 8).isoformat(), "end": place.moment("18:00", 8).isoformat()}
    made = await ok(doctor.post(f"{API}/absences", json={**own, "practitioner_id": str(place.ada)}), 201)
    assert made["conflicts"] == 0
    await refused(doctor.post(f"{API}/absences", json={**own, "practitioner_id": str(place.bob)}), 403, "NOT_ALLOWED")


async def test_the_directory_of_practitioners_is_known_in_the_second_service(place: Place) -> None:
    """A change by the manager travels as an event; the copy has the newest version."""
    manager = place.staff["manager"]
    body = {"profession": "nurse", "family_name": "Essai", "given_name": "Maud"}
    made = await ok(manager.post(f"{API}/practitioners", json=body), 201)
    sql = "SELECT count(*) FROM practitioner_ref WHERE practitioner_id = $1 AND profession = 'nurse'"

    async def known() -> bool:
        rows = await place.door.cluster.rows("telesecretariat", sql, UUID(str(made["id"])))
        return int(rows[0][0]) == 1

    await soon(known, seconds=30)


async def test_nothing_of_a_centre_exists_for_the_staff_of_another(place: Place, foreign: Place) -> None:
    """Reading or changing by id: 404, as for an id that is nowhere. Lists and searches do not show it either."""
    booked = await place.book("front_desk", "09:40", 9)
    hold = await ok(place.staff["telesecretary"].post(f"{API}/holds", json=place.slot("10:20", 9)), 201)
    visit, who = f"appointments/{booked['id']}", f"patients/{place.patient}"
    agenda, kept = f"schedules/{place.schedules[place.ada]}", f"holds/{hold['id']}"
    reads = [visit, f"{visit}/history", f"{visit}.ics", who, agenda, kept]
    reads += [f"sites/{place.site}", f"practitioners/{place.ada}", f"visit-reasons/{place.reason}"]
    start: Json = {"start": place.moment("11:20", 9).isoformat()}
    name: Json = {"used_given_name": "Autre"}
    acts: list[tuple[str, str, Json | None]] = [
        ("POST", f"{visit}/{event}", {}) for event in ("cancel", "arrive", "fulfil", "miss", "leave", "reopen")
    ]
    acts += [("POST", f"{visit}/move", start), ("POST", f"{kept}/extend", {}), ("DELETE", kept, None)]
    acts += [("PATCH", who, name), ("PUT", f"{who}/relations", {"relations": []})]
    for role in ("front_desk", "manager"):
        rules = foreign.staff[role].put(f"{API}/{agenda}/rules", json={"rules": []})
        await refused(rules, 404, "NOT_FOUND")
    for role in ("telesecretary", "front_desk", "manager"):
        client = foreign.staff[role]
        for path in reads:
            await refused(client.get(f"{API}/{path}"), 404, "NOT_FOUND")
        for method, path, body in acts:
            await refused(client.request(method, f"{API}/{path}", json=body), 404, "NOT_FOUND")
        booking = foreign.wish("09:00", 9, patient_id=place.patient)
        await refused(client.post(f"{API}/appointments", json=booking), 404, "NOT_FOUND")
        await refused(client.post(f"{API}/appointments", json=place.wish("11:20", 9)), 404, "NOT_FOUND")
        day = {"day": str(place.moment("00:00", 9).date())}
        assert (await ok(client.get(f"{API}/appointments", params=day)))["items"] == []
        assert (await ok(client.get(f"{API}/patients", params={"birth_date": "1980-01-01"})))["items"] != []
        found = await ok(client.get(f"{API}/patients", params={"birth_date": "1980-01-01"}))
        assert str(place.patient) not in {each["id"] for each in found["items"]}  # type: ignore[attr-defined]
    still = await ok(place.staff["front_desk"].get(f"{API}/{visit}"))
    assert (still["status"], still["version"]) == ("booked", 1)
