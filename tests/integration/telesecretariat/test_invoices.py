"""What a month costs: reckoned from its calls, each of which opens; closed once, and then it stays."""

import hashlib
import json
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from gateway.permissions import held
from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.floor import ADAPTER, Floor
from tests.harness.people import professional

PRICES = {"call_answered": 85, "callback": 90, "appointment": 40, "message": 60, "monthly": 20_000}
MONTH = "2025-11"
# 00:30 of 1 November and 00:30 of 1 December in Paris: the first is of the month, the second is not.
FIRST, AFTER = "2025-10-31T23:30:00Z", "2025-11-30T23:30:00Z"
CALLS = """
INSERT INTO call (id, organisation_id, client_id, line_id, adapter_id, direction, state, arrived_at, queued_at,
                  priority_at, answered_at, ended_at, state_since, wait_s, talk_s, created_at)
SELECT gen_random_uuid(), $1, $2, $3, $4, $5, $6, t, t, t, CASE WHEN $6 = 'completed' THEN t END, t, t, 5, 130, t
FROM (SELECT $7::text::timestamptz + n * $8 * interval '1 minute' AS t FROM generate_series(0, $9::int - 1) n) s
"""
LED_TO = """
WITH chosen AS (SELECT id FROM call WHERE line_id = $1 AND state = 'completed' ORDER BY id LIMIT $2)
INSERT INTO call_appointment (organisation_id, status, call_id, version, appointment_id, patient_id, event_id,
    starts_at)
SELECT $3, $4, id, 1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), now() FROM chosen
"""


def manager_of_firm(floor: Floor) -> Principal:
    return professional("manager", floor.firm, floor.centre, service="telesecretariat")


async def calls(
    floor: Floor, many: int, since: str = FIRST, direction: str = "inbound", state: str = "completed", **at: Any
) -> None:
    line, client = at.get("line_id", floor.line_id), at.get("client_id", floor.client_id)
    await floor.connection.execute(
        CALLS, floor.centre, client, line, ADAPTER, direction, state, since, at.get("every", 50), many
    )


async def prices(floor: Floor, **more: int) -> None:
    await floor.connection.execute(
        "UPDATE client SET valid = tstzrange('2020-01-01', NULL), prices = $1", PRICES | more
    )


async def message(floor: Floor, sent_at: str, call_id: object) -> None:
    await floor.connection.execute(
        "INSERT INTO message (id, organisation_id, client_id, practitioner_id, call_id, urgency, body_sealed, state,"
        " author_id, sent_at, created_at) VALUES (gen_random_uuid(), $1, $2, $1, $3, 'routine', '', 'closed', $1,"
        " $4::text::timestamptz, now())",
        floor.centre, floor.client_id, call_id, sent_at,
    )  # fmt: skip


async def drafted(client: httpx.AsyncClient, floor: Floor, month: str = MONTH) -> dict[str, Any]:
    answer = await client.post("/v1/invoices", json={"client_id": str(floor.client_id), "month": month})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def closed(client: httpx.AsyncClient, floor: Floor, month: str = MONTH) -> dict[str, Any]:
    draft = await drafted(client, floor, month)
    answer = await client.post(f"/v1/invoices/{draft['id']}/close", headers={"if-match": f'"{draft["version"]}"'})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def opened(client: httpx.AsyncClient, invoice: dict[str, Any], line: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        path = f"/v1/invoices/{invoice['id']}/lines/{line['id']}/calls"
        page = (await client.get(path, params={"limit": 300} | ({"cursor": cursor} if cursor else {}))).json()
        found += page["items"]
        cursor = page["next_cursor"]
    return found


def refused(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_month_of_812_calls_to_the_cent_and_each_opens(floor: Floor) -> None:
    await prices(floor)
    await calls(floor, 812)
    await calls(floor, 7, AFTER)
    await calls(floor, 9, state="abandoned")
    await calls(floor, 4, direction="outbound")
    await calls(floor, 3, direction="callback")
    other = await floor.client(organisation_id=new_id(), provider_id=floor.firm)
    await calls(floor, 5, line_id=await floor.line(client_id=other), client_id=other)
    await floor.connection.execute(LED_TO, floor.line_id, 300, floor.centre, "booked")
    await floor.connection.execute(LED_TO, floor.line_id, 20, floor.centre, "cancelled")
    call = await floor.connection.fetchval("SELECT id FROM call WHERE line_id = $1 LIMIT 1", floor.line_id)
    for sent_at in (FIRST, "2025-11-30T22:59:59Z", AFTER):
        await message(floor, sent_at, call)
    async with floor.http(manager_of_firm(floor)) as client:
        draft = await drafted(client, floor)
        assert await drafted(client, floor) == draft, "reckoned again it is the same, to its version"
        in_month = await floor.connection.fetchval(
            "SELECT count(*) FROM call_appointment a JOIN call c ON c.id = a.call_id WHERE a.status = 'booked'"
            " AND c.answered_at < $1::text::timestamptz", "2025-11-30T23:00:00Z")  # fmt: skip
        assert [(line["kind"], line["count"], line["amount_cents"]) for line in draft["lines"]] == [
            ("call_answered", 812, 69_020), ("callback", 3, 270), ("appointment", in_month, in_month * 40),
            ("message", 2, 120), ("monthly", 1, 20_000)]  # fmt: skip
        assert draft["total_cents"] == sum(line["amount_cents"] for line in draft["lines"])
        behind = await opened(client, draft, draft["lines"][0])
        assert len(behind) == len({each["id"] for each in behind}) == 812
        assert {each["direction"] for each in behind} == {"inbound"}
        assert not {"number", "note", "patient_id", "motive"} & set(behind[0])
    async with floor.http(floor.supervisor()) as client:
        for each in (behind[0], behind[-1]):
            assert (await client.get(f"/v1/calls/{each['id']}")).status_code == 200


async def test_a_closed_month_stays_with_the_hash_of_its_lines(floor: Floor) -> None:
    await prices(floor)
    await calls(floor, 3)
    async with floor.http(manager_of_firm(floor)) as client:
        draft = await drafted(client, floor)
        path = f"/v1/invoices/{draft['id']}"
        stale = await client.post(f"{path}/close", headers={"if-match": '"99"'})
        refused(stale, 412, "VERSION_STALE")
        await calls(floor, 1, "2025-11-20T09:00:00Z")
        refused(await client.post(f"{path}/close"), 409, "INVOICE_OUTDATED")
        done = await closed(client, floor)
        lines = [
            {"kind": each["kind"], "count": each["count"], "unit_cents": each["unit_cents"], "reason": None,
             "call_ids": [call["id"] for call in await opened(client, done, each)], "corrects_id": None}
            for each in done["lines"]
        ]  # fmt: skip
        canonical = {"client_id": str(floor.client_id), "month": MONTH, "lines": lines}
        text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
        assert done["hash"] == hashlib.sha256(text.encode()).hexdigest(), "whoever has the lines can check them"
        assert (done["state"], done["total_cents"]) == ("closed", 4 * 85 + 20_000)
        refused(await client.post(f"{path}/close"), 409, "INVOICE_CLOSED")
        again = await client.post("/v1/invoices", json={"client_id": str(floor.client_id), "month": MONTH})
        refused(again, 409, "INVOICE_CLOSED")
        await floor.connection.execute("UPDATE client SET prices = '{}'")
        assert (await client.get(path)).json() == done
    event = await floor.connection.fetchval("SELECT payload FROM kit.outbox WHERE type LIKE '%invoice_closed%'")
    assert json.loads(event) == {
        "invoice_id": done["id"], "client_id": str(floor.client_id), "month": MONTH, "total_cents": 20_340,
        "hash": done["hash"]}  # fmt: skip


async def test_the_base_itself_keeps_a_closed_invoice(floor: Floor) -> None:
    await prices(floor)
    async with floor.http(manager_of_firm(floor)) as client:
        await closed(client, floor)
    for statement in (
        "UPDATE invoice SET total_cents = 0",
        "DELETE FROM invoice",
        "UPDATE invoice_line SET count = 0",
        "DELETE FROM invoice_line",
        "INSERT INTO invoice_line (id, organisation_id, client_id, invoice_id, kind, count, unit_cents)"
        " SELECT gen_random_uuid(), organisation_id, client_id, id, 'message', 1, 1 FROM invoice",
    ):
        with pytest.raises(asyncpg.RaiseError):
            await floor.connection.execute(statement)


async def test_a_month_that_is_not_over_is_not_closed(floor: Floor) -> None:
    await prices(floor)
    async with floor.http(manager_of_firm(floor)) as client:
        draft = await drafted(client, floor, f"{clock.now():%Y-%m}")
        refused(await client.post(f"/v1/invoices/{draft['id']}/close"), 409, "MONTH_NOT_OVER")
        for wrong in ("2025-13", "2025-11-01", "11/2025", 202511):
            body = {"client_id": str(floor.client_id), "month": wrong}
            refused(await client.post("/v1/invoices", json=body), 422, "MONTH_INVALID")


async def test_what_was_wrong_is_credited_on_a_later_draft_and_never_twice(floor: Floor) -> None:
    await prices(floor)
    await calls(floor, 5)
    async with floor.http(manager_of_firm(floor)) as client:
        done = await closed(client, floor)
        line = done["lines"][0]["id"]
        draft = await drafted(client, floor, "2025-12")
        path = f"/v1/invoices/{draft['id']}/corrections"
        body = {"line_id": line, "count": 2, "reason": "not_owed"}
        credited = (await client.post(path, json=body)).json()
        assert credited["total_cents"] == 20_000 - 170
        assert credited["lines"][-1] | {"id": ""} == {
            "id": "", "kind": "call_answered", "count": -2, "unit_cents": 85, "amount_cents": -170,
            "corrects_id": line, "reason": "not_owed"}  # fmt: skip
        refused(await client.post(path, json=body | {"count": 4}), 422, "CREDIT_TOO_LARGE")
        refused(await client.post(path, json=body | {"line_id": draft["lines"][0]["id"]}), 422, "LINE_NOT_CORRECTABLE")
        refused(await client.post(f"/v1/invoices/{done['id']}/corrections", json=body), 409, "INVOICE_CLOSED")
        await calls(floor, 1, "2025-12-10T09:00:00Z")
        assert (await drafted(client, floor, "2025-12"))["total_cents"] == 20_000 - 170 + 85, "a credit stays"
        dropped = await client.delete(f"{path}/{credited['lines'][-1]['id']}")
        assert dropped.json()["total_cents"] == 20_085
        assert (await client.post(path, json=body | {"count": 5})).json()["total_cents"] == 20_085 - 5 * 85
        assert (await closed(client, floor, "2025-12"))["total_cents"] == 20_085 - 5 * 85
    async with floor.http(floor.manager()) as client:
        later = await drafted(client, floor, "2026-01")
        answer = await client.post(f"/v1/invoices/{later['id']}/corrections", json=body)
        refused(answer, 403, "CREDIT_OF_PROVIDER")


async def test_who_reads_and_who_settles(floor: Floor) -> None:
    await prices(floor)
    await calls(floor, 1)
    async with floor.http(manager_of_firm(floor)) as client:
        draft = await drafted(client, floor)
    path, behind = f"/v1/invoices/{draft['id']}", f"lines/{draft['lines'][0]['id']}/calls"
    agency = professional("ars_officer", new_id(), service="telesecretariat")
    assert held("ars_officer", "telesecretariat")["report.read"] == "t", "reads reports all the same"
    expected: list[tuple[Principal, int, int]] = [
        (floor.manager(), 200, 200), (floor.supervisor(), 200, 403), (floor.stranger(), 404, 403),
        (floor.stranger("manager"), 404, 404), (agency, 403, 403), (floor.telesecretary(new_id()), 403, 403),
        (floor.practitioner(), 403, 403)]  # fmt: skip
    for caller, reads, writes in expected:
        async with floor.http(caller) as client:
            assert (await client.get(path)).status_code == reads, caller.role
            assert (await client.get(f"{path}/{behind}")).status_code == reads, caller.role
            listed = await client.get("/v1/invoices", params={"client_id": str(floor.client_id), "month": MONTH})
            shown = [UUID(each["id"]) for each in listed.json().get("items", [])]
            assert shown == ([UUID(draft["id"])] if reads == 200 else []), caller.role
            body = {"client_id": str(floor.client_id), "month": MONTH}
            assert (await client.post("/v1/invoices", json=body)).status_code == writes, caller.role
            if writes != 200:
                assert (await client.post(f"{path}/close")).status_code == writes, caller.role
