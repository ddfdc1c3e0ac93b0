"""What a demonstration prints: the day in figures, then each invariant with OK or the first row against it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.doctor import Finding
from telesecretariat.demonstration import queries
from telesecretariat.demonstration.planting import ADAPTER


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of one day of one line."""

    calls: asyncpg.Record
    told: int
    red: asyncpg.Record
    messages: asyncpg.Record
    callbacks: asyncpg.Record

    @property
    def offered(self) -> int:
        """Answered + abandoned in the queue + overflowed + callback requested."""
        c = self.calls
        total: int = c["answered"] + c["abandoned"] + c["overflowed"] + c["callback_requested"]
        return total

    @property
    def adds_up(self) -> bool:
        """Received is the sum over all states, and what the telephone system told."""
        c = self.calls
        return bool(
            c["received"] == self.offered + c["closed"] + c["refused"] + c["failed"] + c["in_progress"] == self.told
        )


async def counted(tx: Tx, line_id: UUID, since: datetime) -> Day:
    """Reads the figures."""
    calls = await tx.fetchrow(queries.COUNTS, line_id, since)
    red, messages, callbacks = [await tx.fetchrow(sql) for sql in (queries.RED, queries.MESSAGES, queries.CALLBACKS)]
    assert calls is not None
    assert red is not None
    assert messages is not None
    assert callbacks is not None
    told = await tx.fetchval(queries.TOLD, ADAPTER)
    assert isinstance(told, int)
    return Day(calls, told, red, messages, callbacks)


def lines(day: Day) -> list[str]:
    """The figures, a line each."""
    c, red, mail, back = day.calls, day.red, day.messages, day.callbacks
    return [
        f"received {c['received']} = answered {c['answered']} + abandoned {c['abandoned']}"
        f" + overflowed {c['overflowed']} + callback requested {c['callback_requested']} + closed {c['closed']}"
        f" + refused {c['refused']} + failed {c['failed']} + in progress {c['in_progress']}",
        f"sl_answered (SL1)         {_percent(c['answered_in_time'], c['answered'])}",
        "sl_with_abandons (SL2)    "
        + _percent(c["answered_in_time"] + c["abandoned_in_time"], c["answered"] + c["abandoned"]),
        f"sl_offered (SLo)          {_percent(c['answered_in_time'], day.offered - c['short_abandoned'])}",
        f"abandoned                 {_percent(c['abandoned'], day.offered)} ({c['short_abandoned']} within seconds)",
        f"average wait              {c['average_wait_s']:.1f} s; talk {c['average_talk_s']:.0f} s",
        f"repeat callers caught     {c['repeat_callers']}",
        f"red flags                 {red['opened']} opened, {red['handed_over']} handed to the 15, {red['open']} open",
        f"messages                  {mail['sent']} sent, {mail['acknowledged']} acknowledged,"
        f" {mail['escalated']} escalated, {mail['waiting']} not due yet",
        f"callbacks                 {back['asked']} asked, {back['made']} made, {back['missed']} missed,"
        f" {back['cancelled']} cancelled, {back['expired']} expired",
        f"returned to the queue     {c['returned']}; unclassified {c['unclassified']}",
    ]


def dispatched(beside: list[tuple[int, int]], allowed_s: float, speed: float) -> str:
    """How long calls waited beside a ready agent, in seconds of the day, and what was allowed."""
    told = ", ".join(f"over {seconds} s: {count}" for seconds, count in beside)
    return (
        f"waits beside ready agents {told}; judged at {allowed_s:g} s of the day,"
        f" {1000 * allowed_s / speed:.0f} ms of this machine"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def verdicts(findings: list[Finding]) -> list[str]:
    """One line for each invariant."""
    return [
        f"{'OK' if each.state == 'ok' else each.state:<8} {each.name:<20} {each.sentence}"
        + ("" if each.state == "ok" else f"\n         {each.count}, first: {each.first}")
        for each in findings
    ]
