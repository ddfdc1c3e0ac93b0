"""Requests that no honest program sends, through the door: unreadable bodies, forged headers, odd paths.

Design: gateway 7, proof 6.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from tests.e2e.bad_input.conftest import CANARY, refuse
from tests.harness.front import API
from tests.harness.place import Json, Place, ok

Watch = Callable[[], AbstractAsyncContextManager[None]]
BOOK = f"{API}/appointments"
JSON = {"content-type": "application/json"}

UNREADABLE = {
    "cut short": b'{"reason_id": "' + CANARY.encode(),
    "not JSON": b"reason=" + CANARY.encode(),
    "a key twice": b'{"mode": "on_site", "mode": "home"}',
    "a key twice, inside": b'{"identity": {"a": 1, "a": 2}}',
    "not UTF-8": b'{"note": "\xff\xfe"}',
    "UTF-16": '{"note": "x"}'.encode("utf-16"),
    "100,000 deep": b"[" * 100_000,
    "two documents": b"{}{}",
}


@pytest.mark.parametrize("which", UNREADABLE)
async def test_a_body_that_two_readers_could_read_differently_is_unreadable(
    place: Place, unchanged: Watch, which: str
) -> None:
    async with unchanged():
        sent = place.staff["telesecretary"].post(BOOK, content=UNREADABLE[which], headers=JSON)
        await refuse(sent, 400, "UNREADABLE")


INVALID = {
    "no number": b'{"note": NaN}',
    "infinity": b'{"note": -Infinity}',
    "a list": b"[]",
    "null": b"null",
    "a text": b'"x"',
    "nothing": b"",
    "a lone surrogate": b'{"note": "' + CANARY.encode() + b'\\ud800"}',
    "NUL": b'{"note": "' + CANARY.encode() + b'\\u0000"}',
    "2 to the 63": b'{"first_visit": 9223372036854775808}',
    "1e400": b'{"first_visit": 1e400}',
    "an object for an id": b'{"reason_id": {"$ne": 1}}',
}


@pytest.mark.parametrize("which", INVALID)
async def test_a_body_of_another_shape_is_refused_with_its_place(place: Place, unchanged: Watch, which: str) -> None:
    async with unchanged():
        answer = await place.staff["telesecretary"].post(BOOK, content=INVALID[which], headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert CANARY not in answer.text
    assert answer.json()["errors"]


@pytest.mark.parametrize("field", ["note", "overbook_reason"])
async def test_text_that_cannot_be_stored_is_refused_by_its_code(place: Place, unchanged: Watch, field: str) -> None:
    """NUL and lone surrogates, in a booking that is right but for them; 281 characters."""
    for text in ("\\u0000", "\\ud800", "\\udfff", "\\u202e"):
        body = json.dumps(place.wish("14:40", 10))[:-1] + f', "{field}": "{CANARY}{text}"}}'
        async with unchanged():
            sent = place.staff["supervisor"].post(BOOK, content=body.encode(), headers=JSON)
            await refuse(sent, 422, "TEXT_INVALID", f"/{field}")
    async with unchanged():
        sent = place.staff["supervisor"].post(BOOK, json={**place.wish("14:40", 10), field: "x" * 281})
        assert (await sent).status_code == 422


async def test_a_body_is_json_uncompressed_and_of_reasonable_size(place: Place, unchanged: Watch) -> None:
    desk, body = place.staff["telesecretary"], json.dumps(place.wish("14:40", 10)).encode()
    async with unchanged():
        zipped = {**JSON, "content-encoding": "gzip"}
        await refuse(desk.post(BOOK, content=gzip.compress(body), headers=zipped), 415, "BODY_ENCODING")
        large = b'{"note": "' + b"x" * (257 * 1024) + b'"}'
        await refuse(desk.post(BOOK, content=large, headers=JSON), 413, "BODY_TOO_LARGE")

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(large), 16_384):
                yield large[start : start + 16_384]

        await refuse(desk.post(BOOK, content=pieces(), headers=JSON), 413, "BODY_TOO_LARGE")
        for media in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
            answer = await desk.post(BOOK, content=body, headers={"content-type": media})
            assert answer.status_code in (415, 422), media
            assert answer.headers["content-type"] == "application/problem+json"


async def test_nobody_becomes_somebody_else_by_a_header(place: Place, unchanged: Watch) -> None:
    """Claims of identity are dropped; the audit keeps the address of the socket; a token of one's own is none."""
    forged = {
        "X-User-Id": "admin",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "Client-Cert": ":AAAA:",
        "X-Role": "manager",
        "X-HTTP-Method-Override": "DELETE",
    }
    visitor, desk = await place.door.visitor(), place.staff["front_desk"]
    async with unchanged():
        await refuse(visitor.get(f"{API}/patients", params={"q": CANARY}, headers=forged), 401, "NOT_SIGNED_IN")
        await refuse(place.staff["practitioner"].post(f"{API}/sites", json={}, headers=forged), 403, "NOT_ALLOWED")
        bearer = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
        await refuse(desk.get(f"{API}/patients", headers=bearer), 400, "TWO_CREDENTIALS")
        await refuse(place.door.browser().get(f"{API}/patients", headers=bearer), 401, "INVALID_TOKEN")
    await ok(desk.get(f"{API}/patients/{place.patient}", headers=forged))
    sql = """SELECT host(ip::inet) AS ip FROM kit.audit WHERE record_id = $1 AND action = 'patient.read'
             ORDER BY at DESC LIMIT 1"""
    rows = await place.door.cluster.rows("appointments", sql, place.patient)
    assert [row["ip"] for row in rows] == ["127.0.0.1"]


async def test_another_site_cannot_act_with_the_cookie_of_a_colleague(place: Place, unchanged: Watch) -> None:
    desk, body = place.staff["telesecretary"], place.wish("14:40", 10)
    visitor = await place.door.visitor()
    async with unchanged():
        for headers in (
            {"X-CSRF-Token": ""},
            {"X-CSRF-Token": visitor.headers["X-CSRF-Token"]},
            {"X-CSRF-Token": place.staff["manager"].headers["X-CSRF-Token"]},
            {"Origin": "null"},
            {"Origin": "https://elsewhere.example"},
        ):
            await refuse(desk.post(BOOK, json=body, headers=headers), 403, "CSRF")


PATHS = [
    "/%2e%2e/x",
    "//slots",
    "/slots;a=b",
    "/%00",
    "/a%2fb",
    "/a%5cb",
    "/%252e%252e/x",
    "/%ff",
    "/appointments/../patients",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_with_two_readings_is_refused(place: Place, unchanged: Watch, path: str) -> None:
    reader, writer = await _connected(place)
    async with unchanged():
        cookie = "; ".join(f"{name}={value}" for name, value in place.staff["manager"].cookies.items())
        writer.write(f"GET {API}{path} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
        said = await reader.read()
        writer.close()
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b'"BAD_PATH"' in said


async def test_methods_that_a_path_does_not_have_are_refused_with_those_it_has(place: Place, unchanged: Watch) -> None:
    manager, nowhere = place.staff["manager"], f"{API}/nothing"
    async with unchanged():
        for method, path, allow in (
            ("PUT", BOOK, {"GET", "POST"}),
            ("DELETE", f"{API}/slots", {"GET"}),
            ("PATCH", f"{API}/holds", {"POST"}),
        ):
            answer = await manager.request(method, path, json={})
            assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
            assert allow <= set(answer.headers["allow"].split(", "))
        assert (await manager.request("TRACE", BOOK)).status_code == 405
        await refuse(manager.get(nowhere), 404, "NOT_FOUND")
        await refuse(manager.post(f"{BOOK}/{place.patient}/explode"), 404, "NOT_FOUND")


@pytest.mark.parametrize("key", ["not-an-id", "0", "00000000-0000-0000-0000-000000000000", "{id}", "1 OR 1=1", "%27"])
async def test_an_id_that_is_none_names_nothing(place: Place, unchanged: Watch, key: str) -> None:
    async with unchanged():
        for noun in ("appointments", "patients", "sites", "schedules", "holds"):
            await refuse(place.staff["manager"].get(f"{API}/{noun}/{key}"), 404, "NOT_FOUND")


QUERIES = {
    "limit": ("slots", {"reason": "consultation", "limit": "-1"}),
    "limit, huge": ("appointments", {"limit": "1000000000"}),
    "limit, words": ("patients", {"q": "x", "limit": "ten"}),
    "day": ("appointments", {"day": "2027-02-30"}),
    "status": ("appointments", {"status": "Booked"}),
    "site": ("appointments", {"site": "'; DROP TABLE appointment; --"}),
    "cursor, forged": ("appointments", {"cursor": "eyJhIjoxfQ"}),
    "cursor, cut": ("patients", {"q": "x", "cursor": "%%%"}),
    "from without offset": ("slots", {"reason": "consultation", "from": "2026-12-01T08:00:00"}),
    "from, absurd": ("slots", {"reason": "consultation", "from": "0001-01-01T00:00:00Z"}),
    "reason, injected": ("slots", {"reason": "x' OR '1'='1"}),
    "hour": ("slots", {"reason": "consultation", "after": "24:30"}),
}


@pytest.mark.parametrize("which", QUERIES)
async def test_a_parameter_of_another_shape_is_refused(place: Place, unchanged: Watch, which: str) -> None:
    noun, params = QUERIES[which]
    async with unchanged():
        answer = await place.staff["telesecretary"].get(f"{API}/{noun}", params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text
    assert "DROP" not in answer.text


async def test_signs_of_patterns_are_letters_like_others(place: Place) -> None:
    """`%`, `_` and backslashes in a search find nobody by magic."""
    for text in ("%", "_", "\\", "%%%", "a' --"):
        answer = await place.staff["telesecretary"].get(f"{API}/patients", params={"q": text})
        assert answer.status_code in (200, 422)
        assert answer.status_code == 422 or answer.json()["items"] == []


RULE: Json = {"first_date": "2026-11-23", "local_start": "09:00", "local_end": "12:00"}
RULES = {
    "each second": ([{**RULE, "rrule": "FREQ=SECONDLY"}], 422, "RRULE_UNSUPPORTED"),
    "each hour": ([{**RULE, "rrule": "FREQ=HOURLY"}], 422, "RRULE_UNSUPPORTED"),
    "no rule at all": ([{**RULE, "rrule": CANARY}], 422, "RRULE_UNSUPPORTED"),
    "two windows at once": (
        [{**RULE, "rrule": "FREQ=DAILY"}, {**RULE, "rrule": "FREQ=DAILY", "local_start": "11:00"}],
        409,
        "WINDOW_CLASH",
    ),
    "hour 25": ([{**RULE, "local_start": "25:00"}], 422, "TIME_INVALID"),
    "30 February": ([{**RULE, "first_date": "2027-02-30"}], 422, "TIME_INVALID"),
}


@pytest.mark.parametrize("which", RULES)
async def test_opening_hours_that_cannot_be_are_refused(place: Place, unchanged: Watch, which: str) -> None:
    rules, status, code = RULES[which]
    path = f"{API}/schedules/{place.schedules[place.ada]}/rules"
    async with unchanged():
        await refuse(place.staff["manager"].put(path, json={"rules": rules}), status, code)


async def test_a_rule_without_end_opens_times_up_to_the_horizon_and_no_further(place: Place) -> None:
    sql = "SELECT max(local_date) AS last FROM availability WHERE practitioner_id = $1"
    rows = await place.door.cluster.rows("appointments", sql, place.ada)
    assert 179 <= (rows[0]["last"] - place.moment("00:00", 0).date()).days <= 181


async def test_a_zone_or_a_number_that_does_not_exist_is_refused(place: Place, unchanged: Watch) -> None:
    manager, site = place.staff["manager"], {"code": "nowhere", "name": CANARY, "city": CANARY}
    async with unchanged():
        await refuse(
            manager.post(f"{API}/sites", json={**site, "timezone": "Europe/Nulle-Part"}),
            422,
            "ZONE_UNKNOWN",
            "/timezone",
        )
        await refuse(
            manager.post(f"{API}/sites", json={**site, "finess": "123456789"}), 422, "FINESS_INVALID", "/finess"
        )
        doctor = {"profession": "physician", "family_name": CANARY, "given_name": "X", "rpps": "10000000001"}
        await refuse(manager.post(f"{API}/practitioners", json=doctor), 422, "RPPS_INVALID", "/rpps")


TITLES = "code;nom;ville\n"
FILES = {
    "cp1252": ("cluny", f"{TITLES}cluny;Cluny-à-côté;Cluny\n".encode("cp1252"), "Cluny-à-côté"),
    "BOM": ("tournus", b"\xef\xbb\xbf" + f"{TITLES}tournus;Tournus;Tournus\n".encode(), "Tournus"),
    "commas": ("macon", b"code,nom,ville\nmacon,M\xc3\xa2con,M\xc3\xa2con\n", "Mâcon"),
    "a formula": ("louhans", f'{TITLES}louhans;"=cmd()|x";Louhans\n'.encode(), "=cmd()|x"),
}


@pytest.mark.parametrize("which", FILES)
async def test_a_file_of_a_spreadsheet_is_read_as_it_comes(place: Place, which: str) -> None:
    """Formulas are text and nothing else."""
    code, data, name = FILES[which]
    manager = place.staff["manager"]
    sent = manager.post(f"{API}/imports", params={"kind": "sites"}, content=data, headers={"content-type": "text/csv"})
    assert (await ok(sent, 201))["changes"] == {
        "created": 1,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "conflicts": 0,
    }
    sites = (await ok(manager.get(f"{API}/sites")))["items"]
    assert isinstance(sites, list)
    assert [site["name"] for site in sites if site["code"] == code] == [name]


async def test_a_file_too_long_or_of_another_kind_is_refused_whole(place: Place, unchanged: Watch) -> None:
    manager, query = place.staff["manager"], {"kind": "sites"}
    async with unchanged():
        long = (TITLES + "a;b;c\n" * 100_001).encode()
        sent = manager.post(f"{API}/imports", params=query, content=long, headers={"content-type": "text/csv"})
        await refuse(sent, 413, "IMPORT_TOO_LARGE")
        sent = manager.post(
            f"{API}/imports", params=query, content=b"PK\x03\x04", headers={"content-type": "application/zip"}
        )
        await refuse(sent, 415, "MEDIA_TYPE")
        wrong = (TITLES + f"ok;Ok;Ok\nX Y;{CANARY};Z\n;N;V\n").encode()
        sent = manager.post(f"{API}/imports", params=query, content=wrong, headers={"content-type": "text/csv"})
        said = await refuse(sent, 422, "IMPORT_REFUSED")
    assert [line["line"] for line in said["lines"]] == [3, 4]  # type: ignore[attr-defined]


async def test_a_booking_over_another_asks_for_the_right_and_a_reason(place: Place, unchanged: Watch) -> None:
    await place.book("front_desk", "15:00", 10)
    who = await place.person("Surnuméraire")
    wish = place.wish("15:00", 10, patient_id=who, overbook=True)
    async with unchanged():
        await refuse(
            place.staff["telesecretary"].post(BOOK, json={**wish, "overbook_reason": "fever"}), 403, "NOT_ALLOWED"
        )
        await refuse(place.staff["front_desk"].post(BOOK, json=wish), 422, "REASON_REQUIRED", "/overbook_reason")
        await refuse(
            place.staff["front_desk"].post(BOOK, json={**wish, "overbook_reason": "  "}), 422, "REASON_REQUIRED"
        )


async def _connected(place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", int(place.door.url.rpartition(":")[2]))
