"""A hospital's developer integrates from the how-to alone: register, token, call; both examples run as they are."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from maillage.ids import new_id
from maillage.testing import soon
from tests.harness.front import API
from tests.harness.machine import CLIENTS, Machine, ec_key, jwks
from tests.harness.place import Place, ok

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples" / "partner"
SCOPES = [
    "appointments:slot.read",
    "appointments:slot.hold",
    "system/Appointment.crus",
    "appointments:patient.read",
    "appointments:patient.write",
]


@pytest_asyncio.fixture(scope="session")
async def administrator(place: Place) -> httpx.AsyncClient:
    """The centre's administrator, a second factor just proved."""
    admin = (await place.door.staff(place.org, "administrator"))["administrator"]
    await place.door.cluster.rows(
        "gateway",
        """UPDATE session s SET acr = 2, auth_time = now() FROM membership m
           WHERE m.id = s.membership_id AND m.organisation_id = $1 AND m.role = 'administrator'""",
        place.org,
    )

    async def known() -> bool:
        answer = await admin.post(CLIENTS, json={})
        return bool(answer.json()["code"] != "STEP_UP_REQUIRED")

    await soon(known, seconds=10)
    return admin


async def _register(admin: httpx.AsyncClient, keys: Any) -> str:
    wanted = {"name": "Agenda de l'hôpital (démonstration)", "scopes": SCOPES, "jwks": keys}
    return str((await ok(admin.post(CLIENTS, json=wanted), 201))["id"])


async def test_a_machine_books_and_cancels_for_the_centre_and_sees_its_own_bookings_only(
    place: Place, administrator: httpx.AsyncClient
) -> None:
    key = ec_key()
    machine = Machine(place.door.url, await _register(administrator, jwks(key)), key)
    async with machine.client(await machine.token()) as client:
        window = {"from": place.moment("00:00", 13).isoformat(), "to": place.moment("23:59", 13).isoformat()}
        asked = {"reason": "consultation", "site": "autun", "practitioner": str(place.ada), **window}
        free = (await ok(client.get(f"{API}/slots", params=asked)))["items"]
        assert isinstance(free, list)
        assert free[0]["start"] == place.moment("09:00", 13).isoformat()
        identity = {
            "birth_family_name": "Exemple",
            "birth_given_names": "Partenaire",
            "birth_date": "1980-02-29",
            "contacts": [{"kind": "mobile", "value": "+33639980177"}],
        }
        key_ = {"Idempotency-Key": str(new_id())}
        wish = {**place.slot("09:00", 13), "identity": identity}
        booked = await ok(client.post(f"{API}/appointments", json=wish, headers=key_), 201)
        again = await ok(client.post(f"{API}/appointments", json=wish, headers=key_), 201)
        assert again == booked
        assert (booked["status"], booked["channel"]) == ("booked", "partner")
        path = f"{API}/appointments/{booked['id']}"
        assert (await ok(client.get(path)))["id"] == booked["id"]
        taken = await client.post(f"{API}/appointments", json=place.wish("09:00", 13))
        assert (taken.status_code, taken.json()["code"]) == (409, "SLOT_TAKEN")
        other = await place.book("front_desk", "10:00", 13)
        hidden = await client.get(f"{API}/appointments/{other['id']}")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "NOT_FOUND")
        hold = await ok(client.post(f"{API}/holds", json=place.slot("11:00", 13)), 201)
        held = await ok(
            client.post(f"{API}/appointments", json={"hold_id": hold["id"], "patient_id": str(booked["patient_id"])}),
            201,
        )
        moved = await ok(client.post(f"{path}/move", json={"start": place.moment("09:40", 13).isoformat()}))
        assert moved["start"] == place.moment("09:40", 13).isoformat()
        assert (await ok(client.post(f"{path}/cancel")))["status"] == "cancelled"
        assert (await ok(client.post(f"{API}/appointments/{held['id']}/cancel")))["status"] == "cancelled"


async def test_the_example_in_python_runs_as_it_is(
    place: Place, administrator: httpx.AsyncClient, tmp_path: Path
) -> None:
    program = [sys.executable, str(EXAMPLES / "client.py")]
    key = tmp_path / "key.json"
    public = await _run(*program, "new-key", str(key))
    assert key.stat().st_mode & 0o077 == 0
    assert "d" not in json.loads(public)["keys"][0]
    settings = {
        "MAILLAGE_URL": place.door.url,
        "MAILLAGE_CLIENT_ID": await _register(administrator, json.loads(public)),
        "MAILLAGE_KEY": str(key),
    }
    found = json.loads(await _run(*program, "slots", "consultation", "autun", **settings))
    assert len(found["items"]) == 3
    person = ("Exemple", "Camille", "1980-02-29", "+33639980123")
    booked = json.loads(await _run(*program, "book", "consultation", "autun", *person, **settings))
    assert (booked["status"], booked["channel"]) == ("booked", "partner")


async def test_the_example_in_the_shell_runs_as_it_is(
    place: Place, administrator: httpx.AsyncClient, tmp_path: Path
) -> None:
    program, key = str(EXAMPLES / "client.sh"), tmp_path / "key.pem"
    await _run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key))
    own = {"MAILLAGE_KEY": str(key), "MAILLAGE_KID": "key-1"}
    public = json.loads(await _run("bash", program, "jwks", **own))
    settings = {
        **own,
        "MAILLAGE_URL": place.door.url,
        "MAILLAGE_CLIENT_ID": await _register(administrator, public),
    }
    for _ in range(3):
        token = await _run("bash", program, "token", **settings)
        assert token.startswith("mt_")
    found = json.loads(await _run("bash", program, "slots", "consultation", "autun", **settings))
    assert len(found["items"]) == 3


async def _run(*command: str, **settings: str) -> str:
    """What a program prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], **settings},
    )
    out, err = await process.communicate()
    assert process.returncode == 0, (out.decode(), err.decode())
    return out.decode()
