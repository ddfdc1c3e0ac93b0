"""Forms, formats and languages of the kit's pages."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from starlette.requests import Request
from starlette.types import Message

from maillage.pages import Format, Visit, read_form
from maillage.pages.formats import waiting_class
from maillage.refusals import BodyTooLarge, CsrfRefused, Refusal, Unreadable, WrongMediaType

PARIS = ZoneInfo("Europe/Paris")
FR, EN = Format("fr", PARIS), Format("en", PARIS)
AT = datetime(2026, 11, 24, 8, 20, tzinfo=ZoneInfo("UTC"))
FORM = "application/x-www-form-urlencoded"


def request(body: bytes = b"", media_type: str = FORM, query: str = "", language: str = "") -> Request:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", media_type.encode()), (b"accept-language", language.encode())]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/rdv",
        "headers": headers,
        "query_string": query.encode(),
        "root_path": "",
    }
    return Request(scope | {"server": ("x", 80), "scheme": "http"}, receive)


async def test_a_form_of_ours_reads_as_typed_and_trimmed() -> None:
    form = await read_form(
        request(urlencode({"csrf": "jeton", "site_web": "", "nom": " Été  d'ici "}).encode()), "jeton"
    )
    assert form.text("nom") == "Été  d'ici"
    assert form.text("absent") == ""


@pytest.mark.parametrize(
    ("fields", "csrf"),
    [
        ({"csrf": "autre"}, "jeton"),
        ({}, "jeton"),
        ({"csrf": ""}, None),
        ({"csrf": ""}, ""),
        ({"csrf": "jeton", "site_web": "http://x"}, "jeton"),
    ],
)
async def test_a_form_that_is_not_ours_or_that_a_machine_filled_is_refused(
    fields: dict[str, str], csrf: str | None
) -> None:
    with pytest.raises(CsrfRefused):
        await read_form(request(urlencode(fields).encode()), csrf)


@pytest.mark.parametrize(
    ("body", "media_type", "refusal"),
    [
        (b"{}", "application/json", WrongMediaType),
        (b"--x", "multipart/form-data; boundary=x", WrongMediaType),
        (b"csrf=jeton&a=%ff", FORM, Unreadable),
        ("csrf=jeton&a=é".encode(), FORM, Unreadable),
        (b"a=1&" * 100, FORM, Unreadable),
        (b"a" * 40_000, FORM, BodyTooLarge),
    ],
)
async def test_what_is_not_a_small_form_in_utf8_is_refused(
    body: bytes, media_type: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await read_form(request(body, media_type), "jeton")


def test_hours_and_days_are_said_as_people_say_them() -> None:
    assert FR.moment(AT) == "mardi 24\u00a0novembre, 9\u00a0h\u00a020"
    assert EN.moment(AT) == "Tuesday 24\u00a0November, 9:20\u00a0am"
    assert FR.hour(AT - timedelta(minutes=20)) == "9\u00a0h"
    assert FR.day(date(2026, 12, 1)) == "mardi 1er\u00a0décembre"
    assert EN.hour(datetime(2026, 11, 24, 12, 5, tzinfo=PARIS)) == "12:05\u00a0pm"


def test_an_hour_follows_the_clocks_of_the_place_through_their_change() -> None:
    before = datetime(2026, 10, 24, 7, 0, tzinfo=ZoneInfo("UTC"))
    assert [FR.hour(before), FR.hour(before + timedelta(days=2))] == ["9\u00a0h", "8\u00a0h"]


def test_numbers_are_written_to_be_read_aloud() -> None:
    assert FR.phone("+33385347100") == "03\u00a085\u00a034\u00a071\u00a000"
    assert [FR.phone("15"), FR.phone("116117")] == ["15", "116\u00a0117"]
    assert (
        FR.phone_link("+33385347100") == '<a class="tel" href="tel:+33385347100">03\u00a085\u00a034\u00a071\u00a000</a>'
    )


@pytest.mark.parametrize(
    ("query", "header", "language", "chosen"),
    [
        ("", "", "fr", False),
        ("", "en-GB,en;q=0.9", "en", False),
        ("", "de", "fr", False),
        ("langue=en", "fr", "en", True),
        ("langue=fr", "en", "fr", True),
        ("langue=xx", "en", "en", False),
    ],
)
def test_the_language_is_the_chosen_one_then_the_browsers_then_french(
    query: str, header: str, language: str, chosen: bool
) -> None:
    visit = Visit.of(request(query=query, language=header), None)
    assert (visit.language, visit.chosen) == (language, chosen)
    assert ("langue=" in visit.href("/rdv/creneaux", motif="x")) == chosen


def test_the_switch_keeps_the_page_and_its_choices() -> None:
    visit = Visit.of(request(query="motif=enfant&langue=en"), None)
    assert visit.switch == "/rdv?motif=enfant&langue=fr"


@pytest.mark.parametrize(
    ("left", "classes"),
    [(600, "h0 t4 u8"), (6_600, "h6 t4 u8"), (125, "h0 t0 u1"), (120, "h0 t0 u0"), (-5, "h0 t0 u0")],
)
def test_the_strip_shows_two_minutes_before_the_deadline_and_never_earlier(left: int, classes: str) -> None:
    assert waiting_class(timedelta(seconds=left)) == classes
