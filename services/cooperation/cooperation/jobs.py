"""Timed work of the service: one worker at a time does it."""

from maillage.jobs import Job

JOBS: list[Job] = []
