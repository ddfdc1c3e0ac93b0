"""The evidence of a load as the base knows it at this instant."""

from uuid import UUID

from cooperation.copies.people import holds_role
from cooperation.loads import queries
from cooperation.loads.acts import DURING
from cooperation.loads.evidence import Item, Known, Pack
from cooperation.loads.rows import Load
from cooperation.machines.domain import wanted
from cooperation.machines.service import machine
from cooperation.members.parameters import Group
from maillage.database import Tx

RELEASERS = ("sterilisation_releaser",)


async def known_of(tx: Tx, load: Load, within: Group) -> Known:
    """All facts of the evidence; call with the load locked to decide on them."""
    record = await tx.fetchrow(queries.RECORD, load.id)
    controls = await tx.fetch(queries.CONTROLS, load.id)
    issues = await tx.fetch(queries.OPEN_ISSUES, load.id)
    of = await machine(tx, load.machine_id)
    steriliser = load.kind != "washing"
    tests = load.tests_at_start
    valid = await tx.fetchval(queries.PROGRAMME_AT, load.programme_id, load.started_at)
    return Known(
        kind=load.kind,
        load_id=str(load.id),
        cycle_no=load.cycle_no,
        machine_state=load.machine_state,
        tests=None if tests is None else {str(each["kind"]): str(each["result"]) for each in tests},
        tests_wanted=wanted(of.kind, within.parameters.tests_of_day),
        programme_id=str(load.programme_id),
        programme_valid=valid if isinstance(valid, bool) and load.started_at is not None else None,
        record=None if record is None else str(record["id"]),
        verdict=None if record is None else record["verdict"],
        failings=() if record is None else tuple(record["failings"]),
        second_agrees=None if record is None else record["second_agrees"],
        controls={row["kind"]: (row["result"], str(row["id"])) for row in controls},
        controls_wanted=tuple(within.parameters.steam_controls) if steriliser else (),
        packs=await _packs(tx, load),
        issues=tuple(str(row["id"]) for row in issues),
        cycle_ended_at=load.cycle_ended_at,
    )


async def _packs(tx: Tx, load: Load) -> tuple[Pack, ...]:
    """Those that are still in process: a pack lost or torn on the way has ended for itself."""
    rows = await tx.fetch(queries.PACKS, load.id)
    return tuple(
        Pack(
            str(row["run_id"]), row["intact"], row["dry"], row["clean"], row["seen_at"], row["packaging_id"] is not None
        )
        for row in rows
        if row["stage"] == DURING[load.kind]
    )


async def signatory_of(tx: Tx, load: Load) -> UUID | None:
    """The caller's right to sign for this machine at the base's instant, with a membership that lasts."""
    person, role = tx.principal.person_id, tx.principal.role
    if person is None or role not in RELEASERS:
        return None
    found = await tx.fetchval(queries.SIGNATORY, person, load.machine_id, tx.now)
    if not isinstance(found, UUID) or not await holds_role(tx, person, load.organisation_id, RELEASERS):
        return None
    return found


async def prepared_it(tx: Tx, load: Load) -> bool:
    """Whether the caller put a pack in or started the load."""
    who = tx.principal.sub
    loaders = {row["added_by"] for row in await tx.fetch(queries.LOADERS, load.id)}
    return who in loaders or who == load.started_by


async def signatory_item(tx: Tx, load: Load, within: Group) -> Item:
    """Whether the caller may sign, as an item beside those of the load."""
    if within.parameters.separation_of_duties and await prepared_it(tx, load):
        return Item("signatory_in_scope", "failed", codes=("SELF_RELEASE",))
    if await signatory_of(tx, load) is None:
        return Item("signatory_in_scope", "missing", codes=("NOT_SIGNATORY",))
    return Item("signatory_in_scope", "ok")
