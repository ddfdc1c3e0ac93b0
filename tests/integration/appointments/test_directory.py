"""Sites, places, rooms, practitioners, contracts, the organisation: over HTTP, on a real base."""

import json
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from appointments.demo import ids as demo
from appointments.demo.centre import finess
from appointments.directory.consumers import consumers
from appointments.main import service
from appointments.schedules.service import extend_horizon
from contracts.gateway import OrganisationChanged, PersonChanged
from maillage.consumers import Envelope
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness import people
from tests.harness.appointments_world import World, world
from tests.harness.clinic import Clinic

Json = dict[str, object]


class Desk:
    """An organisation without anything, its manager, and the door to the service."""

    def __init__(self, running: Running, w: World, org: UUID) -> None:
        self.running, self.w, self.org = running, w, org
        self.manager = people.manager(org)

    async def send(
        self, method: str, path: str, body: object = None, *, by: Principal | None = None, **headers: str
    ) -> httpx.Response:
        """As the manager, unless told otherwise."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.running.client(by or self.manager) as client:
            return await client.request(method, f"/v1/{path}", json=body, headers=sent)

    async def made(self, path: str, body: Json) -> Json:
        """A POST that must succeed."""
        answer = await self.send("POST", path, body)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def events(self, kind: str) -> list[Json]:
        """What the outbox holds of a type, oldest first."""
        rows = await self.w.connection.fetch(
            "SELECT payload FROM kit.outbox WHERE type = $1 ORDER BY sequence", f"appointments.{kind}.v1"
        )
        return [json.loads(row["payload"]) for row in rows]


@pytest_asyncio.fixture
async def desk(running_service: Callable[..., Running]) -> AsyncIterator[Desk]:
    """An empty organisation."""
    running = running_service(service)
    async with world(running.database_url) as w:
        yield Desk(running, w, await w.organisation())


SITE: Json = {"code": "autun", "name": "Autun", "city": "Autun", "finess": finess(11), "phone": "03 85 34 71 00"}
DOCTOR: Json = {
    "rpps": demo.rpps(1),
    "profession": "physician",
    "specialty": "SM54",
    "family_name": "Vermasson",
    "given_name": "Zélie",
    "email": "z@example.org",
}


async def test_a_site_is_stored_told_once_and_audited(desk: Desk) -> None:
    """One event, version 1, and the audit says who without the content."""
    site = await desk.made("sites", SITE)
    assert (site["phone"], site["timezone"], site["version"]) == ("+33385347100", "Europe/Paris", 1)
    [event] = await desk.events("site_changed")
    assert (event["site_id"], event["finess"], event["active"], event["version"]) == (site["id"], finess(11), True, 1)
    audit = await desk.w.connection.fetchrow(
        "SELECT actor, action, facts FROM kit.audit WHERE record_id = $1", UUID(str(site["id"]))
    )
    assert audit is not None
    assert (audit["actor"], audit["action"]) == (desk.manager.sub, "site.create")
    assert "Autun" not in audit["facts"]


async def test_a_change_wants_the_version_that_was_read(desk: Desk) -> None:
    """412 with the present version; the right one gives the next."""
    site = await desk.made("sites", SITE)
    path = f"sites/{site['id']}"
    changed = await desk.send("PUT", path, SITE | {"name": "Autun centre"}, if_match='"1"')
    assert (changed.status_code, changed.headers["etag"], changed.json()["version"]) == (200, '"2"', 2)
    stale = await desk.send("PUT", path, SITE | {"name": "Autre"}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "VERSION_STALE", 2)
    assert [event["version"] for event in await desk.events("site_changed")] == [1, 2]


async def test_a_code_is_one_sites_and_never_changes(desk: Desk) -> None:
    """409 for a second one, 422 for another code."""
    site = await desk.made("sites", SITE)
    assert (await desk.send("POST", "sites", SITE)).json()["code"] == "CODE_TAKEN"
    other = await desk.send("PUT", f"sites/{site['id']}", SITE | {"code": "autun-2"})
    assert (other.status_code, other.json()["code"]) == (422, "CODE_FIXED")


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("finess", "710000002", "FINESS_INVALID"),
        ("siret", "73282932000075", "SIRET_INVALID"),
        ("timezone", "Europe/Autun", "ZONE_UNKNOWN"),
        ("phone", "0899123456", "PHONE_INVALID"),
        ("name", "Au\u0000tun", "TEXT_INVALID"),
        ("name", "Au\u202etun", "TEXT_INVALID"),
        ("code", "Pas un code", "INVALID"),
        ("lat", 46.9, "INVALID"),
        ("organisation_id", "0199", "FIELD_NOT_ALLOWED"),
        ("version", 7, "FIELD_NOT_ALLOWED"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(desk: Desk, field: str, value: object, code: str) -> None:
    """Each with its code; the value never comes back."""
    answer = await desk.send("POST", "sites", SITE | {field: value})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(str(value)) < 8 or str(value) not in answer.text
    assert await desk.w.connection.fetchval("SELECT count(*) FROM site") == 0


async def test_only_the_manager_of_the_organisation_writes_and_others_do_not_even_see(desk: Desk) -> None:
    """403 without the right, 404 for a site of somebody else, 403 for an organisation that has no sites here."""
    site = await desk.made("sites", SITE)
    assert (await desk.send("POST", "sites", SITE, by=people.front_desk(desk.org))).status_code == 403
    stranger = people.manager(await desk.w.organisation("Autre"))
    assert (await desk.send("PUT", f"sites/{site['id']}", SITE, by=stranger)).status_code == 404
    assert (await desk.send("GET", f"sites/{site['id']}", by=stranger)).status_code == 404
    assert (await desk.send("POST", "sites", SITE, by=people.manager(new_id()))).status_code == 403


async def test_references_stay_inside_the_organisation(desk: Desk) -> None:
    """A room at a stranger's site, a site under a stranger's, a contract of a stranger: 422 with the pointer."""
    foreign = await desk.w.organisation("Autre")
    site, doctor = await desk.w.site(foreign), await desk.w.practitioner(foreign)
    for path, body, pointer in (
        ("rooms", {"site_id": str(site), "name": "Cabinet 1"}, "/site_id"),
        ("sites", SITE | {"parent_id": str(site)}, "/parent_id"),
        (
            "contracts",
            {"practitioner_id": str(doctor), "weekly_minutes": 2100, "first_day": "2026-01-01"},
            "/practitioner_id",
        ),
    ):
        answer = await desk.send("POST", path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "REFERENCE_UNKNOWN"), path
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_lists_go_on_where_they_stopped_and_the_public_sees_no_closed_site(desk: Desk) -> None:
    """By name; each once; switched off: only for who asks and may."""
    for number in range(5):
        await desk.made("sites", SITE | {"code": f"s{number}", "name": f"Site {number}", "active": number != 3})
    seen: list[str] = []
    more = ""
    for _ in range(3):
        page = (await desk.send("GET", f"sites?limit=2&inactive=true{more}")).json()
        seen += [site["code"] for site in page["items"]]
        more = f"&cursor={page['next_cursor']}"
    assert more == "&cursor=None"
    assert seen == ["s0", "s1", "s2", "s3", "s4"]
    public = (await desk.send("GET", "sites?inactive=true", by=people.visitor())).json()
    assert [site["code"] for site in public["items"]] == ["s0", "s1", "s2", "s4"]
    assert (await desk.send("GET", "sites?cursor=xyz")).json()["code"] == "CURSOR_INVALID"


async def test_what_is_needed_cannot_be_switched_off(clinic: Clinic) -> None:
    """Site, practitioner: 409 with what is left; nothing has changed."""
    booked = await clinic.book("09:00")
    manager = people.manager(clinic.org)
    async with clinic.running.client(manager) as client:
        site = (await client.get(f"/v1/sites/{clinic.site}")).json()
        body = {name: site[name] for name in site if name not in ("id", "organisation_id", "version")}
        refused = await client.put(f"/v1/sites/{clinic.site}", json=body | {"active": False})
        assert (refused.status_code, refused.json()["code"]) == (409, "IN_USE")
        assert (refused.json()["appointments"], refused.json()["schedules"]) == (1, 2)
        doctor = {"profession": "physician", "family_name": "A", "given_name": "B", "active_to": str(clinic.day(1))}
        left = await client.put(f"/v1/practitioners/{clinic.ada}", json=doctor)
        assert (left.status_code, left.json()["code"], left.json()["appointments"]) == (409, "IN_USE", 1)
        assert (await clinic.act(booked, "cancel")).status_code == 200
        gone = await client.put(f"/v1/practitioners/{clinic.ada}", json=doctor)
        assert (gone.status_code, gone.json()["active"]) == (200, True)


async def test_nobody_is_bookable_after_the_last_day(clinic: Clinic) -> None:
    """The agendas follow the dates of their practitioner; other agendas stay as they are."""
    doctor = {"profession": "physician", "family_name": "A", "given_name": "B", "active_to": str(clinic.day(5))}
    async with clinic.running.client(people.manager(clinic.org)) as client:
        assert (await client.put(f"/v1/practitioners/{clinic.ada}", json=doctor)).status_code == 200
    database = Database(clinic.running.settings)
    await database.open()
    try:
        await extend_horizon(database)
    finally:
        await database.close()
    last = "SELECT max(local_date) - $2::date FROM availability WHERE practitioner_id = $1"
    assert await clinic.count(last, clinic.ada, clinic.day(5)) <= 0
    assert await clinic.count(last, clinic.bob, clinic.day(5)) == 55


async def test_a_site_in_use_keeps_its_time_zone(clinic: Clinic) -> None:
    """Its agendas and visits were made in it."""
    async with clinic.running.client(people.manager(clinic.org)) as client:
        site = (await client.get(f"/v1/sites/{clinic.site}")).json()
        body = {name: site[name] for name in site if name not in ("id", "organisation_id", "version")}
        moved = await client.put(f"/v1/sites/{clinic.site}", json=body | {"timezone": "Indian/Reunion"})
    assert (moved.status_code, moved.json()["code"]) == (409, "IN_USE")


async def test_a_room_in_a_rule_stays_and_a_place_with_a_visit_too(clinic: Clinic) -> None:
    """A rule of an open schedule names the room; once it does not, the room may go."""
    room = await clinic.w.room(clinic.org, clinic.site, "treatment")
    await clinic.w.connection.execute(
        "UPDATE opening_rule SET room_id = $1 WHERE schedule_id = $2", room, clinic.schedules[clinic.ada]
    )
    manager = people.manager(clinic.org)
    off = {"site_id": str(clinic.site), "name": "Salle", "active": False}
    async with clinic.running.client(manager) as client:
        assert (await client.put(f"/v1/rooms/{room}", json=off)).json()["code"] == "IN_USE"
        await clinic.w.connection.execute("UPDATE opening_rule SET room_id = NULL")
        assert (await client.put(f"/v1/rooms/{room}", json=off)).status_code == 200
        place = (await client.post("/v1/places", json={"name": "EHPAD", "city": "Autun"})).json()
        booked = await clinic.book("09:00")
        await clinic.w.connection.execute(
            "UPDATE appointment SET place_id = $1 WHERE id = $2", UUID(place["id"]), UUID(str(booked["id"]))
        )
        away = {"name": "EHPAD", "city": "Autun", "active": False}
        assert (await client.put(f"/v1/places/{place['id']}", json=away)).json()["code"] == "IN_USE"


async def test_a_practitioner_is_public_but_for_what_is_private(desk: Desk) -> None:
    """No e-mail and no account for patients; the name that patients read is made here."""
    doctor = await desk.made("practitioners", DOCTOR)
    assert doctor["display_name"] == "Dr Zélie Vermasson"
    seen = (await desk.send("GET", f"practitioners/{doctor['id']}", by=people.visitor())).json()
    assert seen["person"] is None
    assert "example.org" not in str(seen)
    own = (await desk.send("GET", f"practitioners/{doctor['id']}", by=people.front_desk(desk.org))).json()
    assert own["person"]["email"] == "z@example.org"


async def test_an_rpps_number_is_checked_bare_and_one_persons(desk: Desk) -> None:
    """Spaces are left out, a wrong key and a second practitioner are refused."""
    spaced = await desk.made("practitioners", DOCTOR | {"rpps": " 8990000 0012 "})
    assert spaced["rpps"] == demo.rpps(1)
    assert (await desk.send("POST", "practitioners", DOCTOR)).json()["code"] == "CODE_TAKEN"
    wrong = await desk.send("POST", "practitioners", DOCTOR | {"rpps": "89900000013"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "RPPS_INVALID")
    assert "89900000013" not in wrong.text
    other = await desk.made("practitioners", DOCTOR | {"rpps": demo.rpps(2)})
    taken = await desk.send("PUT", f"practitioners/{other['id']}", DOCTOR)
    assert (taken.status_code, taken.json()["code"]) == (409, "CODE_TAKEN")
    assert await desk.w.connection.fetchval("SELECT count(*) FROM resource") == 2


async def test_contracts_of_one_person_do_not_overlap_and_tell_the_share_of_full_time(desk: Desk) -> None:
    """Both days are included: the next may begin the day after the last, not on it."""
    doctor = await desk.made("practitioners", DOCTOR)
    first: Json = {
        "practitioner_id": doctor["id"],
        "weekly_minutes": 1680,
        "first_day": "2026-01-01",
        "last_day": "2027-06-30",
    }
    contract = await desk.made("contracts", first)
    clash = await desk.send("POST", "contracts", first | {"first_day": "2027-06-30", "last_day": None})
    assert (clash.status_code, clash.json()["code"]) == (409, "CONTRACT_CLASH")
    await desk.made("contracts", first | {"first_day": "2027-07-01", "last_day": None})
    longer = await desk.send("PUT", f"contracts/{contract['id']}", first | {"last_day": "2027-07-01"}, if_match='"1"')
    assert longer.json()["code"] == "CONTRACT_CLASH"
    shorter = await desk.send("PUT", f"contracts/{contract['id']}", first | {"last_day": "2027-05-31"}, if_match='"1"')
    assert (shorter.status_code, shorter.json()["last_day"]) == (200, "2027-05-31")
    told = await desk.events("practitioner_changed")
    assert [event["fte"] for event in told] == [0.0, 0.8, 0.8, 0.8]
    assert [event["version"] for event in told] == [1, 2, 3, 4]


async def test_a_practitioner_reads_only_the_own_contract_and_patients_none(desk: Desk) -> None:
    """`report.read` reaches oneself; hours are nobody else's business."""
    person = new_id()
    mine = await desk.made("practitioners", DOCTOR)
    other = await desk.made("practitioners", DOCTOR | {"rpps": demo.rpps(2)})
    for doctor in (mine, other):
        await desk.made(
            "contracts", {"practitioner_id": doctor["id"], "weekly_minutes": 2100, "first_day": "2026-01-01"}
        )
    await desk.w.connection.execute(
        "UPDATE practitioner SET person_id = $1 WHERE id = $2", person, UUID(str(mine["id"]))
    )
    own = (await desk.send("GET", "contracts", by=people.practitioner(desk.org, person=person))).json()["items"]
    assert [contract["practitioner_id"] for contract in own] == [mine["id"]]
    assert len((await desk.send("GET", "contracts")).json()["items"]) == 2
    assert (await desk.send("GET", "contracts", by=people.visitor())).status_code == 403


async def test_parameters_have_defaults_and_only_what_differs_is_stored(desk: Desk) -> None:
    """So that a better default reaches who has not chosen otherwise."""
    path = f"organisations/{desk.org}"
    read = (await desk.send("GET", path, by=people.visitor())).json()
    assert (read["parameters"]["hold_minutes"], read["parameters"]["late_after_minutes"]) == (10, 1440)
    assert [(h["weekday"], h["start"], h["end"]) for h in read["parameters"]["opening_hours"]] == [
        *((day, "08:00", "20:00") for day in range(1, 6)),
        (6, "08:00", "12:00"),
    ]
    body: Json = {"phone": "+33385347100", "parameters": {"hold_minutes": 15, "quiet_from": "21:00"}}
    put = await desk.send("PUT", path, body, if_match='"1"')
    assert (put.status_code, put.json()["parameters"]["hold_minutes"], put.json()["version"]) == (200, 15, 2)
    stored = await desk.w.connection.fetchval("SELECT settings FROM organisation WHERE id = $1", desk.org)
    assert "hold_minutes" in str(stored)
    assert "late_after_minutes" not in str(stored)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"hold_minutes": 0}, "INVALID"),
        ({"quiet_from": "25:00"}, "TIME_INVALID"),
        ({"quiet_from": 28800}, "TIME_INVALID"),
        ({"opening_hours": [{"weekday": 1, "start": "12:00", "end": "12:00"}]}, "TIME_INVALID"),
        ({"couleur": "bleu"}, "FIELD_NOT_ALLOWED"),
    ],
)
async def test_a_parameter_out_of_its_bounds_is_refused(desk: Desk, parameters: Json, code: str) -> None:
    """And the present ones stay."""
    answer = await desk.send("PUT", f"organisations/{desk.org}", {"parameters": parameters})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await desk.send("GET", f"organisations/{desk.org}")).json()["version"] == 1


async def test_nobody_sets_another_organisation(desk: Desk) -> None:
    """404, as for one that does not exist."""
    other = await desk.w.organisation("Autre")
    assert (await desk.send("PUT", f"organisations/{other}", {})).status_code == 404


async def test_a_person_of_the_gateway_is_the_practitioner_of_the_same_rpps_number(desk: Desk) -> None:
    """Whichever comes first; a number taken back unties; an older epoch changes nothing."""
    handle = {consumer.type: consumer.handle for consumer in consumers}[PersonChanged.TYPE]
    person = new_id()

    async def told(rpps: str | None, epoch: int, status: str = "active") -> None:
        event = PersonChanged.model_validate(
            {
                "person_id": person,
                "status": status,
                "display_name": "x",
                "rpps": rpps,
                "identifiers": [],
                "epoch": epoch,
            }
        )
        tx = await desk.w.tx()
        envelope = Envelope(new_id(), PersonChanged.TYPE, desk.org, 1, tx.now)
        await handle(tx, event.model_dump_json().encode(), envelope)

    async def tied() -> UUID | None:
        found = await desk.w.connection.fetchval("SELECT person_id FROM practitioner")
        return found if isinstance(found, UUID) else None

    await told(demo.rpps(1), 1)
    await desk.made("practitioners", DOCTOR)
    assert await tied() == person
    await told(None, 3)
    assert await tied() is None
    await told(demo.rpps(1), 2)
    assert await tied() is None
    await told(demo.rpps(1), 4)
    assert await tied() == person
    await told(demo.rpps(1), 5, "closed")
    assert await tied() is None


async def test_the_name_of_an_organisation_follows_the_gateway(desk: Desk) -> None:
    """A health centre is created by its event; a hospital is only renamed where it is known."""
    handle = {consumer.type: consumer.handle for consumer in consumers}[OrganisationChanged.TYPE]
    centre, hospital = new_id(), new_id()
    for organisation, kind, name in (
        (centre, "health_centre", "Centre A"),
        (centre, "health_centre", "Centre B"),
        (hospital, "hospital", "Hôpital"),
        (desk.org, "hospital", "Renommé"),
    ):
        event = OrganisationChanged.model_validate(
            {
                "organisation_id": organisation,
                "kind": kind,
                "name": name,
                "identifiers": [],
                "territory": "t",
                "active": True,
            }
        )
        tx = await desk.w.tx()
        await handle(tx, event.model_dump_json().encode(), Envelope(new_id(), event.TYPE, organisation, 1, tx.now))
    rows = await desk.w.connection.fetch("SELECT id, name FROM organisation")
    assert {row["id"]: row["name"] for row in rows} == {centre: "Centre B", desk.org: "Renommé"}
