"""Who gets in by another issuer, and as what: accounts, expected identities, regulators of the SAS, places of work."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest_asyncio

from contracts.appointments import RegulatorChanged
from contracts.gateway import Identifier
from gateway.demo import CENTRE, FIRM, rpps
from maillage.ids import new_id
from maillage.testing import soon
from tests.e2e.gateway.conftest import Stage
from tests.harness.issuer import SITE_A, SITE_B, SITE_UNKNOWN, CrookedIssuer, professional, provider

EXPECTED = "/api/gateway/v1/expected-identities"
APPOINTMENTS = "/api/appointments/v1/appointments"


class Scene:
    """A door, and an issuer that says who signs in."""

    def __init__(self, stage: Stage, issuer: CrookedIssuer) -> None:
        self.stage, self.issuer = stage, issuer

    async def enter(
        self, client: httpx.AsyncClient, serial: int, *sites: tuple[str, str], **query: str
    ) -> httpx.Response:
        """The person of this number signs in; the answer of our callback."""
        subject = f"f:tests:8{rpps(serial)}"
        self.issuer.claims = {"sub": subject}
        self.issuer.about = {**professional(serial, *sites), "sub": subject}
        sent = await client.get("/auth/login", params={"provider": "psc", **query})
        said = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
        self.issuer.nonce = said["nonce"]
        return await client.get("/auth/callback", params={"state": said["state"], "code": "c"})

    async def organisation(self, name: str, kind: str = "health_centre", finess: str | None = None) -> UUID:
        """One more organisation."""
        organisation_id = new_id()
        identifiers = json.dumps([{"system": "finess", "value": finess}] if finess else [])
        await self.stage.sql(
            "INSERT INTO organisation (id, kind, name, territory, identifiers) VALUES ($1, $2, $3, 'x', $4::jsonb)",
            organisation_id, kind, name, identifiers,
        )  # fmt: skip
        return organisation_id

    async def member(self, login: str, organisation_id: UUID, role: str) -> None:
        """A role that an administrator gave."""
        await self.stage.sql(
            "INSERT INTO membership (id, person_id, organisation_id, role, valid, source)"
            " SELECT gen_random_uuid(), id, $2, $3, tstzrange(now(), null), 'admin' FROM person WHERE login = $1",
            login, organisation_id, role,
        )  # fmt: skip


@pytest_asyncio.fixture
async def scene(stage: Callable[..., Awaitable[Stage]]) -> AsyncIterator[Scene]:
    """A gateway that trusts the issuer, its worker running."""
    issuer = CrookedIssuer()
    issuer.start()
    made = await stage(oidc=[provider(issuer.url)])
    made.house.running.work()
    yield Scene(made, issuer)
    issuer.stop()


def refused(answer: httpx.Response, status: int, code: str) -> bool:
    """Whether it is that refusal, as a program gets it."""
    return (answer.status_code, answer.json()["code"]) == (status, code)


async def _proved(scene: Scene, client: httpx.AsyncClient, ago: str, status: int) -> None:
    """The administrator's second factor is that old; returns when the door knows."""
    await scene.stage.sql("UPDATE session SET auth_time = now() - $1::text::interval WHERE ended_at IS NULL", ago)

    async def known() -> bool:
        return (await client.patch(f"{EXPECTED}/{new_id()}", json={"active": True})).status_code == status

    await soon(known)


async def test_nobody_gets_in_whom_nobody_expects(scene: Scene) -> None:
    """Known to the issuer and to nobody here; suspended here: the same page, which says whom to call."""
    async with scene.stage.browser() as client:
        assert refused(await scene.enter(client, 700), 403, "NO_MEMBERSHIP")
        await scene.stage.sql("UPDATE person SET status = 'suspended' WHERE login = 'medecin'")
        assert refused(await scene.enter(client, 1), 403, "NO_MEMBERSHIP")
        await scene.stage.sql("UPDATE person SET status = 'active'")
        assert (await scene.enter(client, 1)).status_code == 303
        assert (await client.get("/auth/session")).json()["person"]["login"] == "medecin"
    assert await scene.stage.sql("SELECT FROM person WHERE rpps = $1", rpps(700)) == []


async def test_an_administrator_expects_somebody_who_then_gets_the_role_once(scene: Scene) -> None:
    """Only with a fresh second factor, only roles of the kind; a role that was ended does not come back by itself."""
    wanted = {"system": "rpps", "value": rpps(700), "role": "practitioner"}
    async with scene.stage.browser("administrateur") as admin, scene.stage.browser() as client:
        await _proved(scene, admin, "16 minutes", 403)
        assert refused(await admin.post(EXPECTED, json=wanted), 403, "STEP_UP_REQUIRED")
        assert (await admin.get(EXPECTED)).json()["items"] == []
        await _proved(scene, admin, "1 minute", 404)
        assert refused(await admin.post(EXPECTED, json={**wanted, "role": "regulator"}), 422, "ROLE_NOT_FOR_KIND")
        assert (await admin.post(EXPECTED, json={**wanted, "value": "123"})).status_code == 422
        added = await admin.post(EXPECTED, json=wanted)
        assert (added.status_code, added.json()["used_at"]) == (201, None)
        assert refused(await admin.post(EXPECTED, json=wanted), 409, "IDENTITY_EXPECTED")

        assert (await scene.enter(client, 700)).status_code == 303
        session = (await client.get("/auth/session")).json()
        assert session["context"]["organisation_id"] == str(CENTRE)
        assert session["context"]["role"] == "practitioner"
        assert session["person"]["display_name"] == "Démonstration Médecin-700"
        [line] = (await admin.get(EXPECTED)).json()["items"]
        assert line["used_at"] is not None
        persons = await scene.stage.sql("SELECT id, rpps, status FROM person WHERE rpps = $1", rpps(700))
        assert [row["status"] for row in persons] == ["active"]
        given = await scene.stage.sql("SELECT source FROM membership WHERE person_id = $1", persons[0]["id"])
        assert [row["source"] for row in given] == ["psc"]

        await scene.stage.sql(
            "UPDATE membership SET valid = tstzrange(lower(valid), now()) WHERE person_id = $1", persons[0]["id"]
        )
        async with scene.stage.browser() as later:
            assert refused(await scene.enter(later, 700), 403, "NO_MEMBERSHIP")
        stale = await admin.patch(f"{EXPECTED}/{line['id']}", json={"active": False}, headers={"If-Match": '"9"'})
        assert refused(stale, 412, "VERSION_STALE")
        for active in (False, True):
            assert (await admin.patch(f"{EXPECTED}/{line['id']}", json={"active": active})).json()["active"] is active
        async with scene.stage.browser() as later:
            assert (await scene.enter(later, 700)).status_code == 303
            assert (await admin.patch(f"{EXPECTED}/{line['id']}", json={"active": False})).status_code == 200

            async def out() -> bool:
                return (await later.get(APPOINTMENTS)).status_code == 401

            await soon(out)
    events = await scene.stage.sql("SELECT type FROM kit.outbox WHERE type LIKE 'gateway.membership_changed%'")
    assert len(events) >= 3


async def test_another_centres_expected_identities_do_not_exist(scene: Scene) -> None:
    """An administrator sees and changes those of the own organisation."""
    elsewhere = await scene.organisation("Ailleurs (démonstration)")
    theirs = new_id()
    await scene.stage.sql(
        "INSERT INTO expected_identity (id, system, value, role, organisation_id, source)"
        " VALUES ($1, 'rpps', $2, 'nurse', $3, 'admin')",
        theirs, rpps(701), elsewhere,
    )  # fmt: skip
    async with scene.stage.browser("administrateur") as admin:
        assert (await admin.get(EXPECTED)).json()["items"] == []
        assert refused(await admin.patch(f"{EXPECTED}/{theirs}", json={"active": False}), 404, "NOT_FOUND")
    async with scene.stage.browser("medecin") as client:
        assert refused(await client.get(EXPECTED), 403, "NOT_ALLOWED")


async def test_a_regulator_of_the_sas_comes_in_and_is_out_within_a_second(scene: Scene) -> None:
    """Scenario 4: known by an event, in by Pro Santé Connect with `origin` kept; disabled, and the next request is
    refused. An event told twice, or with other identifiers, changes what it says and no more."""
    samu, regulator = await scene.organisation("SAMU (démonstration)", "samu"), new_id()

    async def tell(*serials: int, active: bool = True) -> None:
        numbers = [Identifier(system="urn:oid:1.2.250.1.71.4.2.1", value=f"8{rpps(each)}") for each in serials]
        event = RegulatorChanged(regulator_id=regulator, identifiers=numbers, active=active, organisation_id=samu)
        await scene.stage.send((event, samu))

    async def awaited(*serials: int) -> None:
        async def so() -> bool:
            rows = await scene.stage.sql("SELECT value FROM expected_identity WHERE active ORDER BY value")
            return [row["value"] for row in rows] == sorted(f"8{rpps(each)}" for each in serials)

        await soon(so)

    await tell(800, 801)
    await awaited(800, 801)
    await tell(800)
    await awaited(800)
    async with scene.stage.browser() as client:
        assert refused(await scene.enter(client, 801), 403, "NO_MEMBERSHIP")
        back = "/console/agenda/0199?vue=jour"
        entered = await scene.enter(client, 800, return_to=back, origin="sas-71")
        assert entered.headers["location"] == f"{back}&origin=sas-71"
        session = (await client.get("/auth/session")).json()
        assert (session["context"]["role"], session["context"]["organisation_id"]) == ("regulator", str(samu))
        assert (await client.get(APPOINTMENTS)).status_code == 200
        await tell(800, active=False)

        async def out() -> bool:
            return (await client.get(APPOINTMENTS)).status_code == 401

        await soon(out)
        assert refused(await scene.enter(client, 800), 403, "NO_MEMBERSHIP")
        await tell(800)
        await awaited(800)
        assert (await scene.enter(client, 800)).status_code == 303
    ended = await scene.stage.sql("SELECT FROM kit.audit WHERE action = 'membership_ended'")
    assert len(ended) == 1


async def test_places_of_work_come_first_and_unknown_ones_are_told(scene: Scene) -> None:
    """Scenario 2: sites A and B can be chosen, a third one is shown with whom to call; under A the token reaches A
    alone."""
    await scene.stage.sql(
        "UPDATE organisation SET identifiers = $2::jsonb WHERE id = $1",
        CENTRE, json.dumps([{"system": "FINESS", "value": SITE_A}]),
    )  # fmt: skip
    other = await scene.organisation("Z, site B (démonstration)", finess=SITE_B)
    nameless = await scene.organisation("A, sans site (démonstration)")
    no_role = "719900004"
    await scene.organisation("Sans fonction (démonstration)", finess=no_role)
    for organisation_id in (other, nameless):
        await scene.member("medecin", organisation_id, "practitioner")
    sites = ((SITE_A, "Site A"), (SITE_B, "Site B"), (SITE_UNKNOWN, "Site inconnu"), (no_role, "Site sans fonction"))
    async with scene.stage.browser() as client:
        assert (await scene.enter(client, 1, *sites)).status_code == 303
        session = (await client.get("/auth/session")).json()
        assert session["context"] is None
        organisations = [each["organisation_id"] for each in session["contexts"]]
        assert set(organisations[:2]) == {str(CENTRE), str(other)}
        assert organisations[2:] == [str(nameless)]
        told = {each["identifier"]: each for each in session["unknown_sites"]}
        assert {name: each["label"] for name, each in told.items()} == {
            SITE_UNKNOWN: "Site inconnu",
            no_role: "Site sans fonction",
        }
        assert "administrateur" in told[SITE_UNKNOWN]["detail"]
        assert refused(await client.get(APPOINTMENTS), 409, "CONTEXT_REQUIRED")
        client.headers["X-CSRF-Token"] = session["csrf_token"]
        chosen = next(each for each in session["contexts"] if each["organisation_id"] == str(CENTRE))
        answer = await client.put("/auth/session/context", json={"membership_id": chosen["membership_id"]})
        assert answer.status_code == 200
        assert (await client.get(APPOINTMENTS)).status_code == 200
        token = scene.stage.house.upstream.last["headers"]["authorization"].partition(" ")[2].split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(token + "=="))
        assert (claims["org"], claims["orgs"]) == (str(CENTRE), [str(CENTRE)])
        assert str(FIRM) not in claims["orgs"]


async def test_the_same_person_proves_it_again_for_an_act_that_asks_for_it(scene: Scene) -> None:
    """Step-up: asked with `prompt=login`; an old proof or another person's renews nothing; the right one does."""
    async with scene.stage.browser() as client:
        assert refused(
            await client.get("/auth/login", params={"provider": "psc", "step_up": "1"}), 401, "NOT_SIGNED_IN"
        )
        assert (await scene.enter(client, 1)).status_code == 303
        cookie = client.cookies["session"]

        async def again(serial: int) -> tuple[httpx.Response, bool]:
            await scene.stage.sql("UPDATE session SET auth_time = auth_time - interval '1 hour'")
            before = (await scene.stage.sql("SELECT auth_time FROM session WHERE ended_at IS NULL"))[0]["auth_time"]
            answer = await scene.enter(client, serial, step_up="1")
            after = (await scene.stage.sql("SELECT auth_time FROM session WHERE ended_at IS NULL"))[0]["auth_time"]
            return answer, after > before

        answer, renewed = await again(31)
        assert refused(answer, 403, "OIDC_OTHER_PERSON")
        assert not renewed
        answer, renewed = await again(1)
        assert (answer.status_code, renewed) == (303, True)
        assert client.cookies["session"] == cookie
        sent = await client.get("/auth/login", params={"provider": "psc", "step_up": "1"})
        said = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
        assert (said["prompt"], said["max_age"]) == ("login", "0")
        scene.issuer.nonce, scene.issuer.claims["auth_time"] = said["nonce"], 1_700_000_000
        old = await client.get("/auth/callback", params={"state": said["state"], "code": "c"})
        assert refused(old, 403, "OIDC_TOKEN")
        assert (await client.get("/auth/session")).json()["kind"] == "professional"
