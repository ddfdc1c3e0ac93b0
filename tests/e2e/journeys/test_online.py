"""A patient without an account books by the API: visitor, hold, code by text, booking, message with its link."""

import asyncio
import re

from tests.harness.front import API
from tests.harness.place import SECRET_REASON, Place, ok, refused

NUMBER = "+33639980150"


async def test_a_visitor_proves_his_number_and_books_and_the_message_says_no_reason(place: Place) -> None:
    visitor = await place.door.visitor()
    asked: dict[str, str | int] = {"reason": str(place.reason), "site": "autun", "limit": 1}
    offered = (await ok(visitor.get(f"{API}/slots", params={**asked, "from": place.moment("09:00", 4).isoformat()})))[
        "items"
    ]
    assert isinstance(offered, list)
    start = offered[0]["start"]
    wish = {**place.slot("09:00", 4), "start": start, "practitioner_id": offered[0]["practitioners"][0]}
    hold = await ok(visitor.post(f"{API}/holds", json=wish), 201)
    identity = {"birth_family_name": "Lemarque", "birth_given_names": "Odile", "birth_date": "1951-07-14"}
    body = {"hold_id": hold["id"], "identity": identity}
    await refused(visitor.post(f"{API}/appointments", json=body), 401, "NOT_SIGNED_IN")

    await place.door.prove(visitor, NUMBER)
    booked = await ok(visitor.post(f"{API}/appointments", json=body), 201)
    assert (booked["start"], booked["channel"], booked["messages"]) == (start, "online", ["sms"])
    assert (booked["booked_by"], booked["note"]) == (None, None)
    assert place.door.mailbox is not None
    text = await asyncio.to_thread(_confirmation, place)
    assert SECRET_REASON not in text
    assert "Lemarque" not in text
    link = re.search(r"https?://\S+(/rdv/g/\S+)", text)
    assert link is not None
    async with place.door.browser() as elsewhere:
        page = await elsewhere.get(link[1])
        assert page.status_code == 200
        assert 'name="annee"' in page.text, "the link asks the birth date before it shows anything"
        assert SECRET_REASON not in page.text
        assert "Lemarque" not in page.text

    own = await ok(visitor.get(f"{API}/appointments"))
    assert [each["id"] for each in own["items"]] == [booked["id"]]  # type: ignore[attr-defined]
    stranger = await place.door.patient("+33639980151")
    await refused(stranger.get(f"{API}/appointments/{booked['id']}"), 404, "NOT_FOUND")
    await refused(stranger.post(f"{API}/appointments/{booked['id']}/cancel"), 404, "NOT_FOUND")
    assert (await ok(stranger.get(f"{API}/appointments")))["items"] == []


def _confirmation(place: Place) -> str:
    """The text after the one that held the code."""
    assert place.door.mailbox is not None
    return place.door.mailbox.wait(NUMBER, seconds=30, skip=1).body
