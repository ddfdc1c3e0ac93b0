"""Packs, dirty sets and crates on a plant, ready to be carried."""

from uuid import UUID

from cooperation.trace.verifying import rebuild
from maillage import clock
from maillage.database import Tx
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


async def hold(plant: Plant, subject_id: UUID, owner: UUID) -> UUID:
    """A quality hold on a set."""
    made = new_id()
    common = {"group_id": plant.group, "created_at": clock.now()}
    await plant.insert("hold", common | {
        "id": made, "organisation_id": plant.group, "kind": "quality", "state": "active", "cause": "test",
        "placed_by": "plant",
    })  # fmt: skip
    await plant.insert("hold_subject", common | {
        "id": new_id(), "organisation_id": owner, "hold_id": made, "subject_kind": "set", "subject_id": subject_id,
        "contact": "named",
    })  # fmt: skip
    return made


async def told(plant: Plant, event: str) -> list[tuple[str, UUID]]:
    """State and organisation of each event of that name, in their order."""
    rows = await plant.connection.fetch(
        "SELECT payload::jsonb ->> 'state' AS state, organisation_id FROM kit.outbox WHERE type = $1 ORDER BY sequence",
        f"cooperation.{event}.v1",
    )
    return [(row["state"], row["organisation_id"]) for row in rows]


async def refolded(plant: Plant) -> list[str]:
    """Rows that are not what their trace says; none, as long as nothing was changed past the service."""
    wrong: list[str] = []

    async def compare(tx: Tx) -> None:
        wrong.extend((await rebuild(tx)).wrong)

    await plant.record(compare)
    return wrong
