"""What a month costs, to the cent, and the mark of its lines. Pure.

A line counts the calls that it opens on, one entry for each; a monthly line counts one month. Cents are integers.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

OF_CALLS: Final = ("call_answered", "callback", "appointment", "message")
MONTHLY: Final = "monthly"


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """So many of one kind at one price; a credit counts below zero and names the line that it corrects."""

    kind: str
    count: int
    unit_cents: int
    call_ids: Sequence[UUID] = ()
    corrects_id: UUID | None = None
    reason: str | None = None

    @property
    def cents(self) -> int:
        """What it comes to."""
        return self.count * self.unit_cents


def reckoned(prices: Mapping[str, int], counted: Mapping[str, Sequence[UUID]], *, runs: bool) -> list[InvoiceLine]:
    """The lines of a month in the order of their kinds: what has a price and happened. `runs`: the contract did."""
    lines = [
        InvoiceLine(kind, len(counted[kind]), prices[kind], tuple(counted[kind]))
        for kind in OF_CALLS
        if kind in prices and counted.get(kind)
    ]
    if MONTHLY in prices and runs:
        lines.append(InvoiceLine(MONTHLY, 1, prices[MONTHLY]))
    return lines


def total_cents(lines: Iterable[InvoiceLine]) -> int:
    """The sum of all lines, credits included; below zero when more is credited than owed."""
    return sum(line.cents for line in lines)


def mark(client_id: UUID, month: str, lines: Iterable[InvoiceLine]) -> bytes:
    """SHA-256 of whose month it is and of its lines, as UTF-8 JSON with sorted keys and without spaces."""
    shown = [
        {
            "kind": line.kind,
            "count": line.count,
            "unit_cents": line.unit_cents,
            "call_ids": [str(each) for each in line.call_ids],
            "corrects_id": None if line.corrects_id is None else str(line.corrects_id),
            "reason": line.reason,
        }
        for line in lines
    ]
    whole = {"client_id": str(client_id), "month": month, "lines": shown}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, separators=(",", ":")).encode()).digest()
