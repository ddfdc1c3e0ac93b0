"""A merge undone: what was written meanwhile about a visit that goes back goes with it."""

from tests.harness import people
from tests.harness.clinic import Clinic


async def test_what_is_meanwhile_said_of_a_visit_follows_it_back(clinic: Clinic) -> None:
    """A campaign over it, the call that it asks for, and a wish for a sooner time: else accepting that would move
    somebody else's visit.
    """
    goes, remains = await clinic.w.patient(clinic.org), await clinic.w.patient(clinic.org)
    visit, own = await clinic.book("10:00", 9, patient_id=goes), await clinic.book("11:00", 9, patient_id=remains)
    body: dict[str, object] = {"from_id": str(goes), "into_id": str(remains), "reason": "saisie deux fois"}
    merged = await clinic.post("merges", body, by=clinic.front)
    assert merged.status_code == 201, merged.text

    both = {"cause": "other", "appointment_ids": [visit["id"], own["id"]], "send": True}
    campaign = await clinic.post("campaigns", both, by=people.manager(clinic.org))
    assert {item["state"] for item in campaign.json()["items"]} == {"to_call"}, "nobody can be told by message"
    days = {"from_date": clinic.day(0).isoformat(), "to_date": clinic.day(9).isoformat()}
    wish = {"patient_id": str(remains), "reason_id": str(clinic.reason), "linked_appointment_id": visit["id"], **days}
    entry = await clinic.post("waiting-entries", wish)
    assert entry.status_code == 201, entry.text
    other = await clinic.book("09:00", patient_id=await clinic.w.patient(clinic.org))
    assert (await clinic.act(other, "cancel")).status_code == 200
    offer = (await clinic.get(f"waiting-entries/{entry.json()['id']}")).json()["offer"]

    undone = await clinic.post(f"merges/{merged.json()['id']}/undo", by=clinic.front)
    assert undone.status_code == 200, undone.text
    whose = {visit["id"]: str(goes), own["id"]: str(remains)}
    items = (await clinic.get(f"campaigns/{campaign.json()['id']}")).json()["items"]
    assert {item["appointment_id"]: item["patient_id"] for item in items} == whose
    calls = {str(row["ref_id"]): str(row["patient_id"]) for row in await clinic.w.connection.fetch(
        "SELECT ref_id, patient_id FROM call_need WHERE state = 'open'")}  # fmt: skip
    assert calls == {item["id"]: item["patient_id"] for item in items} | {offer["id"]: str(goes)}
    assert (await clinic.get(f"waiting-entries/{entry.json()['id']}")).json()["patient_id"] == str(goes)
    moved = await clinic.post(f"waiting-offers/{offer['id']}/accept")
    assert (moved.json()["id"], moved.json()["patient_id"]) == (visit["id"], str(goes)), moved.text
