"""Shared orders: laundry without ceremony, pharmacy cold and checked twice, waste the other way round."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx

from maillage import clock
from maillage.ids import new_id
from tests.harness.acts import post, refused
from tests.harness.carried import refolded
from tests.harness.plant import Plant

PARIS = ZoneInfo("Europe/Paris")


def today() -> datetime:
    """Now, in the group's zone."""
    return clock.now().astimezone(PARIS)


def wanted(plant: Plant, flow: str, *items: str, days: int = 3, member: int = 0) -> dict[str, object]:
    """Ten of each item, so many days from now."""
    return {
        "flow": flow, "site_id": str(plant.sites[plant.members[member]]),
        "wanted_on": (today().date() + timedelta(days=days)).isoformat(),
        "lines": [{"item": item, "quantity": 10} for item in items],
    }  # fmt: skip


def each(order: dict[str, Any], **values: object) -> dict[str, object]:
    """All lines of an order with the same values."""
    return {"lines": [{"line_id": line["id"], **values} for line in order["lines"]]}


async def told(plant: Plant, order_id: object) -> set[tuple[str, bool]]:
    """States told of an order, and whether the group was told."""
    rows = await plant.connection.fetch(
        "SELECT payload::jsonb ->> 'state' AS state, organisation_id FROM kit.outbox"
        " WHERE type = 'cooperation.order_changed.v1' AND subject_id = $1",
        order_id,
    )
    return {(row["state"], row["organisation_id"] == plant.group) for row in rows}


async def test_laundry_is_ordered_prepared_received(plant: Plant) -> None:
    await plant.flow("laundry", "sheet", "gown", cut_offs={str(plant.sites[plant.members[0]]): "11:00"})
    async with (
        plant.http(plant.theatre()) as nurse, plant.http(plant.operator()) as operator,
        plant.http(plant.theatre(1)) as langres, plant.http(plant.stranger("theatre_agent")) as stranger,
    ):  # fmt: skip
        body = wanted(plant, "laundry", "sheet", "gown")
        await refused(langres, "orders", "REFERENCE_UNKNOWN", 422, **body)  # another member's site
        await refused(nurse, "orders", "REFERENCE_UNKNOWN", 422, **(body | {"flow": "meals"}))
        await refused(nurse, "orders", "REFERENCE_UNKNOWN", 422, **wanted(plant, "laundry", "towel"))
        await refused(nurse, "orders", "INVALID", 422, **wanted(plant, "laundry", "gown", "gown"))
        await refused(nurse, "orders", "FIELD_NOT_ALLOWED", 422, **body, state="accepted")
        order = await post(nurse, "orders", 201, **body)
        path = f"orders/{order['id']}"
        assert (order["state"], order["unit"], len(order["lines"])) == ("draft", "piece", 2)
        for outsider in (langres, stranger):
            await refused(outsider, f"{path}/send", "NOT_FOUND", 404)
            assert (await outsider.get(f"/v1/{path}")).status_code == 404
        problem = await refused(operator, f"{path}/accept", "WRONG_STATE")
        assert (problem["state"], problem["allowed"]) == ("draft", ["sent"])
        assert (await post(nurse, f"{path}/send"))["sent_at"] is not None
        await refused(nurse, f"{path}/accept", "NOT_ALLOWED", 403)
        await post(operator, f"{path}/accept")
        await refused(nurse, f"{path}/prepare", "NOT_ALLOWED", 403, **each(order, quantity=10))
        await refused(operator, f"{path}/prepare", "LINES_MISSING", lines=each(order, quantity=10)["lines"][:1])  # type: ignore[index]
        assert (await post(operator, f"{path}/prepare", **each(order, quantity=10)))["state"] == "prepared"
        await refused(nurse, f"{path}/cancel", "WRONG_STATE")
        assert (await post(operator, f"{path}/dispatch"))["state"] == "in_transit"
        await refused(nurse, f"{path}/receive", "LINES_MISSING", lines=[{"line_id": str(new_id()), "quantity": 1}])
        got = each(order, quantity=10)
        got["lines"][0]["quantity"] = 8  # type: ignore[index]
        received = await post(nurse, f"{path}/receive", **got)
        assert sorted(line["received"] for line in received["lines"]) == [8, 10]
        assert await plant.connection.fetchval("SELECT array_agg(kind) FROM issue") == ["quantity_differs"]
        assert (await post(nurse, f"{path}/close"))["state"] == "closed"
        assert [item["id"] for item in (await nurse.get("/v1/orders?state=closed&flow=laundry")).json()["items"]] == [
            order["id"]
        ]
        assert (await langres.get("/v1/orders")).json()["items"] == []
        states = await told(plant, order["id"])
        assert {state for state, group in states if not group} == {
            "draft", "sent", "accepted", "prepared", "in_transit", "received", "closed"
        }  # fmt: skip
        assert {state for state, group in states if group} == {"accepted", "prepared", "in_transit"}


async def test_a_recalled_lot_does_not_leave(plant: Plant) -> None:
    await plant.flow("laundry", "sheet")
    async with plant.http(plant.theatre()) as nurse, plant.http(plant.operator()) as operator:
        order = await post(nurse, "orders", 201, **wanted(plant, "laundry", "sheet"))
        path = f"orders/{order['id']}"
        await post(nurse, f"{path}/send")
        await post(operator, f"{path}/accept")
        await post(operator, f"{path}/prepare", **each(order, quantity=10, lot="L-1"))
        async with plant.http(plant.pharmacist()) as pharmacist:
            await post(pharmacist, "recalls", 201, cause="lot suspect", scope={"lots": [{"lot": "L-1"}]})
        await refused(operator, f"{path}/dispatch", "RECALLED")


async def test_an_order_too_late_declined_or_cancelled(plant: Plant) -> None:
    """The cut-off is the site's own, in local time; another site is not bound by it."""
    site = str(plant.sites[plant.members[0]])
    past = (today() - timedelta(minutes=1)).time() if today().time() > time(0, 1) else time(0)
    await plant.flow("meals", "lunch", cut_offs={site: past.isoformat("minutes")})
    async with plant.http(plant.theatre()) as nurse, plant.http(plant.manager()) as manager:
        late = await post(nurse, "orders", 201, **wanted(plant, "meals", "lunch", days=1))
        problem = await refused(nurse, f"orders/{late['id']}/send", "AFTER_CUT_OFF")
        assert str(problem["taken_until"]).startswith(today().date().isoformat())
        assert (await post(nurse, f"orders/{late['id']}/cancel"))["state"] == "cancelled"
        order = await post(nurse, "orders", 201, **wanted(plant, "meals", "lunch", days=2))
        await post(nurse, f"orders/{order['id']}/send")
        await refused(manager, f"orders/{order['id']}/decline", "INVALID", 422)
        declined = await post(manager, f"orders/{order['id']}/decline", reason="cuisine fermée")
        assert (declined["state"], declined["reason"]) == ("declined", "cuisine fermée")
        await refused(nurse, f"orders/{order['id']}/cancel", "WRONG_STATE")
    async with plant.http(plant.hospital(1)) as langres, plant.http(plant.hospital(1, "set.read")) as reader:
        order = await post(langres, "orders", 201, **wanted(plant, "meals", "lunch", days=0, member=1))
        await refused(reader, f"orders/{order['id']}/send", "NOT_ALLOWED", 403)
        assert (await post(langres, f"orders/{order['id']}/send"))["state"] == "sent"
        yesterday = await post(langres, "orders", 201, **wanted(plant, "meals", "lunch", days=-1, member=1))
        await refused(langres, f"orders/{yesterday['id']}/send", "AFTER_CUT_OFF")


async def test_pharmacy_is_cold_has_lots_and_two_pairs_of_eyes(plant: Plant) -> None:
    await plant.flow("pharmacy", "insulin", "vaccine", least_c=2.0, most_c=8.0, lots=True, double_check=True)
    crate, other = await plant.crate(plant.place("dock"), flow="pharmacy"), await plant.crate(plant.place("dock"))
    van, dock = await plant.van(), str(plant.place("dock", plant.members[0]))
    async with (
        plant.http(plant.theatre()) as nurse, plant.http(plant.operator()) as first,
        plant.http(plant.operator()) as second, plant.http(plant.driver()) as driver,
        plant.http(plant.pharmacist()) as pharmacist,
    ):  # fmt: skip
        order = await post(nurse, "orders", 201, **wanted(plant, "pharmacy", "insulin", "vaccine"))
        path = f"orders/{order['id']}"
        await post(nurse, f"{path}/send")
        await post(first, f"{path}/accept")
        await refused(second, f"{path}/check", "LINES_MISSING")
        await refused(first, f"{path}/prepare", "LOT_MISSING", 422, **each(order, quantity=10))
        in_other = each(order, quantity=10, lot="L1", crate=str(other))
        await refused(first, f"{path}/prepare", "INCOMPATIBLE_FLOWS", **in_other)
        away = await plant.crate(plant.place("dock", plant.members[0]), flow="pharmacy")
        await refused(first, f"{path}/prepare", "WRONG_PLACE", **each(order, quantity=10, lot="L1", crate=str(away)))
        again = await plant.crate(plant.place("dock"), flow="pharmacy")
        made = await post(first, f"{path}/prepare", **each(order, quantity=10, lot="L1", crate=str(again)))
        one = each(order, quantity=10, lot="L1")
        await post(first, f"{path}/prepare", **one)  # prepared again, without a crate
        assert (await first.get(f"/v1/crates/{again}")).json()["things"] == 0
        made = await post(
            first, f"{path}/prepare", **each(order, quantity=10, lot="L1", crate=await plant.crate_tag(crate))
        )
        assert (made["state"], made["crate_ids"]) == ("accepted", [str(crate)])
        await refused(first, f"{path}/check", "SAME_PERSON")
        assert (await post(second, f"{path}/check"))["state"] == "prepared"
        await refused(first, f"{path}/dispatch", "HANDOVER_NEEDED")

        await post(first, f"crates/{crate}/seal", number="P1")
        await post(driver, f"compartments/{van['clean']}/load", crates=[str(crate)])
        assert (await nurse.get(f"/v1/{path}")).json()["state"] == "in_transit"
        given = await post(
            driver, "handovers", 201, from_place_id=str(van["clean"]), to_place_id=dock, crates=[str(crate)]
        )
        await post(nurse, f"handovers/{given['id']}/take", crates=[{"code": str(crate), "seal": "P1"}])
        cold = {"place_id": dock, **each(order, quantity=10, temperature_c=5.0)}
        await refused(nurse, f"{path}/receive", "CRATE_SEALED", **cold)
        held = (await nurse.get(f"/v1/crates/{crate}")).json()["contents"]
        assert {(one["kind"], one["order_id"]) for one in held} == {("parcel", order["id"])}
        await post(nurse, f"crates/{crate}/unseal", number="P1")
        await _one_line_too_warm(plant, order, crate, nurse, first, pharmacist)


async def _one_line_too_warm(
    plant: Plant, order: dict[str, Any], crate: UUID, nurse: httpx.AsyncClient, operator: httpx.AsyncClient,
    pharmacist: httpx.AsyncClient,
) -> None:  # fmt: skip
    """Its line is blocked until the pharmacist has decided."""
    path, dock = f"orders/{order['id']}", str(plant.place("dock", plant.members[0]))
    await refused(nurse, f"{path}/receive", "TEMPERATURE_MISSING", 422, place_id=dock, **each(order, quantity=10))
    await refused(nurse, f"{path}/receive", "INVALID", 422, **each(order, quantity=10, temperature_c=5.0))
    warm = each(order, quantity=10, temperature_c=5.0)
    warm["lines"][1]["temperature_c"] = 8.1  # type: ignore[index]
    received = await post(nurse, f"{path}/receive", place_id=dock, **warm)
    blocked = [line for line in received["lines"] if line["blocked"]]
    assert [(line["item"], line["temperature_c"], line["place_id"]) for line in blocked] == [("vaccine", 8.1, dock)]
    assert await plant.connection.fetchval("SELECT array_agg(kind) FROM issue") == ["temperature_out_of_range"]
    assert (await operator.get(f"/v1/crates/{crate}")).json()["load_state"] == "empty"

    assert (await refused(nurse, f"{path}/close", "LINE_BLOCKED"))["line_ids"] == [blocked[0]["id"]]
    deciding = f"order_lines/{blocked[0]['id']}/decide"
    verdict = {"outcome": "destroy", "reason": "rupture de chaîne du froid"}
    await refused(nurse, deciding, "NOT_ALLOWED", 403, **verdict)
    await refused(operator, deciding, "ROLE_REQUIRED", 403, **verdict)
    decided = await post(pharmacist, deciding, **verdict)
    assert {line["item"]: line["received"] for line in decided["lines"]} == {"insulin": 10, "vaccine": 0}
    await refused(pharmacist, deciding, "WRONG_STATE", **verdict)
    assert (await post(nurse, f"{path}/close"))["state"] == "closed"
    assert await refolded(plant) == []


async def test_waste_goes_the_other_way_round(plant: Plant) -> None:
    """The member asks for the collection and fills the crates, the group receives them; then the crate is dirty."""
    await plant.flow("waste", "bin", direction="from_member", cleanliness="dirty", incompatible=["sterilisation"])
    crate, van = await plant.crate(plant.place("dock", plant.members[0]), flow="waste"), await plant.van()
    dock, reception = str(plant.place("dock", plant.members[0])), str(plant.place("reception"))
    async with (
        plant.http(plant.theatre()) as nurse, plant.http(plant.driver()) as driver,
        plant.http(plant.operator()) as operator,
    ):  # fmt: skip
        order = await post(nurse, "orders", 201, **wanted(plant, "waste", "bin"))
        path = f"orders/{order['id']}"
        await post(nurse, f"{path}/send")
        await post(operator, f"{path}/accept")
        assert order["direction"] == "from_member"
        await post(nurse, f"{path}/prepare", **each(order, quantity=9, crate=str(crate)))
        await refused(nurse, f"{path}/dispatch", "HANDOVER_NEEDED")
        await post(nurse, f"crates/{crate}/seal", number="W1")
        given = await post(
            nurse, "handovers", 201, from_place_id=dock, to_place_id=str(van["dirty"]), crates=[str(crate)]
        )
        await post(driver, f"handovers/{given['id']}/take", crates=[{"code": str(crate), "seal": "W1"}])
        await post(driver, f"compartments/{van['dirty']}/unload", crates=[str(crate)], place_id=reception)
        await post(operator, f"crates/{crate}/unseal", number="W1")
        arrived = {"place_id": reception, **each(order, quantity=9)}
        await refused(nurse, f"{path}/receive", "NOT_ALLOWED", 403, **arrived)
        assert (await post(operator, f"{path}/receive", **arrived))["state"] == "received"
        state = (await operator.get(f"/v1/crates/{crate}")).json()
        assert (state["things"], state["load_state"]) == (0, "dirty")
        assert (await post(operator, f"{path}/close"))["state"] == "closed"
        after = {state for state, group in await told(plant, order["id"]) if group}
        assert after == {"accepted", "received", "closed"}
