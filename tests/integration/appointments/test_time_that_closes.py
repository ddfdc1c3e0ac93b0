"""Time that closes by a change of hours takes along what is kept in it, as an absence does."""

from typing import Any

from appointments.schedules import service as schedules
from maillage.principal import system
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.harness.waiting_list import WaitingList


async def test_nothing_is_kept_or_accepted_in_hours_that_are_no_longer_open(clinic: Clinic, queue: WaitingList) -> None:
    first = await queue.add(await queue.person())
    second = await queue.add(await queue.person(), local_from="14:00")
    await queue.free("09:00")
    await queue.free("14:00")
    offer, other = await queue.offer(first), await queue.offer(second)
    held = await clinic.post("holds", clinic.slot("10:00"))
    hit = await clinic.book("11:00", 4, patient_id=await queue.person())
    boss = people.manager(clinic.org)
    body: dict[str, Any] = {"cause": "other", "appointment_ids": [hit["id"]]}
    (item,) = (await clinic.post("campaigns", body, by=boss)).json()["items"]
    proposed = item["proposal"]["start"]
    assert (proposed, item["proposal"]["practitioner_id"]) == (clinic.at("11:20", 4), str(clinic.ada))

    for days in (3, 4):
        closed: dict[str, Any] = {
            "local_date": clinic.day(days).isoformat(),
            "action": "change",
            "rule_id": await rule_of_the_morning(clinic),
            "opening": {"kind": "clinic", "local_start": "08:00", "local_end": "08:30"},
        }
        path = f"schedules/{clinic.schedules[clinic.ada]}/exceptions"
        answer = await clinic.post(path, closed, by=boss)
        assert answer.status_code == 201, answer.text
    assert await queue.state(offer) == "void open"
    assert (await queue.answer(offer, "accept")).json()["code"] == "OFFER_EXPIRED"
    assert await queue.offered(first, second) == [False, True]
    booked = await clinic.post("appointments", {"hold_id": held.json()["id"], "patient_id": str(clinic.pat)})
    assert (booked.status_code, booked.json()["code"]) == (410, "HOLD_EXPIRED")
    moved = await clinic.post(f"campaigns/items/{item['id']}/resolve", {"outcome": "moved"}, by=boss)
    assert (moved.status_code, moved.json()["code"]) == (410, "PROPOSAL_EXPIRED")
    assert await clinic.free(clinic.ada) == "08:00-08:30 14:20-18:00"
    assert (await queue.answer(other, "accept")).status_code == 200


async def test_nobody_moves_onto_the_time_of_a_doctor_who_has_left(clinic: Clinic, queue: WaitingList) -> None:
    """What is kept after his last day goes with his hours; a visit there, should there be one, is flagged."""
    visit = await clinic.book("17:40", 5, practitioner_id=clinic.bob)
    left = await clinic.book("11:00", 6, patient_id=await queue.person())
    entry = await queue.add(clinic.pat, linked_appointment_id=visit["id"], to_date=clinic.day(4).isoformat())
    await queue.free("09:00", 4)
    offer = await queue.offer(entry)
    leaves = "UPDATE practitioner SET active_during = daterange(lower(active_during), $2) WHERE id = $1"
    await clinic.w.connection.execute(leaves, clinic.ada, clinic.day(4))
    await queue.database.run(system("appointments"), schedules.refresh, clinic.schedules[clinic.ada])
    assert await queue.state(offer) == "void open"
    assert (await queue.answer(offer, "accept")).json()["code"] == "OFFER_EXPIRED"
    assert (await clinic.get(f"appointments/{visit['id']}")).json()["practitioner_id"] == str(clinic.bob)
    assert (await clinic.get(f"appointments/{left['id']}")).json()["conflict"] == "schedule"


async def rule_of_the_morning(clinic: Clinic) -> str:
    sql = "SELECT id::text FROM opening_rule WHERE schedule_id = $1 AND local_start < '12:00'"
    return str(await clinic.w.connection.fetchval(sql, clinic.schedules[clinic.ada]))
