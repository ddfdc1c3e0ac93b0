"""Timed work of the service: one worker at a time does it."""

from maillage.jobs import Job
from telesecretariat.red_flags.service import dial_due

JOBS: list[Job] = [
    Job("red_flags.dial", 1, dial_due),
]
