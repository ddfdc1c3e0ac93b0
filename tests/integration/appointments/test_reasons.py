"""Visit reasons over HTTP: who reads what, what cannot be, what stays while it is needed."""

import httpx
import pytest

from maillage.principal import Principal
from tests.harness import people
from tests.harness.clinic import Clinic

Json = dict[str, object]
REASON: Json = {
    "code": "enfant",
    "label": "Enfant (interne)",
    "public_label": "Consultation pour un enfant",
    "professions": ["physician"],
    "modes": [{"mode": "on_site", "minutes": 20}],
    "bookable_by": ["public", "secretariat"],
    "max_age": 15,
}


async def send(
    clinic: Clinic, method: str, path: str, body: object = None, by: Principal | None = None, **headers: str
) -> httpx.Response:
    """As the manager, unless told otherwise."""
    async with clinic.running.client(by or people.manager(clinic.org)) as client:
        return await client.request(
            method, f"/v1/{path}", json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )


async def test_a_reason_is_read_by_each_as_far_as_it_concerns_him(clinic: Clinic) -> None:
    """Patients read public words; closed to the web is said; sensitive and closed does not exist for them."""
    changes: list[Json] = [
        {},
        {"code": "domicile", "public_label": "Visite", "bookable_by": ["secretariat"]},
        {"code": "secret", "public_label": "Autre", "bookable_by": ["secretariat"], "sensitive": True},
        {"code": "ancien", "active": False},
    ]
    for change in changes:
        made = await send(clinic, "POST", "visit-reasons", REASON | change)
        assert made.status_code == 201, made.text
    public = (await send(clinic, "GET", "visit-reasons", by=people.visitor())).json()["items"]
    assert {item["code"]: item["bookable"] for item in public} == {
        "consultation": True,
        "enfant": True,
        "domicile": False,
    }
    assert "interne" not in str(public)
    hidden = next(r for r in (await send(clinic, "GET", "visit-reasons")).json()["items"] if r["code"] == "secret")
    assert (await send(clinic, "GET", f"visit-reasons/{hidden['id']}", by=people.visitor())).status_code == 404
    staff = (await send(clinic, "GET", "visit-reasons?inactive=true", by=people.front_desk(clinic.org))).json()["items"]
    assert {item["code"] for item in staff} == {"consultation", "enfant", "domicile", "secret", "ancien"}


@pytest.mark.parametrize(
    "change",
    [
        {"modes": []},
        {"modes": [{"mode": "on_site", "minutes": 20}, {"mode": "on_site", "minutes": 30}]},
        {"modes": [{"mode": "on_site", "minutes": 7}]},
        {"modes": [{"mode": "par avion", "minutes": 20}]},
        {"professions": []},
        {"min_age": 16, "max_age": 15},
        {"first_visit": "only", "known_patient_only": True},
        {"needs": [{"kind": "practitioner", "tag": "x"}]},
        {"needs": [{"kind": "room", "profession": "nurse"}]},
        {"questions": [{"text": "?"}] * 6},
        {"bookable_by": ["everybody"]},
        {"public_label": "a\u200bb"},
    ],
)
async def test_a_reason_that_cannot_be_is_refused(clinic: Clinic, change: Json) -> None:
    """422, nothing stored."""
    answer = await send(clinic, "POST", "visit-reasons", REASON | change)
    assert answer.status_code == 422, answer.text
    assert await clinic.count("SELECT count(*) FROM visit_reason") == 1


async def test_a_reason_with_appointments_to_come_or_in_a_rule_stays_open(clinic: Clinic) -> None:
    """409 with what still needs it; words may change at any time; the code never."""
    booked = await clinic.book("09:00")
    path = f"visit-reasons/{clinic.reason}"
    old = (await send(clinic, "GET", path)).json()
    body = {name: old[name] for name in old if name not in ("id", "organisation_id", "version")}
    refused = await send(clinic, "PUT", path, body | {"active": False})
    assert (refused.status_code, refused.json()["code"], refused.json()["appointments"]) == (409, "IN_USE", 1)
    renamed = await send(clinic, "PUT", path, body | {"public_label": "Médecine"}, if_match=f'"{old["version"]}"')
    assert (renamed.status_code, renamed.json()["version"]) == (200, old["version"] + 1)
    assert (await send(clinic, "PUT", path, body | {"code": "autre"})).json()["code"] == "CODE_FIXED"
    assert (await clinic.act(booked, "cancel")).status_code == 200
    await clinic.w.connection.execute("UPDATE opening_rule SET reason_ids = ARRAY[$1::uuid]", clinic.reason)
    assert (await send(clinic, "PUT", path, body | {"active": False})).json()["schedules"] > 0
    await clinic.w.connection.execute("UPDATE opening_rule SET reason_ids = '{}'")
    assert (await send(clinic, "PUT", path, body | {"active": False})).status_code == 200
    count = "SELECT count(*) FROM kit.outbox WHERE type = 'appointments.reason_changed.v1' AND subject_id = $1"
    assert await clinic.w.connection.fetchval(count, clinic.reason) == 2, "a refused change is told to nobody"


async def test_a_front_desk_writes_no_reason(clinic: Clinic) -> None:
    """`directory.write` is the manager's."""
    assert (await send(clinic, "POST", "visit-reasons", REASON, by=clinic.front)).status_code == 403
