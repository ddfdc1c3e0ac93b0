"""Bad identities, phones and names, and the links of messages, through the door (design: appointments, section 7)."""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
import pytest

from tests.e2e.bad_input.conftest import CANARY, CANARY_PHONE, refuse
from tests.harness.front import API
from tests.harness.place import Json, Place, ok, refused

Watch = Callable[[], AbstractAsyncContextManager[None]]
PATIENTS = f"{API}/patients"


def _who(place: Place, **changed: object) -> Json:
    return {
        "birth_family_name": CANARY,
        "birth_given_names": "Ida",
        "birth_date": "1970-05-05",
        "site_id": str(place.site),
        **changed,
    }


@pytest.mark.parametrize("field", ["ins", "identity_status", "organisation_id", "audience", "online_blocked_until"])
async def test_nobody_sends_what_only_the_centre_decides(place: Place, unchanged: Watch, field: str) -> None:
    sent = _who(place, **{field: "QUAL"})
    async with unchanged():
        await refuse(place.staff["front_desk"].post(PATIENTS, json=sent), 422, "FIELD_NOT_ALLOWED", f"/{field}")
        path = f"{PATIENTS}/{place.patient}"
        await refuse(place.staff["front_desk"].patch(path, json={field: "QUAL"}), 422, "FIELD_NOT_ALLOWED", f"/{field}")
        booking = {**place.wish("14:00", 10, identity=_who(place, **{field: "QUAL"})), "patient_id": None}
        await refuse(place.staff["telesecretary"].post(f"{API}/appointments", json=booking), 422, "FIELD_NOT_ALLOWED")


@pytest.mark.parametrize(
    "number",
    [
        "letters",
        "115",
        "0899 12 34 56",
        "+33 8 99 12 34 56",
        "06" * 20,
        "06 39 98",
        "",
        CANARY_PHONE + "9" * 8,
    ],
)
async def test_what_is_no_ordinary_phone_number_is_refused(place: Place, unchanged: Watch, number: str) -> None:
    contacts = [{"kind": "mobile", "value": number}]
    async with unchanged():
        sent = _who(place, contacts=contacts)
        await refuse(place.staff["front_desk"].post(PATIENTS, json=sent), 422, "PHONE_INVALID", "/contacts/0/value")
        asked = place.staff["front_desk"].get(f"{API}/caller-candidates", params={"phone": number})
        await refuse(asked, 422, "PHONE_INVALID")


async def test_a_number_is_kept_in_one_form_however_it_is_typed(place: Place) -> None:
    ways = ("0033 6 39 98 02 01", "+33 (0)6 39 98 02 01", "06.39.98.02.01", "06 39 98 02 01", "+33639980201")
    for n, number in enumerate(ways):
        born, contacts = f"19{n}1-01-01", [{"kind": "mobile", "value": number}]
        who = _who(place, birth_given_names="IOPUY"[n] * 3, birth_date=born, contacts=contacts)
        made = await ok(place.staff["front_desk"].post(PATIENTS, json=who), 201)
        assert [contact["value"] for contact in made["contacts"]] == ["+33639980201"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["O'Brien", "Null", "Ô", "شريف", "Jean\u2010Noël", "Le Goff d’Ys"])
async def test_real_names_are_kept_as_typed(place: Place, name: str) -> None:
    who = _who(place, birth_family_name=name, birth_given_names=name, birth_date="1933-03-03")
    made = await ok(place.staff["front_desk"].post(PATIENTS, json=who), 201)
    assert (made["birth_family_name"], made["birth_given_names"]) == (name, name)


async def test_letters_are_composed_before_they_are_kept(place: Place) -> None:
    apart = unicodedata.normalize("NFD", "Éléonoreà")
    who = _who(place, birth_family_name=apart, birth_date="1934-03-03")
    made = await ok(place.staff["front_desk"].post(PATIENTS, json=who), 201)
    assert made["birth_family_name"] == unicodedata.normalize("NFC", apart) != apart


@pytest.mark.parametrize("sign", ["\x00", "\n", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff", "\x85", "\u2028"])
async def test_signs_that_nobody_sees_are_refused(place: Place, unchanged: Watch, sign: str) -> None:
    async with unchanged():
        who = _who(place, birth_family_name=f"{CANARY}{sign}{CANARY}")
        await refuse(place.staff["front_desk"].post(PATIENTS, json=who), 422, "TEXT_INVALID", "/birth_family_name")


@pytest.mark.parametrize("name", ["", "   ", "'", "7", "x" * 121, None, 7, ["x"]])
async def test_what_is_no_name_is_refused(place: Place, unchanged: Watch, name: object) -> None:
    async with unchanged():
        answer = await place.staff["front_desk"].post(PATIENTS, json=_who(place, birth_family_name=name))
    assert answer.status_code == 422
    assert answer.json()["code"] in ("TEXT_INVALID", "INVALID")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/birth_family_name"]


@pytest.mark.parametrize(
    "born", ["1970-02-30", "30/02/1970", "1700-01-01", "2100-01-01", 0, "", "1970-05-05T00:00:00Z"]
)
async def test_what_is_no_birth_date_is_refused(place: Place, unchanged: Watch, born: object) -> None:
    async with unchanged():
        sent = place.staff["front_desk"].post(PATIENTS, json=_who(place, birth_date=born))
        await refuse(sent, 422, "TIME_INVALID", "/birth_date")


async def test_a_stranger_learns_nothing_from_a_link_and_five_wrong_dates_lock_it(place: Place) -> None:
    """404 for a guess; 410 after the fifth wrong birth date; the proved number still opens the appointment."""
    number = "+33639980301"
    own = await place.door.patient(number)
    wish = place.slot(
        "14:20", 10, identity={"birth_family_name": "Verrouil", "birth_given_names": "Ana", "birth_date": "1960-06-06"}
    )
    booked = await ok(own.post(f"{API}/appointments", json=wish), 201)
    assert place.door.mailbox is not None
    text = await asyncio.to_thread(place.door.mailbox.wait, number, seconds=30, skip=1)
    link = re.search(r"/rdv/g/[\w-]+", text.body)
    assert link is not None
    stranger = await place.door.visitor()
    guessed = await stranger.get(f"/rdv/g/{'A' * 43}")
    assert guessed.status_code == 404
    answers = [await _guess(stranger, link[0], str(1961 + n)) for n in range(6)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 410, 410]
    assert "Verrouil" not in "".join(answer.text for answer in answers)
    assert (await _guess(stranger, link[0], "1960")).status_code == 410, "not even the right date opens it now"
    assert (await ok(own.get(f"{API}/appointments/{booked['id']}")))["id"] == booked["id"]


async def _guess(client: httpx.AsyncClient, link: str, year: str) -> httpx.Response:
    form = {"csrf": client.headers["X-CSRF-Token"], "jour": "6", "mois": "6", "annee": year}
    return await client.post(link, data=form, headers={"Origin": str(client.base_url).rstrip("/")})


async def test_a_code_is_tried_five_times_by_the_visitor_who_asked_and_used_once(place: Place) -> None:
    door, number = place.door, "+33639980302"
    mine, other = await door.visitor(), await door.visitor()
    for address, channel in (
        ("0899123456", "sms"),
        ("+8821612345678", "sms"),
        ("3624", "voice"),
        ("0199001122", "sms"),
    ):
        sent = mine.post("/auth/codes", json={"channel": channel, "address": address})
        await refused(sent, 422, "CHANNEL_NOT_POSSIBLE")
    asked = await ok(mine.post("/auth/codes", json={"channel": "sms", "address": number}), 202)
    check = f"/auth/codes/{asked['id']}/check"
    assert door.mailbox is not None
    text = await asyncio.to_thread(door.mailbox.wait, number, seconds=30)
    code = re.search(r"\b\d{6}\b", text.body)
    assert code is not None
    await refused(other.post(check, json={"code": code[0]}), 404, "NOT_FOUND")
    wrong = f"{(int(code[0]) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        said = await refused(mine.post(check, json={"code": wrong}), 422, "CODE_WRONG")
        assert said["tries_left"] == left
    last = await mine.post(check, json={"code": wrong})
    assert last.json()["code"] in ("CODE_WRONG", "CODE_EXPIRED")
    await refused(mine.post(check, json={"code": code[0]}), 410, "CODE_EXPIRED")
