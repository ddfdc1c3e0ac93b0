"""Use cases of practitioners and contracts: one function, one transaction."""

from datetime import date
from uuid import UUID

from asyncpg import Record

from appointments.directory import queries as directory_queries
from appointments.directory.common import after, first_day, home, is_public, last_day, present, unused
from appointments.directory.errors import CodeTaken, ContractClash, ReferenceUnknown
from appointments.directory.practitioners import queries
from appointments.directory.practitioners.schemas import (
    ContractIn,
    ContractOut,
    PractitionerIn,
    PractitionerOut,
    PractitionerPerson,
)
from contracts.appointments import PractitionerChanged
from maillage import cursor, ids
from maillage.database import Tx
from maillage.refusals import NotFound
from maillage.wire import Page

FULL_TIME_MINUTES = 2100
FOR_EVER = date(9999, 1, 1)


def _out(row: Record | None, *, public: bool) -> PractitionerOut:
    if row is None:
        raise NotFound
    names = PractitionerOut.model_fields.keys() - {"person"}
    person = None
    if not public:
        person = PractitionerPerson(
            family_name=row["family_name"],
            given_name=row["given_name"],
            email=row["email"],
            active_from=first_day(row["active_during"]),
            active_to=last_day(row["active_during"]),
            external=row["external"],
            person_id=row["person_id"],
        )
    return PractitionerOut(person=person, **{name: row[name] for name in names})


async def practitioners(
    tx: Tx, profession: str | None, site_id: UUID | None, inactive: bool, given: str | None, limit: int
) -> Page[PractitionerOut]:
    """Practitioners by name; those who left, or are yet to come, only for professionals who ask."""
    public = is_public(tx)
    rows = await queries.practitioners(tx, profession, site_id, inactive and not public, after(given), limit + 1)
    shown = rows[:limit]
    more = cursor.encode(shown[-1]["display_name"], shown[-1]["id"]) if len(rows) > limit else None
    return Page[PractitionerOut](items=[_out(row, public=public) for row in shown], next_cursor=more)


async def practitioner(tx: Tx, practitioner_id: UUID) -> PractitionerOut:
    """One practitioner."""
    found = _out(await queries.practitioner(tx, practitioner_id), public=is_public(tx))
    if not found.active and is_public(tx):
        raise NotFound
    return found


async def add_practitioner(tx: Tx, body: PractitionerIn) -> PractitionerOut:
    """A new practitioner and resource of the caller's organisation. Refused: `CODE_TAKEN` for a known RPPS number."""
    centre = await home(tx)
    practitioner_id = ids.new_id()
    if not await queries.insert(tx, practitioner_id, centre["id"], body):
        raise CodeTaken(pointer="/rpps")
    return await announce(tx, practitioner_id, "practitioner.create")


async def replace_practitioner(
    tx: Tx, practitioner_id: UUID, body: PractitionerIn, if_match: int | None
) -> PractitionerOut:
    """The whole practitioner anew. Refused: `CODE_TAKEN`; `IN_USE` when appointments lie after the last day."""
    old = present(await queries.locked(tx, practitioner_id), if_match)
    if body.rpps != old["rpps"] and await queries.rpps_taken(tx, old["organisation_id"], body.rpps, practitioner_id):
        raise CodeTaken(pointer="/rpps")
    if body.active_to is not None and body.active_to < (last_day(old["active_during"]) or FOR_EVER):
        unused(await queries.use(tx, practitioner_id, body.active_to))
    await rewrite(tx, old, body)
    return await announce(tx, practitioner_id, "practitioner.change")


async def rewrite(tx: Tx, old: Record, body: PractitionerIn) -> None:
    """Writes the row; when dates or profession have changed, the agendas are expanded anew."""
    await queries.update(tx, old["id"], body)
    days = (first_day(old["active_during"]), last_day(old["active_during"]))
    if body.profession != old["profession"] or (body.active_from, body.active_to) != days:
        await directory_queries.expand_again(tx, old["organisation_id"], old["id"])


async def announce(tx: Tx, practitioner_id: UUID, action: str) -> PractitionerOut:
    """Audit and event of a practitioner just written, in the version now stored."""
    row = await queries.practitioner(tx, practitioner_id)
    out = _out(row, public=False)
    assert row is not None
    tx.audit(action, "practitioner", out.id, out.organisation_id, version=out.version, active=out.active)
    event = PractitionerChanged(
        practitioner_id=out.id,
        rpps=out.rpps,
        profession=out.profession,
        display_name=out.display_name,
        fte=round((row["weekly_minutes"] or 0) / FULL_TIME_MINUTES, 2),
        site_ids=out.site_ids,
        active=out.active,
        version=out.version,
    )
    tx.emit(event, out.organisation_id)
    return out


async def places_of_work_changed(tx: Tx, practitioner_id: UUID) -> None:
    """For the schedules: an agenda was opened or closed, so others must learn where the practitioner works."""
    await queries.bump(tx, practitioner_id)
    await announce(tx, practitioner_id, "practitioner.change")


async def contracts(
    tx: Tx, practitioner_id: UUID | None, own: bool, given: str | None, limit: int
) -> Page[ContractOut]:
    """Contracts, oldest first; `own` limits them to the caller's."""
    parts = cursor.decode(given, UUID)
    person = tx.principal.person_id if own else None
    rows = await queries.contracts(tx, practitioner_id, person, UUID(str(parts[0])) if parts else None, limit + 1)
    more = cursor.encode(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page[ContractOut](items=[_contract(row) for row in rows[:limit]], next_cursor=more)


async def add_contract(tx: Tx, body: ContractIn) -> ContractOut:
    """A new contract. Refused: `CONTRACT_CLASH` with another of the same practitioner, `REFERENCE_UNKNOWN`."""
    centre = await home(tx)
    who = await queries.locked(tx, body.practitioner_id)
    if who is None or who["organisation_id"] != centre["id"]:
        raise ReferenceUnknown(pointer="/practitioner_id")
    if await queries.contract_clashes(tx, body, None):
        raise ContractClash(pointer="/first_day")
    return await _announced(tx, await queries.insert_contract(tx, centre["id"], body), "contract.create")


async def replace_contract(tx: Tx, contract_id: UUID, body: ContractIn, if_match: int | None) -> ContractOut:
    """Hours or dates anew; the practitioner stays, else `REFERENCE_UNKNOWN`. Refused: `CONTRACT_CLASH`."""
    old = present(await queries.contract(tx, contract_id), if_match)
    if old["practitioner_id"] != body.practitioner_id:
        raise ReferenceUnknown(pointer="/practitioner_id")
    await queries.locked(tx, body.practitioner_id)
    if await queries.contract_clashes(tx, body, contract_id):
        raise ContractClash(pointer="/first_day")
    return await _announced(tx, await queries.update_contract(tx, contract_id, body), "contract.change")


async def _announced(tx: Tx, row: Record | None, action: str) -> ContractOut:
    out = _contract(row)
    await queries.bump(tx, out.practitioner_id)
    await announce(tx, out.practitioner_id, "practitioner.change")
    tx.audit(action, "contract", out.id, out.organisation_id, weekly_minutes=out.weekly_minutes, version=out.version)
    return out


def _contract(row: Record | None) -> ContractOut:
    if row is None:
        raise NotFound
    return ContractOut(
        id=row["id"],
        organisation_id=row["organisation_id"],
        practitioner_id=row["practitioner_id"],
        weekly_minutes=row["weekly_minutes"],
        rule_pack=row["rule_pack"],
        first_day=first_day(row["during"]),
        last_day=last_day(row["during"]),
        version=row["version"],
    )


async def know_person(tx: Tx, person_id: UUID, rpps: str | None, status: str, epoch: int) -> None:
    """A person of the gateway becomes the practitioner of the same RPPS number; an older epoch changes nothing."""
    if await queries.know_person(tx, person_id, rpps, status, epoch):
        await queries.tie_person(tx, person_id, None if status == "closed" else rpps)
