"""Timed work of the service: one worker at a time does it."""

from maillage.jobs import Job
from telesecretariat.agents import sessions
from telesecretariat.callbacks.service import expire
from telesecretariat.dispatch import offering
from telesecretariat.messages.acknowledging import close_settled, escalate_due
from telesecretariat.messages.notifying import send_due
from telesecretariat.red_flags.service import dial_due

JOBS: list[Job] = [
    Job("messages.escalate", 1, escalate_due),
    Job("messages.notify", 1, database=send_due),
    Job("messages.close", 5, close_settled),
    Job("callbacks.expire", 5, expire),
    Job("dispatch.offer", 1, database=offering.dispatch),
    Job("dispatch.expire", 0.5, database=offering.expire),
    Job("agents.watch", 1, database=sessions.watch),
    Job("red_flags.dial", 1, dial_due),
]
