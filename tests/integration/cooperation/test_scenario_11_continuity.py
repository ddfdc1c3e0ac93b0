"""Scenario 11: the steam fails on 4 May. Another authorised pharmacy sterilises for five days, the health agency is
told at once (CSP R6111-20-1), and what the provider records joins the same run files."""

from datetime import date, timedelta
from uuid import UUID

from cooperation.machines.rows import Machine
from cooperation.trace.recording import add
from maillage import clock
from maillage.ids import new_id
from tests.harness.acts import post, refused
from tests.harness.cycles import Line
from tests.harness.plant import Plant


class Provider:
    """The steriliser of another hospital, at its site."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant

    async def set_up(self) -> None:
        plant = self.plant
        site = await plant.reference("site", plant.group, name="Provider", kind="provider")
        machine = Machine(
            id=new_id(),
            organisation_id=plant.group,
            created_at=clock.now(),
            group_id=plant.group,
            site_id=site,
            name="Provider's steriliser",
            kind="steam",
            capacity=8,
            state_since=clock.now(),
        )
        await plant.record(lambda tx: add(tx, machine, "machine.added"))
        plant.machines["provider"] = machine.id


def plan_of(plant: Plant) -> dict[str, object]:
    """What the pharmacist tells."""
    return {
        "provider": {"name": "Another hospital's pharmacy", "place_id": str(plant.place("outside"))},
        "authorisation": "PUI-21-0042",
        "reason": "steam generator out of order",
        "planned_days": 5,
        "ars_notice_ref": "ARS-2026-0504",
        "ars_told_at": clock.now().isoformat(),
    }


async def test_another_pharmacy_sterilises_for_five_days(plant: Plant) -> None:
    await Provider(plant).set_up()
    crate = await plant.crate(plant.place("dock"))
    set_id = await plant.set(place=plant.place("dock"))
    await plant.run(set_id, "returning")
    way = {
        "from_place_id": str(plant.place("dock")),
        "to_place_id": str(plant.place("outside")),
        "crates": [str(crate)],
    }
    async with plant.http(plant.operator()) as operator, plant.http(plant.pharmacist()) as pharmacist:
        await post(operator, f"crates/{crate}/put_in", codes=[await plant.tag_of(set_id)])
        await post(operator, f"crates/{crate}/seal", number="S1")
        await refused(operator, "handovers", "NO_CONTINUITY_PLAN", **way)

        plan = await post(pharmacist, "continuity_plans", 201, **plan_of(plant))
        assert plan["state"] == "active"
        lasts = date.fromisoformat(plan["planned_until"]) - date.fromisoformat(await _today(plant))
        assert lasts == timedelta(days=4)
        await post(operator, "handovers", 201, **way)

    await _its_record_is_in_the_run_file(plant)

    async with plant.http(plant.pharmacist()) as pharmacist:
        assert (await post(pharmacist, f"continuity_plans/{plan['id']}/end"))["state"] == "ended"
        await refused(pharmacist, f"continuity_plans/{plan['id']}/end", "WRONG_STATE")
        assert (await pharmacist.get(f"/v1/continuity_plans/{plan['id']}")).json()["ended_at"] is not None
    told = await plant.connection.fetch(
        "SELECT payload::jsonb ->> 'state' AS state FROM kit.outbox"
        " WHERE type = 'cooperation.continuity_changed.v1' ORDER BY sequence"
    )
    assert [row["state"] for row in told] == ["active", "ended"]


async def _today(plant: Plant) -> str:
    today = await plant.connection.fetchval("SELECT (kit_now() AT TIME ZONE 'Europe/Paris')::date")
    return str(today)


async def _its_record_is_in_the_run_file(plant: Plant) -> None:
    """Tests of the day, record, controls and the plant's own signature: as for any load."""
    line, person = Line(plant), new_id()
    await plant.signatory(person)
    [run] = await line.packed(1)
    load = await line.started([run], "provider")
    record = await line.recorded(load, machine="provider")
    assert (record["source"], record["verdict"]) == ("provider", "conform")
    await line.looked_at(load, [run])
    await line.read(load)
    assert (await line.decide(load, plant.pharmacist(person))).status_code == 200
    async with plant.http(plant.pharmacist()) as pharmacist:
        file = await pharmacist.get(f"/v1/runs/{run}")
        assert file.status_code == 200
        assert '"source":"provider"' in file.text
        assert UUID(file.json()["run"]["id"]) == run


async def test_plans_that_are_refused(plant: Plant) -> None:
    told = plan_of(plant)
    async with plant.http(plant.pharmacist()) as pharmacist, plant.http(plant.manager()) as manager:
        own = {"provider": {"name": "x", "place_id": str(plant.place("store"))}}
        await refused(pharmacist, "continuity_plans", "PLACE_NOT_OUTSIDE", 422, **(told | own))
        later = {"ars_told_at": (clock.now() + timedelta(hours=1)).isoformat()}
        await refused(pharmacist, "continuity_plans", "TIME_INVALID", 422, **(told | later))
        plan = await post(manager, "continuity_plans", 201, **told)
        problem = await refused(pharmacist, "continuity_plans", "PLAN_ACTIVE", **told)
        assert problem["plan_id"] == plan["id"]
    async with plant.http(plant.operator()) as operator, plant.http(plant.theatre()) as theatre:
        await refused(operator, "continuity_plans", "NOT_ALLOWED", 403, **told)
        assert len((await theatre.get("/v1/continuity_plans", params={"state": "active"})).json()["items"]) == 1
    async with plant.http(plant.stranger()) as stranger:
        assert (await stranger.get(f"/v1/continuity_plans/{plan['id']}")).status_code == 404
        await refused(stranger, "continuity_plans", "NOT_FOUND", 404, **told)


async def test_a_plan_whose_days_are_over_sends_nothing(plant: Plant) -> None:
    crate = await plant.crate(plant.place("dock"))
    set_id = await plant.set(place=plant.place("dock"))
    await plant.run(set_id, "returning")
    way = {
        "from_place_id": str(plant.place("dock")),
        "to_place_id": str(plant.place("outside")),
        "crates": [str(crate)],
    }
    async with plant.http(plant.operator()) as operator, plant.http(plant.pharmacist()) as pharmacist:
        plan = await post(pharmacist, "continuity_plans", 201, **plan_of(plant))
        await plant.connection.execute("UPDATE continuity_plan SET created_at = created_at - interval '5 days'")
        await post(operator, f"crates/{crate}/put_in", codes=[await plant.tag_of(set_id)])
        await post(operator, f"crates/{crate}/seal", number="S1")
        problem = await refused(operator, "handovers", "NO_CONTINUITY_PLAN", **way)
        assert problem["planned_until"] < plan["planned_until"]
