"""Hand-overs, vehicles, tours: who gives, who takes, what rides together, and what is refused on the way."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.acts import post, refused
from tests.harness.carried import dirty, issues, pack, refolded, sealed, told
from tests.harness.plant import Plant

LANGRES = 1


async def test_a_delivery_from_the_plant_to_langres(plant: Plant) -> None:
    """Two persons at each end; the seal read at Langres is another: accepted, with an issue."""
    van, crate = await plant.van(), await plant.crate(plant.place("dock"))
    run_id, label = await pack(plant, LANGRES)
    other = (await pack(plant, 0))[1]
    dock, site = str(plant.place("dock", plant.members[LANGRES])), str(plant.sites[plant.members[LANGRES]])
    async with (
        plant.http(plant.operator()) as operator, plant.http(plant.driver()) as driver,
        plant.http(plant.theatre(LANGRES)) as langres, plant.http(plant.theatre(2)) as bourbonne,
    ):  # fmt: skip
        await refused(operator, f"crates/{crate}/seal", "CRATE_EMPTY", number="S1")
        assert (await post(operator, f"crates/{crate}/put_in", codes=[label, other]))["things"] == 2
        await refused(langres, f"crates/{crate}/seal", "NOT_FOUND", 404, number="S1")  # it stands at the plant
        state = await post(operator, f"crates/{crate}/seal", number="S1", destination_site_id=site)
        assert (state["seal"], state["load_state"], state["destination_site_id"]) == ("S1", "clean", site)
        given = await post(
            operator, "handovers", 201, from_place_id=str(plant.place("dock")), to_place_id=str(van["clean"]),
            crates=[await plant.crate_tag(crate)],
        )  # fmt: skip
        taken = {"crates": [{"code": str(crate), "seal": "S1"}]}
        await refused(operator, f"handovers/{given['id']}/take", "SAME_PERSON", **taken)
        await refused(langres, f"handovers/{given['id']}/take", "NOT_FOUND", 404, **taken)
        assert (await post(driver, f"handovers/{given['id']}/take", **taken))["state"] == "taken"
        await refused(driver, f"handovers/{given['id']}/take", "WRONG_STATE", **taken)

        leaving = clock.now().isoformat()
        stops = [{"site_id": site, "promised_at": leaving}]
        tour = await post(driver, "tours", 201, vehicle_id=str(van["van"]), leaves_at=leaving, stops=stops)
        way = {"from_place_id": str(van["clean"]), "to_place_id": dock, "crates": [str(crate)]}
        await refused(driver, "handovers", "REFERENCE_UNKNOWN", 422, **way, stop_id=str(new_id()))
        given = await post(driver, "handovers", 201, **way, stop_id=tour["stops"][0]["id"])
        await _taken_at_langres(plant, given, crate, langres, bourbonne)
        await _opened_at_langres(plant, crate, label, other, langres)
        await _tour_done(tour, driver, langres)
    at = await plant.connection.fetchval(
        "SELECT c.place_id FROM custody c JOIN run r ON r.set_id = c.subject_id WHERE r.id = $1 AND c.until IS NULL",
        run_id,
    )
    assert at == plant.place("store", plant.members[LANGRES])
    langres_org = plant.members[LANGRES]
    assert await told(plant, "handover_recorded") == [
        ("given", plant.group), ("taken", plant.group), *sorted([("given", plant.group), ("given", langres_org)]),
        ("taken", langres_org),
    ]  # fmt: skip
    assert await refolded(plant) == []


async def _taken_at_langres(
    plant: Plant, given: dict[str, Any], crate: UUID, langres: httpx.AsyncClient, bourbonne: httpx.AsyncClient
) -> None:
    assert (await bourbonne.get(f"/v1/handovers/{given['id']}")).status_code == 404
    assert (await bourbonne.get("/v1/handovers")).json()["items"] == []
    take = f"handovers/{given['id']}/take"
    assert (await refused(langres, take, "HANDOVER_INCOMPLETE", crates=[]))["missing"] == [str(crate)]
    stray = await plant.crate(plant.place("dock", plant.members[LANGRES]))
    scanned = [{"code": await plant.crate_tag(crate), "seal": "S9"}, {"code": str(stray)}]
    assert (await refused(langres, take, "HANDOVER_INCOMPLETE", crates=scanned))["unexpected"] == [str(stray)]
    answer = await post(langres, take, crates=scanned[:1])
    assert [(each["seal_given"], each["seal_taken"]) for each in answer["crates"]] == [("S1", "S9")]
    assert await issues(plant) == ["seal_differs"]
    assert len((await langres.get("/v1/handovers", params={"stop_id": given["stop_id"]})).json()["items"]) == 1


async def _opened_at_langres(plant: Plant, crate: UUID, label: str, other: str, langres: httpx.AsyncClient) -> None:
    """The nurse sees and takes out what is hers; the crate still counts what is not."""
    held = (await langres.get(f"/v1/crates/{crate}")).json()
    assert (held["place_id"], held["things"]) == (str(plant.place("dock", plant.members[LANGRES])), 2)
    assert len(held["contents"]) == 1
    out, store = f"crates/{crate}/take_out", str(plant.place("store", plant.members[LANGRES]))
    await refused(langres, out, "CRATE_SEALED", codes=[label], place_id=store)
    await post(langres, f"crates/{crate}/unseal", number="S9")
    await refused(langres, out, "UNKNOWN_CODE", 404, codes=[other], place_id=store)
    await refused(langres, out, "WRONG_PLACE", codes=[label], place_id=str(plant.place("store")))
    assert (await post(langres, out, codes=[label], place_id=store))["things"] == 1


async def _tour_done(tour: dict[str, Any], driver: httpx.AsyncClient, langres: httpx.AsyncClient) -> None:
    stop = f"stops/{tour['stops'][0]['id']}"
    await post(driver, f"tours/{tour['id']}/start")
    await refused(driver, f"tours/{tour['id']}/finish", "STOPS_OPEN")
    await refused(langres, f"{stop}/serve", "NOT_FOUND", 404)
    await post(driver, f"{stop}/serve")
    assert (await post(driver, f"tours/{tour['id']}/finish"))["state"] == "done"


async def test_a_dirty_return_and_the_crate_afterwards(plant: Plant) -> None:
    """Langres sends dirty sets back; the crate is decontaminated before it is clean again; so is the compartment."""
    van, owner = await plant.van(), plant.members[LANGRES]
    crate, clean = await plant.crate(plant.place("theatre", owner)), await sealed(plant, "S1")
    first, second = await dirty(plant, LANGRES), await dirty(plant, LANGRES)
    theatre, reception = str(plant.place("theatre", owner)), str(plant.place("reception"))
    async with (
        plant.http(plant.theatre(LANGRES)) as nurse, plant.http(plant.driver()) as driver,
        plant.http(plant.operator()) as operator,
    ):  # fmt: skip
        assert (await post(nurse, f"crates/{crate}/put_in", codes=[first]))["load_state"] == "dirty"
        await post(nurse, f"crates/{crate}/put_in", codes=[second])
        way = {"from_place_id": theatre, "to_place_id": str(van["dirty"]), "crates": [str(crate)]}
        assert (await refused(nurse, "handovers", "CRATE_NOT_SEALED", **way))["crate_ids"] == [str(crate)]
        await post(nurse, f"crates/{crate}/seal", number="S2")
        await refused(
            nurse, "handovers", "MIXED_CLEANLINESS", **(way | {"to_place_id": str(plant.place("store", owner))})
        )
        await refused(driver, f"compartments/{van['dirty']}/load", "HANDOVER_NEEDED", crates=[str(crate)])
        given = await post(nurse, "handovers", 201, **(way | {"to_place_id": str(van["clean"])}))
        taking = {"crates": [{"code": str(crate), "seal": "S2"}]}
        await refused(driver, f"handovers/{given['id']}/take", "MIXED_CLEANLINESS", **taking)
        await refused(nurse, "handovers", "ALREADY_GIVEN", **way)
        empty = await plant.crate(plant.place("theatre", owner))
        await post(nurse, "handovers", 201, **(way | {"crates": [str(empty)]}))
        await refused(nurse, f"crates/{empty}/put_in", "ALREADY_GIVEN", codes=[await dirty(plant, LANGRES)])
        excuse = [{"crate_id": str(crate), "reason": "mauvais compartiment"}]
        await post(driver, f"handovers/{given['id']}/take", crates=[], missing=excuse)
        given = await post(nurse, "handovers", 201, **way)
        await post(driver, f"handovers/{given['id']}/take", **taking)
        assert await issues(plant) == ["crate_missing"]

        load = f"compartments/{van['dirty']}/load"
        await refused(driver, load, "MIXED_CLEANLINESS", crates=[str(clean)])
        putting = {"crates": [str(crate)], "place_id": reception}
        unload = f"compartments/{van['dirty']}/unload"
        await refused(driver, unload, "HANDOVER_NEEDED", **(putting | {"place_id": theatre}))
        await refused(driver, f"compartments/{van['clean']}/unload", "WRONG_PLACE", **putting)
        await refused(driver, f"compartments/{van['dirty']}/disinfect", "COMPARTMENT_NOT_EMPTY")
        await refused(driver, f"crates/{crate}/unseal", "WRONG_PLACE", number="S2")
        state = await post(driver, unload, **putting)
        assert (state["crate_ids"], state["dirty_since"] is not None) == ([], True)
        state = await post(driver, f"compartments/{van['dirty']}/disinfect")
        assert (state["dirty_since"], state["disinfected_at"] is not None) == (None, True)

        await refused(operator, f"crates/{crate}/decontaminate", "CRATE_SEALED")
        await post(operator, f"crates/{crate}/unseal", number="S2")
        await refused(operator, f"crates/{crate}/decontaminate", "CRATE_NOT_EMPTY")
        await refused(operator, f"crates/{crate}/put_in", "MIXED_CLEANLINESS", codes=[(await pack(plant))[1]])
        await post(operator, f"crates/{crate}/take_out", codes=[first, second], place_id=reception)
        await refused(operator, f"crates/{crate}/put_in", "CRATE_DIRTY", codes=[(await pack(plant))[1]])
        await refused(nurse, f"crates/{crate}/decontaminate", "NOT_FOUND", 404)
        assert (await post(operator, f"crates/{crate}/decontaminate"))["load_state"] == "empty"
        assert (await post(operator, f"crates/{crate}/put_in", codes=[(await pack(plant))[1]]))["load_state"] == "clean"
        await refused(operator, f"crates/{clean}/put_in", "CRATE_SEALED", codes=[(await pack(plant))[1]])


async def test_vehicles_take_what_may_ride_together(plant: Plant) -> None:
    van = await plant.van(clean=1)
    await plant.flow("waste", direction="from_member", cleanliness="dirty", incompatible=["sterilisation"])
    await plant.flow("meals", incompatible=["laundry"])
    first, second = await sealed(plant, "S1"), await sealed(plant, "S2")
    waste = await plant.crate(plant.place("dock"), flow="waste", load_state="dirty", dirty_since=clock.now())
    soiled = await plant.crate(plant.place("dock"), load_state="dirty", dirty_since=clock.now())
    meals = await plant.crate(plant.place("dock"), flow="meals")
    laundry = await plant.crate(plant.place("dock"), flow="laundry")
    async with plant.http(plant.driver()) as driver, plant.http(plant.theatre()) as nurse:
        clean, load = f"compartments/{van['clean']}", f"compartments/{van['dirty']}/load"
        await refused(nurse, f"{clean}/load", "NOT_FOUND", 404, crates=[str(first)])
        await refused(driver, f"{clean}/load", "COMPARTMENT_FULL", crates=[str(first), str(second)])
        await plant.connection.execute("UPDATE compartment SET capacity = 9 WHERE id = $1", van["clean"])
        await refused(driver, f"{clean}/load", "INCOMPATIBLE_FLOWS", crates=[str(meals), str(laundry)])
        await refused(driver, f"{clean}/load", "MIXED_CLEANLINESS", crates=[str(soiled)])
        await post(driver, f"{clean}/load", crates=[str(first)])
        await refused(driver, f"{clean}/load", "WRONG_PLACE", crates=[str(first)])
        await refused(driver, load, "INCOMPATIBLE_FLOWS", crates=[str(waste)])  # not even beside instruments
        dock = str(plant.place("dock"))
        await post(driver, f"{clean}/unload", crates=[str(first)], place_id=dock)
        await post(driver, load, crates=[str(waste)])
        await refused(driver, f"{clean}/load", "INCOMPATIBLE_FLOWS", crates=[str(first)])
        state = await post(driver, f"compartments/{van['dirty']}/unload", crates=[str(waste)], place_id=dock)
        assert state["cleaning_due"] is True
        await refused(driver, load, "COMPARTMENT_DIRTY", crates=[str(soiled)])
        await post(driver, f"compartments/{van['dirty']}/disinfect")
        assert (await post(driver, load, crates=[str(soiled)]))["crate_ids"] == [str(soiled)]
        await plant.connection.execute("UPDATE compartment SET dirty_since = now() WHERE id = $1", van["clean"])
        await refused(driver, f"{clean}/load", "COMPARTMENT_DIRTY", crates=[str(first)])


async def test_an_unattended_dock(plant: Plant) -> None:
    """Only where it is locked, with a reason; not taken in time it is told, and can still be taken."""
    van, dock = await plant.van(), plant.place("dock", plant.members[LANGRES])
    crate = await sealed(plant, "S1", LANGRES)
    async with plant.http(plant.driver()) as driver, plant.http(plant.theatre(LANGRES)) as nurse:
        await post(driver, f"compartments/{van['clean']}/load", crates=[str(crate)])
        way = {"from_place_id": str(van["clean"]), "to_place_id": str(dock), "crates": [str(crate)]}
        reason = {"unattended": {"reason": "quai fermé, personne à 5 h"}}
        await refused(driver, "handovers", "NOT_LOCKED", **way, **reason)
        await plant.connection.execute("UPDATE place SET locked = true WHERE id = $1", dock)
        await refused(driver, "handovers", "INVALID", 422, **way, unattended={})
        late = {"at": (clock.now() - timedelta(hours=13)).isoformat()}
        await refused(driver, "handovers", "INVALID", 422, **way, at=(clock.now() + timedelta(hours=1)).isoformat())
        given = await post(driver, "handovers", 201, **way, **reason, **late)
        state = (await driver.get(f"/v1/crates/{crate}")).json()
        assert state["place_id"] == str(dock)
        plant.work()

        async def told() -> bool:
            return await issues(plant) == ["handover_overdue"]

        await soon(told)
        assert (await nurse.get(f"/v1/handovers/{given['id']}")).json()["take_by"] is None
        await post(nurse, f"handovers/{given['id']}/take", crates=[{"code": str(crate), "seal": "S1"}])
        assert await issues(plant) == ["handover_overdue"]


async def test_a_late_stop_is_told_once(plant: Plant) -> None:
    van, owner = await plant.van(), plant.members[LANGRES]
    promised = clock.now() - timedelta(minutes=40)
    stops = [
        {"site_id": str(plant.sites[owner]), "promised_at": promised.isoformat()},
        {"site_id": str(plant.sites[plant.members[2]]), "promised_at": clock.now().isoformat()},
    ]
    async with plant.http(plant.driver()) as driver, plant.http(plant.theatre(LANGRES)) as nurse:
        body = {"vehicle_id": str(van["van"]), "leaves_at": promised.isoformat(), "stops": stops}
        await refused(driver, "tours", "REFERENCE_UNKNOWN", 422, **(body | {"vehicle_id": str(new_id())}))
        await refused(nurse, "tours", "REFERENCE_UNKNOWN", 422, **body)
        tour = await post(driver, "tours", 201, **body)
        await post(driver, f"tours/{tour['id']}/load")
        assert (await post(driver, f"tours/{tour['id']}/start"))["driver_id"] is not None
        await refused(driver, f"tours/{tour['id']}/load", "WRONG_STATE")
        plant.work()

        async def told() -> bool:
            rows = await plant.connection.fetch(
                "SELECT payload, organisation_id FROM kit.outbox WHERE type = 'cooperation.stop_late.v1'"
            )
            return {row["organisation_id"] for row in rows} == {plant.group, owner} and '"minutes":40' in rows[0][
                "payload"
            ]

        await soon(told)
        seen = (await nurse.get(f"/v1/tours/{tour['id']}")).json()["stops"]
        assert [(stop["position"], stop["late_told"]) for stop in seen] == [(1, True)]
        failing = f"stops/{seen[0]['id']}/fail"
        await refused(driver, failing, "INVALID", 422)
        await refused(driver, failing, "PATIENT_DATA_SUSPECTED", 422, reason="voir 2 69 05 49 588 157")
        await post(driver, failing, reason="route fermée")
        await refused(driver, failing, "WRONG_STATE", reason="route fermée")
        assert len((await driver.get("/v1/tours", params={"state": "under_way"})).json()["items"]) == 1
        assert len((await nurse.get("/v1/tours")).json()["items"]) == 1
    async with plant.http(plant.theatre(3)) as elsewhere:
        assert (await elsewhere.get("/v1/tours")).json()["items"] == []
        assert (await elsewhere.get(f"/v1/tours/{tour['id']}")).status_code == 404


async def test_a_hospital_s_software_gives_and_takes(plant: Plant) -> None:
    """By `transport.act`, under its own name; without that scope it is refused."""
    owner = plant.members[0]
    crate = await plant.crate(plant.place("store", owner))
    way = {
        "from_place_id": str(plant.place("store", owner)),
        "to_place_id": str(plant.place("dock", owner)),
        "crates": [str(crate)],
    }
    async with plant.http(plant.hospital(0, "set.read")) as reader, plant.http(plant.hospital(0)) as software:
        await refused(reader, "handovers", "NOT_ALLOWED", 403, **way)
        given = await post(software, "handovers", 201, **way)
        await refused(software, f"handovers/{given['id']}/take", "SAME_PERSON", crates=[{"code": str(crate)}])
    async with plant.http(plant.theatre()) as one, plant.http(plant.theatre()) as other:
        take, body = f"/v1/handovers/{given['id']}/take", {"crates": [{"code": str(crate)}]}
        answers = [
            answer.json() for answer in await asyncio.gather(*(who.post(take, json=body) for who in (one, other)))
        ]
    assert sorted(answer.get("code", "") for answer in answers) == ["", "WRONG_STATE"]  # two at once: one takes
    taken = next(answer for answer in answers if "code" not in answer)
    assert (taken["given_by"].partition(":")[0], taken["taken_by"].partition(":")[0]) == ("client", "person")
