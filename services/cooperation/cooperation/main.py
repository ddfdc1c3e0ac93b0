"""The cooperation service: what it is made of."""

from cooperation.blocks.endpoints import router as blocks
from cooperation.board.endpoints import router as board
from cooperation.catalogue.endpoints import router as catalogue
from cooperation.codes.endpoints import router as codes
from cooperation.continuity.endpoints import router as continuity
from cooperation.copies.people import CONSUMERS as PEOPLE
from cooperation.custody.endpoints import router as custody
from cooperation.demand.consumers import CONSUMERS as DEMAND
from cooperation.demand.endpoints import router as demand
from cooperation.demo.loading import load as demonstration
from cooperation.fleet.endpoints import router as fleet
from cooperation.holds.endpoints import router as holds
from cooperation.issues.endpoints import router as issues
from cooperation.jobs import JOBS
from cooperation.labels.endpoints import router as labels
from cooperation.loads.endpoints import router as loads
from cooperation.loans.endpoints import router as loans
from cooperation.loans.following import CONSUMERS as LOANS
from cooperation.machines.endpoints import router as machines
from cooperation.members.endpoints import router as members
from cooperation.orders.endpoints import router as orders
from cooperation.recalls.endpoints import router as recalls
from cooperation.recalls.following import CONSUMERS as RECALLED
from cooperation.records.endpoints import router as records
from cooperation.runs.endpoints import router as runs
from cooperation.scans.endpoints import router as scans
from cooperation.sets.endpoints import router as sets
from cooperation.settings import CooperationSettings
from cooperation.trace.endpoints import router as trace
from cooperation.transport.endpoints import router as transport
from cooperation.urgent.endpoints import router as urgent
from cooperation.urgent.following import CONSUMERS as URGENT
from cooperation.uses.endpoints import router as uses
from maillage.service import Service

service = Service(
    name="cooperation",
    title="Cooperation",
    description="Instrument sets, one sterilisation for all: traceability, release, recall, custody, orders.",
    settings=CooperationSettings,
    package="cooperation",
    # In the order of their traffic, for a router is asked in its turn.
    routers=[
        scans,
        codes,
        blocks,
        runs,
        uses,
        loads,
        records,
        machines,
        recalls,
        holds,
        issues,
        continuity,
        transport,
        custody,
        orders,
        demand,
        board,
        urgent,
        loans,
        sets,
        labels,
        catalogue,
        fleet,
        members,
        trace,
    ],
    consumers=[*PEOPLE, *RECALLED, *DEMAND, *URGENT, *LOANS],
    jobs=JOBS,
    demo=demonstration,
    not_numbers=r"/v1/(loads|machines)/[^/]+/records?",
)
