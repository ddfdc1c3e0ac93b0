"""The ratios of proof.md, section 8, by id. Each function measures one and answers its lines."""

from collections.abc import Callable, Iterable, Mapping

from bench.ratios import (
    agenda,
    base,
    booking,
    calls,
    console,
    contention,
    door,
    events,
    overload,
    recovery,
    relay,
    search,
    sterilisation,
    stream,
)
from bench.report import Line
from bench.runs import Bench

Ratio = Callable[[Bench], Iterable[Line]]
RATIOS: Mapping[str, Ratio] = {
    "R1": booking.booking_against_sql,
    "R3": door.lightest_get,
    "R4": door.through_the_gateway,
    "R7": contention.many_want_few,
    "R8": search.cost_follows_the_answer,
    "R9": search.search_against_sql,
    "R13": base.row_level_security,
    "R14": base.audit,
    "R11": calls.take_next,
    "R12": stream.to_screens,
    "A": agenda.agendas,
    "K": sterilisation.scans_recalls_files,
    "W": console.console,
    "R10": search.fifty_practitioners,
    "R16": overload.overload,
    "R5": events.commit_to_copy,
    "R6": relay.drain,
    "R20": recovery.after_a_kill,
}
"""R2 and R19 are printed by R1, from the same runs. R5 and R6 need workers and come late, R20 kills and is the
last."""
