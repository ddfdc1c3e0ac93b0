"""Subscriptions through the real door, by administrators and by machines (design: gateway 3.3, 3.8, 4, 7)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from gateway.demo import CENTRE, FIRM
from maillage import clock
from maillage.testing import soon
from tests.e2e.gateway.conftest import load_accounts
from tests.e2e.gateway.partner_desk import BOOKED, FREE, SCOPES, SUBSCRIPTIONS, PartnerDesk, booked, free
from tests.harness.door import House
from tests.harness.receiver import receiver, status


@pytest_asyncio.fixture
async def desk(house: Callable[..., House], admin_of: Callable[[str], str]) -> PartnerDesk:
    """Webhooks may go to 127.0.0.1, and to no other address of this machine."""
    running = house(private_partners=["127.0.0.1/32"], delivery_timeout_s=2)
    return PartnerDesk(running, await load_accounts(running), admin_of(running.running.database_url))


async def test_an_administrator_subscribes_a_machine_and_it_gets_signed_events(desk: PartnerDesk) -> None:
    """Pending until it answers a ping; then thin, signed, once; each try can be seen; the secret is told once."""
    desk.house.running.work()
    machine = await desk.machine()
    async with receiver() as partner, desk.browser("administrateur") as admin:
        wanted = {"client_id": str(machine), "mode": "webhook", "url": f"{partner.url}/in", "types": [BOOKED]}
        key = {"Idempotency-Key": "one"}
        made = await admin.post(SUBSCRIPTIONS, json=wanted, headers=key)
        assert (made.status_code, made.json()["state"]) == (201, "pending"), made.text
        one, secret = f"{SUBSCRIPTIONS}/{made.json()['id']}", made.json()["secret"]
        assert (await admin.post(SUBSCRIPTIONS, json=wanted, headers=key)).json() == made.json()
        assert (await admin.get(one)).json()["secret"] is None
        assert (await admin.get(SUBSCRIPTIONS)).json()["items"] == [{**made.json(), "secret": None}]
        assert not await desk.sql(
            "SELECT 1 FROM kit.idempotency WHERE position($1::bytea IN body) > 0", secret.encode()
        )
        assert (await admin.post(f"{one}/ping")).json()["state"] == "active"
        ping = partner.got[0].verified(secret)
        assert (ping["type"], ping["data"]["href"]) == ("ping", one)
        event = booked()
        (event_id,) = await desk.happens(event)
        await desk.becomes(made.json()["id"], "delivered")
        got = partner.got[1]
        assert len(partner.got) == 2
        told = got.verified(secret)
        assert set(told) == {"type", "timestamp", "data"}
        assert told["type"] == BOOKED
        assert told["data"] == {
            "id": str(event.appointment_id),
            "organisation_id": str(CENTRE),
            "sequence": told["data"]["sequence"],
            "href": f"/api/appointments/v1/appointments/{event.appointment_id}",
        }
        assert str(event.patient_id).encode() not in got.body
        assert got.headers["webhook-id"] == event_id
        (line,) = (await admin.get(f"{one}/deliveries")).json()["items"]
        assert (line["event_id"], line["state"]) == (event_id, "delivered")
        assert [(a["n"], a["status"], a["failure"]) for a in line["attempts"]] == [(1, 204, None)]
        assert (await admin.delete(one)).status_code == 204
        assert (await admin.get(one)).status_code == 404
        assert not await desk.sql("SELECT 1 FROM delivery")
    actions = {row["action"] for row in await desk.sql("SELECT action FROM kit.audit WHERE record = 'subscription'")}
    assert actions == {"subscription_added", "subscription_enabled", "subscription_removed"}


INSIDE: tuple[object, ...] = (
    "http://partner.example/in",
    "https://partner.example:8080/in#part",
    "https://127.0.0.2/in",
    "https://[::ffff:10.0.0.1]/in",
    "https://2130706433/in",
    "https://0x7f.1/in",
    "https://me:secret@partner.example/in",
    "https://169.254.169.254/latest",
    "ftp://partner.example/in",
    "partner.example",
)


async def test_what_is_refused_at_registration(desk: PartnerDesk) -> None:
    """Gateway 7: addresses inside in all spellings; types beyond the scopes; other organisations' machines."""
    machine, foreign = await desk.machine(), await desk.machine(FIRM)
    narrow = await desk.machine(scopes=("appointments:slot.read",))
    good: dict[str, object] = {
        "client_id": str(machine),
        "mode": "webhook",
        "url": "https://partner.example/in",
        "types": [BOOKED],
    }
    cases: list[tuple[dict[str, object], int, str]] = [
        *[({"url": url}, 422, "URL_REFUSED") for url in INSIDE],
        ({"url": None}, 422, "URL_REFUSED"),
        ({"mode": "pull"}, 422, "URL_REFUSED"),
        ({"types": ["gateway.person_changed.v1"]}, 422, "TYPE_NOT_ALLOWED"),
        ({"types": [BOOKED, "appointments.nothing.v1"]}, 422, "TYPE_NOT_ALLOWED"),
        ({"client_id": str(narrow)}, 422, "TYPE_NOT_ALLOWED"),
        ({"client_id": None}, 422, "INVALID"),
        ({"client_id": str(foreign)}, 404, "NOT_FOUND"),
        ({"client_id": str(uuid4())}, 404, "NOT_FOUND"),
        ({"types": []}, 422, "INVALID"),
        ({"secret": "whsec_AAAA"}, 422, "FIELD_NOT_ALLOWED"),
    ]
    async with desk.browser("administrateur") as admin:
        for change, code, name in cases:
            answer = await admin.post(SUBSCRIPTIONS, json={**good, **change})
            assert (answer.status_code, answer.json()["code"]) == (code, name), (change, answer.text)
            assert "secret@" not in answer.text
        assert (await admin.get(SUBSCRIPTIONS)).json()["items"] == []
        for number in range(20):
            assert (await admin.post(SUBSCRIPTIONS, json=good)).status_code == 201, number
        assert (await admin.post(SUBSCRIPTIONS, json=good)).json()["code"] == "TOO_MANY_SUBSCRIPTIONS"


async def test_who_may(desk: PartnerDesk) -> None:
    """A manager may not; an administrator only with a fresh second factor; a machine with the scope, for itself."""
    own, other = await desk.machine(), await desk.machine(name="Autre")
    foreign = await desk.subscribed(await desk.machine(FIRM), None)
    mute = await desk.machine(scopes=SCOPES[1:])
    theirs = await desk.subscribed(other, None)
    async with desk.browser("responsable") as manager:
        assert (await manager.get(SUBSCRIPTIONS)).json()["code"] == "NOT_ALLOWED"
    async with desk.calling(mute) as client:
        assert (await client.get(SUBSCRIPTIONS)).json()["code"] == "NOT_ALLOWED"
    async with desk.calling(own) as client:
        wanted = {"mode": "pull", "types": [BOOKED]}
        mine = (await client.post(SUBSCRIPTIONS, json=wanted)).json()
        assert [each["id"] for each in (await client.get(SUBSCRIPTIONS)).json()["items"]] == [mine["id"]]
        said = await client.post(SUBSCRIPTIONS, json={**wanted, "client_id": str(other)})
        assert said.json()["code"] == "FIELD_NOT_ALLOWED"
        for path in ("", "/deliveries", "/events"):
            assert (await client.get(f"{SUBSCRIPTIONS}/{theirs['id']}{path}")).status_code == 404
        for act in ("ping", "enable", "rotate-secret", "replay"):
            body = {"delivery_id": str(uuid4())} if act == "replay" else None
            assert (await client.post(f"{SUBSCRIPTIONS}/{theirs['id']}/{act}", json=body)).status_code == 404
        assert (await client.delete(f"{SUBSCRIPTIONS}/{theirs['id']}")).status_code == 404
    async with desk.browser("administrateur") as admin:
        assert {e["id"] for e in (await admin.get(SUBSCRIPTIONS)).json()["items"]} == {mine["id"], theirs["id"]}
        assert (await admin.get(f"{SUBSCRIPTIONS}/{foreign['id']}")).status_code == 404
        await desk.sql("UPDATE session SET auth_time = now() - interval '16 minutes' WHERE ended_at IS NULL")

        async def refused() -> bool:
            answer = await admin.post(f"{SUBSCRIPTIONS}/{mine['id']}/ping")
            return bool(answer.json()["code"] == "STEP_UP_REQUIRED")

        await soon(refused)
        for method, path in (
            ("DELETE", mine["id"]), ("POST", f"{mine['id']}/ping"), ("POST", f"{mine['id']}/rotate-secret"),
        ):  # fmt: skip
            answer = await admin.request(method, f"{SUBSCRIPTIONS}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED"), path
        assert (await admin.get(f"{SUBSCRIPTIONS}/{mine['id']}")).status_code == 200


async def test_a_partner_reads_by_cursor_what_it_may_see_now(desk: PartnerDesk) -> None:
    """Each event once, in order, by pages; nothing that the machine may no longer see; too old, forged: refused."""
    desk.house.running.work()
    machine = await desk.machine(FIRM, reach="d")
    own, all_, narrow = [await desk.subscribed(machine, None, *types) for types in ((BOOKED,), (BOOKED, FREE), (FREE,))]
    ids = [*(await desk.happens(*(booked() for _ in range(4)))), *(await desk.happens(free()))]
    hidden = await desk.happens(booked(), about=uuid4())
    await desk.arrived(*ids, *hidden)
    async with desk.calling(machine) as client:

        async def read(told: dict[str, str], **query: str | int) -> tuple[list[str], str]:
            answer = await client.get(f"{SUBSCRIPTIONS}/{told['id']}/events", params=query)
            assert answer.status_code == 200, answer.text
            return [each["id"] for each in answer.json()["items"]], answer.json()["next_cursor"]

        first, cursor = await read(own, limit=3)
        rest, end = await read(own, limit=3, after=cursor)
        assert sorted(first + rest) == sorted(ids[:4])
        assert await read(own, after=end) == ([], end)
        assert sorted((await read(all_))[0]) == sorted(ids)
        assert (await read(narrow))[0] == ids[4:]
        pulled = (await client.get(f"{SUBSCRIPTIONS}/{narrow['id']}/events")).json()["items"][0]
        assert set(pulled) == {"id", "type", "timestamp", "data"}
        await desk.sql("UPDATE delegation SET valid = tstzrange(lower(valid), now())")
        later = await desk.happens(booked())
        await desk.arrived(*later)
        assert await read(own, after=end) == ([], end)
        assert (await read(own))[0] == []
        for wrong in ("x", "W10", "-1"):
            answer = await client.get(f"{SUBSCRIPTIONS}/{own['id']}/events", params={"after": wrong})
            assert (answer.status_code, answer.json()["code"]) == (422, "CURSOR_INVALID"), wrong
        ping = await client.post(f"{SUBSCRIPTIONS}/{own['id']}/ping")
        assert (ping.status_code, ping.json()["code"]) == (409, "WRONG_STATE")


async def test_what_is_older_than_thirty_days_is_forgotten(
    desk: PartnerDesk,
) -> None:
    """Deliveries go, delivered and parked ones; a reader whose cursor lies before them is told so, once and for all."""
    machine = await desk.machine()
    told = await desk.subscribed(machine, None)
    rows = """INSERT INTO delivery (id, subscription_id, position, event_id, type, subject_id, about, sequence, href,
                  readers, occurred_at, created_at, state)
              SELECT uuidv7(), $1, n, uuidv7(), $2, uuidv7(), $3, n, '/', '{appointments:appointment.read}', at, at,
                     'kept'
              FROM generate_series(1, 6) n, LATERAL (SELECT now() - (31.8 - n * 0.5) * interval '1 day' AS at) t"""
    await desk.sql(rows, told["id"], BOOKED, CENTRE)
    await desk.sql("UPDATE subscription SET last_position = 6 WHERE id = $1", told["id"])
    async with desk.calling(machine) as client:
        events = f"{SUBSCRIPTIONS}/{told['id']}/events"
        early = (await client.get(events, params={"limit": 2})).json()["next_cursor"]
        late = (await client.get(events, params={"limit": 5})).json()["next_cursor"]
        desk.house.running.work()

        async def forgotten() -> bool:
            return len(await desk.states(told["id"])) == 3

        await soon(forgotten)
        answer = await client.get(events, params={"after": early})
        assert (answer.status_code, answer.json()["code"]) == (410, "CURSOR_TOO_OLD")
        assert len((await client.get(events, params={"after": late})).json()["items"]) == 1
        assert len((await client.get(events)).json()["items"]) == 3


async def test_rights_are_judged_for_each_event_when_it_happens_and_when_it_leaves(desk: PartnerDesk) -> None:
    """Invariant G4: own, delegating, all; a suspended machine, a closed delegation, a scope taken away: nothing."""
    desk.house.running.work()
    reaches = {name: await desk.machine(FIRM, reach=name) for name in "odt"}
    suspended = await desk.machine()
    async with receiver() as partner:
        told = {name: await desk.subscribed(each, f"{partner.url}/{name}") for name, each in reaches.items()}
        told["x"] = await desk.subscribed(suspended, f"{partner.url}/x")
        await desk.sql("UPDATE client SET status = 'suspended' WHERE id = $1", suspended)
        partner.got.clear()
        (firm,) = await desk.happens(booked(), about=FIRM)
        (centre,) = await desk.happens(booked(), about=CENTRE)
        (foreign,) = await desk.happens(booked(), about=uuid4())
        (other,) = await desk.happens(free(), about=FIRM)
        await desk.arrived(firm, centre, foreign, other)
        wanted = {"o": {firm}, "d": {firm, centre}, "t": {firm, centre, foreign}, "x": set[str]()}
        for name, ids in wanted.items():
            await desk.becomes(told[name]["id"], *["delivered"] * len(ids))
            assert set(partner.ids(f"/{name}")) == ids, name
        partner.answers["/d"] = status("503 Later")
        (late,) = await desk.happens(booked(), about=CENTRE)

        async def failed_once() -> bool:
            return bool(await desk.sql("SELECT 1 FROM delivery WHERE state = 'due' AND attempts = 1"))

        await soon(failed_once)
        await desk.sql("UPDATE delegation SET valid = tstzrange(lower(valid), now())")
        tried = len(partner.ids("/d"))
        await desk.now_due(told["d"]["id"])
        await desk.becomes(told["d"]["id"], "delivered", "delivered", "parked")
        assert len(partner.ids("/d")) == tried
        await desk.sql("UPDATE client SET scopes = '{gateway:subscription.write}' WHERE id = $1", reaches["t"])
        last = await desk.happens(booked(), about=FIRM)
        await desk.becomes(told["o"]["id"], "delivered", "delivered")
        assert last[0] not in partner.ids("/t")
        assert late not in partner.ids("/o")


async def test_a_secret_is_rotated_without_losing_a_delivery(desk: PartnerDesk) -> None:
    """For a day both secrets verify; then the new one alone."""
    desk.house.running.work()
    machine = await desk.machine()
    async with receiver() as partner, desk.calling(machine) as client:
        told = await desk.subscribed(machine, f"{partner.url}/in")
        rotated = (await client.post(f"{SUBSCRIPTIONS}/{told['id']}/rotate-secret")).json()
        assert rotated["secret"] not in (None, told["secret"])
        await desk.happens(booked())
        await desk.becomes(told["id"], "delivered")
        for secret in (told["secret"], rotated["secret"]):
            assert partner.got[-1].verified(secret)["type"] == BOOKED
        assert partner.got[-1].headers["webhook-signature"].count("v1,") == 2
        await desk.sql("UPDATE subscription SET rotated_at = now() - interval '25 hours'")
        await desk.happens(booked())
        await desk.becomes(told["id"], "delivered", "delivered")
        assert partner.got[-1].verified(rotated["secret"])["type"] == BOOKED
        with pytest.raises(Exception, match="No matching signature"):
            partner.got[-1].verified(told["secret"])


async def test_a_new_address_must_answer_first(desk: PartnerDesk) -> None:
    """While events flow, another address takes over only when it answers; types change with the scopes in view."""
    machine = await desk.machine()
    async with receiver() as partner, desk.calling(machine) as client:
        told = await desk.subscribed(machine, f"{partner.url}/old")
        one = f"{SUBSCRIPTIONS}/{told['id']}"
        partner.answers["/bad"] = status("500 No")
        bad = await client.patch(one, json={"url": f"{partner.url}/bad"})
        assert (bad.status_code, bad.json()["code"], bad.json()["failure"]) == (
            422, "ENDPOINT_UNREACHABLE", "ANSWER_STATUS",
        )  # fmt: skip
        assert (await client.patch(one, json={"url": "https://10.0.0.1/"})).json()["code"] == "URL_REFUSED"
        assert (await client.get(one)).json()["url"] == told["url"]
        moved = await client.patch(one, json={"url": f"{partner.url}/new", "types": [BOOKED, FREE]})
        assert (moved.status_code, moved.json()["state"], moved.json()["url"]) == (200, "active", f"{partner.url}/new")
        assert len(partner.at("/new")) == 1
        stale = await client.patch(one, json={"types": [FREE]}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "VERSION_STALE")
        assert (await client.patch(one, json={"types": ["x.y.v1"]})).json()["code"] == "TYPE_NOT_ALLOWED"
        assert (await client.patch(one, json={"mode": "pull"})).json()["code"] == "FIELD_NOT_ALLOWED"


async def test_what_was_delivered_is_sent_again_when_asked(desk: PartnerDesk) -> None:
    """One delivery, or a time; under the same id, so that the partner may tell it is the same."""
    desk.house.running.work()
    machine, other = await desk.machine(), await desk.machine(name="Autre")
    async with receiver() as partner, desk.calling(machine) as client:
        told = await desk.subscribed(machine, f"{partner.url}/in")
        elsewhere = await desk.subscribed(other, f"{partner.url}/other")
        ids = await desk.happens(booked(), booked())
        await desk.becomes(told["id"], "delivered", "delivered")
        await desk.becomes(elsewhere["id"], "delivered", "delivered")
        lines = (await client.get(f"{SUBSCRIPTIONS}/{told['id']}/deliveries")).json()["items"]
        replay = f"{SUBSCRIPTIONS}/{told['id']}/replay"
        answer = await client.post(replay, json={"delivery_id": lines[0]["id"]})
        assert (answer.status_code, answer.json()) == (200, {"deliveries": 1})

        async def sent_again() -> bool:
            return partner.ids("/in").count(lines[0]["event_id"]) == 2

        await soon(sent_again)
        await desk.becomes(told["id"], "delivered", "delivered")
        hour = {"from": (clock.now() - timedelta(hours=1)).isoformat(), "to": clock.now().isoformat()}
        assert (await client.post(replay, json=hour)).json() == {"deliveries": 2}

        async def all_again() -> bool:
            return sorted(partner.ids("/in")[1:]) == sorted([*ids, *ids, lines[0]["event_id"]])

        await soon(all_again)
        foreign = (await desk.sql("SELECT id FROM delivery WHERE subscription_id = $1", elsewhere["id"]))[0]["id"]
        cases = [
            ({"delivery_id": str(foreign)}, 404, "NOT_FOUND"),
            ({}, 422, "INVALID"),
            ({"from": hour["from"]}, 422, "INVALID"),
            ({**hour, "delivery_id": lines[0]["id"]}, 422, "INVALID"),
            ({"from": hour["to"], "to": hour["from"]}, 422, "TIME_INVALID"),
            ({"from": "yesterday", "to": "today"}, 422, "TIME_INVALID"),
        ]
        for body, code, name in cases:
            answer = await client.post(replay, json=body)
            assert (answer.status_code, answer.json()["code"]) == (code, name), (body, answer.text)
        assert len(partner.at("/other")) == 3
