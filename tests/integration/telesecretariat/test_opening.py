"""Scenario 1 of the design: what a caller of a closed line hears, and when it answers."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maillage.ids import new_id
from tests.harness.floor import Floor

PARIS = ZoneInfo("Europe/Paris")
WEEK = [{"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(5)]
HOURS = [*WEEK, {"weekday": 5, "opens": "08:00", "closes": "12:00"}]
DUTY = [
    {"kind": "number", "number": "15", "text": "Médecin de garde, secteur d'Autun : composez le 15.",
     "text_en": "Doctor on duty, Autun sector: dial 15."},
    {"kind": "text", "text": "Maison médicale de garde, Autun.", "text_en": "Duty medical house, Autun."},
]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.fixture
async def line(floor: Floor) -> Floor:
    """The line of 03 85 34 71 00: Monday to Friday 8-20h, Saturday 8-12h, one exceptional closing, a duty sector."""
    closing = [{"date": "2026-11-17", "ranges": [], "reason": "formation"}]
    await floor.connection.execute(
        "UPDATE calendar SET weekly = $2, exceptions = $3 WHERE id = $1", floor.calendar_id, HOURS, closing
    )
    await floor.connection.execute(
        "UPDATE line SET duty_sectors = '{71-AUTUN}', web_address = 'sante71.example' WHERE id = $1", floor.line_id
    )
    return floor


async def notice(floor: Floor, read: str, until: str) -> None:
    await floor.insert("duty_notice", {
        "id": new_id(), "organisation_id": floor.centre, "sector": "71-AUTUN", "parts": DUTY,
        "read_at": at(read), "valid_until": at(until), "ask_at": at(until),
    })  # fmt: skip


async def heard(floor: Floor, instant: str) -> tuple[bool, str, list[str]]:
    async with floor.http(floor.visitor()) as client:
        answer = await client.get(f"/v1/lines/{floor.line_id}/opening", params={"at": at(instant).isoformat()})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return told["open"], told["reason"], [part["text"] for part in told["announcement_parts"]]


LIFE = "En cas de danger pour la vie, raccrochez et composez le 15."
WEB = "Sur internet : sante71.example"


async def test_a_holiday_says_life_duty_next_opening_and_web_in_this_order(line: Floor) -> None:
    await notice(line, "2026-11-11T08:00", "2026-11-11T20:00")
    assert await heard(line, "2026-11-11T10:15") == (False, "holiday", [
        LIFE, DUTY[0]["text"], DUTY[1]["text"], "La ligne rouvre jeudi 12 novembre à 8 heures.", WEB,
    ])  # fmt: skip


async def test_an_expired_notice_is_silent_to_the_instant(line: Floor) -> None:
    await notice(line, "2026-11-11T08:00", "2026-11-11T10:15")
    silent = [LIFE, "La ligne rouvre jeudi 12 novembre à 8 heures.", WEB]
    assert await heard(line, "2026-11-11T10:15") == (False, "holiday", silent)
    assert len((await heard(line, "2026-11-11T10:14:59"))[2]) == 5


async def test_a_daytime_closing_by_exception_is_no_duty_time(line: Floor) -> None:
    await notice(line, "2026-11-17T08:00", "2026-11-18T08:00")
    assert await heard(line, "2026-11-17T10:00") == (False, "closed_day", [
        LIFE, "La ligne rouvre mercredi 18 novembre à 8 heures.", WEB,
    ])  # fmt: skip
    assert DUTY[0]["text"] in (await heard(line, "2026-11-17T20:00"))[2], "from 20h it is duty time all the same"


async def test_saturday_closes_at_noon_and_a_holiday_saturday_is_closed(line: Floor) -> None:
    assert await heard(line, "2026-11-14T11:59:50") == (True, "open", [])
    assert (await heard(line, "2026-11-14T12:00:00"))[:2] == (False, "hours")
    async with line.http(line.visitor()) as client:
        noon = {"at": at("2026-11-14T12:00:00").isoformat()}
        told = (await client.get(f"/v1/lines/{line.line_id}/opening", params=noon)).json()["announcement_parts"]
    assert told[1]["text_en"] == "The line reopens on Monday 16 November at 8 a.m."
    assert await heard(line, "2027-05-08T09:00") == (False, "holiday", [
        LIFE, "La ligne rouvre lundi 10 mai à 8 heures.", WEB,
    ])  # fmt: skip


async def test_an_open_line_says_the_own_welcome_before_the_clients(line: Floor) -> None:
    for line_id, text in ((None, "Bonjour du centre."), (line.line_id, "Bonjour de la ligne.")):
        await line.insert("announcement", {
            "id": new_id(), "organisation_id": line.centre, "client_id": line.client_id, "line_id": line_id,
            "moment": "welcome", "parts": [{"kind": "text", "text": text, "text_en": "Hello."}],
            "created_at": at("2026-01-01T00:00"),
        })  # fmt: skip
    assert (await heard(line, "2026-11-16T09:00"))[2] == ["Bonjour de la ligne."]


async def test_an_unknown_line_and_a_local_time_are_refused(line: Floor) -> None:
    async with line.http(line.visitor()) as client:
        assert (await client.get(f"/v1/lines/{new_id()}/opening")).status_code == 404
        local = await client.get(f"/v1/lines/{line.line_id}/opening", params={"at": "2026-11-11T10:15"})
    assert (local.status_code, local.json()["code"]) == (422, "TIME_INVALID")
