"""Crates: what goes in, what is refused, what they are afterwards, and where blocked packs may go."""

import asyncio
from datetime import timedelta
from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from tests.harness import days
from tests.harness.acts import post, refused
from tests.harness.carried import dirty, hold, issues, pack, recall
from tests.harness.plant import Plant

LANGRES = 1


async def test_what_goes_into_a_crate(plant: Plant) -> None:
    crate = await plant.crate(plant.place("dock"))
    today = days.today()
    _, good = await pack(plant)
    expired = await plant.run(
        await plant.set(), "released", place=plant.place("store"), sterile_on=today - timedelta(days=200),
        expires_on=today - timedelta(days=20),
    )  # fmt: skip
    early = await plant.run(await plant.set(), "packed", place=plant.place("packing"))
    recalled, _ = await pack(plant)
    cause = await recall(plant, recalled)
    held, _ = await pack(plant)
    because = await hold(plant, (await plant.row("run", held))["set_id"], plant.members[0])
    away = await plant.run(await plant.set(), "released")
    soon_out, label = await pack(plant, expires_on=today + timedelta(days=2))
    async with plant.http(plant.operator()) as operator:
        into = f"crates/{crate}/put_in"
        await refused(operator, into, "EXPIRED", codes=[await plant.label_of(expired)])
        assert (await refused(operator, into, "NOT_RELEASED", codes=[await plant.label_of(early)]))["stage"] == "packed"
        problem = await refused(operator, into, "RECALLED", codes=[await plant.label_of(recalled)])
        assert problem["recall_id"] == str(cause)
        problem = await refused(operator, into, "ON_HOLD", codes=[await plant.label_of(held)])
        assert problem["hold_id"] == str(because)
        await refused(operator, into, "WRONG_PLACE", codes=[await plant.label_of(away)])
        await refused(operator, into, "UNKNOWN_CODE", 404, codes=[f"]d200{plant.label()}"])
        await refused(operator, into, "CODE_GARBLED", 422, codes=["à&é\"'"])
        await _kept_for(plant, soon_out, days=5)
        await refused(operator, into, "EXPIRED", codes=[label])  # good today, not on the day of the operation
        await post(operator, into, codes=[good])
        assert (await post(operator, into, codes=[good]))["things"] == 1  # twice is once
        other = await plant.crate(plant.place("dock"))
        problem = await refused(operator, f"crates/{other}/put_in", "IN_ANOTHER_CRATE", codes=[good])
        assert problem["crate_id"] == str(crate)
        laundry = await plant.crate(plant.place("dock"), flow="laundry")
        await refused(operator, f"crates/{laundry}/put_in", "INCOMPATIBLE_FLOWS", codes=[(await pack(plant))[1]])
        await post(operator, f"crates/{crate}/seal", number="S7")
        await refused(operator, into, "CRATE_SEALED", codes=[(await pack(plant))[1]])
        await refused(operator, f"crates/{crate}/seal", "CRATE_SEALED", number="S8")
        await post(operator, f"crates/{other}/put_in", codes=[(await pack(plant))[1]])
        await refused(operator, f"crates/{other}/seal", "SEAL_REUSED", number="S7")
        await refused(
            operator, f"crates/{other}/seal", "REFERENCE_UNKNOWN", 422, number="S8", destination_site_id=str(new_id())
        )
        await post(operator, f"crates/{crate}/unseal", number="S6")
        assert await issues(plant) == ["seal_differs"]
        await refused(operator, f"crates/{crate}/unseal", "WRONG_STATE", number="S7")
        store = str(plant.place("store"))
        state = await post(operator, f"crates/{crate}/take_out", codes=[good], place_id=store)
        assert (state["things"], state["load_state"]) == (0, "empty")
    async with plant.http(plant.stranger("theatre_agent")) as stranger, plant.http(plant.pharmacist()) as pharmacist:
        assert (await stranger.get(f"/v1/crates/{crate}")).status_code == 404
        await refused(stranger, into, "NOT_FOUND", 404, codes=[good])
        await refused(pharmacist, into, "NOT_ALLOWED", 403, codes=[good])


async def _kept_for(plant: Plant, run_id: UUID, days: int) -> None:
    owner, now = plant.members[0], clock.now()
    common = {"organisation_id": owner, "group_id": plant.group, "created_at": now}
    operation, need = new_id(), new_id()
    await plant.insert("operation", common | {
        "id": operation, "operation_ref": "OP-1", "site_id": plant.sites[owner], "theatre": "1",
        "starts_at": now + timedelta(days=days), "state": "planned",
    })  # fmt: skip
    composition = plant.compositions[owner][0]
    await plant.insert(
        "need", common | {"id": need, "operation_id": operation, "composition_id": composition, "quantity": 1}
    )
    await plant.insert("allocation", common | {"id": new_id(), "need_id": need, "run_id": run_id, "made_by": "plant"})


async def test_a_crate_soiled_by_an_earlier_turn_takes_nothing(plant: Plant) -> None:
    """Not even dirty goods: opened at arrival and emptied, it is decontaminated first. A member does not do that."""
    owner = plant.members[0]
    crate = await plant.crate(plant.place("theatre", owner))
    first, second = await dirty(plant), await dirty(plant)
    place = str(plant.place("theatre", owner))
    async with plant.http(plant.theatre()) as nurse:
        await post(nurse, f"crates/{crate}/put_in", codes=[first])
        await post(nurse, f"crates/{crate}/take_out", codes=[first], place_id=place)
        await post(nurse, f"crates/{crate}/put_in", codes=[second])  # the same turn
        await post(nurse, f"crates/{crate}/seal", number="S1")
        await post(nurse, f"crates/{crate}/unseal", number="S1")
        await post(nurse, f"crates/{crate}/take_out", codes=[second], place_id=place)
        await refused(nurse, f"crates/{crate}/put_in", "CRATE_DIRTY", codes=[first])
        await refused(nurse, f"crates/{crate}/decontaminate", "NOT_ALLOWED", 403)


async def test_two_persons_put_one_pack_into_two_crates_at_once(plant: Plant) -> None:
    _, label = await pack(plant)
    crates = [await plant.crate(plant.place("dock")) for _ in range(2)]

    async def put(crate: UUID) -> tuple[int, str]:
        async with plant.http(plant.operator()) as operator:
            answer = await operator.post(f"/v1/crates/{crate}/put_in", json={"codes": [label]})
            return answer.status_code, answer.json().get("code", "")

    answers = await asyncio.gather(*(put(crate) for crate in crates))
    assert sorted(answers) == [(200, ""), (409, "IN_ANOTHER_CRATE")]


async def test_what_is_blocked_moves_to_quarantine_only(plant: Plant) -> None:
    """Recalled in the van: not to Langres' dock, but to its quarantine; from there back in a crate of quarantine."""
    van, owner = await plant.van(), plant.members[LANGRES]
    run_id, label = await pack(plant, LANGRES)
    crate = await plant.crate(plant.place("dock"))
    dock, quarantine = str(plant.place("dock", owner)), str(plant.place("quarantine", owner))
    async with (
        plant.http(plant.operator()) as operator, plant.http(plant.driver()) as driver,
        plant.http(plant.theatre(LANGRES)) as nurse,
    ):  # fmt: skip
        await post(operator, f"crates/{crate}/put_in", codes=[label])
        await post(operator, f"crates/{crate}/seal", number="S1")
        await post(driver, f"compartments/{van['clean']}/load", crates=[str(crate)])
        way = {"from_place_id": str(van["clean"]), "to_place_id": dock, "crates": [str(crate)]}
        given = await post(driver, "handovers", 201, **way)
        await recall(plant, run_id)
        taking = {"crates": [{"code": str(crate), "seal": "S1"}]}
        await refused(nurse, f"handovers/{given['id']}/take", "RECALLED", **taking)
        answer = await post(nurse, f"handovers/{given['id']}/take", **taking, quarantine_place_id=quarantine)
        assert answer["to_place_id"] == quarantine
        await refused(nurse, "handovers", "RECALLED", from_place_id=quarantine, to_place_id=dock, crates=[str(crate)])
        await post(nurse, f"crates/{crate}/unseal", number="S1")
        out = f"crates/{crate}/take_out"
        await refused(nurse, out, "RECALLED", codes=[label], place_id=dock)
        await post(nurse, out, codes=[label], place_id=quarantine)
        back = await plant.crate(plant.place("quarantine", owner))
        state = await post(nurse, f"crates/{back}/put_in", codes=[label])
        assert (state["quarantine"], state["load_state"]) == (True, "dirty")  # never crated clean
        await post(nurse, f"crates/{back}/seal", number="S2")
        given = await post(
            nurse, "handovers", 201, from_place_id=quarantine, to_place_id=str(van["dirty"]), crates=[str(back)]
        )
        await post(driver, f"handovers/{given['id']}/take", crates=[{"code": str(back), "seal": "S2"}])
        unload = f"compartments/{van['dirty']}/unload"
        await refused(driver, unload, "RECALLED", crates=[str(back)], place_id=str(plant.place("dock")))
        await post(driver, unload, crates=[str(back)], place_id=str(plant.place("quarantine")))
        outside = {"to_place_id": str(plant.place("outside")), "crates": [str(back)]}
        quarantine = str(plant.place("quarantine"))
        await refused(driver, "handovers", "NO_CONTINUITY_PLAN", from_place_id=quarantine, **outside)
