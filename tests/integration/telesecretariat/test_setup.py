"""Clients, lines, hours, numbers, words and agents, as their managers set them up."""

from datetime import timedelta
from typing import Any

import httpx

from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.floor import ADAPTER, Floor
from tests.harness.people import professional

WEEK = [{"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(5)]


def firm_manager(floor: Floor) -> Principal:
    return professional("manager", floor.firm, floor.centre, service="telesecretariat")


def a_line(floor: Floor, **changed: object) -> dict[str, object]:
    return {
        "client_id": str(floor.client_id), "name": "Ligne de nuit", "number": "+33 6 39 98 70 01",
        "calendar_id": str(floor.calendar_id), "adapter_id": ADAPTER,
    } | changed  # fmt: skip


def refused(answer: httpx.Response, status: int, code: str, pointer: str | None = None) -> None:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    if pointer:
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_line_is_made_shown_and_changed_under_its_version(floor: Floor) -> None:
    async with floor.http(firm_manager(floor)) as client:
        made = await client.post("/v1/lines", json=a_line(floor))
        assert made.status_code == 201, made.text
        line = made.json()
        assert (line["number"], line["head_starts"]["returned"], line["wrap_up_s"]) == ("+33639987001", 1800, 30)
        path = f"/v1/lines/{line['id']}"
        body = {
            "head_starts": {"professional": 90},
            "overflow_rules": [{"when": "waiting", "at_least": 10, "act": "close"}],
        }
        changed = await client.patch(path, json=body, headers={"If-Match": made.headers["etag"]})
        assert changed.json()["head_starts"] | {"x": 0} == line["head_starts"] | {"professional": 90, "x": 0}
        refused(await client.patch(path, json={"name": "X"}, headers={"If-Match": '"1"'}), 412, "VERSION_STALE")
        read = await client.get(path)
        assert (read.json(), read.headers["etag"]) == (changed.json(), changed.headers["etag"])
        listed = await client.get("/v1/lines", params={"limit": 1})
        more = await client.get("/v1/lines", params={"limit": 1, "cursor": listed.json()["next_cursor"]})
    ids = {row["id"] for page in (listed, more) for row in page.json()["items"]}
    assert ids == {str(floor.line_id), line["id"]}


WRONG_LINES: list[tuple[dict[str, object], str, str | None]] = [
    ({"number": None}, "INVALID", "/number"),
    ({"number": "+33899123456"}, "PHONE_INVALID", "/number"),
    ({"time_zone": "Europe/Autun"}, "ZONE_UNKNOWN", "/time_zone"),
    ({"calendar_id": str(new_id())}, "REFERENCE_UNKNOWN", "/calendar_id"),
    ({"adapter_id": "not-there"}, "REFERENCE_UNKNOWN", "/adapter_id"),
    ({"client_id": str(new_id())}, "REFERENCE_UNKNOWN", "/client_id"),
    ({"emergency_targets": []}, "INVALID", "/emergency_targets"),
    ({"overflow_rules": [{"when": "waiting", "at_least": 1, "act": "transfer"}]}, "INVALID", None),
    (
        {"overflow_rules": [{"when": "waiting", "at_least": 1, "act": "transfer", "to": "+4930123456"}]},
        "NUMBER_NOT_ALLOWED",
        "/overflow_rules/0/to",
    ),
]


async def test_a_wrong_line_is_refused_where_it_is_wrong(floor: Floor) -> None:
    async with floor.http(firm_manager(floor)) as client:
        for changed, code, pointer in WRONG_LINES:
            refused(await client.post("/v1/lines", json=a_line(floor, **changed)), 422, code, pointer)
    assert await floor.connection.fetchval("SELECT count(*) FROM line") == 1


async def test_a_number_is_of_one_line_and_stays_while_a_call_is_live(floor: Floor) -> None:
    taken = (await floor.row("line", floor.line_id))["number"]
    async with floor.http(firm_manager(floor)) as client:
        refused(await client.post("/v1/lines", json=a_line(floor, number=taken)), 409, "NUMBER_IN_USE", "/number")
        await floor.waiting()
        path = f"/v1/lines/{floor.line_id}"
        for change in ({"number": "+33639987002"}, {"mode": "observed"}, {"active": False}):
            refused(await client.patch(path, json=change), 409, "LINE_HAS_CALLS")
        assert (await client.patch(path, json={"number": taken, "wrap_up_s": 45})).json()["wrap_up_s"] == 45


MORNING, LATE = {"weekday": 0, "opens": "08:00", "closes": "12:00"}, {"weekday": 0, "opens": "11:59", "closes": "20:00"}
WRONG_HOURS: list[tuple[list[Any], list[Any], str]] = [
    ([MORNING, LATE], [], "CALENDAR_OVERLAP"),
    ([{"weekday": 0, "opens": "20:00", "closes": "08:00"}], [], "TIME_INVALID"),
    ([{"weekday": 0, "opens": "08:00", "closes": "24:30"}], [], "TIME_INVALID"),
    ([{"weekday": 7, "opens": "08:00", "closes": "12:00"}], [], "INVALID"),
    (WEEK, [{"date": "2027-02-30", "reason": "x"}], "TIME_INVALID"),
    (WEEK, [{"date": "2027-02-01", "reason": "x"}, {"date": "2027-02-01", "reason": "y"}], "CALENDAR_OVERLAP"),
]


async def test_wrong_hours_are_refused(floor: Floor) -> None:
    async with floor.http(floor.manager()) as client:
        for weekly, exceptions, code in WRONG_HOURS:
            body = {"client_id": str(floor.client_id), "name": "Heures", "weekly": weekly, "exceptions": exceptions}
            answer = await client.post("/v1/calendars", json=body)
            assert answer.status_code == 422, answer.text
            assert code in {answer.json()["code"], *(error["code"] for error in answer.json()["errors"])}, body


async def test_hours_that_touch_and_an_hour_the_clocks_skip_are_accepted(floor: Floor) -> None:
    touching = [
        {"weekday": 6, "opens": "02:00", "closes": "03:00"}, {"weekday": 6, "opens": "03:00", "closes": "24:00"},
    ]  # fmt: skip
    async with floor.http(floor.manager()) as client:
        path = f"/v1/calendars/{floor.calendar_id}"
        assert (await client.patch(path, json={"weekly": touching})).status_code == 200
        at = {"at": "2027-03-28T01:30:00+01:00"}
        told = (await client.get(f"/v1/lines/{floor.line_id}/opening", params=at)).json()
        closing = [{"date": "2027-03-28", "reason": "fermé"}]
        assert (await client.patch(path, json={"exceptions": closing})).json()["exceptions"][0]["ranges"] == []
        later = (await client.get(f"/v1/lines/{floor.line_id}/opening", params=at)).json()
    assert (told["open"], told["next_opening"]) == (False, "2027-03-28T01:00:00Z"), "3 h, which follows 2 h that day"
    assert later["next_opening"] == "2027-04-04T00:00:00Z"


async def test_known_numbers_are_sealed_shown_to_who_sets_them_up_and_audited(floor: Floor) -> None:
    body = {"client_id": str(floor.client_id), "number": "03 53 01 12 34", "kind": "professional", "label": "Hôpital"}
    async with floor.http(floor.manager()) as client:
        made = (await client.post("/v1/known-numbers", json=body)).json()
        refused(await client.post("/v1/known-numbers", json=body), 409, "NUMBER_KNOWN")
        path = f"/v1/known-numbers/{made['id']}"
        assert (await client.patch(path, json={"kind": "barred"})).json()["kind"] == "barred"
        listed = await client.get("/v1/known-numbers", params={"client_id": str(floor.client_id)})
        assert [(row["number"], row["label"]) for row in listed.json()["items"]] == [("+33353011234", "Hôpital")]
        row = await floor.row("known_number", made["id"])
        assert b"353011234" not in row["number_sealed"] and "Hôpital".encode() not in row["label_sealed"]
        assert (await client.delete(path)).status_code == 204
        assert (await client.delete(path)).status_code == 404
    audited = await floor.connection.fetch("SELECT action, facts FROM kit.audit WHERE action LIKE 'known_number.%'")
    assert {r["action"] for r in audited} == {
        "known_number.create", "known_number.change", "known_number.list", "known_number.forget",
    }  # fmt: skip
    assert not any("53011234" in r["facts"] for r in audited)
    async with floor.http(floor.telesecretary(await floor.agent())) as client:
        answer = await client.get("/v1/known-numbers", params={"client_id": str(floor.client_id)})
        refused(answer, 403, "NOT_ALLOWED")


async def test_recording_needs_an_announcement_and_ends_after_six_months(floor: Floor) -> None:
    path = f"/v1/clients/{floor.client_id}"
    async with floor.http(floor.manager()) as client:
        refused(await client.patch(path, json={"recording_declared": True}), 422, "RECORDING_REFUSED")
        too_long = await client.patch(path, json={"retention": {"recording_days": 181}})
        assert too_long.status_code == 422
        assert "RECORDING_REFUSED" in {too_long.json()["code"], *(e["code"] for e in too_long.json()["errors"])}
        parts = [{"kind": "recording", "fragment": "monitoring", "text": "Une écoute est possible.",
                  "text_en": "Somebody may listen."}]  # fmt: skip
        said = {"client_id": str(floor.client_id), "moment": "monitoring", "parts": parts}
        assert (await client.post("/v1/announcements", json=said)).status_code == 201
        refused(await client.post("/v1/announcements", json=said), 409, "ANNOUNCEMENT_EXISTS")
        declared = await client.patch(path, json={"recording_declared": True, "retention": {"call_days": 180}})
    told = declared.json()
    assert (declared.status_code, told["recording_declared"]) == (200, True)
    assert (told["retention"]["call_days"], told["retention"]["recording_days"]) == (180, 180)


async def test_words_and_announcements_change_under_their_version(floor: Floor) -> None:
    word = {"kind": "pause_reason", "code": "dejeuner", "label_fr": "Déjeuner", "label_en": "Lunch",
            "facts": {"max_s": 3600}}  # fmt: skip
    async with floor.http(firm_manager(floor)) as client:
        made = (await client.post("/v1/catalogues", json=word)).json()
        refused(await client.post("/v1/catalogues", json=word), 409, "CODE_TAKEN", "/code")
        path = f"/v1/catalogues/{made['id']}"
        off = (await client.patch(path, json={"active": False}, headers={"If-Match": '"1"'})).json()
        assert (off["active"], off["facts"]["max_s"], off["organisation_id"]) == (False, 3600, str(floor.firm))
        refused(await client.patch(path, json={"active": True}, headers={"If-Match": '"1"'}), 412, "VERSION_STALE")
        elsewhere = word | {"organisation_id": str(new_id())}
        refused(await client.post("/v1/catalogues", json=elsewhere), 422, "REFERENCE_UNKNOWN", "/organisation_id")
        refused(await client.post("/v1/catalogues", json=word | {"code": "É"}), 422, "INVALID", "/code")


async def test_an_agent_is_a_person_of_ones_own_organisation(floor: Floor) -> None:
    person = new_id()
    body = {"person_id": str(person), "label": "poste 12", "skills": ["english"],
            "device": {"kind": "phone", "address": "SIP/12"}}  # fmt: skip
    async with floor.http(firm_manager(floor)) as client:
        refused(await client.post("/v1/agents", json=body), 422, "REFERENCE_UNKNOWN", "/person_id")
        await floor.insert("membership_ref", {
            "membership_id": new_id(), "organisation_id": floor.firm, "person_id": person, "role": "telesecretary",
            "valid_from": clock.now() - timedelta(days=1), "sequence": 1,
        })  # fmt: skip
        made = await client.post("/v1/agents", json=body)
        assert (made.status_code, made.json()["device"]["address"]) == (201, "SIP/12")
        refused(await client.post("/v1/agents", json=body), 409, "AGENT_EXISTS")
        changed = await client.patch(f"/v1/agents/{person}", json={"label": "poste 13", "active": False})
        assert (changed.json()["label"], changed.json()["active"]) == ("poste 13", False)
        assert [row["id"] for row in (await client.get("/v1/agents")).json()["items"]] == [str(person)]
    async with floor.http(floor.manager()) as client:
        assert (await client.patch(f"/v1/agents/{person}", json={"label": "x"})).status_code == 404
        assert (await client.get("/v1/agents")).json()["items"] == [], "a firm's agents are its own"


async def test_what_is_anothers_does_not_exist(floor: Floor) -> None:
    async with floor.http(floor.stranger("manager")) as client:
        for path in ("clients", "lines", "calendars", "announcements", "catalogues", "agents", "agent-assignments"):
            assert (await client.get(f"/v1/{path}")).json()["items"] == [], path
        for path in (f"clients/{floor.client_id}", f"lines/{floor.line_id}", f"calendars/{floor.calendar_id}"):
            assert (await client.get(f"/v1/{path}")).status_code == 404, path
            assert (await client.patch(f"/v1/{path}", json={"name": "x"})).status_code == 404, path
        body = {"organisation_id": str(floor.centre), "provider_id": str(new_id()), "name": "Le mien",
                "valid_from": "2026-01-01T00:00:00Z"}  # fmt: skip
        refused(await client.post("/v1/clients", json=body), 422, "REFERENCE_UNKNOWN", "/organisation_id")


async def test_two_contracts_of_the_same_two_do_not_overlap(floor: Floor) -> None:
    soon = clock.now() + timedelta(days=30)
    body: dict[str, Any] = {"organisation_id": str(floor.centre), "provider_id": str(floor.firm), "name": "Suite",
                            "valid_from": soon.isoformat(), "prices": {"call_answered": 75}}  # fmt: skip
    async with floor.http(floor.manager()) as client:
        refused(await client.post("/v1/clients", json=body), 409, "CONTRACT_OVERLAP")
        path = f"/v1/clients/{floor.client_id}"
        early = {"valid_to": "2020-01-01T00:00:00Z"}
        refused(await client.patch(path, json=early), 422, "TIME_INVALID", "/valid_to")
        assert (await client.patch(path, json={"valid_to": soon.isoformat()})).status_code == 200
        made = await client.post("/v1/clients", json=body)
        assert (made.status_code, made.json()["prices"]) == (201, {"call_answered": 75})
        assert len((await client.get("/v1/clients")).json()["items"]) == 2


async def test_what_is_emptied_is_empty_and_what_needs_a_value_keeps_it(floor: Floor) -> None:
    """Null empties; where a value is needed it is refused at its field, and never taken for "as before"."""
    agent = await floor.agent()
    label = {"client_id": str(floor.client_id), "number": "03 53 01 12 35", "kind": "professional", "label": "Labo"}
    ends = {"valid_to": (clock.now() + timedelta(days=30)).isoformat()}
    async with floor.http(floor.manager()) as client, floor.http(firm_manager(floor)) as firm:
        number = (await client.post("/v1/known-numbers", json=label)).json()
        emptied = await client.patch(f"/v1/known-numbers/{number['id']}", json={"label": None})
        assert (emptied.json()["label"], emptied.json()["kind"]) == (None, "professional")
        contract = f"/v1/clients/{floor.client_id}"
        assert (await client.patch(contract, json=ends)).json()["valid_to"] is not None
        assert (await client.patch(contract, json={"name": "Suite"})).json()["valid_to"] is not None
        assert (await client.patch(contract, json={"valid_to": None})).json()["valid_to"] is None
        device = {"device": {"kind": "phone", "address": "SIP/12"}}
        assert (await firm.patch(f"/v1/agents/{agent}", json=device)).json()["device"]["address"] == "SIP/12"
        assert (await firm.patch(f"/v1/agents/{agent}", json={"device": None})).json()["device"] is None
        for path, name in (
            (f"lines/{floor.line_id}", "name"), (f"lines/{floor.line_id}", "max_waiting"),
            (f"calendars/{floor.calendar_id}", "drain_minutes"), (f"clients/{floor.client_id}", "sl_goal"),
            (f"known-numbers/{number['id']}", "kind"),
        ):  # fmt: skip
            answer = await client.patch(f"/v1/{path}", json={name: None})
            refused(answer, 422, "CANNOT_BE_EMPTY", f"/{name}")
