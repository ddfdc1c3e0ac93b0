"""To whom a message goes that was planned long ago: to whoever the files name on the day it leaves."""

from tests.harness.clinic import Clinic
from tests.harness.messaging import reach, send

OLD, NEW, LANDLINE = "+33639980231", "+33639980232", "+33353010023"


async def due(clinic: Clinic) -> list[str]:
    """The day of the reminders has come; the worker has sent them. Channel, contact and state of each."""
    await clinic.w.connection.execute("UPDATE message SET due_at = kit_now() WHERE kind = 'reminder'")
    await send(clinic)
    rows = await clinic.w.connection.fetch(
        "SELECT channel || ' ' || recipient || ' ' || state AS line FROM message WHERE kind = 'reminder' ORDER BY id"
    )
    return [row["line"] for row in rows]


async def test_a_reminder_follows_the_contacts_of_the_file(clinic: Clinic) -> None:
    await clinic.awake()
    await reach(clinic, ("mobile", OLD))
    booked = await clinic.book("09:00", 10)
    path = f"patients/{clinic.pat}"
    patch = {"contacts": [{"kind": "mobile", "value": NEW}]}
    answer = await clinic._client(clinic.front).patch(f"/v1/{path}", json=patch)  # the number belongs to a stranger now
    assert answer.status_code == 200, answer.text
    assert await due(clinic) == [f"sms {NEW} sent"]

    # Sent again by hand after one more correction, it goes to the corrected number.
    await clinic._client(clinic.front).patch(f"/v1/{path}", json={"contacts": [{"kind": "mobile", "value": OLD}]})
    (message,) = (await clinic.get("messages", kind="reminder", by=clinic.front)).json()["items"]
    assert (await clinic.post(f"messages/{message['id']}/resend", by=clinic.front)).status_code == 200
    assert await due(clinic) == [f"sms {OLD} sent"]

    # No mobile is left: what should go there is said by the telephone at home.
    moved = await clinic.act(booked, "move", {"start": clinic.at("10:00", 10)})
    assert moved.status_code == 200
    await clinic.w.connection.execute("DELETE FROM contact")
    await reach(clinic, ("landline", LANDLINE))
    await clinic.w.connection.execute("DELETE FROM message WHERE kind = 'reminder' AND state <> 'planned'")
    await due(clinic)
    await clinic.w.connection.execute("UPDATE message SET due_at = kit_now() WHERE state = 'planned'")
    assert await due(clinic) == [f"sms {OLD} failed", f"voice {LANDLINE} sent"]


async def test_who_no_longer_acts_for_somebody_hears_of_no_visit(clinic: Clinic) -> None:
    await clinic.awake()
    carer = await clinic.w.patient(clinic.org)
    await reach(clinic, ("mobile", OLD), of=carer)
    relation = {"other_patient_id": str(carer), "kind": "carer", "may_book": True, "may_receive": True}
    client = clinic._client(clinic.front)
    path = f"/v1/patients/{clinic.pat}/relations"
    assert (await client.put(path, json={"relations": [relation]})).status_code == 200
    await clinic.book("09:00", 10)
    assert (await client.put(path, json={"relations": []})).status_code == 200
    assert await due(clinic) == [f"sms {OLD} failed"]

    # Who asked on the phone gave a number that is in no file: it stays.
    asked = {"kind": "other", "name": "Une voisine", "phone": NEW}
    other = await clinic.w.patient(clinic.org)
    await clinic.book("10:00", 10, patient_id=other, requester=asked)
    assert (await due(clinic))[1:] == [f"sms {NEW} sent"]
