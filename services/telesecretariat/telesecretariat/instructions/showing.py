"""Use cases of showing instructions: to an agent in a call, with proof; to who prepares them; and again years later."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotFound, WrongState
from telesecretariat.calls import queries as calls
from telesecretariat.calls.access import acting
from telesecretariat.calls.errors import InstructionNotAcknowledged
from telesecretariat.calls.reading.errors import NotYourCall
from telesecretariat.calls.rows import Call
from telesecretariat.instructions import domain, queries
from telesecretariat.instructions.domain import Resolved
from telesecretariat.instructions.errors import ScopeUnknown
from telesecretariat.instructions.rows import instant, preview_of, text_of, version_of, windows_of
from telesecretariat.instructions.schemas import (
    InstructionProof,
    InstructionShown,
    InstructionText,
    Place,
    PreviewIn,
)


async def preview(tx: Tx, body: PreviewIn) -> InstructionText:
    """What an agent would read at an instant, of what is published now. Refused: `SCOPE_UNKNOWN` 422, `NOT_FOUND`."""
    resolved, _ = await _resolved(tx, body.client_id, body, body.at or tx.now, None)
    return preview_of(resolved)


async def show(tx: Tx, call_id: UUID, body: Place) -> InstructionShown:
    """What holds for this call, written down as shown to this agent. An open call keeps the versions it was shown.

    Site, practitioner and motive are the call's own where none is sent. Refused: `NOT_YOUR_CALL`, `SCOPE_UNKNOWN`,
    `WRONG_STATE` once the call is over.
    """
    row = await tx.fetchrow(calls.CALL, call_id)
    if row is None:
        raise NotFound
    call = Call.of(row)
    acting(tx, call)
    if not call.live:
        raise WrongState(state=call.state, allowed=[])
    place = _place(call, body)
    resolved, away_until = await _resolved(tx, call.client_id, place, tx.now, call.id)
    return await _displayed(tx, call, place, resolved, away_until)


def _place(call: Call, body: Place) -> Place:
    return Place(
        site_id=body.site_id or call.site_id,
        practitioner_id=body.practitioner_id or call.practitioner_id,
        motive=body.motive or call.motive,
    )


async def _resolved(
    tx: Tx, client_id: UUID, place: Place, at: datetime, call_id: UUID | None
) -> tuple[Resolved, datetime | None]:
    known = await tx.fetchrow(queries.KNOWN, client_id, place.site_id, place.practitioner_id, place.motive)
    if known is None:
        raise NotFound
    for name in ("site", "practitioner", "motive"):
        if not known[name]:
            raise ScopeUnknown(pointer="/motive" if name == "motive" else f"/{name}_id")
    before = await tx.fetchrow(queries.BEFORE, call_id, place.practitioner_id, at)
    assert before is not None
    rows = await tx.fetch(
        queries.IN_FORCE, client_id, place.site_id, place.practitioner_id, place.motive, at, before["shown"]
    )
    local = at.astimezone(ZoneInfo(known["time_zone"]))
    speaking = [row for row in rows if row["shown"] or domain.speaks(windows_of(row["windows"]), local)]
    return domain.resolve([version_of(row) for row in speaking], before["away_until"]), before["away_until"]


async def _displayed(
    tx: Tx, call: Call, place: Place, resolved: Resolved, away_until: datetime | None
) -> InstructionShown:
    """The proof: one row for the same words to the same agent in the same call."""
    agent_id, digest = tx.principal.person_id, domain.content_hash(resolved)
    versions = sorted({id_ for ids in resolved.sources.values() for id_ in ids})
    row = await tx.fetchrow(queries.DISPLAYED, call.id, agent_id, digest)
    unread = await tx.fetchval(queries.UNREAD, agent_id, versions)
    behind = await tx.fetch(queries.SHOWN_VERSIONS, versions)
    assert isinstance(unread, list)
    display_id, displayed_at = (row["id"], row["displayed_at"]) if row else (new_id(), tx.now)
    if row is None:
        facts = place.model_dump(mode="json") | {
            "away_until": away_until and away_until.isoformat(),
            "valid_until": resolved.valid_until and resolved.valid_until.isoformat(),
        }
        whose = (call.organisation_id, call.client_id, call.id, agent_id)
        await tx.execute(queries.DISPLAY, display_id, *whose, versions, digest, facts, unread, tx.now)
    return InstructionShown.model_validate(
        text_of(resolved)
        | {
            "display_id": display_id,
            "versions": [dict(each) for each in behind],
            "must_acknowledge": bool(unread),
            "unacknowledged": unread,
            "displayed_at": displayed_at,
            "content_hash": digest.hex(),
        }
    )


async def acknowledge(tx: Tx, display_id: UUID) -> None:
    """The agent says that she read what she was shown; again: nothing more. Refused: `NOT_YOUR_CALL` for others."""
    row = await tx.fetchrow(queries.LOCK_DISPLAY, display_id)
    if row is None:
        raise NotFound
    if row["agent_id"] != tx.principal.person_id:
        raise NotYourCall
    await tx.execute(queries.ACKNOWLEDGE, display_id, tx.now)


async def proof(tx: Tx, display_id: UUID) -> InstructionProof:
    """The words that were shown, made again from the versions of then, and whether they have the hash that was kept."""
    row = await tx.fetchrow(queries.SHOWN_THEN, display_id)
    if row is None:
        raise NotFound
    resolved = await _made_again(tx, row)
    facts = row["facts"]
    tx.audit("instruction.prove", "instruction_display", display_id, row["organisation_id"])
    return InstructionProof.model_validate(
        text_of(resolved)
        | {name: row[name] for name in ("call_id", "agent_id", "displayed_at", "acknowledged_at")}
        | {name: facts[name] for name in ("site_id", "practitioner_id", "motive", "valid_until")}
        | {
            "display_id": display_id,
            "content_hash": row["content_hash"].hex(),
            "intact": domain.content_hash(resolved) == row["content_hash"],
        }
    )


async def _made_again(tx: Tx, row: asyncpg.Record) -> Resolved:
    versions = [version_of(each) for each in await tx.fetch(queries.VERSIONS_THEN, row["version_ids"])]
    return domain.resolve(versions, instant(row["facts"]["away_until"]))


async def refuse_unacknowledged(tx: Tx, call: Call) -> None:
    """Before the agent of a call finishes it. Refused: `INSTRUCTION_NOT_ACKNOWLEDGED` 409 with `display_id`, when she
    was shown a version in it that she has not acknowledged, in this call or another.
    """
    display_id = await tx.fetchval(queries.UNACKNOWLEDGED, call.id, call.agent_id)
    if display_id is not None:
        raise InstructionNotAcknowledged(display_id=str(display_id))
