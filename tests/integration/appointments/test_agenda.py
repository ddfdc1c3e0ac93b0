"""The agenda of a desk: windows, who comes, what is held, in one reading."""

from datetime import datetime

from maillage.ids import new_id
from tests.harness import people
from tests.harness.clinic import Clinic, Json


def hours(spans: list[Json]) -> list[tuple[str, str]]:
    """Local times of spans."""
    return [(hour(each["start"]), hour(each["end"])) for each in spans]


def hour(instant: object) -> str:
    """Its local time."""
    return datetime.fromisoformat(str(instant)).strftime("%H:%M")


async def test_a_day_has_windows_visits_by_name_and_holds(clinic: Clinic) -> None:
    booked = (await clinic.post("appointments", clinic.wish("09:20"))).json()
    gone = (await clinic.post("appointments", clinic.wish("10:20"))).json()
    await clinic.act(gone, "cancel", by=clinic.front)
    held = (await clinic.post("holds", clinic.slot("11:00"), by=clinic.front)).json()
    absent: Json = {"practitioner_id": str(clinic.ada), "start": clinic.at("15:00"), "end": clinic.at("18:00")}
    await clinic.post("absences", absent, by=clinic.front)

    day = clinic.day().isoformat()
    agenda = (await clinic.get("agenda", day=day, practitioner=str(clinic.ada), by=clinic.front)).json()
    morning, afternoon = agenda["openings"]
    assert hours([morning]) == [("09:00", "12:00")]
    assert hours(morning["free"]) == [("09:00", "09:20"), ("09:40", "11:00"), ("11:20", "12:00")]
    assert (hours(afternoon["free"]), hours(afternoon["closed"])) == ([("14:00", "15:00")], [("15:00", "18:00")])
    (visit,) = agenda["visits"]
    assert (visit["id"], visit["patient_id"]) == (booked["id"], str(clinic.pat))
    person = (await clinic.get(f"patients/{clinic.pat}", by=clinic.front)).json()
    assert (visit["patient_name"], visit["birth_date"]) == (person["display_name"], person["birth_date"])
    (hold,) = agenda["holds"]
    assert (hold["id"], hold["expires_at"]) == (held["id"], held["expires_at"])

    everybody = (await clinic.get("agenda", day=day, site=str(clinic.site), by=clinic.desk)).json()
    assert {each["practitioner_id"] for each in everybody["openings"]} == {str(clinic.ada), str(clinic.bob)}
    week = await clinic.get("agenda", day=day, days="7", practitioner=str(clinic.bob), by=clinic.desk)
    assert len(week.json()["openings"]) == 14
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'agenda.read'") == 2


async def test_the_agenda_is_for_the_people_of_the_centre(clinic: Clinic) -> None:
    day = clinic.day().isoformat()
    wide = await clinic.get("agenda", day=day, days="7", by=clinic.front)
    assert (wide.status_code, wide.json()["code"]) == (422, "CRITERION_REQUIRED")
    assert (await clinic.get("agenda", day=day, by=people.patient("+33639980551"))).status_code == 403
    elsewhere = (await clinic.get("agenda", day=day, by=people.front_desk(new_id()))).json()
    assert (elsewhere["openings"], elsewhere["visits"]) == ([], [])
