"""A red flag as it is shown: its words opened, the list to ask from, the number to read out."""

import json

import asyncpg

from maillage.database import Tx
from telesecretariat.calls import queries as calls
from telesecretariat.calls.rows import Call
from telesecretariat.red_flags import queries
from telesecretariat.red_flags.schemas import Answer, RedFlagItem, RedFlagOut
from telesecretariat.vault import vault

_AS_THEY_ARE = (
    "id", "call_id", "client_id", "state", "code", "outcome", "opened_at", "three_way_at", "handed_over_at",
    "closed_at", "version",
)  # fmt: skip


async def shown(tx: Tx, row: asyncpg.Record) -> RedFlagOut:
    """The wire type of a row of `red_flag`."""
    call = await tx.fetchrow(calls.CALL, row["call_id"])
    assert call is not None
    found = await tx.fetchval(queries.ITEMS, row["set_id"]) if row["set_id"] else None
    items = found if isinstance(found, list) else []
    safe = vault(tx)
    answers = safe.open(row["answers_sealed"])
    return RedFlagOut.model_validate(
        {name: row[name] for name in _AS_THEY_ARE}
        | {
            "by_hand": row["target"] < 0,
            "attempts": row["target"] + 1,
            "on_line": row["leg"] is not None and row["state"] != "closed",
            "items": [RedFlagItem.model_validate(item) for item in items],
            "answers": [Answer.model_validate(answer) for answer in json.loads(answers or "[]")],
            "address": safe.open(row["address_sealed"]),
            "exact_words": safe.open(row["exact_words_sealed"]),
            "number": safe.open(Call.of(call).number_sealed),
        }
    )
