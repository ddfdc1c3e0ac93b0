"""Visits by video: the room, who may enter when, and the telephone when video fails. Never is the visit lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from appointments.main import service
from appointments.teleconsultation.joining import tend_rooms
from maillage.database import Database
from maillage.ids import hash_token, new_id, new_token
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness import people
from tests.harness.appointments_world import rule, world
from tests.harness.clinic import PARIS, Clinic, Json
from tests.harness.driven_clock import DrivenClock, driven
from tests.harness.video_provider import VideoProvider, video_provider
from tests.integration.pages.walker import Walker

MOBILE = "+33639980401"
BORN = {"jour": "1", "mois": "1", "annee": "1980"}
LINK = """INSERT INTO manage_link (token_hash, organisation_id, appointment_id, expires_at, created_at)
          SELECT $1, organisation_id, id, now() + interval '30 days', now() FROM appointment WHERE id = $2"""


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """A local time of the day of the visit."""
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS)


@dataclass
class Remote:
    """Pat's teleconsultation on Tuesday at 10:00 with a doctor who signs in, and the link of its message."""

    clinic: Clinic
    time: DrivenClock
    database: Database
    provider: VideoProvider
    doctor: Principal
    booked: Json
    token: str

    async def host(self, by: Principal | None = None) -> httpx.Response:
        """The practitioner's door."""
        return await self.clinic.post(f"appointments/{self.booked['id']}/room", by=by or self.doctor)

    async def by_phone(self, by: Principal | None = None, **body: str) -> httpx.Response:
        """Over to the telephone, by the front desk."""
        said: Json = {"reason": "Connexion impossible", **body}
        return await self.clinic.post(f"appointments/{self.booked['id']}/by-phone", said, by=by or self.clinic.front)

    async def visio(self, walker: Walker) -> str:
        """Where the patient's link leads."""
        async with self.clinic.running.client(walker.who) as client:
            answer = await client.get(f"/rdv/g/{self.token}/visio", follow_redirects=False)
        assert answer.status_code == 303
        return answer.headers["location"]

    async def page(self, walker: Walker) -> str:
        """What the page of the appointment says."""
        await walker.get(f"/rdv/g/{self.token}")
        if "date de naissance" in walker.main and "10 h" not in walker.main:
            await walker.send("Voir le rendez-vous", BORN)
        return walker.main.replace("\u00a0", " ")

    async def events(self) -> list[str]:
        """Its history."""
        items = (await self.clinic.get(f"appointments/{self.booked['id']}/history")).json()["items"]
        return [line["event"] for line in items]


@pytest.fixture
def provider() -> Iterator[VideoProvider]:
    """See `video_provider`."""
    with video_provider() as made:
        yield made


@pytest_asyncio.fixture
async def remote(
    request: pytest.FixtureRequest,
    running_service: Callable[..., Running],
    provider: VideoProvider,
    admin_of: Callable[[str], str],
) -> AsyncIterator[Remote]:
    """On Monday at noon. With a provider by HTTP, unless the test names another adapter."""
    adapter = getattr(request, "param", "http")
    running = running_service(service, pool_wait_s=15, video=adapter, video_url=provider.url, video_token="secret")
    async with (
        driven(admin_of(running.database_url)) as time,
        world(running.database_url) as w,
        Clinic(running, w) as clinic,
    ):
        await time.to(at(12, day=23))
        await clinic.build()
        person = new_id()
        doctor = await clinic.doctor(rule("09:00", "12:00", modes=["teleconsultation"]), person_id=person)
        reason = await w.reason(clinic.org, "video", modes=[{"mode": "teleconsultation", "minutes": 15}])
        mode: dict[str, Any] = {"mode": "teleconsultation", "practitioner_id": doctor, "reason_id": reason}
        booked = await clinic.book("10:00", 1, **mode)
        token = new_token()
        await w.connection.execute(LINK, hash_token(token), UUID(str(booked["id"])))
        database = Database(running.settings)
        await database.open()
        yield Remote(clinic, time, database, provider, people.practitioner(clinic.org, person), booked, token)
        await database.close()


async def contact(remote: Remote) -> None:
    """Pat can be reached on a mobile."""
    await remote.clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)",
        remote.clinic.org,
        remote.clinic.pat,
        MOBILE,
    )


async def test_the_room_opens_for_each_in_his_time(remote: Remote) -> None:
    pat, stranger, time, provider = (
        Walker(remote.clinic.running),
        Walker(remote.clinic.running),
        remote.time,
        remote.provider,
    )
    assert "à partir du mardi 24 novembre" in await remote.page(pat)
    assert await remote.visio(pat) == f"/rdv/g/{remote.token}"
    await tend_rooms(remote.database)
    assert provider.rooms == {}
    early = await remote.host()
    assert (early.status_code, early.json()["code"]) == (409, "ROOM_NOT_OPEN")
    assert datetime.fromisoformat(early.json()["opens_at"]) == at(9, 30)

    await time.to(at(9, 35))
    await tend_rooms(remote.database)
    await tend_rooms(remote.database)
    ((ref, asked),) = provider.rooms.items()
    assert datetime.fromisoformat(asked["starts_at"]) == at(10)
    assert set(asked) == {"starts_at", "ends_at"}  # no name, no reason, no id of ours
    assert await remote.visio(pat) == f"/rdv/g/{remote.token}"
    hosted = await remote.host()
    assert hosted.json()["host_url"] == f"{provider.url}/join/room-{ref}/host"
    assert hosted.json()["patient_seen_at"] is None
    for who, status in (
        (people.practitioner(remote.clinic.org, new_id()), 403),
        (remote.clinic.front, 403),
        (people.practitioner(new_id()), 404),
    ):
        assert (await remote.host(who)).status_code == status

    await time.to(at(9, 46))
    assert "Rejoindre la téléconsultation" in await remote.page(pat)
    assert await remote.visio(stranger) == f"/rdv/g/{remote.token}"
    joined = await asyncio.gather(remote.visio(pat), remote.visio(pat))
    assert set(joined) == {f"{provider.url}/join/room-{ref}/patient"}
    assert (await remote.host()).json()["patient_seen_at"] is not None

    await time.to(at(10, 31))
    assert "Rejoindre" not in await remote.page(pat)
    assert await remote.visio(pat) == f"/rdv/g/{remote.token}"
    await time.to(at(13))
    await tend_rooms(remote.database)
    await tend_rooms(remote.database)
    assert provider.closed == [f"room-{ref}"]


async def test_a_provider_that_does_not_answer_is_the_telephone(remote: Remote) -> None:
    await contact(remote)
    remote.provider.down = True
    await remote.time.to(at(9, 35))
    await tend_rooms(remote.database)
    assert await remote.events() == ["book"]  # there is time: it is asked again
    assert (await remote.host()).json()["code"] == "VIDEO_UNAVAILABLE"
    await remote.time.to(at(9, 51))
    await tend_rooms(remote.database)
    await tend_rooms(remote.database)
    assert await remote.events() == ["book", "by_phone"]
    shown = (await remote.clinic.get(f"appointments/{remote.booked['id']}")).json()
    assert (shown["status"], shown["by_phone"], shown["start"]) == ("booked", True, remote.booked["start"])
    calendar = (await remote.clinic.get(f"appointments/{remote.booked['id']}.ics")).text
    assert "LOCATION:Par téléphone" in calendar
    told = await remote.clinic.w.connection.fetch("SELECT channel, recipient FROM message WHERE kind = 'by_phone'")
    assert [(row["channel"], row["recipient"]) for row in told] == [("sms", MOBILE)]
    said = await remote.page(Walker(remote.clinic.running))
    assert "on vous appelle au 06 •• •• •• 01, à 10 h" in said
    assert "Rejoindre" not in said
    assert (await remote.host()).json()["code"] == "NOT_BY_VIDEO"
    assert await remote.clinic.count("SELECT count(*) FROM call_need") == 0


async def test_a_patient_whom_video_fails_is_called(remote: Remote) -> None:
    await contact(remote)
    pat = Walker(remote.clinic.running)
    await remote.time.to(at(9, 50))
    await remote.page(pat)
    remote.provider.down = True
    assert await remote.visio(pat) == f"/rdv/g/{remote.token}"
    assert "on vous appelle au 06 •• •• •• 01" in await remote.page(pat)
    # Once more, and by the desk too: it happened once.
    assert await remote.visio(pat) == f"/rdv/g/{remote.token}"
    again = await remote.by_phone()
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert await remote.events() == ["book", "by_phone"]


async def test_the_desk_takes_it_over_to_the_telephone(remote: Remote) -> None:
    assert (await remote.clinic.post(f"appointments/{remote.booked['id']}/by-phone", {})).status_code == 422
    for who, status in ((people.patient(MOBILE), 404), (people.visitor(), 404), (people.front_desk(new_id()), 404)):
        assert (await remote.by_phone(who)).status_code in (403, status)
    answer = await remote.by_phone()
    assert (answer.status_code, answer.json()["by_phone"], answer.json()["messages"]) == (200, True, [])
    # No number is known: somebody finds one.
    need = await remote.clinic.w.connection.fetchrow("SELECT cause, ref_id, state, due_at FROM call_need")
    assert need is not None
    assert (need["cause"], str(need["ref_id"]), need["state"]) == ("teleconsultation", remote.booked["id"], "open")
    assert need["due_at"] == at(10)
    assert "appelez-nous pour le donner" in await remote.page(Walker(remote.clinic.running))
    # Another day, by video again.
    moved = await remote.clinic.post(f"appointments/{remote.booked['id']}/move", {"start": at(11, day=25).isoformat()})
    assert (moved.status_code, moved.json()["by_phone"]) == (200, False)
    shown = await remote.clinic.get(f"appointments/{remote.booked['id']}")
    assert shown.json()["by_phone"] is False
    await remote.time.to(at(10, 40, day=25))
    await tend_rooms(remote.database)
    assert [datetime.fromisoformat(room["starts_at"]) for room in remote.provider.rooms.values()] == [at(11, day=25)]

    on_site = await remote.clinic.book("15:00", 1)
    said = await remote.clinic.post(f"appointments/{on_site['id']}/by-phone", {"reason": "x"}, by=remote.clinic.front)
    assert said.json()["code"] == "NOT_BY_VIDEO"
    await remote.clinic.act(remote.booked, "cancel")
    assert (await remote.by_phone()).json()["code"] == "WRONG_STATE"


@pytest.mark.parametrize("remote", ["development"], indirect=True)
async def test_without_a_provider_a_page_says_that_it_is_none(remote: Remote) -> None:
    pat = Walker(remote.clinic.running)
    await remote.time.to(at(9, 50))
    await remote.page(pat)
    one, two = await asyncio.gather(remote.visio(pat), remote.visio(pat))  # opened by who comes first
    assert one == two
    path = "/rdv/salle/" + one.partition("/rdv/salle/")[2]
    await pat.get(path)
    assert (pat.status, "Salle de développement" in pat.main) == (200, True)
    await pat.get(f"/rdv/salle/{new_token()}")
    assert pat.status == 404
