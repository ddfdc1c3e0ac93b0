"""Packs, dirty sets and crates on a plant, ready to be carried."""

from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from tests.harness.acts import post
from tests.harness.plant import Plant


async def pack(plant: Plant, member: int = 0, **fields: object) -> tuple[UUID, str]:
    """A released pack in the plant's store: the run, what its label reads as."""
    set_id = await plant.set(plant.members[member])
    run_id = await plant.run(set_id, "released", place=plant.place("store"), **fields)
    return run_id, await plant.label_of(run_id)


async def dirty(plant: Plant, member: int = 0) -> str:
    """A used set at its theatre: what its mark reads as."""
    set_id = await plant.set(plant.members[member])
    await plant.run(set_id, "returning")
    return await plant.tag_of(set_id)


async def recall(plant: Plant, run_id: UUID) -> UUID:
    """A recall that names the run."""
    run, made = await plant.row("run", run_id), new_id()
    await plant.insert("recall", {
        "id": made, "organisation_id": plant.group, "group_id": plant.group, "state": "open", "cause": "test",
        "scope": {}, "opened_by": "plant", "opened_at": clock.now(), "created_at": clock.now(),
    })  # fmt: skip
    await plant.insert("recall_line", {
        "id": new_id(), "organisation_id": run["organisation_id"], "group_id": plant.group, "recall_id": made,
        "subject_kind": "run", "subject_id": run_id, "set_id": run["set_id"], "state": "in_stock",
        "created_at": clock.now(),
    })  # fmt: skip
    return made


async def sealed(plant: Plant, number: str, member: int = 0) -> UUID:
    """A sealed crate with one released pack, at the plant's dock."""
    crate = await plant.crate(plant.place("dock"))
    async with plant.http(plant.operator()) as operator:
        await post(operator, f"crates/{crate}/put_in", codes=[(await pack(plant, member))[1]])
        await post(operator, f"crates/{crate}/seal", number=number)
    return crate


async def issues(plant: Plant) -> list[str]:
    """Kinds of the issues that are open."""
    return [row["kind"] for row in await plant.connection.fetch("SELECT kind FROM issue ORDER BY created_at, id")]
