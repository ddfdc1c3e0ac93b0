"""How the live stream holds when the broker goes, when a reader is slow, when rights end (design: gateway 3.8, G2)."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import httpx

from gateway.demo import CENTRE, FIRM
from maillage.embedded import Nats
from maillage.ids import new_id
from maillage.testing import Logs, soon
from tests.e2e.gateway.conftest import Stage
from tests.harness.publishing import booked
from tests.harness.screens import connect, reading, watching

Made = Callable[..., Awaitable[Stage]]
BOOKED = "appointments.appointment_booked"


async def test_the_broker_goes_and_comes_back(stage: Made, tmp_path: Path) -> None:
    """`degraded`, then `ready` and nothing lost; with its store wiped: one `resync` for each screen."""
    broker = Nats(tmp_path / "broker", sync="2m")
    broker.start()
    try:
        desk = await stage(nats_url=broker.url)
        async with desk.browser("accueil") as browser, watching(browser) as screen:
            await screen.hears("ready")
            before = await desk.send((booked(), CENTRE))
            await screen.hears(BOOKED, id=before[0])
            cut = screen.last_id
            known = len(screen.named("degraded"))
            broker.stop()
            await screen.hears("degraded", count=known + 1)
            async with watching(browser, last_id=cut) as late:
                await late.hears("degraded")
                broker.start()
                after = await desk.publisher.send_when_it_is_there(20, CENTRE)
                await screen.hears(BOOKED, id=after[-1])
                await late.hears(BOOKED, id=after[-1])
                assert screen.ids == [*before, *after]
                assert late.ids == after
                assert [each.name for each in late.told[:2]] == ["degraded", "ready"]
            assert not screen.named("resync")
            known = len(screen.named("degraded"))
            broker.stop()
            await screen.hears("degraded", count=known + 1)
            shutil.rmtree(broker.directory / "store")
            broker.start()
            await screen.hears("resync")
            anew = await desk.publisher.send_when_it_is_there(3, CENTRE)
            await screen.hears(BOOKED, id=anew[-1])
            assert len(screen.named("resync")) == 1
            assert screen.ids == [*before, *after, *anew]
            assert len({each.id.partition(".")[0] for each in screen.facts if each.id}) == 2
            async with watching(browser, last_id=cut) as stale:
                await stale.hears("resync")
    finally:
        broker.stop()


async def test_a_slow_screen_is_closed_and_the_others_are_not_disturbed(stage: Made) -> None:
    """F24: one that never reads is closed with `bye {slow}`; the other has every event."""
    desk = await stage(stream_waiting=65_536, streams_per_person=2)
    async with desk.browser("accueil") as browser, watching(browser) as screen:
        await screen.hears("ready")
        sleeping = await connect(desk.house.port, dict(browser.cookies.items()))
        ids: list[str] = []

        async def closed() -> bool:
            """A place is free again only when the sleeping one has lost its own."""
            ids.extend(await desk.send(*[(booked(), CENTRE) for _ in range(200)]))
            await screen.hears(BOOKED, id=ids[-1])
            async with watching(browser) as third:
                return third.status == 200

        await soon(closed, seconds=40)
        async with reading(sleeping) as slow:
            await slow.ends()
            assert slow.byes == ["slow"]
            assert 0 < len(slow.ids) < len(ids)
            assert slow.ids == ids[: len(slow.ids)]
        assert screen.ids == ids


async def test_a_suspended_person_is_out(stage: Made) -> None:
    """Scenario 9, invariant G2: both of his streams are closed, the colleague's goes on."""
    desk = await stage()
    async with (
        desk.browser("accueil") as browser,
        desk.browser("medecin") as colleague,
        watching(browser) as screen,
        watching(browser) as second,
        watching(colleague) as other,
    ):
        for each in (screen, second, other):
            await each.hears("ready")
        await desk.sql("UPDATE person SET status = 'suspended' WHERE login = 'accueil'")
        await screen.ends()
        await second.ends()
        assert screen.byes == second.byes == ["signed_out"]
        (last,) = await desk.send((booked(), CENTRE))
        await other.hears(BOOKED, id=last)
        assert last not in screen.ids
        assert (await browser.get("/api/stream")).status_code == 401


async def test_signing_out_ends_the_streams_of_the_session(stage: Made) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser, watching(browser) as screen:
        await screen.hears("ready")
        assert (await browser.delete("/auth/session")).is_success
        await screen.ends()
        assert screen.byes == ["signed_out"]


async def test_another_context_ends_the_stream(stage: Made) -> None:
    """Scenario 1: she takes another hat in another tab; the first tab's stream says so."""
    desk = await stage()
    [first] = await desk.sql(
        "SELECT m.id, m.person_id FROM membership m JOIN person p ON p.id = m.person_id WHERE p.login = 'accueil'"
    )
    second = new_id()
    await desk.sql(
        "INSERT INTO membership (id, person_id, organisation_id, role, valid, source)"
        " VALUES ($1, $2, $3, 'telesecretary', tstzrange(now(), NULL), 'admin')",
        second,
        first["person_id"],
        FIRM,
    )
    async with desk.browser("accueil") as browser:
        await _choose(desk, browser, first["id"])
        async with watching(browser) as screen:
            await screen.hears("ready", context=str(first["id"]))
            await _choose(desk, browser, second)
            await screen.ends()
            assert screen.byes == ["context_changed"]


async def _choose(desk: Stage, browser: httpx.AsyncClient, membership: UUID) -> None:
    answer = await browser.put("/auth/session/context", json={"membership_id": str(membership)})
    assert answer.is_success, answer.text
    await desk.refresh(browser)


async def test_an_ended_delegation_ends_its_events_only(stage: Made) -> None:
    """Scenario 10, invariant G4: the client's events stop, the firm's own go on over the same stream."""
    desk = await stage()
    async with desk.browser("secretaire1") as browser, watching(browser) as screen:
        await screen.hears("ready")
        (shown,) = await desk.send((booked(), CENTRE))
        await screen.hears(BOOKED, id=shown)
        await desk.sql("UPDATE delegation SET valid = tstzrange(lower(valid), now())")

        async def stopped() -> bool:
            client, own = await desk.send((booked(), CENTRE), (booked(), FIRM))
            await screen.hears(BOOKED, id=own)
            return client not in screen.ids

        await soon(stopped)
        assert not screen.ended


async def test_nothing_is_shown_on_rights_that_cannot_be_read(stage: Made) -> None:
    """Fail closed: sessions cannot be read, so rights grow old, and what happens meanwhile is kept back. One person is
    suspended before they can be read again: it is never shown to her; to the colleague it is."""
    desk = await stage(statement_timeout_s=0.5)
    async with (
        desk.browser("accueil") as browser,
        desk.browser("medecin") as colleague,
        watching(browser) as screen,
        watching(colleague) as other,
    ):
        await screen.hears("ready")
        await other.hears("ready")
        async with desk.locked("session") as connection:

            async def refused() -> bool:
                return (await browser.get("/api/appointments/v1/slots")).status_code == 503

            await soon(refused)
            (kept_back,) = await desk.send((booked(), CENTRE))
            assert await refused()
            assert screen.ids == other.ids == []
            await connection.execute("UPDATE person SET status = 'suspended' WHERE login = 'accueil'")
        await other.hears(BOOKED, id=kept_back)
        await screen.ends()
        assert screen.byes == ["signed_out"]
        assert screen.ids == []


async def test_streams_do_not_hold_up_the_end_of_the_process(stage: Made, log_capture: Logs) -> None:
    desk = await stage()
    async with desk.browser("accueil") as browser, watching(browser) as screen:
        await screen.hears("ready")
        desk.house.running.stop()
        await screen.ends()
        assert screen.byes == ["restart"]
    assert "Cancel " not in log_capture.text
