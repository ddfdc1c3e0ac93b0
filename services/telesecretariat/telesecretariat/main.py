"""The telesecretariat service: what it is made of."""

from maillage.service import Service
from telesecretariat.agents.endpoints import router as agents
from telesecretariat.agents.setup.endpoints import router as agents_setup
from telesecretariat.announcements.endpoints import router as announcements
from telesecretariat.board.endpoints import router as board
from telesecretariat.calendars.endpoints import router as calendars
from telesecretariat.callbacks.endpoints import router as callbacks
from telesecretariat.calls.consumers import CONSUMERS as CALLS
from telesecretariat.calls.endpoints import router as calls
from telesecretariat.calls.reading.endpoints import router as call_files
from telesecretariat.catalogues.endpoints import router as catalogues
from telesecretariat.clients.endpoints import router as clients
from telesecretariat.copies.patients import CONSUMERS as PATIENTS
from telesecretariat.copies.people import CONSUMERS as PEOPLE
from telesecretariat.demo.loading import load as demonstration
from telesecretariat.desk.endpoints import router as desk
from telesecretariat.directory.consumers import CONSUMERS as DIRECTORY
from telesecretariat.directory.endpoints import router as directory
from telesecretariat.dispatch.endpoints import router as dispatch
from telesecretariat.duty.reading import CONSUMERS as DUTY
from telesecretariat.handovers.endpoints import router as handovers
from telesecretariat.instructions.endpoints import router as instructions
from telesecretariat.invoices.endpoints import router as invoices
from telesecretariat.jobs import JOBS
from telesecretariat.known_numbers.endpoints import router as known_numbers
from telesecretariat.lifetime import closed, opened
from telesecretariat.lines.endpoints import router as lines
from telesecretariat.messages.endpoints import router as messages
from telesecretariat.quality.endpoints import router as quality
from telesecretariat.red_flags.endpoints import router as red_flags
from telesecretariat.reports.endpoints import router as reports
from telesecretariat.settings import TelesecretariatSettings
from telesecretariat.simulation.endpoints import router as simulation
from telesecretariat.staffing.endpoints import router as staffing
from telesecretariat.supervision.endpoints import router as supervision
from telesecretariat.tasks.consumers import CONSUMERS as TASKS
from telesecretariat.tasks.endpoints import router as tasks
from telesecretariat.telephony.endpoints import router as telephony
from telesecretariat.telephony.setup.endpoints import router as telephony_setup
from telesecretariat.telephony.webhooks.endpoints import router as telephony_webhooks

service = Service(
    name="telesecretariat",
    title="Telesecretariat",
    description="Lines, calls, queue, agents, instructions, messages and red flags of telesecretaries.",
    settings=TelesecretariatSettings,
    package="telesecretariat",
    # In the order of their traffic, for a router is asked in its turn; `/calls/next` before any id.
    routers=[
        agents,
        dispatch,
        desk,
        calls,
        call_files,
        instructions,
        red_flags,
        messages,
        tasks,
        callbacks,
        handovers,
        board,
        supervision,
        telephony,
        telephony_webhooks,
        telephony_setup,
        simulation,
        directory,
        lines,
        calendars,
        catalogues,
        announcements,
        known_numbers,
        clients,
        agents_setup,
        reports,
        staffing,
        quality,
        invoices,
    ],
    consumers=[*DIRECTORY, *PEOPLE, *PATIENTS, *DUTY, *CALLS, *TASKS],
    jobs=JOBS,
    demo=demonstration,
    opened=opened,
    closed=closed,
)
