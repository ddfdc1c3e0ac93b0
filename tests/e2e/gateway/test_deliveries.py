"""Webhooks before endpoints that mean no good, and before those that are away for a day (gateway 3.8, 7, 12)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest_asyncio

from gateway.deliveries.domain import RETRIES_S
from gateway.demo import CENTRE
from maillage.testing import Mailbox, soon
from tests.e2e.gateway.conftest import load_accounts
from tests.e2e.gateway.partner_desk import BOOKED, SUBSCRIPTIONS, PartnerDesk, booked
from tests.harness.door import House
from tests.harness.machine import CLIENTS, registered
from tests.harness.receiver import Flood, cut, drip, receiver, status


@pytest_asyncio.fixture
async def desk(house: Callable[..., House], admin_of: Callable[[str], str]) -> PartnerDesk:
    """The worker runs; webhooks may go to 127.0.0.1, to no other address of this machine, and have 3 s."""
    running = house(private_partners=["127.0.0.1/32"], delivery_timeout_s=3)
    desk = PartnerDesk(running, await load_accounts(running), admin_of(running.running.database_url))
    running.running.work()
    return desk


async def _attempts(desk: PartnerDesk, told: dict[str, Any]) -> list[tuple[int, int | None, str | None]]:
    rows = await desk.sql(
        """SELECT n, status, failure FROM delivery_attempt a JOIN delivery d ON d.id = a.delivery_id
           WHERE d.subscription_id = $1 ORDER BY d.position, n""",
        told["id"],
    )
    return [(row["n"], row["status"], row["failure"]) for row in rows]


async def _tried(desk: PartnerDesk, told: dict[str, Any], times: int) -> list[tuple[int, int | None, str | None]]:
    """All tries, as soon as there are so many."""

    async def enough() -> bool:
        return len(await _attempts(desk, told)) >= times

    await soon(enough, seconds=30)
    return await _attempts(desk, told)


async def test_hostile_endpoints_cost_the_others_nothing(desk: PartnerDesk) -> None:
    """Slow, cut, 500, 10 GB, redirects inside: each fails in its own word; who is well gets all at once."""
    flood = Flood()
    async with receiver() as partner, receiver("127.0.0.2") as inside:
        redirect = status("302 Found", f"Location: {inside.url}/secret")
        metadata = status("307 Temporary Redirect", "Location: http://169.254.169.254/latest/meta-data")
        bad = {"slow": drip, "cut": cut, "broken": status("500 No"), "away": redirect, "cloud": metadata}
        names = [*bad, "flood", "well"]
        machines = {name: await desk.machine(name=name) for name in names}
        told = {name: await desk.subscribed(each, f"{partner.url}/{name}") for name, each in machines.items()}
        partner.answers = {**{f"/{name}": answer for name, answer in bad.items()}, "/flood": flood}
        ids = await desk.happens(*(booked() for _ in range(40)))
        await desk.becomes(told["well"]["id"], *["delivered"] * 40)
        assert sorted(partner.ids("/well")[1:]) == sorted(ids)
        words = {
            "slow": (None, "TIMEOUT"),
            "cut": (None, "UNREACHABLE"),
            "broken": (500, "ANSWER_STATUS"),
            "away": (302, "REDIRECTED"),
            "cloud": (307, "REDIRECTED"),
            "flood": (200, None),
        }
        for name, (code, word) in words.items():
            assert (await _tried(desk, told[name], 1))[0] == (1, code, word), name
        assert inside.connections == 0
        assert partner.at("/flood")
        # What of 10 GB the kernels' buffers took, for each connection that was cut after 64 KiB.
        assert flood.sent <= len(partner.at("/flood")) * 16_777_216
        assert partner.most <= 4 * len(names)


async def test_an_address_that_is_no_longer_listed_gets_no_packet(desk: PartnerDesk) -> None:
    """What was judged at registration is judged again for each connection (invariant G12)."""
    async with receiver() as partner, receiver("127.0.0.2") as inside:
        told = await desk.subscribed(await desk.machine(), f"{partner.url}/in")
        # Planted, for the door would refuse it: as when the settings changed.
        await desk.sql("UPDATE subscription SET url = $1", f"{inside.url}/in")
        await desk.happens(booked())
        assert await _tried(desk, told, 1) == [(1, None, "ADDRESS_REFUSED")]
        assert inside.connections == 0


async def test_four_at_a_time_and_one_while_it_is_unwell(desk: PartnerDesk) -> None:
    """A burst to one endpoint: never more than four under way; after a failure, one."""
    together = asyncio.Event()

    async with receiver() as partner:
        told = await desk.subscribed(await desk.machine(), f"{partner.url}/in")
        fine = status("200 OK")

        async def wait_for_four(writer: asyncio.StreamWriter) -> None:
            if partner.most >= 4:
                together.set()
            await together.wait()
            await fine(writer)

        partner.most, partner.answers["/in"] = 0, wait_for_four
        await desk.happens(*(booked() for _ in range(30)))
        await desk.becomes(told["id"], *["delivered"] * 30)
        assert partner.most == 4
        partner.answers["/in"] = status("500 No")
        await desk.happens(booked())
        await _tried(desk, told, 31)
        partner.most = 0
        await desk.happens(*(booked() for _ in range(6)))
        await _tried(desk, told, 37)
        assert partner.most == 1


_NEXT = """SELECT d.state, d.attempts, extract(epoch FROM d.due_at - a.at)::float8 AS wait_s
    FROM delivery d JOIN delivery_attempt a ON a.delivery_id = d.id AND a.n = d.attempts"""


async def test_a_delivery_is_tried_ten_times_then_waits_for_a_person(desk: PartnerDesk) -> None:
    """Each wait is the next of the list, spread by 20 %; the tenth failure parks it; a replay begins anew."""
    async with receiver() as partner:
        machine = await desk.machine()
        told = await desk.subscribed(machine, f"{partner.url}/in")
        partner.answers["/in"] = status("500 No")
        await desk.happens(booked())
        for number, wait_s in enumerate(RETRIES_S, 1):
            await _tried(desk, told, number)
            row = (await desk.sql(_NEXT))[0]
            assert row["state"] == "due"
            if number > 1:  # the first wait may be over while this is read
                assert row["attempts"] == number
                assert wait_s * 0.8 - 5 <= row["wait_s"] <= wait_s * 1.2 + 5, number
            await desk.now_due(told["id"])
        await desk.becomes(told["id"], "parked")
        assert len(await _attempts(desk, told)) == 10
        assert [each[0] for each in await _attempts(desk, told)] == list(range(1, 11))
        partner.answers.clear()
        async with desk.calling(machine) as client:
            line = (await client.get(f"{SUBSCRIPTIONS}/{told['id']}/deliveries?state=parked")).json()["items"][0]
            again = await client.post(f"{SUBSCRIPTIONS}/{told['id']}/replay", json={"delivery_id": line["id"]})
            assert again.json() == {"deliveries": 1}
        await desk.becomes(told["id"], "delivered")
        assert (await _attempts(desk, told))[-1] == (11, 204, None)


async def _disabled(desk: PartnerDesk, told: dict[str, Any], reason: str) -> None:
    async def there() -> bool:
        rows = await desk.sql("SELECT state, disabled_reason FROM subscription WHERE id = $1", told["id"])
        return (rows[0]["state"], rows[0]["disabled_reason"]) == ("disabled", reason)

    await soon(there, seconds=30)


async def test_a_day_without_success_disables_and_all_that_waited_leaves_later(
    desk: PartnerDesk, mailbox: Mailbox
) -> None:
    """Scenario 12: redirects inside, then 500 for 24 h, then repaired: nothing inside, all arrives, oldest first; the
    administrators got one mail; another partner noticed nothing."""
    await desk.sql("UPDATE person SET email = 'administration@exemple.fr' WHERE login = 'administrateur'")
    async with receiver() as partner, receiver("127.0.0.2") as inside:
        machine = await desk.machine(name="Hôpital d'essai")
        told = await desk.subscribed(machine, f"{partner.url}/in")
        well = await desk.subscribed(await desk.machine(), f"{partner.url}/well")
        partner.answers["/in"] = status("302 Found", f"Location: {inside.url}/")
        (first,) = await desk.happens(booked())
        await _tried(desk, told, 1)
        partner.answers["/in"] = status("500 No")
        (second,) = await desk.happens(booked())
        await _tried(desk, told, 2)
        assert inside.connections == 0
        await desk.sql("UPDATE subscription SET failing_since = now() - interval '25 hours' WHERE id = $1", told["id"])
        await _disabled(desk, told, "no_success")
        mail = await asyncio.to_thread(mailbox.wait, "administration@exemple.fr")
        assert "Hôpital d'essai" in mail.body
        (third,) = await desk.happens(booked())
        await desk.becomes(told["id"], "parked", "parked", "parked")
        await desk.becomes(well["id"], *["delivered"] * 3)
        events = await desk.sql("SELECT payload FROM kit.outbox WHERE type = 'gateway.subscription_disabled.v1'")
        assert len(events) == 1
        async with desk.calling(machine) as client:
            enable = f"{SUBSCRIPTIONS}/{told['id']}/enable"
            refused = await client.post(enable)
            assert (refused.status_code, refused.json()["code"]) == (422, "ENDPOINT_UNREACHABLE")
            assert await desk.states(told["id"]) == ["parked"] * 3
            pinged = await client.post(f"{SUBSCRIPTIONS}/{told['id']}/replay", json={"delivery_id": first})
            assert (pinged.status_code, pinged.json()["code"]) == (409, "WRONG_STATE")
            partner.answers.clear()
            before = len(partner.at("/in"))
            enabled = await client.post(enable)
            assert (enabled.status_code, enabled.json()["state"]) == (200, "active")
        await desk.becomes(told["id"], *["delivered"] * 3)
        assert sorted(partner.ids("/in")[before + 1 :]) == sorted([first, second, third])
        assert [each for each in mailbox.messages if each.to == "administration@exemple.fr"] == [mail]


async def test_gone_is_gone_at_once(desk: PartnerDesk) -> None:
    """410: disabled by the first answer, the rest waits."""
    async with receiver() as partner:
        told = await desk.subscribed(await desk.machine(), f"{partner.url}/in")
        partner.answers["/in"] = status("410 Gone")
        await desk.happens(booked())
        await _disabled(desk, told, "gone")
        await desk.happens(booked())

        async def waits() -> bool:
            return len(await desk.states(told["id"])) == 2 and "delivered" not in await desk.states(told["id"])

        await soon(waits)
        assert len(partner.at("/in")) == 2, "the ping and one event"
        audit = await desk.sql("SELECT organisation_id, actor FROM kit.audit WHERE action = 'subscription_disabled'")
        assert [(row["organisation_id"], row["actor"]) for row in audit] == [(CENTRE, "system:gateway")]


async def test_nothing_of_it_reaches_the_logs(desk: PartnerDesk, log_capture: Any) -> None:
    """Neither addresses with their query, nor secrets, nor what the other side said (invariant G8)."""
    async with receiver() as partner:

        async def talks(writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 11\r\nX-Said: chatter-head\r\n\r\nchatterbody")
            await writer.drain()

        told = await desk.subscribed(await desk.machine(), f"{partner.url}/in?key=of-the-partner")
        partner.answers["/in?key=of-the-partner"] = talks
        await desk.happens(booked())
        await _tried(desk, told, 1)
    for word in ("of-the-partner", told["secret"], "chatter"):
        assert word not in log_capture.text
    rows = await desk.sql("SELECT a::text AS row FROM delivery_attempt a")
    assert rows
    assert not [row for row in rows if "chatter" in row["row"]]


async def test_a_registered_machine_does_it_all_with_its_own_key(desk: PartnerDesk) -> None:
    """Registered, token for an assertion, subscription, event; suspended: nothing leaves; let in again: it does."""
    async with receiver() as partner, desk.browser("administrateur") as admin:
        scopes = ["gateway:subscription.write", "system/Appointment.rs"]
        machine = await registered(admin, desk.house.url, scopes=scopes)
        async with machine.client(await machine.token()) as client:
            wanted = {"mode": "webhook", "url": f"{partner.url}/in", "types": [BOOKED]}
            made = await client.post(SUBSCRIPTIONS, json=wanted)
            assert made.status_code == 201, made.text
            told = made.json()
            assert told["client_id"] == machine.client_id
            assert (await client.post(f"{SUBSCRIPTIONS}/{told['id']}/ping")).json()["state"] == "active"
        (first,) = await desk.happens(booked())
        await desk.becomes(told["id"], "delivered")
        assert partner.got[-1].verified(told["secret"])["type"] == BOOKED
        partner.answers["/in"] = status("503 Later")
        (second,) = await desk.happens(booked())
        await _tried(desk, told, 2)
        assert (await admin.post(f"{CLIENTS}/{machine.client_id}/suspend")).status_code == 200
        before = len(partner.got)
        await desk.now_due(told["id"])
        other = await desk.subscribed(await desk.machine(), f"{partner.url}/other")
        (lost,) = await desk.happens(booked())
        await desk.becomes(other["id"], "delivered")  # the worker has looked since, and took the others' alone
        assert {each.path for each in partner.got[before:]} == {"/other"}
        partner.answers.clear()
        assert (await admin.post(f"{CLIENTS}/{machine.client_id}/resume")).status_code == 200
        await desk.becomes(told["id"], "delivered", "delivered")
        assert partner.ids("/in")[1] == first
        assert partner.ids("/in")[-1] == second
        assert lost not in partner.ids("/in")
