"""The patient pages say what the telephone and the duty said last, whatever the order in which it arrives."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from appointments.lines import service as lines
from appointments.main import service
from appointments.pages import catalogue
from contracts.base import Event
from contracts.permanence import SchemeAdopted
from contracts.telesecretariat import LineClosed, LineOpened
from maillage.consumers import Envelope
from maillage.database import Database
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import soon
from tests.harness.clinic import PARIS, Clinic
from tests.harness.driven_clock import driven
from tests.harness.publishing import Publisher

MONDAY = datetime(2026, 11, 30, 9, 12, tzinfo=PARIS)


def _line(kind: type[LineOpened], line_id: UUID, until: datetime | None, opens: datetime | None) -> LineOpened:
    return kind(line_id=line_id, client_id=new_id(), until=until, next_opening=opens, cause="calendar")


def _scheme(number: str, since: datetime, version: int = 1, scheme_id: UUID | None = None) -> SchemeAdopted:
    return SchemeAdopted(
        sectors=[], scheme_id=scheme_id or new_id(), version=version, effective_from=since, patient_number=number
    )


async def _hear(database: Database, event: Event, org: UUID, sequence: int) -> None:
    """What the consumer does with an event of this place in the order of its service."""
    envelope = Envelope(new_id(), event.TYPE, org, sequence, datetime.now(UTC))
    for consumer in service.consumers:
        if consumer.type == event.TYPE:
            await database.run(system("appointments"), consumer.handle, event.model_dump_json().encode(), envelope)


async def test_the_pages_follow_the_line_and_the_duty(clinic: Clinic, admin_of: Callable[[str], str]) -> None:
    line, scheme = new_id(), new_id()
    closed = _line(LineClosed, line, None, MONDAY + timedelta(hours=2))
    database = Database(clinic.running.settings)
    await database.open()

    async def said() -> tuple[str, bool]:
        read = await database.read(system("appointments"), catalogue.read, clinic.org)
        frame = read.frame(MONDAY).line
        assert frame is not None
        assert frame.now is not None
        return frame.now.fr.replace("\u00a0", " "), frame.is_open

    try:
        async with driven(admin_of(clinic.running.database_url)) as time:
            await time.to(MONDAY)
            assert await said() == ("Ouvert maintenant, jusqu'à 20 h", True)
            await _hear(database, closed, clinic.org, 7)
            assert await said() == ("Fermé. Ouvre à 11 h 12", False)
            await _hear(database, _line(LineOpened, line, MONDAY + timedelta(hours=8), None), clinic.org, 5)
            assert await said() == ("Fermé. Ouvre à 11 h 12", False)
            await _hear(database, _scheme("+33353010015", MONDAY - timedelta(days=1), 2, scheme), clinic.org, 8)
            await _hear(database, _scheme("+33353010016", MONDAY - timedelta(days=1), 1, scheme), clinic.org, 9)
            await _hear(database, _scheme("tel", MONDAY - timedelta(hours=1)), clinic.org, 10)
            await _hear(database, _scheme("116117", MONDAY + timedelta(days=1)), clinic.org, 11)
            assert await said() == ("Fermé. Ouvre à 11 h 12. Médecin de garde : 03 53 01 00 15", False)
            await _hear(database, _line(LineOpened, line, MONDAY + timedelta(hours=8), None), clinic.org, 12)
            assert await said() == ("Ouvert maintenant, jusqu'à 17 h 12", True)
    finally:
        await database.close()


async def test_the_copy_comes_by_the_broker_and_lines_of_others_are_nobodys(clinic: Clinic) -> None:
    clinic.running.work()
    publisher = Publisher(clinic.running.settings)
    await publisher.bus.open()
    database = Database(clinic.running.settings)
    await database.open()
    try:
        opened = _line(LineOpened, new_id(), datetime.now(UTC) + timedelta(hours=1), None)
        elsewhere = _line(LineOpened, new_id(), datetime.now(UTC) + timedelta(hours=1), None)
        await publisher.send((elsewhere, new_id()), (opened, clinic.org))

        async def there() -> bool:
            return len(await database.read(system("appointments"), lines.lines, clinic.org)) == 1

        await soon(there)
        assert await clinic.count("SELECT count(*)::int FROM phone_line") == 1
        assert await clinic.count("SELECT count(*)::int FROM kit.dead_letter") == 0
    finally:
        await publisher.bus.close()
        await database.close()
