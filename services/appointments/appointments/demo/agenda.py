"""What a centre's agenda has beyond bookings: a protocol with a nurse, a visiting specialist, somebody who waits, an
absence that hits visits. By the use cases that the centre itself uses.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from appointments.demo import centre, names
from appointments.demo.ids import CENTRE_ID, DELEGATED, NURSE, NURSES, PHYSICIANS, practitioner_id, rpps
from appointments.demo.patients import Person
from appointments.directory.practitioners import queries as practitioner_queries
from appointments.directory.practitioners.schemas import PractitionerIn
from appointments.protocols import service as protocols
from appointments.protocols.schemas import DelegatedNurse, DelegatingPhysician, ProtocolIn
from appointments.reasons import service as reasons
from appointments.reasons.schemas import Mode, ReasonIn
from appointments.schedules import closing
from appointments.schedules.schemas import AbsenceIn
from appointments.sessions import service as sessions
from appointments.sessions.schemas import SessionsIn
from appointments.waiting import service as waiting
from appointments.waiting.schemas import EntryIn
from maillage.database import Tx

DELEGATING: Final = (3, 7)
"""Doctors of Autun, as the nurse is."""
SPECIALIST: Final = PHYSICIANS + NURSES + 1
ABSENT: Final = 12
WAITING: Final = 4


async def delegate(tx: Tx, today: date) -> UUID:
    """A protocol of this year and the next, and the reason that only its nurse gives; the id of the reason."""
    first = date(today.year, 1, 1)
    protocol = await protocols.add_protocol(
        tx,
        ProtocolIn(
            title="Suivi du diabète de type 2 (démonstration)",
            reference="PC-DEMO-01",
            first_day=first,
            last_day=date(today.year + 1, 12, 31),
            physicians=[DelegatingPhysician(practitioner_id=practitioner_id(each)) for each in DELEGATING],
            nurses=[DelegatedNurse(practitioner_id=practitioner_id(NURSE), trained_on=first)],
        ),
    )
    reason = ReasonIn(
        code=DELEGATED,
        label="Suivi du diabète par l'infirmière",
        public_label="Suivi du diabète avec l'infirmière",
        public_label_en="Diabetes follow-up with the nurse",
        professions=["nurse"],
        modes=[Mode(mode="on_site", minutes=30)],
        bookable_by=["public", "secretariat"],
        first_visit="never",
        protocol_id=protocol.id,
        rank=75,
    )
    return (await reasons.add_reason(tx, reason)).id


async def visit_from_elsewhere(tx: Tx, site_id: UUID, reason_id: UUID, monday: date) -> None:
    """A specialist who receives at a site on two mornings."""
    body = PractitionerIn.model_validate(
        {
            "rpps": rpps(SPECIALIST),
            "profession": "physician",
            "specialty": "SM15",
            "family_name": names.family_name("practitioner", SPECIALIST),
            "given_name": names.given_name("female", "practitioner", SPECIALIST),
            "email": f"praticien{SPECIALIST}@example.org",
            "external": True,
        }
    )
    who = practitioner_id(SPECIALIST)
    await practitioner_queries.insert(tx, who, CENTRE_ID, body)
    days = tuple(monday + timedelta(weeks=week, days=1) for week in (2, 4))
    mornings = SessionsIn(
        practitioner_id=who,
        site_id=site_id,
        dates=days,
        local_start=time(9),
        local_end=time(12),
        reason_ids=(reason_id,),
    )
    await sessions.plan(tx, mornings)


async def wait_for_times(
    tx: Tx, people: Sequence[Person], sites: Mapping[str, UUID], reason_id: UUID, today: date
) -> None:
    """Known adults who would come earlier than the agendas allow: one of them is in a hurry."""
    adults = [each for each in people if each.known and each.phone and each.age(today) >= 30][:WAITING]
    for place, person in enumerate(adults):
        entry = EntryIn(
            patient_id=person.id,
            reason_id=reason_id,
            site_ids=() if place == 0 else (sites[centre.SITES[place].code],),
            from_date=today + timedelta(days=1),
            to_date=today + timedelta(days=14 + 7 * place),
            priority=5 if place == WAITING - 1 else 0,
        )
        await waiting.wait(tx, entry)


async def be_absent(tx: Tx, monday: date, zone: ZoneInfo) -> None:
    """A doctor will be in training on a day for which visits are booked: they wait for a campaign."""
    day = monday + timedelta(weeks=1, days=2)
    start = datetime.combine(day, time(), zone)
    absent = AbsenceIn(
        practitioner_id=practitioner_id(ABSENT), start=start, end=start + timedelta(days=1), kind="training"
    )
    await closing.declare_absence(tx, absent)
