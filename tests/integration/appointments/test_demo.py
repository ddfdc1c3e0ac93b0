"""The demonstration territory: loaded once, invariants kept, bookable through the ordinary door."""

from collections.abc import Callable
from importlib.resources import files

import asyncpg
import pytest

from appointments.demo import ids
from appointments.demo.territory import load
from appointments.main import service
from maillage.database import Database
from maillage.ids import new_id
from maillage.service import DemoContext
from maillage.testing import Running
from tests.harness import people

pytestmark = pytest.mark.timeout(300)


async def test_the_territory_is_whole_its_invariants_hold_and_its_times_can_be_booked(
    running_service: Callable[..., Running], admin_of: Callable[[str], str]
) -> None:
    """One load serves all the looks at it: it is the slowest of the demonstration's own tests."""
    running = running_service(service)
    database = Database(running.settings)
    await database.open()
    try:
        await load(DemoContext(database, running.settings))
        admin = await asyncpg.connect(admin_of(running.database_url))
        try:
            counted = await _count(admin)
            await load(DemoContext(database, running.settings))
            assert await _count(admin) == counted, "a second load must change nothing"
            await _invariants(admin)
            await _fill(admin)
            await _nobody_real(admin)
            await _beyond_bookings(admin)
        finally:
            await admin.close()
        await _door(running)
    finally:
        await database.close()


async def _count(admin: "asyncpg.Connection[asyncpg.Record]") -> dict[str, int]:
    row = await admin.fetchrow(
        """
        SELECT (SELECT count(*) FROM site) AS sites, (SELECT count(*) FROM patient) AS patients,
               (SELECT count(*) FROM practitioner WHERE profession = 'physician' AND NOT external) AS doctors,
               (SELECT count(*) FROM practitioner WHERE profession = 'nurse') AS nurses,
               (SELECT count(*) FROM visit_reason) AS reasons, (SELECT count(*) FROM appointment) AS visits,
               (SELECT count(*) FROM busy) AS busy, (SELECT count(*) FROM kit.outbox) AS events
        """
    )
    assert row is not None
    counted: dict[str, int] = dict(row)
    assert {n: counted[n] for n in ("sites", "doctors", "nurses", "patients")} == {
        "sites": 4,
        "doctors": 30,
        "nurses": 4,
        "patients": 3000,
    }
    return counted


async def _invariants(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    for file in sorted(files("appointments").joinpath("invariants").iterdir(), key=lambda path: path.name):
        if file.name.endswith(".sql"):
            assert await admin.fetch(file.read_text()) == [], file.name


async def _fill(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    """70 % of next week, 40 % of the week after, 15 % later, in minutes of clinic windows."""
    rows = await admin.fetch(
        """
        WITH week AS (
            SELECT local_date, extract(epoch FROM upper(during) - lower(during)) AS open,
                   (SELECT coalesce(sum(extract(epoch FROM upper(f) - lower(f))), 0) FROM unnest(free) AS f) AS free
            FROM availability WHERE kind = 'clinic')
        SELECT (local_date - date_trunc('week', kit_now() AT TIME ZONE 'Europe/Paris')::date) / 7 AS week,
               1 - sum(free) / sum(open) AS taken
        FROM week GROUP BY 1 ORDER BY 1
        """
    )
    taken = {row["week"]: float(row["taken"]) for row in rows}
    assert 0.6 < taken[1] < 0.8
    assert 0.3 < taken[2] < 0.5
    assert 0.08 < taken[4] < 0.25
    share = await admin.fetchval(
        """
        SELECT (sum(extract(epoch FROM upper(during) - lower(during))) FILTER (WHERE kind = 'unscheduled')
                / sum(extract(epoch FROM upper(during) - lower(during))))::float8
        FROM availability WHERE profession = 'physician'
        """
    )
    assert 0.16 < share < 0.22, "about 19 % of the doctors' time is for unscheduled care"


async def _beyond_bookings(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Each part of an agenda has something to show."""
    row = await admin.fetchrow(
        """
        SELECT (SELECT count(*) FROM waiting_entry WHERE state = 'waiting') AS waiting,
               (SELECT count(*) FROM protocol_member) AS delegation,
               (SELECT count(*) FROM visiting_session) AS sessions,
               (SELECT count(*) FROM absence) AS absences,
               (SELECT count(*) FROM appointment WHERE conflict IS NOT NULL) > 0 AS conflicts,
               (SELECT count(DISTINCT practitioner_id) FROM availability WHERE kind = 'walk_in') AS walk_ins,
               (SELECT count(*) FROM availability WHERE kind = 'home_round') > 0 AS rounds
        """
    )
    assert row is not None
    assert tuple(row) == (4, 3, 2, 1, True, 3, True)


async def _nobody_real(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Fiction numbers, example addresses, made-up identifiers."""
    assert (
        await admin.fetchval("SELECT count(*) FROM contact WHERE value !~ '^(\\+3363998[0-9]{4}|[^@]+@example\\.org)$'")
        == 0
    )
    assert (
        await admin.fetchval("SELECT count(*) FROM practitioner WHERE rpps !~ '^899' OR email !~ '@example.org$'") == 0
    )
    assert await admin.fetchval("SELECT count(*) FROM site WHERE finess !~ '^7199'") == 0


async def _door(running: Running) -> None:
    """A visitor finds the first doctor's number and free times; the secretary books one of them."""
    secretary = people.telesecretary(new_id(), ids.CENTRE_ID)
    async with running.client(people.visitor()) as client:
        doctors = (await client.get("/v1/practitioners?profession=physician&limit=100")).json()["items"]
        assert ids.FIRST_PHYSICIAN_RPPS in {doctor["rpps"] for doctor in doctors}
        reasons = {reason["code"]: reason for reason in (await client.get("/v1/visit-reasons")).json()["items"]}
        assert reasons["visite-domicile"]["bookable"] is False
        assert "entretien-confidentiel" not in reasons
        found = (await client.get("/v1/slots?reason=consultation&site=autun&limit=1")).json()["items"]
    async with running.client(secretary) as client:
        identity = {"birth_family_name": "Nouveau", "birth_given_names": "Zoé", "birth_date": "1980-02-03"}
        wish = {
            "reason_id": reasons["consultation"]["id"],
            "site_id": found[0]["site_id"],
            "practitioner_id": found[0]["practitioners"][0],
            "start": found[0]["start"],
            "mode": "on_site",
            "identity": identity,
        }
        booked = await client.post("/v1/appointments", json=wish)
        assert booked.status_code == 201, booked.text
