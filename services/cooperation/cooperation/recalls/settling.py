"""Lines that no scan ends: an intervention was followed, or a pack was looked for in vain."""

from uuid import UUID

from cooperation.recalls import queries
from cooperation.recalls.errors import LineEnded, RoleRequired
from cooperation.recalls.lines import end
from cooperation.recalls.reading import line_out
from cooperation.recalls.rows import RecallLine
from cooperation.recalls.schemas import Acknowledgement, LineOut, WriteOff
from cooperation.recalls.signing import HYGIENE, TWO_OF_PLANT, About, sign
from cooperation.trace.recording import note
from maillage.database import Tx
from maillage.refusals import NotFound, WrongState


async def acknowledge(tx: Tx, line_id: UUID, body: Acknowledgement) -> LineOut:
    """The member's infection-control team, or its software, has followed the intervention in which the pack was used.
    Refused: `ROLE_REQUIRED` for anybody else, `LINE_ENDED`, `WRONG_STATE` for a pack that was not used."""
    line = await _waiting(tx, line_id)
    who = tx.principal
    if who.org != line.organisation_id or (who.role != HYGIENE and who.kind != "partner"):
        raise RoleRequired(roles=[HYGIENE])
    if line.state != "used":
        raise WrongState(state=line.state, allowed=["write_off"])
    await note(tx, line, "recall_line.followed", facts={"noted": body.note is not None})
    return await line_out(tx, await end(tx, line, "acknowledged", tx.now))


async def write_off(tx: Tx, line_id: UUID, body: WriteOff) -> LineOut:
    """The pack was not found: two persons of the plant say so, pharmacist or manager; the second ends the line. It
    stays blocked should it turn up. Refused: `SAME_PERSON`, `ROLE_REQUIRED`, `LINE_ENDED`, `WRONG_STATE` for a pack
    that was used."""
    line = await _waiting(tx, line_id)
    if line.state == "used":
        raise WrongState(state=line.state, allowed=["acknowledge"])
    about = About("recall_line", line.id, line.group_id)
    complete = await sign(tx, about, "write_off", TWO_OF_PLANT, body.reason)
    await note(tx, line, "recall_line.signed", facts={"act": "write_off", "role": tx.principal.role})
    return await line_out(tx, await end(tx, line, "written_off", tx.now) if complete else line)


async def _waiting(tx: Tx, line_id: UUID) -> RecallLine:
    row = await tx.fetchrow(queries.LOCK_LINE, line_id)
    if row is None:
        raise NotFound
    line = RecallLine.of(row)
    if line.ended is not None:
        raise LineEnded(ended=line.ended)
    return line
