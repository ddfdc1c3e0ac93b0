"""How a call begins, whoever begins it."""

from typing import Unpack
from uuid import UUID

from contracts.telesecretariat import CallState
from maillage.database import Tx
from maillage.ids import new_id
from telesecretariat.calls.changing import Columns, add
from telesecretariat.calls.rows import Call
from telesecretariat.lines.service import Line
from telesecretariat.vault import vault


async def new_call(
    tx: Tx,
    line: Line,
    direction: str,
    number: str | None,
    *,
    state: CallState,
    kind: str = "arrived",
    facts: dict[str, object] | None = None,
    about_call_id: UUID | None = None,
    **known: Unpack[Columns],
) -> Call:
    """A call of this line with its first event, `kind`. `number` is E.164, None when withheld: kept sealed and hashed.

    Skills and the way of distribution are the line's; `known` are further columns.
    """
    values: dict[str, object] = {
        "number_sealed": vault(tx).seal(number),
        "number_hash": vault(tx).hash(number),
        "required_skills": list(line.required_skills),
        "preferred_skills": list(line.preferred_skills),
        "pick": line.distribution == "pick",
        **known,
    }
    fresh = _blank(tx, line, direction, state, about_call_id, values)
    return await add(tx, fresh, kind, facts)


def _blank(
    tx: Tx, line: Line, direction: str, state: CallState, about_call_id: UUID | None, values: dict[str, object]
) -> Call:
    nothing = dict.fromkeys(Call.__slots__)
    always: dict[str, object] = {
        "id": new_id(),
        "organisation_id": line.organisation_id,
        "client_id": line.client_id,
        "line_id": line.id,
        "adapter_id": line.adapter_id,
        "direction": direction,
        "handled_by": "human",
        "observed": line.mode == "observed",
        "state": state,
        "arrived_at": tx.now,
        "created_at": tx.now,
        "state_since": tx.now,
        "head_start": [],
        "short": False,
        "returned": 0,
        "talk_s": 0.0,
        "hold_s": 0.0,
        "wrap_s": 0.0,
        "callback_offered": False,
        "overflow_step": 0,
        "repeat_caller": 0,
        "supervisor_told": False,
        "about_call_id": about_call_id,
        "version": 1,
    }
    return Call(**{**nothing, **always, **values})  # type: ignore[arg-type]  # names and types are those of the columns
