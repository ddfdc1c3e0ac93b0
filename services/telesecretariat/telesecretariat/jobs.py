"""Timed work of the service: one worker at a time does it."""

from maillage.jobs import Job
from telesecretariat.agents import sessions
from telesecretariat.dispatch import offering
from telesecretariat.red_flags.service import dial_due

JOBS: list[Job] = [
    Job("dispatch.offer", 1, database=offering.dispatch),
    Job("dispatch.expire", 0.5, database=offering.expire),
    Job("agents.watch", 1, database=sessions.watch),
    Job("red_flags.dial", 1, dial_due),
]
