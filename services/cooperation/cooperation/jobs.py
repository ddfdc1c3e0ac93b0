"""Timed work of the service: one worker at a time does it."""

from cooperation.demand.observing import end_days, spread
from cooperation.demand.running import reckon_all, reckon_due
from cooperation.loads.service import overdue
from cooperation.runs.overdue import tell_overdue as tell_runs_overdue
from cooperation.trace.partitions import make_ahead
from cooperation.transport.overdue import tell_overdue
from cooperation.transport.tours import tell_late
from cooperation.urgent.following import end_overdue
from maillage.jobs import Job

JOBS: list[Job] = [
    Job("runs.overdue", 60, database=tell_runs_overdue),
    Job("loads.overdue", 30, database=overdue),
    Job("demand.due", 0.5, database=reckon_due),
    Job("demand.reckon", 60, database=reckon_all),
    Job("demand.spread", 600, spread),
    Job("demand.days", 300, database=end_days),
    Job("urgent.overdue", 30, database=end_overdue),
    Job("transport.overdue", 60, database=tell_overdue),
    Job("transport.late", 60, database=tell_late),
    Job("trace.partitions", 21_600, make_ahead),
]
