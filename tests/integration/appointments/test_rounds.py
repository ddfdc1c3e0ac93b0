"""Visits at home and in care homes: where they are, in which order, several residents at once."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest_asyncio

from maillage.ids import new_id
from tests.harness import people
from tests.harness.appointments_world import rule
from tests.harness.clinic import PARIS, Clinic, Json

ADDRESS = {"line": "3 rue du Modèle", "postal_code": "71400", "city": "Autun", "access": "2e étage, code A12"}
MODES = [
    {"mode": "home", "minutes": 40, "buffer_minutes": 10},
    {"mode": "care_home", "minutes": 30, "buffer_minutes": 5},
]


class Nights:
    """A doctor who goes out from 20:00 to 1:00, a care home, and whoever is visited."""

    def __init__(self, clinic: Clinic, doctor: UUID, reason: UUID, place: UUID) -> None:
        self.clinic, self.doctor, self.reason, self.place = clinic, doctor, reason, place

    def wish(self, hour: str, days: int = 3, **fields: Any) -> Json:
        """A home visit, for somebody new unless told otherwise."""
        where = {"visit_address": ADDRESS} if fields.get("mode", "home") == "home" else {}
        wish = {"reason_id": self.reason, "practitioner_id": self.doctor, "mode": "home", **where, **fields}
        return self.clinic.wish(hour, days, **wish)

    async def visit(self, hour: str, days: int = 3, **fields: Any) -> Json:
        """A booking that must succeed."""
        patient = fields.pop("patient_id", None) or await self.clinic.w.patient(self.clinic.org)
        answer = await self.clinic.post("appointments", self.wish(hour, days, patient_id=patient, **fields))
        assert answer.status_code == 201, answer.text
        booked: Json = answer.json()
        return booked

    async def round(self, days: int = 3) -> dict[str, Any]:
        """As the front desk reads it."""
        asked = {"practitioner": str(self.doctor), "day": self.clinic.day(days).isoformat()}
        answer = await self.clinic.get("rounds", by=self.clinic.front, **asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def reorder(self, ids: list[object], days: int = 3, version: int | None = None) -> Any:
        """The wished order, by the front desk."""
        version = (await self.round(days))["version"] if version is None else version
        body: Json = {"practitioner_id": str(self.doctor), "day": self.clinic.day(days).isoformat(), "version": version}
        return await self.clinic.post("rounds/reorder", {**body, "appointment_ids": ids}, by=self.clinic.front)


def hours(found: dict[str, Any]) -> str:
    """The local starts of a round."""
    return " ".join(
        datetime.fromisoformat(stop["start"]).astimezone(PARIS).strftime("%H:%M") for stop in found["stops"]
    )


@pytest_asyncio.fixture
async def nights(clinic: Clinic) -> Nights:
    """See `Nights`."""
    doctor = await clinic.doctor(rule("20:00", "01:00", kind="home_round", modes=["home", "care_home"]))
    reason = await clinic.w.reason(clinic.org, "domicile", modes=MODES)
    place = await clinic.w.connection.fetchval(
        """INSERT INTO place (organisation_id, name, address_line, postal_code, city, phone)
           VALUES ($1, 'Résidence Modèle', '1 place du Modèle', '71400', 'Autun', '+33353010001') RETURNING id""",
        clinic.org,
    )
    return Nights(clinic, doctor, reason, place)


async def test_a_visit_outside_says_where_it_is(clinic: Clinic, nights: Nights) -> None:
    async def refused(code: str, pointer: str | None, *, by: Any = None, **fields: Any) -> None:
        answer = await clinic.post("appointments", nights.wish("20:00", **fields), by=by)
        assert answer.json()["code"] == code, answer.text
        if pointer:
            assert answer.json()["errors"][0]["pointer"] == pointer

    await refused("ADDRESS_REQUIRED", "/visit_address", visit_address=None)
    await refused("PLACE_REQUIRED", "/place_id", mode="care_home")
    await refused("PLACE_REQUIRED", "/place_id", mode="care_home", place_id=new_id())
    await refused("INVALID", "/visit_address", mode="care_home", place_id=nights.place, visit_address=ADDRESS)
    await refused("INVALID", "/visit_address/postal_code", visit_address={**ADDRESS, "postal_code": "7140"})
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980501')",
        clinic.org,
        clinic.pat,
    )
    me = people.patient("+33639980501")
    await refused("NOT_FOUND", None, mode="care_home", place_id=nights.place, by=me)

    booked = await nights.visit("20:00", patient_id=clinic.pat)
    assert booked["visit_address"] == ADDRESS
    path = f"appointments/{booked['id']}"
    mine = (await clinic.get(path, by=me)).json()
    assert mine["visit_address"] == ADDRESS
    moved: Json = {"start": clinic.at("21:00"), "visit_address": {**ADDRESS, "line": "5 rue du Modèle"}}
    assert (await clinic.post(f"{path}/move", moved)).json()["visit_address"]["line"] == "5 rue du Modèle"
    assert (await clinic.get(path)).json()["visit_address"]["line"] == "5 rue du Modèle"
    told = await clinic.w.connection.fetch("SELECT payload FROM kit.outbox WHERE subject_id = $1", UUID(booked["id"]))  # type: ignore[arg-type]
    facts = await clinic.w.connection.fetch("SELECT facts FROM kit.audit")
    assert told
    assert "Modèle" not in str([*told, *facts])


async def test_a_round_crosses_midnight_and_belongs_to_the_day_it_began(clinic: Clinic, nights: Nights) -> None:
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980501')",
        clinic.org,
        clinic.pat,
    )
    late = await nights.visit("00:20", 4, mode="care_home", place_id=nights.place)
    await nights.visit("20:00", 4)
    await nights.visit("20:00", patient_id=clinic.pat)
    await nights.visit("22:00", mode="care_home", place_id=nights.place)
    found = await nights.round()
    assert hours(found) == "20:00 22:00 00:20"
    assert hours(await nights.round(4)) == "20:00"
    first, home, last = found["stops"]
    assert (first["phone"], first["where"]["line"], first["where"]["access"]) == (
        "+33639980501",
        "3 rue du Modèle",
        "2e étage, code A12",
    )
    assert (home["phone"], home["where"]["place"], home["where"]["line"]) == (
        "+33353010001",
        "Résidence Modèle",
        "1 place du Modèle",
    )
    assert (last["appointment_id"], last["window_end"]) == (late["id"], clinic.at("01:00", 4))
    assert (await clinic.get(f"appointments/{late['id']}")).json()["start"] == clinic.at("00:20", 4)

    asked = {"practitioner": str(nights.doctor), "day": clinic.day().isoformat()}
    sheet = (await clinic.get("rounds/sheet", by=clinic.front, **asked)).text
    assert sheet.startswith("Tournée du ")
    assert "Accès : 2e étage, code A12" in sheet
    read = "SELECT count(DISTINCT record_id) FROM kit.audit WHERE action = 'patient.list' AND record_id = $1"
    assert await clinic.count(read, UUID(first["patient_id"])) == 1, "who opened his file, and with it his address"
    for who, status in (
        (people.nurse(clinic.org), 200),
        (people.manager(clinic.org), 403),
        (people.patient("+33639980501"), 403),
        (people.front_desk(new_id()), 404),
    ):
        assert (await clinic.get("rounds", by=who, **asked)).status_code == status


async def test_another_order_moves_all_visits_or_none(clinic: Clinic, nights: Nights) -> None:
    one = await nights.visit("20:00")
    two = await nights.visit("21:00")
    three = await nights.visit("22:30")
    stale = (await nights.round())["version"]
    answer = await nights.reorder([three["id"], one["id"], two["id"]])
    assert answer.status_code == 200, answer.text
    assert hours(answer.json()) == "20:00 21:00 22:30"
    assert [stop["appointment_id"] for stop in answer.json()["stops"]] == [three["id"], one["id"], two["id"]]
    events = await clinic.w.connection.fetch(
        "SELECT event FROM appointment_change WHERE appointment_id = $1 ORDER BY version", UUID(str(one["id"]))
    )
    assert [row["event"] for row in events] == ["book", "move"]
    assert await clinic.free(nights.doctor) == "20:50-21:00 21:50-22:30 23:20-01:00"

    both = await asyncio.gather(
        nights.reorder([one["id"], three["id"], two["id"]], version=answer.json()["version"]),
        nights.reorder([two["id"], one["id"], three["id"]], version=answer.json()["version"]),
    )
    assert sorted(each.status_code for each in both) == [200, 412]  # two desks at once
    assert (await nights.reorder([one["id"], two["id"], three["id"]], version=stale)).json()["code"] == "VERSION_STALE"
    assert (await nights.reorder([one["id"], two["id"]])).json()["code"] == "ROUND_CHANGED"
    assert (await nights.reorder([one["id"], one["id"]])).status_code == 422
    other = {**clinic.slot("09:00"), "patient_id": str(clinic.pat)}
    away = (await clinic.post("appointments", other)).json()
    refused = await nights.reorder([one["id"], two["id"], three["id"], away["id"]])
    assert refused.json()["code"] == "ROUND_CHANGED"
    assert hours(await nights.round()) == "20:00 21:00 22:30"

    body: Json = {"practitioner_id": str(nights.doctor), "day": clinic.day().isoformat(), "version": 1}
    body["appointment_ids"] = [one["id"]]
    for who, status in ((people.manager(clinic.org), 403), (people.front_desk(new_id()), 404)):
        assert (await clinic.post("rounds/reorder", body, by=who)).status_code == status


async def test_a_new_order_tells_only_whom_it_matters_to(clinic: Clinic, nights: Nights) -> None:
    """Half an hour is nothing for a visit at home; what adds up over several orders is measured from what was told."""
    visits = []
    for number, hour in enumerate(("20:00", "20:50", "21:40"), 1):
        who = await clinic.w.patient(clinic.org)
        await clinic.w.connection.execute(
            "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', $3)",
            clinic.org,
            who,
            f"+3363998060{number}",
        )
        visits.append(await nights.visit(hour, patient_id=who, mode="home"))
    short = await nights.visit("22:30", mode="care_home", place_id=nights.place)  # 35 minutes with its gap
    one, two, three = visits
    moved = "SELECT count(*) FROM message WHERE kind = 'moved' AND state <> 'dropped' AND appointment_id = $1"
    # The short one first: 20:00, then one 20:50, two 21:40, three 22:30, each by 50 minutes.
    await nights.reorder([short["id"], one["id"], two["id"], three["id"]])
    assert [await clinic.count(moved, UUID(str(each["id"]))) for each in visits] == [1, 1, 1]
    found = await nights.round()
    assert hours(found) == "20:00 20:50 21:40 22:30"
    # The same times in the same order: nothing happens, to nobody.
    version = found["version"]
    same = await nights.reorder([short["id"], one["id"], two["id"], three["id"]])
    assert same.json()["version"] == version


async def test_a_move_that_has_not_been_told_yet_is_not_lost_in_a_new_order(clinic: Clinic, nights: Nights) -> None:
    """Its message had not left: a quarter of an hour later is far from what the patient knows."""
    mine, others = await clinic.w.patient(clinic.org), [await clinic.w.patient(clinic.org) for _ in range(2)]
    await clinic.w.connection.execute(
        "INSERT INTO contact (organisation_id, patient_id, kind, value) VALUES ($1, $2, 'mobile', '+33639980604')",
        clinic.org,
        mine,
    )
    early = await nights.visit("20:00", patient_id=others[0], mode="care_home", place_id=nights.place)
    late = await nights.visit("21:10", patient_id=others[1], mode="home")
    visit = await nights.visit("22:30", patient_id=mine, mode="care_home", place_id=nights.place)
    assert (await clinic.act(visit, "move", {"start": clinic.at("20:35")})).status_code == 200
    await nights.reorder([late["id"], visit["id"], early["id"]])
    assert hours(await nights.round()) == "20:00 20:50 21:25"
    planned = "SELECT count(*) FROM message WHERE kind = 'moved' AND state = 'planned'"
    assert await clinic.count(planned) == 1


async def test_a_new_order_stays_within_the_days_of_a_protocol(clinic: Clinic, nights: Nights) -> None:
    """A nurse's visit is not put behind midnight when her delegation ends there."""
    manager = people.manager(clinic.org)
    nurse = await clinic.doctor(
        rule("20:00", "01:00", kind="home_round", modes=["home"], reason_ids=[]), profession="nurse"
    )
    days = {"first_day": clinic.day(0).isoformat(), "last_day": clinic.day(3).isoformat()}
    members: Json = {"physicians": [{"practitioner_id": str(clinic.ada)}]}
    members["nurses"] = [{"practitioner_id": str(nurse), "trained_on": clinic.day(-30).isoformat()}]
    protocol = {"title": "Plaies", "reference": "PC-1", **days, **members}
    protocol_id = (await clinic.post("protocols", protocol, by=manager)).json()["id"]
    under: dict[str, Any] = {"professions": ["nurse"], "protocol_id": UUID(protocol_id)}
    long = await clinic.w.reason(clinic.org, "long", modes=[{"mode": "home", "minutes": 60}], **under)
    short = await clinic.w.reason(clinic.org, "court", modes=[{"mode": "home", "minutes": 20}], **under)
    nights.doctor = nurse
    first = await nights.visit("23:20", practitioner_id=nurse, reason_id=short)
    second = await nights.visit("23:40", practitioner_id=nurse, reason_id=long)
    refused = await nights.reorder([second["id"], first["id"]])
    assert (refused.status_code, refused.json()["code"]) == (422, "PROTOCOL_NOT_VALID")
    assert hours(await nights.round()) == "23:20 23:40"


async def test_residents_of_a_care_home_one_after_the_other(clinic: Clinic, nights: Nights) -> None:
    residents = [await clinic.w.patient(clinic.org) for _ in range(4)]
    await nights.visit("20:00", patient_id=clinic.pat)
    body: Json = {
        "place_id": str(nights.place),
        "practitioner_id": str(nights.doctor),
        "site_id": str(clinic.site),
        "reason_id": str(nights.reason),
        "day": clinic.day().isoformat(),
        "patients": [str(each) for each in residents],
    }
    doctor = people.practitioner(clinic.org)
    answer = await clinic.post("rounds/care-home", body, by=doctor)
    assert answer.status_code == 201, answer.text
    assert hours(await nights.round()) == "20:00 20:50 21:25 22:00 22:35"
    assert [each["patient_id"] for each in answer.json()["items"]] == body["patients"]
    more = {**body, "patients": [str(await clinic.w.patient(clinic.org)) for _ in range(4)]}
    refused = (await clinic.post("rounds/care-home", more)).json()
    assert (refused["code"], refused["fits"]) == ("ROUND_TOO_LONG", 3)
    # One who cannot is refused with his place, and none is booked.
    mixed = {**body, "patients": [str(await clinic.w.patient(clinic.org)), str(new_id())]}
    refused = (await clinic.post("rounds/care-home", mixed)).json()
    assert (refused["code"], refused["errors"][0]["pointer"]) == ("NOT_FOUND", "/patients/1")
    unknown = await clinic.post("rounds/care-home", {**body, "patients": mixed["patients"], "place_id": str(new_id())})
    assert unknown.json()["code"] == "PLACE_REQUIRED"
    assert len((await nights.round())["stops"]) == 5
    assert (await clinic.post("rounds/care-home", mixed, by=people.manager(clinic.org))).status_code == 403
    assert (await clinic.post("rounds/care-home", mixed, by=people.front_desk(new_id()))).status_code == 404
