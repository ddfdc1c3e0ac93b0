"""Loads the demonstration territory: one health centre, its team, agendas, patients and bookings, in one transaction.

Directory and agendas go through the use cases that managers use, with their events. Visits are written in bulk, with
history and audit but without events and messages: they were there before anybody listened. They come before the rules,
so that the availability that the rules make already knows what is taken.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.demo import agenda, centre, queries
from appointments.demo.ids import CENTRE_ID, DELEGATED
from appointments.demo.patients import people
from appointments.demo.team import Member, team
from appointments.demo.visits import WEEKS_AHEAD, WEEKS_BACK, Visit, Waiting, plan
from appointments.directory import service as directory
from appointments.directory.practitioners import queries as practitioner_queries
from appointments.directory.practitioners import service as practitioners
from appointments.directory.practitioners.schemas import ContractIn
from appointments.directory.schemas import RoomIn
from appointments.reasons import service as reasons
from appointments.schedules import rows as schedule_rows
from appointments.schedules import service as schedules
from appointments.schedules.domain import Window, expand
from appointments.schedules.expansion import public_holidays
from appointments.schedules.schemas import Rule, RulesIn, ScheduleIn
from maillage.database import Tx
from maillage.principal import Principal
from maillage.service import DemoAccount, DemoContext

LOADER = Principal(sub=queries.BY, kind="system", role="system", org=CENTRE_ID, orgs=frozenset({CENTRE_ID}))


async def load(context: DemoContext) -> Sequence[DemoAccount]:
    """Loads into a database without the centre; a second time it changes nothing. Accounts are the gateway's."""
    await context.database.run(LOADER, build)
    return ()


async def build(tx: Tx) -> int:
    """The whole territory; how many visits were booked."""
    if not await queries.organisation(tx, CENTRE_ID, centre.NAME, centre.ORGANISATION):
        return 0
    zone = ZoneInfo(centre.ORGANISATION.timezone)
    today = await queries.local_day(tx, zone.key)
    monday = today - timedelta(days=today.weekday())
    sites = await _sites(tx)
    reason_ids = {body.code: (await reasons.add_reason(tx, body)).id for body in centre.REASONS}
    members = team()
    agendas = [await _join(tx, member, sites[member.site], monday) for member in members]
    reason_ids[DELEGATED] = await agenda.delegate(tx, today)
    patients = people(today)
    await queries.patients(tx, CENTRE_ID, patients)
    waiting = Waiting(patients)
    planned: list[tuple[Visit, UUID]] = []
    rules: list[list[Rule]] = []
    for member, schedule_id in zip(members, agendas, strict=True):
        rules.append(list(member.rules(monday, reason_ids)))
        windows = _windows(rules[-1], schedule_id, zone, monday)
        nurse = member.body.profession == "nurse"
        visits = plan(member.serial, nurse, windows, waiting, monday, tx.now, today)
        planned += [(visit, schedule_id) for visit in visits]
    await queries.visits(tx, CENTRE_ID, planned, reason_ids)
    for schedule_id, wanted in zip(agendas, rules, strict=True):
        await schedules.put_rules(tx, schedule_id, RulesIn(rules=tuple(wanted)))
    await agenda.visit_from_elsewhere(tx, sites["autun"], reason_ids["consultation"], monday)
    await agenda.wait_for_times(tx, patients, sites, reason_ids["consultation"], today)
    await agenda.be_absent(tx, monday, zone)
    return len(planned)


async def _sites(tx: Tx) -> dict[str, UUID]:
    """Sites with their consulting rooms and one treatment room each; care homes."""
    found: dict[str, UUID] = {}
    for body in centre.SITES:
        site = await directory.add_site(tx, body)
        found[site.code] = site.id
        for number in range(1, centre.ROOMS_PER_SITE + 1):
            await directory.add_room(tx, RoomIn(site_id=site.id, name=f"Cabinet {number}", tags=["consultation"]))
        await directory.add_room(tx, RoomIn(site_id=site.id, name="Salle de soins", tags=["treatment"]))
    for place in centre.PLACES:
        await directory.add_place(tx, place)
    return found


async def _join(tx: Tx, member: Member, site_id: UUID, monday: date) -> UUID:
    """A member of the team with contract and empty agenda; the id of the agenda. The event leaves once all is known."""
    await practitioner_queries.insert(tx, member.id, CENTRE_ID, member.body)
    agenda = await schedules.create(tx, ScheduleIn(practitioner_id=member.id, site_id=site_id))
    first_day = date(monday.year - 1, 1, 1)
    contract = ContractIn(practitioner_id=member.id, weekly_minutes=member.weekly_minutes, first_day=first_day)
    await practitioners.add_contract(tx, contract)
    return agenda.id


def _windows(rules: Sequence[Rule], schedule_id: UUID, zone: ZoneInfo, monday: date) -> list[Window]:
    """The windows of the weeks that are filled, past ones included."""
    start, end = monday - timedelta(weeks=WEEKS_BACK), monday + timedelta(weeks=WEEKS_AHEAD)
    numbered = [rule.model_copy(update={"id": UUID(int=place)}) for place, rule in enumerate(rules)]
    holidays = public_holidays(centre.ORGANISATION.holiday_zone, start, end)
    return expand(schedule_rows.rules(numbered, zone), (), holidays, zone, start, end)
