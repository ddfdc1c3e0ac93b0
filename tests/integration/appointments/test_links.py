"""Manage links on a real base: nothing before the birth date, five tries, and only for who answered.

The pages of `/rdv/g/{token}` run these use cases; here they are run as those pages do, one transaction each.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from appointments.links import service
from appointments.links.errors import LinkLocked
from appointments.messages.sender import send_due
from maillage import clock, ids
from maillage.database import Database
from maillage.principal import Principal
from maillage.refusals import NotFound, Refusal
from maillage.testing import Mailbox
from tests.harness import people
from tests.harness.clinic import Clinic

BORN, WRONG = date(1980, 1, 1), date(1980, 1, 2)
MOBILE = "+33639980301"


@dataclass
class Sent:
    """An appointment whose message has been read, and the service's database."""

    booked: dict[str, Any]
    token: str
    database: Database
    clinic: Clinic

    async def look(self, who: Principal, token: str = "") -> UUID | None:
        """What the link shows to him."""
        return (await self.database.run(who, service.look, token or self.token)).appointment_id

    async def answer(self, who: Principal, born: date = BORN) -> str:
        """`open 5`, `wrong 3`, `locked 0`."""
        said = await self.database.run(who, service.answer, self.token, born)
        return f"{said.outcome} {said.tries_left}"

    async def shift_visit(self, end: datetime) -> None:
        """Plants another time, past ones included."""
        await self.clinic.shift(self.booked, end - timedelta(minutes=20))


@pytest_asyncio.fixture
async def sent(clinic: Clinic, mailbox: Mailbox) -> AsyncIterator[Sent]:
    """A booking by phone, its SMS sent."""
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)",
        clinic.org,
        clinic.pat,
        MOBILE,
    )
    booked = await clinic.book("09:20")
    database = Database(clinic.running.settings)
    await database.open()
    await send_due(database)
    yield Sent(booked, mailbox.messages[0].body.partition("/rdv/g/")[2].split()[0], database, clinic)
    await database.close()


async def test_the_link_alone_shows_nothing(sent: Sent) -> None:
    who = people.visitor()
    link = await sent.database.run(who, service.look, sent.token)
    assert (link.open, link.appointment_id) == (False, None)
    with pytest.raises(NotFound):
        await sent.database.run(who, service.seen, sent.token)
    assert await sent.database.run(who, service.granted, UUID(sent.booked["id"])) is False


async def test_the_birth_date_opens_it_for_this_visitor_only(sent: Sent) -> None:
    me, other, nobody = people.visitor(), people.visitor(), Principal(sub="visitor:", kind="visitor", orgs=None)
    assert await sent.answer(me) == "open 5"
    assert str(await sent.look(me)) == sent.booked["id"]
    for stranger in (other, nobody):
        assert await sent.look(stranger) is None
        assert await sent.database.run(stranger, service.granted, UUID(sent.booked["id"])) is False
    shown = await sent.database.run(me, service.seen, sent.token)
    assert (str(shown.id), shown.site, shown.zone) == (sent.booked["id"], "Autun", "Europe/Paris")
    assert shown.start == sent.clinic.moment("09:20")


async def test_who_has_no_ticket_of_the_gateway_opens_nothing(sent: Sent) -> None:
    """Without a visitor's ticket there is nobody to open it for: the try is counted."""
    assert await sent.answer(Principal(sub="visitor:", kind="visitor", orgs=None)) == "wrong 4"


async def test_five_wrong_birth_dates_lock_it_for_everybody(sent: Sent) -> None:
    """Also for who had opened it: a leaked link is closed. The code by SMS and the phone still work."""
    me, thief = people.visitor(), people.visitor()
    assert await sent.answer(me) == "open 5"
    said = [await sent.answer(thief, WRONG) for _ in range(6)]
    assert said == ["wrong 4", "wrong 3", "wrong 2", "wrong 1", "locked 0", "locked 0"]
    assert await sent.answer(thief) == "locked 0"
    for who in (me, thief):
        with pytest.raises(LinkLocked) as refused:
            await sent.look(who)
        assert (refused.value.status, refused.value.code) == (410, "LINK_LOCKED")
        assert await sent.database.run(who, service.granted, UUID(sent.booked["id"])) is False
    mine = await sent.database.run(people.patient(MOBILE), service.mine)
    assert [str(shown.id) for shown in mine] == [sent.booked["id"]]


async def test_guesses_at_once_have_no_more_tries_than_one_after_the_other(sent: Sent) -> None:
    days = [BORN + timedelta(days=n) for n in range(1, 31)]
    said = await asyncio.gather(*(sent.answer(people.visitor(), day) for day in days))
    assert sorted(said) == ["locked 0"] * 26 + ["wrong 1", "wrong 2", "wrong 3", "wrong 4"]
    assert await sent.clinic.count("SELECT tries FROM manage_link") == 5


async def test_unknown_and_expired_links_are_the_same_nothing(sent: Sent) -> None:
    me = people.visitor()
    assert await sent.answer(me) == "open 5"
    await sent.shift_visit(clock.now() - timedelta(hours=23, minutes=50))
    assert await sent.look(me) is not None
    await sent.shift_visit(clock.now() - timedelta(hours=24, minutes=10))
    refusals: list[Refusal] = []
    for token in (sent.token, ids.new_token(), "", "x" * 4000, sent.token.upper()):
        with pytest.raises(NotFound) as refused:
            await sent.look(me, token)
        refusals.append(refused.value)
    assert len({str(refusal.problem("fr")) for refusal in refusals}) == 1


async def test_a_move_takes_the_link_of_the_first_message_along(sent: Sent) -> None:
    """It works until 24 hours after the visit, wherever that has gone."""
    me = people.visitor()
    assert await sent.answer(me) == "open 5"
    moved = await sent.clinic.act(sent.booked, "move", {"start": sent.clinic.at("09:20", 20)})
    assert moved.status_code == 200, moved.text
    await sent.clinic.w.connection.execute("UPDATE manage_link SET expires_at = now() - interval '1 day'")
    shown = await sent.database.run(me, service.seen, sent.token)
    assert (shown.start, shown.version) == (sent.clinic.moment("09:20", 20), 2)


async def test_opening_and_wrong_answers_are_in_the_audit_without_the_date(sent: Sent) -> None:
    me = people.visitor()
    await sent.answer(me, WRONG)
    await sent.answer(me)
    rows = await sent.clinic.w.connection.fetch(
        "SELECT action, actor, a::text AS line FROM kit.audit a WHERE action LIKE 'link.%' ORDER BY at, id"
    )
    assert [row["action"] for row in rows] == ["link.wrong", "link.open"]
    assert {row["actor"] for row in rows} == {me.sub}
    assert not any("1980" in row["line"] or sent.token in row["line"] for row in rows)


async def test_a_proved_contact_lists_what_is_to_come_for_its_people(sent: Sent) -> None:
    clinic = sent.clinic
    other = await clinic.w.patient(clinic.org)
    await clinic.book("10:20", patient_id=other)
    later = await clinic.book("10:20", days=5)
    gone = await clinic.book("11:20", days=6)
    await clinic.act(gone, "cancel", {})
    mine = await sent.database.run(people.patient(MOBILE), service.mine)
    assert [str(shown.id) for shown in mine] == [sent.booked["id"], later["id"]]
    assert await sent.database.run(people.patient("+33639980399"), service.mine) == []
    assert await sent.database.run(people.visitor(), service.mine) == []
    one = await sent.database.run(people.patient(MOBILE), service.seen_by_id, UUID(str(later["id"])))
    assert str(one.id) == later["id"]
    with pytest.raises(NotFound):
        await sent.database.run(people.patient("+33639980399"), service.seen_by_id, UUID(str(later["id"])))
