"""Protocols of delegation over HTTP: who keeps them, who gives a visit under one, and what a change does to it."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from maillage.ids import new_id
from maillage.testing import soon
from tests.harness import people
from tests.harness.clinic import Clinic, Json
from tests.harness.driven_clock import driven

REASON: Json = {
    "code": "diabete",
    "label": "Suivi du diabète",
    "public_label": "Suivi infirmier",
    "professions": ["nurse"],
    "modes": [{"mode": "on_site", "minutes": 20}],
    "bookable_by": ["public", "secretariat"],
}


class Delegation:
    """A protocol with doctor Ada, a trained nurse, an untrained one, and a reason under it. A third nurse is none of
    its members.
    """

    def __init__(self, clinic: Clinic) -> None:
        self.clinic, self.manager = clinic, people.manager(clinic.org)
        self.trained = self.untrained = self.other = UUID(int=0)
        self.body: Json = {}
        self.id = self.reason = ""

    async def build(self) -> "Delegation":
        """By the door, as a manager does."""
        clinic = self.clinic
        self.trained, self.untrained, self.other = [await clinic.doctor(profession="nurse") for _ in range(3)]
        self.body = {
            "title": "Suivi du diabète de type 2",
            "reference": "PC-071-2026",
            "first_day": clinic.day(0).isoformat(),
            "last_day": clinic.day(10).isoformat(),
            "physicians": [{"practitioner_id": str(clinic.ada)}],
            "nurses": [
                {"practitioner_id": str(self.trained), "trained_on": clinic.day(-30).isoformat()},
                {"practitioner_id": str(self.untrained)},
            ],
        }
        made = await clinic.post("protocols", self.body, by=self.manager)
        assert made.status_code == 201, made.text
        self.id = made.json()["id"]
        reason = await clinic.post("visit-reasons", REASON | {"protocol_id": self.id}, by=self.manager)
        assert reason.status_code == 201, reason.text
        self.reason = reason.json()["id"]
        return self

    def wish(self, nurse: UUID | None, hour: str = "09:00", days: int = 3) -> Json:
        """A visit of patient Pat with this nurse, or any."""
        fields = self.clinic.wish(hour, days) | {"reason_id": self.reason, "practitioner_id": str(nurse)}
        return fields if nurse else {name: value for name, value in fields.items() if name != "practitioner_id"}

    async def change(self, version: int | None = None, **fields: object) -> Json:
        """The whole protocol anew."""
        self.body = self.body | fields
        tag = f'"{version}"' if version else None
        answer = await self.clinic.put(f"protocols/{self.id}", self.body, by=self.manager, if_match=tag)
        assert answer.status_code == 200, answer.text
        members: Json = answer.json()["members"]
        return members


async def test_managers_keep_protocols_and_others_read_them(clinic: Clinic) -> None:
    given = await Delegation(clinic).build()
    path, manager = f"protocols/{given.id}", given.manager
    seen = (await clinic.get(path, by=clinic.front)).json()
    assert [nurse["trained_on"] is None for nurse in seen["members"]["nurses"]].count(True) == 1
    public = (await clinic.get("protocols", by=people.visitor())).json()["items"]
    assert [(item["title"], item["members"]) for item in public] == [("Suivi du diabète de type 2", None)]

    assert (await clinic.post("protocols", given.body, by=clinic.front)).status_code == 403
    assert (await clinic.put(path, given.body, by=people.nurse(clinic.org))).status_code == 403
    elsewhere = people.manager(await clinic.w.organisation("Autre"))
    assert (await clinic.get(path, by=elsewhere)).status_code == 404
    assert (await clinic.put(path, given.body, by=elsewhere)).status_code == 404
    assert (await clinic.get(f"protocols/{new_id()}", by=manager)).status_code == 404

    doctor_as_nurse = {"practitioner_id": str(clinic.bob), "trained_on": "2026-01-01"}
    for wrong, code, pointer in (
        ({"nurses": [doctor_as_nurse]}, "REFERENCE_UNKNOWN", "/nurses/0/practitioner_id"),
        ({"physicians": [{"practitioner_id": str(new_id())}]}, "REFERENCE_UNKNOWN", "/physicians/0/practitioner_id"),
        ({"last_day": "2020-01-01"}, "TIME_INVALID", None),
        ({"nurses": [doctor_as_nurse, doctor_as_nurse]}, "INVALID", None),
        ({"title": "a\u200bb"}, "TEXT_INVALID", None),
    ):
        refused = await clinic.put(path, given.body | wrong, by=manager)
        problem = refused.json()
        assert (refused.status_code, pointer in (None, problem["errors"][0]["pointer"])) == (422, True), refused.text
        assert code in (problem["code"], problem["errors"][0]["code"])

    at_once = [clinic.put(path, given.body | {"title": name}, by=manager, if_match='"1"') for name in ("A", "B")]
    assert sorted(answer.status_code for answer in await asyncio.gather(*at_once)) == [200, 412]
    in_use = await clinic.put(path, given.body | {"active": False}, by=manager)
    assert (in_use.status_code, in_use.json()["code"], in_use.json()["reasons"]) == (409, "IN_USE", 1)

    for change, code in (
        ({"protocol_id": str(new_id())}, "REFERENCE_UNKNOWN"),
        ({"professions": ["physician"]}, "INVALID"),
    ):
        body = REASON | {"code": "autre", "protocol_id": given.id} | change
        refused = await clinic.post("visit-reasons", body, by=manager)
        assert (refused.status_code, code in refused.text) == (422, True)
    free = await clinic.put(f"visit-reasons/{given.reason}", REASON, by=manager)
    assert (free.status_code, free.json()["protocol_id"]) == (200, None)
    assert (await clinic.put(path, given.body | {"active": False}, by=manager)).status_code == 200
    assert (await clinic.get(path, by=people.visitor())).status_code == 404


async def test_only_a_trained_member_gives_the_visit_and_it_names_who_delegates(clinic: Clinic) -> None:
    given = await Delegation(clinic).build()
    asked = {"reason": "diabete", "from": clinic.at("00:00"), "to": clinic.at("00:00", 4), "limit": 200}
    offered = (await clinic.get("slots", by=people.visitor(), **asked)).json()["items"]
    assert {who for item in offered for who in item["practitioners"]} == {str(given.trained)}
    named = await clinic.get("slots", by=people.visitor(), practitioner=str(given.untrained), **asked)
    assert named.json()["items"] == []
    ahead = {"reason": "diabete", "from": clinic.at("00:00", 8), "to": clinic.at("00:00", 14)}
    days = (await clinic.get("days", by=people.visitor(), **ahead)).json()["items"]
    assert [day["date"] for day in days] == [clinic.day(n).isoformat() for n in (8, 9, 10)]

    for nurse, last in ((given.untrained, None), (given.other, None)):
        for path in ("holds", "appointments"):
            wish = given.wish(nurse) if path == "appointments" else clinic.slot("09:00") | {
                "reason_id": given.reason, "practitioner_id": str(nurse)
            }  # fmt: skip
            refused = await clinic.post(path, wish)
            assert (refused.status_code, refused.json()["code"]) == (422, "PROTOCOL_NOT_VALID"), refused.text
            assert refused.json()["last_day"] is last
    for either in (given.trained, None):
        late = await clinic.post("appointments", given.wish(either, days=11))
        assert (late.json()["code"], late.json()["last_day"]) == ("PROTOCOL_NOT_VALID", clinic.day(10).isoformat())

    booked = await clinic.post("appointments", given.wish(None))
    assert booked.status_code == 201, booked.text
    visit = booked.json()
    assert (visit["practitioner_id"], visit["protocol_id"]) == (str(given.trained), given.id)
    assert visit["delegating_physician_id"] == str(clinic.ada)
    seen = (await clinic.get(f"appointments/{visit['id']}")).json()
    assert (seen["delegating_physician_id"], seen["protocol_until"]) == (str(clinic.ada), None)

    # Bob joins and is the patient's own physician: he delegates from the next move on; else who is there that day does.
    await given.change(physicians=[{"practitioner_id": str(who)} for who in (clinic.ada, clinic.bob)])
    await clinic.w.connection.execute("UPDATE patient SET referring_practitioner_id = $1", clinic.bob)
    moved = await clinic.act(visit, "move", {"start": clinic.at("10:00", 4)})
    assert (moved.status_code, moved.json()["delegating_physician_id"]) == (200, str(clinic.bob)), moved.text
    await clinic.w.connection.execute("UPDATE patient SET referring_practitioner_id = NULL")
    away: Json = {"practitioner_id": str(min(clinic.ada, clinic.bob)), "start": clinic.at("00:00", 4), "kind": "leave"}
    closed = await clinic.post("absences", away | {"end": clinic.at("00:00", 5)}, by=given.manager)
    assert closed.status_code == 201, closed.text
    again = await clinic.act(visit, "move", {"start": clinic.at("11:00", 4)})
    present = str(max(clinic.ada, clinic.bob))
    assert again.json()["delegating_physician_id"] == present
    history = (await clinic.get(f"appointments/{visit['id']}/history")).json()["items"]
    assert [line["delegating_physician_id"] for line in history] == [
        str(clinic.ada), str(clinic.bob), present
    ]  # fmt: skip

    elsewhere = await clinic.act(visit, "move", {"start": clinic.at("11:00", 5), "practitioner_id": str(given.other)})
    assert elsewhere.json()["code"] == "PROTOCOL_NOT_VALID"
    late = await clinic.act(visit, "move", {"start": clinic.at("11:00", 11)})
    assert late.json()["code"] == "PROTOCOL_NOT_VALID"


async def test_a_nurse_who_leaves_and_a_hold_that_outlives_its_protocol(clinic: Clinic) -> None:
    given = await Delegation(clinic).build()
    visit = (await clinic.post("appointments", given.wish(given.trained, days=5))).json()
    gone = (await clinic.post("appointments", given.wish(given.trained, "10:00", days=5))).json()
    assert (await clinic.act(gone, "cancel")).status_code == 200
    slot = {name: value for name, value in given.wish(given.trained, "11:00", 6).items() if name != "patient_id"}
    held = (await clinic.post("holds", slot)).json()

    trained = {"practitioner_id": str(given.trained), "trained_on": clinic.day(-30).isoformat()}
    left = await given.change(nurses=[trained | {"last_day": clinic.day(4).isoformat()}])
    assert left["conflicts"] == 1
    flagged = (await clinic.get(f"appointments/{visit['id']}")).json()
    assert (flagged["conflict"], flagged["protocol_until"], flagged["status"]) == (
        "protocol", clinic.day(4).isoformat(), "booked"
    )  # fmt: skip
    assert (await clinic.get(f"appointments/{visit['id']}", by=people.visitor())).status_code in (403, 404)
    kept = await clinic.post("appointments", {"hold_id": held["id"], "patient_id": str(clinic.pat)})
    assert (kept.status_code, kept.json()["code"]) == (422, "PROTOCOL_NOT_VALID")
    back = await clinic.act(gone, "reopen")
    assert back.json()["code"] == "PROTOCOL_NOT_VALID"

    untaught = await given.change(nurses=[{"practitioner_id": str(given.trained)}])
    assert untaught["conflicts"] == 1
    unseen = (await clinic.get(f"appointments/{visit['id']}")).json()
    assert (unseen["conflict"], unseen["protocol_until"]) == ("protocol", None)

    nobody = await given.change(nurses=[trained], physicians=[])
    assert nobody["conflicts"] == 1
    whole = await given.change(nurses=[trained], physicians=[{"practitioner_id": str(clinic.ada)}])
    assert whole["conflicts"] == 0
    assert (await clinic.get(f"appointments/{visit['id']}")).json()["conflict"] is None
    assert (await clinic.act(gone, "reopen")).status_code == 200


async def test_a_visit_under_way_while_its_protocol_is_shortened_is_flagged(clinic: Clinic) -> None:
    """The booking has read the protocol and waits for its time; the change waits for the booking."""
    given = await Delegation(clinic).build()
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    lock = "SELECT FROM availability WHERE practitioner_id = $1 FOR UPDATE"
    async with asyncio.TaskGroup() as group, clinic.w.connection.transaction():
        await clinic.w.connection.execute(lock, given.trained)
        booking = group.create_task(clinic.post("appointments", given.wish(given.trained, days=6)))
        await soon(lambda: _is(clinic, waiting, 1))
        change = group.create_task(given.change(last_day=clinic.day(5).isoformat()))
        await soon(lambda: _is(clinic, waiting, 2, change))
    assert booking.result().status_code == 201, booking.result().text
    assert change.result()["conflicts"] == 1
    assert await clinic.count("SELECT count(*) FROM appointment WHERE conflict = 'protocol'") == 1


async def _is(clinic: Clinic, sql: str, number: int, ended: "asyncio.Task[Json] | None" = None) -> bool:
    await clinic.w.connection.execute("SELECT pg_stat_clear_snapshot()")
    return await clinic.count(sql) == number or (ended is not None and ended.done())


async def test_a_freed_time_is_offered_only_where_the_protocol_lets_its_nurse(
    clinic: Clinic, admin_of: Callable[[str], str]
) -> None:
    given = await Delegation(clinic).build()
    care = await clinic.w.reason(clinic.org, "soin", professions=["nurse"])
    async with driven(admin_of(clinic.running.database_url)) as time:
        await time.to(clinic.moment("10:00", 1))
        wish: Json = {"patient_id": str(clinic.pat), "reason_id": given.reason}
        dates = {"from_date": clinic.day(1).isoformat(), "to_date": clinic.day(8).isoformat()}
        waits = await clinic.post("waiting-entries", wish | dates)
        assert waits.status_code == 201, waits.text
        for nurse, state in ((given.other, "waiting"), (given.trained, "offered")):
            who = await clinic.w.patient(clinic.org)
            visit = await clinic.book("09:00", 4, reason_id=care, practitioner_id=nurse, patient_id=who)
            cancelled = await clinic.act(visit, "cancel")
            assert cancelled.status_code == 200, cancelled.text
            entries = (await clinic.get("waiting-entries", patient=str(clinic.pat))).json()["items"]
            assert [entry["state"] for entry in entries] == [state]
