"""Who is told what over the live stream: real sessions, real broker, a socket for each screen (design: gateway 3.8)."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from gateway.demo import CENTRE
from maillage.ids import hash_token, new_id, new_token
from maillage.testing import soon
from tests.e2e.gateway.conftest import Stage
from tests.harness.publishing import ELSEWHERE, booked, called, free_times
from tests.harness.screens import watching

Made = Callable[..., Awaitable[Stage]]
BOOKED = "appointments.appointment_booked"
CALL = "telesecretariat.call_changed"


async def test_a_stream_begins_with_ready_and_its_context(stage: Made) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser, watching(browser) as screen:
        assert screen.status == 200
        for line in (
            "content-type: text/event-stream",
            "cache-control: no-store",
            "x-accel-buffering: no",
            "x-content-type-options: nosniff",
        ):
            assert line in screen.head
        await screen.hears("ready")
        ready = screen.named("ready")[-1]
        [membership] = await desk.sql(
            "SELECT m.id FROM membership m JOIN person p ON p.id = m.person_id WHERE p.login = 'accueil'"
        )
        assert ready.data["context"] == str(membership["id"])
        assert ready.id is None, "a cut before the rest must not move the position"
        assert 2000 <= (screen.retry or 0) < 3000
        (about,) = await desk.send((booked(), CENTRE))
        await screen.hears(BOOKED)
        told = screen.facts[0]
        assert told.data["type"] == f"{BOOKED}.v1"
        assert told.data["id"] == about
        assert told.data["version"] == 1
        assert told.data["organisation_id"] == str(CENTRE)
        assert told.data["facts"]["status"] == "booked"
        epoch, _, position = ready.data["as_of"].partition(".")
        assert told.id == f"{epoch}.{int(position) + 1}"


@pytest.mark.parametrize(
    ("login", "seen"),
    [
        ("accueil", ["centre", "free"]),
        ("medecin", ["centre", "free"]),
        ("secretaire1", ["centre", "firm", "free"]),
        ("administrateur", ["role"]),
        ("auditeur", []),
    ],
)
async def test_each_role_sees_its_own_and_nothing_else(stage: Made, login: str, seen: list[str]) -> None:
    """Invariant G4."""
    desk = await stage(stream_beat_s=0.1)
    async with desk.browser(login) as browser, watching(browser) as screen:
        await screen.hears("ready")
        ids = await desk.publisher.one_of_each()
        await screen.reaches(desk.publisher.count)
        assert screen.ids == [ids[each] for each in seen]


async def test_a_telesecretary_sees_the_clients_she_is_assigned_to(stage: Made) -> None:
    """From the assignment on, until its end; her supervisor sees them all along."""
    desk = await stage(stream_beat_s=0.1)
    client, other = new_id(), new_id()
    who = "(SELECT id FROM person WHERE login = 'secretaire1')"
    assigned = f"INSERT INTO assignment VALUES ($1, $2, {who}, $3, tstzrange(now() - interval '1 minute', NULL), 1)"
    async with (
        desk.browser("secretaire1") as hers,
        watching(hers) as screen,
        desk.browser("superviseur") as his,
        watching(his) as floor,
    ):
        await screen.hears("ready")
        await floor.hears("ready")
        sent = await desk.send((called(client), CENTRE))
        await floor.hears(CALL)
        await desk.sql(assigned, new_id(), CENTRE, client)

        async def seen() -> bool:
            sent.extend(await desk.send((called(client), CENTRE), (called(other), CENTRE)))
            return bool(screen.facts)

        await soon(seen)
        await desk.sql("UPDATE assignment SET valid = tstzrange(lower(valid), now())")

        async def gone() -> bool:
            (last,) = await desk.send((called(client), CENTRE))
            sent.append(last)
            await screen.reaches(desk.publisher.count)
            return last not in screen.ids

        await soon(gone)
        await floor.reaches(desk.publisher.count)
        assert floor.ids == sent
        assert {each.data["facts"]["client_id"] for each in screen.facts} == {str(client)}


async def test_topics_choose(stage: Made) -> None:
    desk = await stage()
    async with (
        desk.browser("accueil") as browser,
        watching(browser, topics="appointments.availability_changed,gateway") as chosen,
        watching(browser, topics="appointments") as whole,
    ):
        await chosen.hears("ready")
        await whole.hears("ready")
        first, second = await desk.send((booked(), CENTRE), (free_times(), CENTRE))
        await chosen.hears("appointments.availability_changed")
        await whole.hears("appointments.availability_changed")
        assert chosen.ids == [second]
        assert whole.ids == [first, second]


async def test_topics_that_do_not_exist_are_refused(stage: Made) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser:
        for topics in ("appointments,nonsense", "*", ",".join(["appointments", *map(str, range(50))]), "a,,b"):
            answer = await browser.get("/api/stream", params={"topics": topics})
            assert (answer.status_code, answer.json()["code"]) == (422, "TOPICS_UNKNOWN")
            assert topics not in answer.text


async def test_who_has_no_stream(stage: Made) -> None:
    """Visitors 401, partners 403; a professional before the choice of a context 409."""
    desk = await stage()
    async with desk.browser() as visitor:
        answer = await visitor.get("/api/stream")
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")
    client_id, token = new_id(), f"mt_{new_token()}"
    await desk.sql(
        "INSERT INTO client (id, organisation_id, name, scopes, reach, status, created_at)"
        " VALUES ($1, $2, 'machine', '{appointments:slot.read}', 'o', 'active', now())",
        client_id,
        CENTRE,
    )
    await desk.sql(
        "INSERT INTO access_token (token_hash, client_id, scopes, key_print, issued_at, expires_at)"
        " VALUES ($1, $2, '{appointments:slot.read}', '', now(), now() + interval '5 minutes')",
        hash_token(token),
        client_id,
    )
    async with desk.house.browser(Authorization=f"Bearer {token}") as machine:
        answer = await machine.get("/api/stream")
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")
    async with desk.browser("accueil") as browser:
        own = hash_token(browser.cookies["session"])
        await desk.sql("UPDATE session SET membership_id = NULL WHERE id_hash = $1", own)

        async def refused() -> bool:
            async with watching(browser) as screen:
                return screen.status == 409 and b"CONTEXT_REQUIRED" in screen.body

        await soon(refused)


async def test_three_streams_for_one_person(stage: Made) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser, AsyncExitStack() as opened:
        for _ in range(3):
            screen = await opened.enter_async_context(watching(browser))
            assert screen.status == 200
        answer = await browser.get("/api/stream")
        assert (answer.status_code, answer.json()["code"]) == (429, "STREAM_LIMIT")
        assert answer.headers["retry-after"]
        async with desk.browser("medecin") as other, watching(other) as his:
            assert his.status == 200
        await opened.aclose()

        async def again() -> bool:
            async with watching(browser) as fourth:
                return fourth.status == 200

        await soon(again)


async def test_a_process_bears_so_many_streams(stage: Made) -> None:
    desk = await stage(streams=1)
    async with desk.browser("accueil") as browser, desk.browser("medecin") as other, watching(browser) as screen:
        assert screen.status == 200
        assert (await other.get("/api/stream")).json()["code"] == "STREAM_LIMIT"


async def test_a_head_request_opens_nothing(stage: Made) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser:
        for _ in range(5):
            answer = await browser.head("/api/stream")
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/event-stream"


async def test_what_was_missed_comes_exactly(stage: Made) -> None:
    """Scenario 11, invariant G10: 37 permitted among 210 others during a cut; those 37, in order, once."""
    desk = await stage()
    async with desk.browser("accueil") as browser:
        async with watching(browser) as screen:
            await screen.hears("ready")
            await desk.send((booked(), CENTRE))
            await screen.hears(BOOKED)
        mine = {round(number * 247 / 37) for number in range(37)}
        missed = [(booked(), CENTRE if number in mine else ELSEWHERE) for number in range(247)]
        ids = await desk.send(*missed)
        expected = [about for number, about in enumerate(ids) if number in mine]
        async with watching(browser, last_id=screen.last_id) as again:
            (live,) = await desk.send((booked(), CENTRE))
            await again.hears(BOOKED, id=live)
            assert len(expected) == 37
            assert again.ids == [*expected, live]
            assert not again.named("resync")
        as_of = screen.named("ready")[-1].data["as_of"]
        async with watching(browser, after=as_of) as third:
            await third.hears(BOOKED, id=live)
            assert third.ids == [*screen.ids, *expected, live]


async def test_all_that_is_kept_is_given_to_who_reads(stage: Made) -> None:
    """More than may wait for one screen: it is given at the pace at which it is taken."""
    desk = await stage(stream_waiting=65_536)
    async with desk.browser("accueil") as browser:
        async with watching(browser) as screen:
            await screen.hears("ready")
        ids = await desk.send(*[(booked(), CENTRE) for _ in range(1500)])
        async with watching(browser, after=screen.named("ready")[-1].data["as_of"]) as again:
            await again.hears(BOOKED, id=ids[-1])
            assert again.ids == ids
            assert not again.byes


async def test_a_screen_for_which_nothing_happens_does_not_fall_behind(stage: Made) -> None:
    """Signs of life carry the position: the next opening asks from there."""
    desk = await stage(stream_beat_s=0.1)
    async with desk.browser("auditeur") as browser, watching(browser) as screen:
        await screen.hears("ready")
        await desk.send((booked(), CENTRE), (booked(), CENTRE))
        await screen.reaches(2)
        assert screen.beats
        assert screen.ids == []


async def test_a_position_that_is_not_ours_is_one_resync(stage: Made) -> None:
    """Forged, of another epoch, of the future, or older than what is kept; never an error, and live afterwards."""
    desk = await stage(stream_events=5)
    async with desk.browser("accueil") as browser:
        async with watching(browser) as first:
            await first.hears("ready")
            epoch = first.named("ready")[-1].data["as_of"].partition(".")[0]
            ids = await desk.send(*[(booked(), CENTRE) for _ in range(300)])
            await first.hears(BOOKED, id=ids[-1])
        for asked in ("9.999999999", "-1.-1", "abc", "1", "٣.٤", f"{epoch}.999999999", f"{epoch}.0"):
            async with watching(browser, after=asked) as screen:
                await screen.hears("resync")
                assert [each.name for each in screen.told[:2]] == ["ready", "resync"], asked
                newest = f"{epoch}.{desk.publisher.count}"
                assert screen.named("resync")[0].data["as_of"] == screen.named("resync")[0].id == newest
                (live,) = await desk.send((booked(), CENTRE))
                await screen.hears(BOOKED, id=live)
                assert screen.ids == [live]
                assert len(screen.named("resync")) == 1
