"""The ratios of proof.md, section 8, by id. Each function measures one and answers its lines."""

from collections.abc import Callable, Mapping

from bench.ratios import agenda, base, booking, calls, console, contention, door, events, search, sterilisation, stream
from bench.report import Line
from bench.runs import Bench

Ratio = Callable[[Bench], list[Line]]
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
    "R5": events.commit_to_copy,
}
"""R2 is printed by R1, from the same runs. R5 comes last: it alone needs the workers."""
