"""The appointments service: what it is made of."""

from appointments.agenda.endpoints import router as agenda
from appointments.appointments.endpoints import router as appointments
from appointments.calendar.endpoints import router as calendar
from appointments.campaigns.answering import give_up_waiting
from appointments.campaigns.endpoints import router as campaigns
from appointments.demo.territory import load as demonstration
from appointments.directory.consumers import consumers as directory_consumers
from appointments.directory.endpoints import router as directory
from appointments.directory.practitioners.endpoints import router as practitioners
from appointments.holds import service as holds
from appointments.holds.endpoints import router as hold
from appointments.identity.endpoints import router as identity
from appointments.imports.endpoints import router as imports
from appointments.lines.consumers import consumers as line_consumers
from appointments.merges.duplicates import search_due
from appointments.merges.endpoints import router as merges
from appointments.messages.endpoints import router as messages
from appointments.messages.receipts.endpoints import router as receipts
from appointments.messages.sender import send_due
from appointments.needs.consumers import consumers as needs_consumers
from appointments.pages.endpoints import router as booking_pages
from appointments.pages.join import router as join_pages
from appointments.pages.manage import router as manage_pages
from appointments.pages.offers import router as offer_pages
from appointments.pages.places import router as place_pages
from appointments.pages.proposals import router as proposal_pages
from appointments.patients.endpoints import router as patients
from appointments.protocols.endpoints import router as protocols
from appointments.reasons.endpoints import router as reasons
from appointments.reports.endpoints import router as reports
from appointments.rest.consumers import consumers as rest_consumers
from appointments.rest.service import apply_owed
from appointments.retention.service import nightly
from appointments.rounds.endpoints import router as rounds
from appointments.schedules.endpoints import router as schedules
from appointments.schedules.service import extend_horizon
from appointments.series.endpoints import router as series
from appointments.sessions.endpoints import router as sessions
from appointments.settings import AppointmentsSettings
from appointments.slots.endpoints import router as slots
from appointments.teleconsultation.endpoints import router as teleconsultation
from appointments.teleconsultation.joining import tend_rooms
from appointments.unscheduled import service as unscheduled
from appointments.waiting.endpoints import router as waiting
from appointments.waiting.service import expire_entries, expire_offers
from appointments.walk_ins.endpoints import router as walk_ins
from appointments.worktime.endpoints import router as worktime
from maillage.jobs import Job
from maillage.service import Service

service = Service(
    name="appointments",
    title="Appointments",
    settings=AppointmentsSettings,
    package="appointments",
    # In the order of their traffic, for a router is asked in its turn; the calendar's `.ics` and the rooms
    # before any id.
    routers=[
        slots,
        agenda,
        calendar,
        teleconsultation,
        appointments,
        hold,
        booking_pages,
        patients,
        reasons,
        directory,
        practitioners,
        schedules,
        messages,
        receipts,
        waiting,
        campaigns,
        walk_ins,
        rounds,
        series,
        sessions,
        protocols,
        identity,
        merges,
        worktime,
        reports,
        imports,
        manage_pages,
        offer_pages,
        proposal_pages,
        join_pages,
        place_pages,
    ],
    consumers=[*directory_consumers, *needs_consumers, *line_consumers, *rest_consumers],
    demo=demonstration,
    jobs=[
        Job("lapse holds", 0.5, holds.lapse),
        Job("forget lapsed holds", 60.0, holds.forget),
        Job("extend availability", 60.0, database=extend_horizon),
        Job("rest of who came later", 10.0, database=apply_owed),
        Job("expire offers", 1.0, database=expire_offers),
        Job("expire waiting entries", 60.0, database=expire_entries),
        Job("give up waiting for answers", 1.0, database=give_up_waiting),
        Job("send messages", 1.0, database=send_due),
        Job("search duplicates", 300.0, database=search_due),
        Job("tend rooms", 10.0, database=tend_rooms),
        Job("tell unscheduled care", 10.0, unscheduled.tell),
        Job("keep no longer", 1800.0, database=nightly),
    ],
)
