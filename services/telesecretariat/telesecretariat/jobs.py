"""Timed work of the service: one worker at a time does it."""

from maillage.jobs import Job
from telesecretariat.agents import sessions
from telesecretariat.callbacks.service import expire, mend
from telesecretariat.calls import monitoring, overflow, wrapping
from telesecretariat.dispatch import offering
from telesecretariat.duty.reading import read_due
from telesecretariat.lines.telling import tell_openings
from telesecretariat.messages.acknowledging import close_settled, escalate_due
from telesecretariat.messages.notifying import send_due
from telesecretariat.quality.drawing import draw_due
from telesecretariat.red_flags.service import dial_due
from telesecretariat.retention.service import forget_due
from telesecretariat.simulation import floor
from telesecretariat.telephony import applying, failing, observed, running, unconnected

JOBS: list[Job] = [
    Job("messages.escalate", 1, escalate_due),
    Job("messages.notify", 1, database=send_due),
    Job("messages.close", 5, close_settled),
    Job("callbacks.expire", 5, database=expire),
    Job("callbacks.mend", 5, database=mend),
    Job("lines.tell", 1, tell_openings),
    Job("duty.read", 1, database=read_due),
    Job("retention.forget", 3600, database=forget_due),
    Job("quality.draw", 21_600, draw_due),
    Job("dispatch.offer", 1, database=offering.dispatch),
    Job("dispatch.expire", 0.5, database=offering.expire),
    Job("agents.watch", 1, database=sessions.watch),
    Job("red_flags.dial", 1, dial_due),
    Job("telephony.run", 1, database=running.run),
    Job("telephony.early", 1, database=applying.settle_early),
    Job("simulation.floor", 1, database=floor.staff),
    Job("telephony.expire", 2, database=failing.expire),
    Job("calls.unconnected", 1, database=unconnected.settle_due),
    Job("calls.observed", 60, database=observed.end_silent),
    Job("calls.wrap_up", 1, database=wrapping.complete_due),
    Job("calls.overflow", 1, database=overflow.look_at_all),
    Job("calls.places", 5, database=overflow.tell_places),
    Job("calls.closing", 5, database=overflow.close_late),
    Job("calls.monitoring", 5, database=monitoring.end_due),
]
