"""At the end: what was typed during the tests is in no log, no event and no audit row."""

import json
from pathlib import Path

from maillage.installation import services
from maillage.testing import soon
from tests.e2e.bad_input.conftest import CANARY, CANARY_PHONE
from tests.harness.front import API
from tests.harness.place import SECRET_REASON, Place, ok, refused

WRITTEN = (CANARY, CANARY_PHONE, SECRET_REASON, "canari de consultation")


async def test_names_numbers_and_reasons_stay_where_they_belong(place: Place) -> None:
    """A person who is booked, moved, written to and refused a second time; then everything that was written is read."""
    desk, number = place.staff["telesecretary"], f"+33{CANARY_PHONE}"
    who = {"birth_family_name": CANARY, "birth_given_names": f"{CANARY}ine", "birth_date": "1944-04-04"}
    body = {**who, "site_id": str(place.site), "contacts": [{"kind": "mobile", "value": number}]}
    made = await ok(desk.post(f"{API}/patients", json=body), 201)
    await refused(desk.post(f"{API}/patients", json=body), 409, "DUPLICATE_SUSPECTED")
    wish = place.wish("16:00", 10, patient_id=made["id"], note="canari de consultation")
    booked = await ok(desk.post(f"{API}/appointments", json=wish), 201)
    await refused(desk.post(f"{API}/appointments", json=wish), 409, "SLOT_TAKEN")
    await ok(
        desk.post(f"{API}/appointments/{booked['id']}/move", json={"start": place.moment("16:40", 10).isoformat()})
    )
    await ok(desk.post(f"{API}/appointments/{booked['id']}/cancel", json={"reason": "canari de consultation"}))
    await ok(desk.get(f"{API}/patients", params={"q": CANARY}))
    await ok(desk.get(f"{API}/caller-candidates", params={"phone": number}))
    await soon(lambda: _all_sent(place), seconds=40)

    assert await place.count("SELECT count(*) FROM patient WHERE birth_family_name = $1", CANARY) >= 1
    logs = _logs(place)
    assert "POST /v1/appointments" in logs["serve-appointments.log"]
    for name, text in logs.items():
        assert _found(text, WRITTEN) == [], name
    for service in services():
        for sql in ("SELECT payload::text AS said FROM kit.outbox", "SELECT facts::text AS said FROM kit.audit"):
            rows = await place.door.cluster.rows(service, sql)
            assert _found(json.dumps([row["said"] for row in rows]), WRITTEN) == [], service


async def _all_sent(place: Place) -> bool:
    waiting = "SELECT count(*) FROM message WHERE state IN ('planned', 'sending') AND due_at <= kit_now()"
    unpublished = "SELECT count(*) FROM kit.outbox WHERE published_at IS NULL"
    return await place.count(waiting) + await place.count(unpublished) == 0


def _logs(place: Place) -> dict[str, str]:
    """All that the processes wrote, PostgreSQL and the broker too."""
    files: list[Path] = sorted(place.door.cluster.directory.glob("*.log"))
    return {file.name: file.read_text(errors="replace") for file in files}


def _found(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.lower() in text.lower()]
