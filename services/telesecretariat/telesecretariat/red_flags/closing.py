"""Use cases of a red flag under way: what is learnt, the agent leaves, how it ended."""

import json
from uuid import UUID

import asyncpg

from contracts.telesecretariat import RedFlagClosed
from maillage.database import Tx
from maillage.refusals import VersionStale, WrongState
from telesecretariat.calls.access import acting
from telesecretariat.calls.changing import happen
from telesecretariat.calls.ending import to_wrap_up
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import queries
from telesecretariat.red_flags.errors import ExactWordsRequired, OutcomeMissing, UnknownRedFlag
from telesecretariat.red_flags.schemas import CloseIn, RedFlagOut, RedFlagPatch
from telesecretariat.red_flags.service import SPEAKING, locked_red_flag
from telesecretariat.red_flags.shown import shown
from telesecretariat.telephony.asking import ask
from telesecretariat.vault import vault


async def note(tx: Tx, red_flag_id: UUID, body: RedFlagPatch, version: int | None) -> RedFlagOut:
    """The sign, the answers, the address; only what is sent. Refused: `UNKNOWN_RED_FLAG`, `VERSION_STALE` 412,
    `WRONG_STATE` once it is closed.
    """
    call, row = await locked_red_flag(tx, red_flag_id)
    acting(tx, call)
    _as_read(row, version)
    if row["state"] == "closed":
        raise WrongState(state="closed", allowed=[])
    sent, safe = body.model_fields_set, vault(tx)
    if "code" in sent and body.code is not None and body.code not in await _codes(tx, row):
        raise UnknownRedFlag(pointer="/code")
    answers = json.dumps([answer.model_dump() for answer in body.answers])
    noted = await tx.fetchrow(
        queries.NOTED,
        row["id"],
        body.code if "code" in sent else row["code"],
        safe.seal(answers) if "answers" in sent else row["answers_sealed"],
        safe.seal(body.address) if "address" in sent else row["address_sealed"],
    )
    assert noted is not None
    await happen(tx, call, "red_flag_noted", {"red_flag_id": str(row["id"])})
    tx.audit("red_flag.write", "red_flag", row["id"], row["organisation_id"], fields=" ".join(sorted(sent)))
    return await shown(tx, noted)


def _as_read(row: asyncpg.Record, version: int | None) -> None:
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"], headers={"ETag": f'"{row["version"]}"'})


async def _codes(tx: Tx, row: asyncpg.Record) -> set[str]:
    """The codes that may be chosen: of the list valid at the opening."""
    items = await tx.fetchval(queries.ITEMS, row["set_id"]) if row["set_id"] else None
    return {item["code"] for item in items} if isinstance(items, list) else set()


async def hand_over(tx: Tx, red_flag_id: UUID) -> RedFlagOut:
    """The regulator has taken over: the agent leaves, caller and regulator go on. Refused: `WRONG_STATE` before the
    three are together.
    """
    call, row = await locked_red_flag(tx, red_flag_id)
    acting(tx, call)
    if row["state"] == "handed_over":
        return await shown(tx, row)
    if row["state"] != "three_way":
        raise WrongState(state=row["state"], allowed=["close"])
    handed = await tx.fetchrow(queries.HANDED_OVER, row["id"], tx.now)
    assert handed is not None
    await _leave(tx, call, "red_flag_handed_over", row["id"])
    tx.audit("red_flag.hand_over", "red_flag", row["id"], row["organisation_id"])
    return await shown(tx, handed)


async def _leave(tx: Tx, call: Call, kind: str, red_flag_id: UUID) -> None:
    """Only the agent leaves: caller and regulator stay joined, and for her the call is in its wrap-up."""
    if call.state in (*SPEAKING, "connecting"):
        await to_wrap_up(tx, call, "transfer", kind)
    else:
        await happen(tx, call, kind, {"red_flag_id": str(red_flag_id)})


async def close(tx: Tx, red_flag_id: UUID, body: CloseIn) -> RedFlagOut:
    """How it ended; again with the same outcome: the same. Refused: `OUTCOME_REQUIRED`, `EXACT_WORDS_REQUIRED` 422,
    `WRONG_STATE` when it ended otherwise.

    `handed_to_15` while three are together also lets the agent leave. With any other outcome a leg towards the 15 is
    put down: nobody is left ringing.
    """
    call, row = await locked_red_flag(tx, red_flag_id)
    acting(tx, call)
    if body.outcome is None:
        raise OutcomeMissing(pointer="/outcome")
    if body.outcome == "caller_refused" and not body.exact_words:
        raise ExactWordsRequired(pointer="/exact_words")
    if row["state"] == "closed":
        if row["outcome"] != body.outcome:
            raise WrongState(state="closed", allowed=[])
        return await shown(tx, row)
    closed = await tx.fetchrow(queries.CLOSED, row["id"], body.outcome, vault(tx).seal(body.exact_words), tx.now)
    assert closed is not None
    await _end_legs(tx, call, row, body.outcome)
    await _tell(tx, call, closed)
    return await shown(tx, closed)


async def _end_legs(tx: Tx, call: Call, row: asyncpg.Record, outcome: str) -> None:
    together = row["state"] == "three_way" and row["leg"] is not None
    if together and outcome == "handed_to_15":
        await _leave(tx, call, "red_flag_closed", row["id"])
        return
    if row["leg"] is not None and row["state"] in ("dialling", "three_way"):
        await ask(tx, call, "hang_up", leg=row["leg"])
    if call.ended_by == "caller" and call.state in (*SPEAKING, "connecting"):
        await to_wrap_up(tx, call, "caller", "red_flag_closed")  # nobody is on the line any more
        return
    await happen(tx, call, "red_flag_closed", {"red_flag_id": str(row["id"]), "outcome": outcome})


async def _tell(tx: Tx, call: Call, row: asyncpg.Record) -> None:
    """Supervisors and desks; and the practitioner of the call, who is told live when a caller refuses help."""
    recipient = await tx.fetchval(queries.RECIPIENT, call.practitioner_id) if call.practitioner_id else None
    tx.emit(
        RedFlagClosed(
            red_flag_id=row["id"],
            call_id=call.id,
            client_id=call.client_id,
            code=row["code"],
            outcome=row["outcome"],
            recipient_id=recipient if isinstance(recipient, UUID) else None,
            version=row["version"],
        ),
        call.organisation_id,
    )
    tx.audit("red_flag.close", "red_flag", row["id"], row["organisation_id"], outcome=row["outcome"])
