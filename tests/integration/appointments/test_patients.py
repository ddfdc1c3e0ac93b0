"""Patients over HTTP on a real base: found whatever the spelling, refused as duplicates, and reached by whom."""

import asyncio
import json
from typing import Any
from uuid import UUID

import httpx
import pytest

from appointments.patients import domain
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.testing import Logs
from tests.harness import people
from tests.harness.clinic import Clinic

Json = dict[str, Any]

MOBILE = "+33639980101"


async def made(
    clinic: Clinic, family: str = "Le Goff", given: str = "Éloïse", by: Principal | None = None, **fields: object
) -> Json:
    """A patient that must be created."""
    answer = await post(clinic, family, given, by=by, **fields)
    assert answer.status_code == 201, answer.text
    file: Json = answer.json()
    return file


async def post(
    clinic: Clinic, family: str = "Le Goff", given: str = "Éloïse", by: Principal | None = None, **fields: object
) -> httpx.Response:
    body = {"birth_family_name": family, "birth_given_names": given, "birth_date": "1990-05-04", **fields}
    return await clinic.post("patients", body, by=by or clinic.front)


async def send(
    clinic: Clinic, method: str, path: str, body: Json, by: Principal | None = None, **headers: str
) -> httpx.Response:
    async with clinic.running.client(by or clinic.front) as client:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.request(method, f"/v1/{path}", json=body, headers=sent)


def mobile(number: str = MOBILE) -> list[Json]:
    return [{"kind": "mobile", "value": number}]


async def names(clinic: Clinic, by: Principal | None = None, **params: object) -> list[str]:
    answer = await clinic.get("patients", by=by or clinic.front, **params)
    assert answer.status_code == 200, answer.text
    return [item["display_name"] for item in answer.json()["items"]]


# --- creating and reading -----------------------------------------------------------------------------------------


async def test_a_new_patient_is_provisional_and_kept_as_typed(clinic: Clinic) -> None:
    file = await made(clinic, "O'Brien-Null", "محمد", contacts=mobile("06 39 98 01 01"), flags=["mobility"])
    assert (file["identity_status"], file["version"], file["ins"]) == ("PROV", 1, None)
    assert (file["birth_family_name"], file["birth_given_names"]) == ("O'Brien-Null", "محمد")
    assert file["contacts"] == [{"kind": "mobile", "value": MOBILE, "verified_at": None}]
    again = await clinic.get(f"patients/{file['id']}", by=clinic.front)
    assert again.json() == file
    assert again.headers["etag"] == '"1"'


async def test_composed_and_decomposed_letters_are_one_name(clinic: Clinic) -> None:
    """B7: NFD is stored NFC, and found by either form."""
    file = await made(clinic, "Le\u0301ger", "Zoe\u0308")
    assert (file["birth_family_name"], file["birth_given_names"]) == ("L\u00e9ger", "Zo\u00eb")
    assert (
        await names(clinic, q="le\u0301ger zoe\u0308")
        == await names(clinic, q="L\u00c9GER ZO\u00cb")
        == ["Zo\u00eb L\u00e9ger"]
    )


async def test_every_reading_and_writing_of_a_file_is_in_the_audit_without_its_content(clinic: Clinic) -> None:
    file = await made(clinic, contacts=mobile())
    await clinic.get(f"patients/{file['id']}", by=clinic.front)
    await send(clinic, "PATCH", f"patients/{file['id']}", {"used_family_name": "Martin"})
    await names(clinic, q="goff")
    rows = await clinic.w.connection.fetch(
        "SELECT action, facts FROM kit.audit WHERE record_id = $1 ORDER BY at, id", UUID(str(file["id"]))
    )
    actions = [row["action"] for row in rows]
    assert actions == [
        "patient.create",
        "patient.read",
        "patient.read",
        "patient.write",
        "patient.read",
        "patient.list",
    ]
    assert not any(word in row["facts"] for row in rows for word in ("Goff", "Martin", "639980101", "1990"))


async def test_what_the_service_sets_cannot_be_sent(clinic: Clinic) -> None:
    """Nothing is stored, nothing of the value is told, the attempt is in the audit."""
    fields = ("ins", "identity_status", "organisation_id", "merged_into_id", "id")
    for field in fields:
        sent: Json = {field: "184127645108946"}
        answer = await post(clinic, **sent)
        problem = answer.json()
        told = (answer.status_code, problem["code"], problem["errors"][0]["pointer"])
        assert told == (422, "FIELD_NOT_ALLOWED", f"/{field}")
        assert "184127645108946" not in answer.text
    assert await clinic.count("SELECT count(*) FROM patient WHERE family_key = 'legoff'") == 0
    refused = await clinic.w.connection.fetch("SELECT facts FROM kit.audit WHERE action = 'refused.field_not_allowed'")
    assert [row["facts"] for row in refused] == [f'{{"fields":"/{field}"}}' for field in fields]


BAD_FIELDS: list[tuple[Json, str, str]] = [
    ({"birth_family_name": "a\u0000"}, "TEXT_INVALID", "/birth_family_name"),
    ({"birth_family_name": "a\u202e"}, "TEXT_INVALID", "/birth_family_name"),
    ({"birth_given_names": " "}, "TEXT_INVALID", "/birth_given_names"),
    ({"birth_date": "1990-02-30"}, "TIME_INVALID", "/birth_date"),
    ({"birth_date": 0}, "TIME_INVALID", "/birth_date"),
    ({"contacts": [{"kind": "mobile", "value": "0899123456"}]}, "PHONE_INVALID", "/contacts/0/value"),
    ({"contacts": [{"kind": "landline", "value": "123"}]}, "PHONE_INVALID", "/contacts/0/value"),
    ({"sex": "Female"}, "INVALID", "/sex"),
    ({"birth_place_insee": "2C004"}, "INVALID", "/birth_place_insee"),
]


async def test_bad_fields_are_named(clinic: Clinic) -> None:
    for changed, code, pointer in BAD_FIELDS:
        answer = await post(clinic, **changed)
        assert (answer.status_code, answer.json()["code"]) == (422, code), changed
        assert answer.json()["errors"][0]["pointer"] == pointer


async def test_who_acts_for_several_centres_says_at_which_site(clinic: Clinic) -> None:
    other = await clinic.w.organisation("Other")
    caller = people.telesecretary(new_id(), clinic.org, other)
    lost = await post(clinic, by=caller)
    assert (lost.status_code, lost.json()["code"]) == (422, "SITE_REQUIRED")
    file = await made(clinic, by=caller, site_id=str(clinic.site))
    assert file["organisation_id"] == str(clinic.org)
    stranger = await made(clinic, by=people.front_desk(other))
    assert stranger["organisation_id"] == str(other)


async def test_a_patient_of_another_organisation_does_not_exist(clinic: Clinic) -> None:
    file = await made(clinic)
    other = people.front_desk(await clinic.w.organisation("Other"))
    for answer in (
        await clinic.get(f"patients/{file['id']}", by=other),
        await send(clinic, "PATCH", f"patients/{file['id']}", {"sex": "male"}, by=other),
        await clinic.get(f"patients/{new_id()}", by=other),
        await clinic.get("patients/not-an-id", by=other),
    ):
        assert answer.status_code == 404
    assert await names(clinic, by=other, q="goff") == []


# --- searching ----------------------------------------------------------------------------------------------------


async def test_a_patient_is_found_without_accents_hyphens_or_order(clinic: Clinic) -> None:
    await made(clinic, "Le Goff", "Éloïse-Marie")
    await made(clinic, "Goffin", "Paul", birth_date="1971-01-01")
    for q in (
        "le goff",
        "LEGOFF",
        "goff",
        "Éloïse LE GOFF",
        "eloise le-goff",
        "go elo",
        "marie goff",
        "Éloïse-Marie",
        "eloisemarie",
        "%goff_",
    ):
        assert "Éloïse-Marie Le Goff" in await names(clinic, q=q), q


async def test_every_word_counts_and_signs_do_not(clinic: Clinic) -> None:
    await made(clinic)
    assert await names(clinic, q="goff paul") == []
    refused = await clinic.get("patients", by=clinic.front, q="%_%")
    assert (refused.status_code, refused.json()["code"]) == (422, "CRITERION_REQUIRED")


async def test_a_search_that_finds_too_many_people_asks_for_more(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit counts the rarest word: a rare first name beside a common name is narrow enough."""
    monkeypatch.setattr(domain, "WIDEST", 2)
    for given in ("Ada", "Bob", "Cleo"):
        await clinic.w.patient(clinic.org, family="Foule", birth_given_names=given)
    wide = await clinic.get("patients", by=clinic.front, q="foule")
    assert (wide.status_code, wide.json()["code"]) == (422, "SEARCH_TOO_WIDE")
    assert await names(clinic, q="foule cleo") == ["Cleo Foule"]
    assert len(await names(clinic, q="foule", birth_date="1980-01-01")) == 3


async def test_the_used_name_finds_as_the_birth_name_does(clinic: Clinic) -> None:
    await made(clinic, "Durand", "Anne", used_family_name="de la Tour")
    assert (
        await names(clinic, q="tour")
        == await names(clinic, q="delatour")
        == await names(clinic, q="durand anne")
        == ["Anne de la Tour (Durand)"]
    )


async def test_birth_date_and_phone_narrow(clinic: Clinic) -> None:
    await made(clinic, contacts=mobile())
    await made(clinic, given="Paul", birth_date="1991-01-01", contacts=mobile())
    assert await names(clinic, phone="06 39 98 01 01") == ["Éloïse Le Goff", "Paul Le Goff"]
    assert await names(clinic, phone=MOBILE, birth_date="1991-01-01") == ["Paul Le Goff"]
    assert await names(clinic, q="goff", birth_date="1990-05-04") == ["Éloïse Le Goff"]
    assert await names(clinic, birth_date="1990-05-04") == ["Éloïse Le Goff"]
    wrong = await clinic.get("patients", by=clinic.front, phone="089")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "PHONE_INVALID")


async def test_pages_follow_each_other_without_hole(clinic: Clinic) -> None:
    for number in range(7):
        await clinic.w.patient(clinic.org, family="Page", birth_given_names=f"Alex{number}")
    seen: list[str] = []
    cursor = ""
    while True:
        answer = await clinic.get(
            "patients", by=clinic.front, q="page", limit=3, **({"cursor": cursor} if cursor else {})
        )
        seen += [item["birth_given_names"] for item in answer.json()["items"]]
        cursor = answer.json()["next_cursor"]
        if not cursor:
            break
    assert seen == [f"Alex{number}" for number in range(7)]
    forged = await clinic.get("patients", by=clinic.front, q="page", cursor="x" * 20)
    assert (forged.status_code, forged.json()["code"]) == (422, "CURSOR_INVALID")


# --- duplicates ---------------------------------------------------------------------------------------------------


async def test_who_looks_known_is_refused_with_the_candidate(clinic: Clinic) -> None:
    """Scenario 9: same birth date and names equal but for spaces, accents, a letter, or the used name."""
    known = await made(clinic)
    alike: list[tuple[str, str, Json]] = [
        ("LEGOFF", "Eloise", {}),
        ("Le Gof", "Éloïse", {}),
        ("Martin", "Éloïse", {"used_family_name": "Le Goff"}),
        ("Le Goff", "Éloïse Marie", {}),
    ]
    for family, given, fields in alike:
        answer = await post(clinic, family, given, **fields)
        assert (answer.status_code, answer.json()["code"]) == (409, "DUPLICATE_SUSPECTED")
        assert [candidate["id"] for candidate in answer.json()["candidates"]] == [known["id"]]
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'patient.candidate'") == len(alike)


async def test_another_birth_date_is_another_person(clinic: Clinic) -> None:
    first, second = await made(clinic), await made(clinic, birth_date="1990-05-05")
    assert first["id"] != second["id"]
    assert await clinic.count("SELECT count(*) FROM patient WHERE id IN ($1, $2)", first["id"], second["id"]) == 2


async def test_a_proved_contact_and_the_same_first_name_are_suspect_at_any_birth_date(clinic: Clinic) -> None:
    file = await made(clinic, contacts=mobile())
    await made(clinic, "Autre", "Éloïse", birth_date="1985-01-01", contacts=mobile())
    await clinic.w.connection.execute(
        "UPDATE contact SET verified_at = now() WHERE patient_id = $1", UUID(str(file["id"]))
    )
    answer = await post(clinic, "Encore", "Eloise", birth_date="1975-01-01", contacts=mobile())
    assert [candidate["id"] for candidate in answer.json()["candidates"]] == [file["id"]]


async def test_declared_to_be_another_the_pair_is_remembered(clinic: Clinic) -> None:
    twin = await made(clinic, given="Léa")
    refused = await post(clinic, given="Léo")
    assert refused.status_code == 409
    unknown = await post(clinic, given="Léo", not_same_as=[twin["id"], str(new_id())])
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/not_same_as/1")
    other = await made(clinic, given="Léo", not_same_as=[twin["id"]])
    pair = await clinic.w.connection.fetchrow("SELECT first_id, second_id FROM not_same_person")
    assert pair is not None
    assert {str(pair["first_id"]), str(pair["second_id"])} == {twin["id"], other["id"]}


async def test_the_same_person_created_twice_at_once_is_created_once(clinic: Clinic) -> None:
    answers = await asyncio.gather(*(post(clinic) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert await clinic.count("SELECT count(*) FROM patient WHERE family_key = 'legoff'") == 1


# --- changing -----------------------------------------------------------------------------------------------------


async def qualified(clinic: Clinic) -> Json:
    """A patient whose identity was checked and whose INS was retrieved."""
    file = await made(clinic)
    await clinic.w.connection.execute(
        "UPDATE patient SET identity_status = 'QUAL', ins = $2, ins_oid = '1.2.250.1.213.1.4.8' WHERE id = $1",
        UUID(str(file["id"])),
        "290057101400123",
    )
    return file


async def test_the_ins_leaves_only_when_qualified_and_to_those_who_check_identities(clinic: Clinic) -> None:
    path = f"patients/{(await qualified(clinic))['id']}"
    assert (await clinic.get(path, by=clinic.front)).json()["ins"] == "290057101400123"
    assert (await clinic.get(path, by=clinic.desk)).json()["ins"] is None
    await clinic.w.connection.execute("UPDATE patient SET identity_status = 'RECUP' WHERE ins IS NOT NULL")
    assert (await clinic.get(path, by=clinic.front)).json()["ins"] is None


async def test_a_changed_strict_trait_takes_the_identity_back_and_the_ins_into_history(clinic: Clinic) -> None:
    file = await qualified(clinic)
    answer = await send(clinic, "PATCH", f"patients/{file['id']}", {"birth_date": "1990-05-05"}, if_match='"1"')
    assert (answer.json()["identity_status"], answer.json()["ins"], answer.json()["version"]) == ("PROV", None, 2)
    assert answer.headers["etag"] == '"2"'
    assert await clinic.count("SELECT count(*) FROM patient WHERE ins IS NOT NULL") == 0
    before = await clinic.w.connection.fetchval(
        "SELECT before->>'ins' FROM patient_change WHERE patient_id = $1", UUID(str(file["id"]))
    )
    assert before == "290057101400123"
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE facts LIKE '%290057101400123%'") == 0


async def test_other_fields_leave_the_identity_alone(clinic: Clinic) -> None:
    file = await qualified(clinic)
    body: Json = {"used_given_name": "Lou", "contacts": mobile(), "flags": ["interpreter"]}
    answer = await send(clinic, "PATCH", f"patients/{file['id']}", body)
    assert (answer.json()["identity_status"], answer.json()["ins"]) == ("QUAL", "290057101400123")
    assert (answer.json()["display_name"], answer.json()["flags"]) == ("Lou Le Goff", ["interpreter"])
    assert await clinic.count("SELECT count(*) FROM patient_change") == 0


async def test_what_is_emptied_is_empty_and_a_name_is_never(clinic: Clinic) -> None:
    file = await made(clinic, used_family_name="Martin", used_given_name="Lou", sex="female", contacts=mobile())
    body: Json = {"used_family_name": None, "used_given_name": None, "sex": None}
    emptied = (await send(clinic, "PATCH", f"patients/{file['id']}", body)).json()
    assert {name: emptied[name] for name in body} == body
    for name in ("birth_family_name", "birth_given_names", "birth_date", "contacts", "flags"):
        refused = await send(clinic, "PATCH", f"patients/{file['id']}", {name: None})
        assert (refused.status_code, refused.json()["code"]) == (422, "CANNOT_BE_EMPTY")
        assert [each["pointer"] for each in refused.json()["errors"]] == [f"/{name}"]
    assert (await clinic.get(f"patients/{file['id']}", by=clinic.front)).json() == emptied
    told = await clinic.w.connection.fetchval(
        "SELECT payload FROM kit.outbox WHERE type = 'appointments.patient_changed.v1' AND subject_id = $1::uuid",
        file["id"],
    )
    assert json.loads(told) == {"patient_id": file["id"], "version": 2}, "that it changed, and nothing of the person"


async def test_a_stale_version_changes_nothing(clinic: Clinic) -> None:
    file = await made(clinic)
    assert (await send(clinic, "PATCH", f"patients/{file['id']}", {"sex": "female"}, if_match='"1"')).status_code == 200
    stale = await send(clinic, "PATCH", f"patients/{file['id']}", {"sex": "male"}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.json()["version"]) == (412, "VERSION_STALE", 2)
    assert (await send(clinic, "PATCH", f"patients/{file['id']}", {"sex": "male"}, if_match="1")).status_code == 400
    assert (await clinic.get(f"patients/{file['id']}", by=clinic.front)).json()["sex"] == "female"


async def test_contacts_are_replaced_and_what_was_proved_stays_proved(clinic: Clinic) -> None:
    file = await made(clinic, contacts=[*mobile(), {"kind": "landline", "value": "03 53 01 00 01"}])
    await clinic.w.connection.execute("UPDATE contact SET verified_at = now() WHERE kind = 'mobile'")
    body: Json = {"contacts": [*mobile(), {"kind": "email", "value": "Lou@Example.org"}]}
    answer = await send(clinic, "PATCH", f"patients/{file['id']}", body)
    got = {contact["value"]: contact["verified_at"] is not None for contact in answer.json()["contacts"]}
    assert got == {MOBILE: True, "lou@example.org": False}


# --- relations and callers ----------------------------------------------------------------------------------------


async def related(clinic: Clinic) -> tuple[Json, Json]:
    """A parent with a mobile, and a child without contact for whom the parent acts."""
    parent = await made(clinic, given="Anne", contacts=mobile())
    child = await made(clinic, given="Zoé", birth_date="2019-04-02")
    answer = await relate(clinic, child, parent)
    assert answer.status_code == 200, answer.text
    return parent, child


async def relate(
    clinic: Clinic, of: Json, other: Json, by: Principal | None = None, **fields: object
) -> httpx.Response:
    relation = {"other_patient_id": other["id"], "kind": "parent", **fields}
    return await send(clinic, "PUT", f"patients/{of['id']}/relations", {"relations": [relation]}, by)


async def test_relations_are_set_as_a_whole(clinic: Clinic) -> None:
    parent, child = await related(clinic)
    file = (await clinic.get(f"patients/{child['id']}", by=clinic.front)).json()
    assert file["version"] == 2
    [relation] = file["relations"]
    assert (relation["other_patient_id"], relation["kind"], relation["display_name"]) == (
        parent["id"],
        "parent",
        "Anne Le Goff",
    )
    emptied = await send(clinic, "PUT", f"patients/{child['id']}/relations", {"relations": []})
    assert emptied.json()["relations"] == []
    for stranger in (child["id"], str(new_id())):
        answer = await relate(clinic, child, {"id": stranger})
        assert (answer.status_code, answer.json()["code"]) == (422, "PERSON_UNKNOWN")


async def test_a_number_leads_to_its_holder_and_to_those_for_whom_he_acts(clinic: Clinic) -> None:
    """Scenario 1: a parent and a child, by one number; the display proves nothing, so name and birth date are asked."""
    parent, child = await related(clinic)
    booked = await clinic.book("09:20", patient_id=child["id"])
    answer = await clinic.get("caller-candidates", phone="06 39 98 01 01")
    found = answer.json()
    assert found["must_ask"] == ["name", "birth_date"]
    assert [(c["patient_id"], c["via"]) for c in found["items"]] == [
        (parent["id"], "contact"),
        (child["id"], "relation"),
    ]
    assert found["items"][0]["next"] is None
    assert found["items"][1]["next"] == {
        "appointment_id": booked["id"],
        "start": clinic.at("09:20"),
        "site_id": str(clinic.site),
    }
    assert await clinic.count("SELECT count(*) FROM kit.audit WHERE action = 'patient.candidate'") == 2


async def test_a_candidate_tells_the_last_visit_the_misses_and_a_conflict(clinic: Clinic) -> None:
    parent, _child = await related(clinic)
    for hour, days, status, excused in (
        ("09:00", -40, "fulfilled", False),
        ("09:00", -30, "noshow", False),
        ("09:00", -20, "noshow", True),
        ("09:00", -400, "noshow", False),
    ):
        at = clinic.moment(hour, days)
        visit = await clinic.w.booking(
            clinic.schedules[clinic.ada], UUID(str(parent["id"])), clinic.reason, at, status=status, excused=excused
        )
        assert visit
    await clinic.w.booking(
        clinic.schedules[clinic.ada], UUID(str(parent["id"])), clinic.reason, clinic.moment("10:00"), conflict="absence"
    )
    [first, *_] = (await clinic.get("caller-candidates", phone=MOBILE)).json()["items"]
    assert first["last_seen_on"] == clinic.day(-40).isoformat()
    assert (first["missed_12_months"], first["conflict"]) == (1, True)


async def test_a_care_home_number_gives_eight_candidates_at_most_and_an_unknown_one_none(clinic: Clinic) -> None:
    for number in range(12):
        await made(
            clinic,
            f"Pensionnaire{chr(97 + number) * 4}",
            "Un",
            birth_date=f"1930-01-{number + 1:02d}",
            contacts=mobile(),
        )
    assert len((await clinic.get("caller-candidates", phone=MOBILE)).json()["items"]) == 8
    assert (await clinic.get("caller-candidates", phone="+33639980999")).json()["items"] == []
    for wrong in ("123", "numero", "+", "0" * 30):
        answer = await clinic.get("caller-candidates", phone=wrong)
        told = answer.json()
        assert (answer.status_code, told.pop("code")) == (422, "PHONE_INVALID")
        del told["instance"]  # an id of the request, in which any three digits may stand
        assert wrong not in str(told) or wrong == "+"


async def test_a_number_of_another_organisation_leads_to_nobody(clinic: Clinic) -> None:
    await related(clinic)
    other = people.front_desk(await clinic.w.organisation("Other"))
    assert (await clinic.get("caller-candidates", by=other, phone=MOBILE)).json()["items"] == []


# --- patients themselves ------------------------------------------------------------------------------------------


async def test_a_proved_contact_reaches_its_people_and_nobody_else(clinic: Clinic) -> None:
    parent, child = await related(clinic)
    stranger = await made(clinic, "Autre", "Luc", birth_date="1970-01-01")
    me = people.patient(MOBILE)
    assert sorted(await names(clinic, by=me)) == ["Anne Le Goff", "Zoé Le Goff"]
    assert await names(clinic, by=me, q="autre") == []
    assert await names(clinic, by=me, birth_date="1970-01-01") == []
    for file, status in ((parent, 200), (child, 200), (stranger, 404)):
        assert (await clinic.get(f"patients/{file['id']}", by=me)).status_code == status
    assert await names(clinic, by=people.patient("+33639980999")) == []
    refused = await clinic.get("caller-candidates", by=me, phone=MOBILE)
    assert refused.status_code == 403
    assert (await clinic.get("patients", by=people.visitor(), q="goff")).status_code == 403


async def test_a_relation_that_may_not_book_or_has_ended_reaches_nobody(clinic: Clinic) -> None:
    parent, child = await related(clinic)
    me = people.patient(MOBILE)
    assert (await relate(clinic, child, parent, may_book=False)).status_code == 200
    assert await names(clinic, by=me) == ["Anne Le Goff"]
    assert (await relate(clinic, child, parent)).status_code == 200
    assert await names(clinic, by=me) == ["Anne Le Goff", "Zoé Le Goff"]
    await clinic.w.connection.execute("UPDATE relation SET during = tstzrange(NULL, now())")
    assert await names(clinic, by=me) == ["Anne Le Goff"]


async def test_a_patient_changes_only_how_he_is_called(clinic: Clinic) -> None:
    """A code by SMS does not prove a birth date, nor that another contact may reach the file."""
    parent, child = await related(clinic)
    me = people.patient(MOBILE)
    answer = await send(clinic, "PATCH", f"patients/{parent['id']}", {"used_given_name": "Annie"}, by=me)
    assert answer.json()["display_name"] == "Annie Le Goff"
    not_his: list[Json] = [{"birth_date": "1990-05-05"}, {"contacts": []}, {"sex": "male"}, {"flags": []}]
    for body in not_his:
        refused = await send(clinic, "PATCH", f"patients/{parent['id']}", body, by=me)
        assert (refused.status_code, refused.json()["code"]) == (422, "FIELD_NOT_ALLOWED")
    stranger = await made(clinic, "Autre", "Luc", birth_date="1970-01-01")
    assert (await relate(clinic, child, stranger, by=me)).status_code == 422
    assert (await relate(clinic, stranger, parent, by=me)).status_code == 404


async def test_online_nobody_learns_who_is_known(clinic: Clinic) -> None:
    """The same words from a contact that does not reach the person make a new person: same status, same shape."""
    known = await made(clinic, contacts=mobile())
    body: Json = {"birth_family_name": "LE GOFF", "birth_given_names": "Eloise", "birth_date": "1990-05-04"}
    stranger = await clinic.post("patients", body, by=people.patient("+33639980777"))
    unknown = await clinic.post(
        "patients", {**body, "birth_family_name": "Jamais-Vue"}, by=people.patient("+33639980778")
    )
    assert (stranger.status_code, unknown.status_code) == (201, 201)
    assert stranger.json()["id"] != known["id"]
    assert stranger.json().keys() == unknown.json().keys()
    assert stranger.json()["contacts"][0]["value"] == "+33639980777"
    mine = await clinic.post("patients", body, by=people.patient(MOBILE))
    assert mine.json()["id"] == known["id"]
    assert mine.json()["contacts"][0]["verified_at"] is not None


async def test_an_online_booking_by_identity_finds_ones_own_person_again(clinic: Clinic) -> None:
    identity = {"birth_family_name": "Roux", "birth_given_names": "Ali", "birth_date": "2001-01-01"}
    me = people.patient("lou@example.org", "email")
    first = await clinic.book("09:20", by=me, identity=identity)
    second = await clinic.book("10:20", by=me, identity={**identity, "birth_family_name": "ROUX"})
    assert first["patient_id"] == second["patient_id"]
    assert (
        await clinic.count("SELECT count(*) FROM contact WHERE value = 'lou@example.org' AND verified_at IS NOT NULL")
        == 1
    )
    assert sorted(await names(clinic, by=me)) == ["Ali Roux"]


async def test_online_nobody_gives_contacts_he_has_not_proved_nor_names_others(clinic: Clinic) -> None:
    given: list[Json] = [{"contacts": mobile()}, {"not_same_as": [str(clinic.pat)]}, {"flags": ["mobility"]}]
    for fields in given:
        answer = await post(clinic, by=people.patient("+33639980777"), **fields)
        told = (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["pointer"])
        assert told == (422, "FIELD_NOT_ALLOWED", f"/{next(iter(fields))}")
    assert await clinic.count("SELECT count(*) FROM patient") == 1


async def test_a_regulator_who_reads_no_patient_books_for_the_known_one_without_candidates(clinic: Clinic) -> None:
    """The caller of the 15 waits: an identity that is somebody's is his, any other makes a new person."""
    known = await made(clinic)
    regulator = people.professional("regulator", new_id(), clinic.org)
    identity = {"birth_family_name": "LEGOFF", "birth_given_names": "Eloise", "birth_date": "1990-05-04"}
    first = await clinic.book("09:20", by=regulator, identity=identity)
    second = await clinic.book("10:20", by=regulator, identity={**identity, "birth_given_names": "Éloi"})
    assert first["patient_id"] == known["id"]
    assert second["patient_id"] not in (known["id"], None)


# --- what never leaves --------------------------------------------------------------------------------------------


async def test_no_name_phone_or_ins_leaves_by_logs_events_audit_or_metrics(clinic: Clinic, log_capture: Logs) -> None:
    """I19: planted canaries are searched in every output after reading, writing, refusing, booking and failing."""
    canaries = ("Canarine", "Serinette", "639980444", "canari@example.org", "290057101400123")
    contacts = [*mobile("+33639980444"), {"kind": "email", "value": "canari@example.org"}]
    file = await made(clinic, "Canarine", "Serinette", contacts=contacts)
    await post(clinic, "Canarine", "Serinette", contacts=contacts)
    await post(clinic, "Canarine", "Serinette", ins="290057101400123")
    await post(clinic, "Canarine\u0000", "Serinette")
    await names(clinic, q="Canarine Serinette")
    await clinic.get("caller-candidates", phone="+33639980444")
    await clinic.get("patients", by=clinic.front, q="Canarine", cursor="Serinette")
    await clinic.book("09:20", patient_id=file["id"], note="290057101400123 Canarine")
    async with clinic.running.client() as nobody:
        metrics = (await nobody.get("/metrics")).text
    tables = "SELECT string_agg(o::text, ' ') FROM kit.outbox o", "SELECT string_agg(a::text, ' ') FROM kit.audit a"
    outputs = [metrics, log_capture.text] + [str(await clinic.w.connection.fetchval(sql)) for sql in tables]
    assert all(outputs)
    for output in outputs:
        assert [canary for canary in canaries if canary.lower() in output.lower()] == []
