"""Shared posts, badges, wall screens and known devices through the real door (design: gateway 3.2-3.5, 4, 7)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from gateway.demo import CENTRE, FIRM
from maillage.testing import soon
from tests.e2e.gateway.conftest import Desk

DEVICES = "/api/gateway/v1/devices"
PERSONS = "/api/gateway/v1/persons"
APPOINTMENTS = "/api/appointments/v1/appointments"
PIN = "270419"
CARD = "04:a2-5f 11:90"


async def person_id(desk: Desk, login: str) -> str:
    """The id of a demonstration account."""
    return str((await desk.sql("SELECT id FROM person WHERE login = $1", login))[0]["id"])


async def enrolled(desk: Desk, browser: httpx.AsyncClient, kind: str = "shared_post") -> str:
    """This browser becomes a device of the centre; returns its id."""
    async with desk.browser("administrateur") as admin:
        made = await admin.post(DEVICES, json={"kind": kind, "label": "Stérilisation 2"})
        assert made.status_code == 201, made.text
    done = await browser.post("/auth/devices", json={"code": made.json()["code"]})
    assert done.status_code == 200, done.text
    assert done.json()["organisation_name"].startswith("Centre")
    await desk.refresh(browser)
    return str(made.json()["id"])


async def give_badge(desk: Desk, login: str, badge: str = CARD) -> str:
    """The administrator reads a card for that account; returns the one-time code for its PIN."""
    async with desk.browser("administrateur") as admin:
        given = await admin.post(f"{PERSONS}/{await person_id(desk, login)}/badge", json={"badge": badge})
        assert given.status_code == 200, given.text
        return str(given.json()["code"])


@asynccontextmanager
async def post_with_badge(desk: Desk, login: str = "infirmier") -> AsyncIterator[httpx.AsyncClient]:
    """A shared post, and an account whose badge has its PIN."""
    async with desk.browser() as post:
        await enrolled(desk, post)
        code = await give_badge(desk, login)
        chosen = await post.post("/auth/badge-pin", json={"badge": CARD, "code": code, "pin": PIN})
        assert chosen.status_code == 204, chosen.text
        yield post


async def by_badge(desk: Desk, post: httpx.AsyncClient, pin: str = PIN, badge: str = CARD) -> httpx.Response:
    """POST /auth/badge, then the token of whoever is signed in."""
    answer = await post.post("/auth/badge", json={"badge": badge, "pin": pin})
    await desk.refresh(post)
    return answer


async def ended(browser: httpx.AsyncClient) -> bool:
    """Whether the session of this browser is over; it lasts a second at most."""
    answer = await browser.get(APPOINTMENTS)
    return answer.status_code == 401 and answer.json()["code"] == "SESSION_ENDED"


async def test_a_post_is_enrolled_once_by_its_code_and_no_other_browser_is(desk: Desk) -> None:
    """The code works once and for 15 minutes; nobody is a post by claiming it; the base keeps neither code nor
    cookie."""
    async with desk.browser("administrateur") as admin, desk.browser() as post, desk.browser() as other:
        made = (await admin.post(DEVICES, json={"kind": "shared_post", "label": "Bloc 1"})).json()
        assert made["enrolled"] is False
        wrong = await post.post("/auth/devices", json={"code": "0000 0000 0000"})
        assert (wrong.status_code, wrong.json()["code"]) == (410, "ENROLMENT_GONE")
        done = await post.post("/auth/devices", json={"code": made["code"].replace(" ", "-")})
        assert (done.status_code, done.json()["kind"]) == (200, "shared_post")
        cookie = next(line for line in done.headers.get_list("set-cookie") if line.startswith("device="))
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        again = await other.post("/auth/devices", json={"code": made["code"]})
        assert again.json()["code"] == "ENROLMENT_GONE"
        refused = await other.post("/auth/badge", json={"badge": CARD, "pin": PIN})
        assert (refused.status_code, refused.json()["code"]) == (403, "POST_NOT_ENROLLED")
        listed = (await admin.get(DEVICES)).json()["items"]
        assert [(each["enrolled"], each["code"]) for each in listed] == [(True, None)]
        late = (await admin.post(f"{DEVICES}/{made['id']}/code")).json()["code"]
        await desk.sql("UPDATE device SET code_expires_at = now() WHERE code_hash IS NOT NULL")
        assert (await other.post("/auth/devices", json={"code": late})).json()["code"] == "ENROLMENT_GONE"
        kept = str(await desk.sql("SELECT to_jsonb(d) FROM device d"))
        assert cookie.partition("=")[2].partition(";")[0] not in kept
        assert made["code"].replace(" ", "") not in kept


async def test_wrong_enrolment_codes_are_slowed_by_address(desk: Desk) -> None:
    """Twenty an hour; then even the right one waits."""
    async with desk.browser("administrateur") as admin, desk.browser() as post:
        code = (await admin.post(DEVICES, json={"kind": "wall", "label": "Mur"})).json()["code"]
        for turn in range(20):
            answer = await post.post("/auth/devices", json={"code": f"{turn:012d}"})
            assert answer.status_code == 410, answer.text
        slowed = await post.post("/auth/devices", json={"code": code})
        assert (slowed.status_code, slowed.json()["code"]) == (429, "SIGN_IN_SLOWED")
        assert int(slowed.headers["retry-after"]) > 60


async def test_badge_and_pin_open_a_session_of_the_post(desk: Desk) -> None:
    """Two factors, the post's organisation, a short idle time; the next badge ends it; the post's end ends all."""
    await desk.sql(
        """INSERT INTO membership (id, person_id, organisation_id, role, valid, source)
           SELECT $1, id, $2, 'telesecretary', tstzrange(now() - interval '1 hour', NULL), 'admin'
           FROM person WHERE login = 'infirmier'""",
        uuid4(), FIRM,
    )  # fmt: skip
    async with post_with_badge(desk) as post:
        assert (await by_badge(desk, post)).json() == {"next": "done"}
        session = (await post.get("/auth/session")).json()
        assert session["person"]["login"] == "infirmier"
        assert [each["organisation_id"] for each in session["contexts"]] == [str(CENTRE)]
        assert (session["context"]["role"], session["acr"]) == ("nurse", 2)
        left = datetime.fromisoformat(session["idle_until"]) - datetime.now(UTC)
        assert left.total_seconds() <= 900
        assert (await post.get(APPOINTMENTS)).status_code == 200
        first = post.cookies["session"]
        assert (await by_badge(desk, post)).status_code == 200
        async with desk.house.browser(Cookie=f"session={first}") as before:
            await soon(lambda: ended(before))
        rows = await desk.sql("SELECT amr, acr, end_reason FROM session WHERE 'badge' = ANY (amr) ORDER BY created_at")
        assert [tuple(row) for row in rows] == [(["badge", "pin"], 2, "replaced"), (["badge", "pin"], 2, None)]


async def test_a_wrong_pin_and_an_unknown_badge_get_one_answer_and_lock_at_the_fifth(desk: Desk) -> None:
    """The lock is of this badge at this post: other badges, the same badge elsewhere, and the password go on."""
    async with post_with_badge(desk) as post:
        bodies = set()
        for badge, pin in ((CARD, "270418"), ("FF00FF00", PIN)):
            answer = await by_badge(desk, post, pin, badge)
            bodies.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
        assert len(bodies) == 1
        assert next(iter(bodies))[:2] == (401, "SIGN_IN_REFUSED")
        for _ in range(4):
            assert (await by_badge(desk, post, "270418")).status_code == 401
        locked = await by_badge(desk, post)
        assert (locked.status_code, locked.json()["code"]) == (429, "SIGN_IN_SLOWED")
        assert (await by_badge(desk, post, badge="FF00FF00")).status_code == 401
        async with desk.browser() as second, desk.browser("infirmier"):
            await enrolled(desk, second)
            assert (await by_badge(desk, second)).status_code == 200
        await desk.sql("UPDATE sign_in_guard SET locked_until = now() - interval '1 second'")
        assert (await by_badge(desk, post)).status_code == 200
    audit = await desk.sql("SELECT facts FROM kit.audit WHERE action = 'badge_refused'")
    assert len(audit) == 7


async def test_a_pin_is_chosen_once_with_its_code_and_not_among_the_first_tried(desk: Desk) -> None:
    """Without PIN the badge opens nothing; weak ones are refused; the code works once; a new badge needs a new PIN."""
    async with desk.browser() as post:
        await enrolled(desk, post)
        code = await give_badge(desk, "infirmier")
        assert (await by_badge(desk, post)).status_code == 401
        for weak in ("000000", "123456", "654321", "121212", "123123", "12345", "1234567", "abcdef"):
            answer = await post.post("/auth/badge-pin", json={"badge": CARD, "code": code, "pin": weak})
            assert (answer.status_code, answer.json()["code"]) == (422, "PIN_WEAK"), weak
        wrong = await post.post("/auth/badge-pin", json={"badge": CARD, "code": "1", "pin": PIN})
        assert wrong.json()["code"] == "SIGN_IN_REFUSED"
        body = {"badge": CARD, "code": code, "pin": PIN}
        assert (await post.post("/auth/badge-pin", json=body)).status_code == 204
        assert (await post.post("/auth/badge-pin", json=body)).json()["code"] == "SIGN_IN_REFUSED"
        assert (await by_badge(desk, post)).status_code == 200
        await give_badge(desk, "infirmier")
        await soon(lambda: ended(post))
        await desk.refresh(post)
        assert (await by_badge(desk, post)).status_code == 401


async def test_a_badge_has_one_holder_and_a_lost_one_opens_nothing(desk: Desk) -> None:
    """Another person cannot be given it; taken back, its session is out and the card is refused."""
    async with post_with_badge(desk) as post, desk.browser("administrateur") as admin:
        doctor, nurse = await person_id(desk, "medecin"), await person_id(desk, "infirmier")
        taken = await admin.post(f"{PERSONS}/{doctor}/badge", json={"badge": "04A25F1190"})
        assert (taken.status_code, taken.json()["code"]) == (409, "BADGE_TAKEN")
        stranger = await person_id(desk, "secretaire1")
        assert (await admin.post(f"{PERSONS}/{stranger}/badge", json={"badge": "0001"})).status_code == 404
        assert (await by_badge(desk, post)).status_code == 200
        assert (await admin.delete(f"{PERSONS}/{nurse}/badge")).status_code == 204
        assert (await admin.delete(f"{PERSONS}/{nurse}/badge")).status_code == 404
        await soon(lambda: ended(post))
        await desk.refresh(post)
        assert (await by_badge(desk, post)).status_code == 401
        assert (await admin.post(f"{PERSONS}/{doctor}/badge", json={"badge": CARD})).status_code == 200


async def test_badge_and_pin_prove_a_person_afresh(desk: Desk) -> None:
    """The door lets an act that asks for it pass again; somebody else's badge proves nothing."""
    async with post_with_badge(desk, "administrateur") as post:
        assert (await by_badge(desk, post)).status_code == 200

        async def stale() -> bool:
            return (await post.post(DEVICES, json={"kind": "wall", "label": "x"})).status_code == 403

        code = await give_badge(desk, "medecin", "0002")
        await desk.sql("UPDATE session SET auth_time = now() - interval '1 hour' WHERE 'badge' = ANY (amr)")
        await soon(stale)
        body = {"badge": "0002", "code": code, "pin": "918273"}
        assert (await post.post("/auth/badge-pin", json=body)).status_code == 204
        other = await post.post("/auth/step-up", json={"badge": "0002", "pin": "918273"})
        assert (other.status_code, other.json()["code"]) == (401, "SECOND_FACTOR_REFUSED")
        wrong = await post.post("/auth/step-up", json={"badge": CARD, "pin": "918273"})
        assert wrong.json()["code"] == "SECOND_FACTOR_REFUSED"
        assert await stale()
        assert (await post.post("/auth/step-up", json={"badge": CARD, "pin": PIN})).status_code == 200
        assert (await post.post(DEVICES, json={"kind": "wall", "label": "x"})).status_code == 201


async def test_a_wall_screen_reads_and_changes_nothing(desk: Desk) -> None:
    """It is signed in as a screen of its organisation, without idle end; every unsafe method is refused but leaving."""
    async with desk.browser() as wall:
        device = await enrolled(desk, wall, "wall")
        session = (await wall.get("/auth/session")).json()
        assert (session["kind"], session["person"], session["screen"]["id"]) == ("wall", None, device)
        assert session["screen"]["organisation_id"] == str(CENTRE)
        assert session["idle_until"] == session["expires_at"]
        assert (await wall.get(APPOINTMENTS)).json()["code"] == "NOT_ALLOWED"
        assert (await wall.get("/auth/sessions")).json()["items"] == []
        for method, path, body in (
            ("PUT", "/auth/session/context", {"membership_id": str(uuid4())}),
            ("DELETE", "/auth/sessions", None),
            ("POST", "/auth/password", {"login": "medecin", "password": desk.passwords["medecin"]}),
            ("POST", "/auth/step-up", {"code": "123456"}),
            ("POST", DEVICES, {"kind": "wall", "label": "x"}),
        ):
            answer = await wall.request(method, path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED"), path
        assert (await wall.delete("/auth/session")).status_code == 204
        assert (await wall.get("/auth/session")).json()["kind"] == "visitor"


async def test_strangers_are_locked_out_and_the_known_device_still_signs_in(desk: Desk) -> None:
    """6th wrong password for a colleague, from outside: 429 for the stranger only. Five on one device lock that one."""
    right = desk.passwords["medecin"]
    async with desk.browser("medecin") as own, desk.browser() as stranger, desk.browser("infirmier") as colleague:
        assert (await own.delete("/auth/session")).status_code == 204
        await desk.refresh(own)
        for _ in range(5):
            assert (await desk.sign_in(stranger, "medecin", "wrong but long enough")).status_code == 401
        assert (await desk.sign_in(stranger, "medecin", right)).status_code == 429
        assert (await desk.sign_in(colleague, "medecin", right)).status_code == 429, "known, but as hers"
        assert (await desk.sign_in(own, "medecin", right)).status_code == 200
        await desk.refresh(own)
        for _ in range(5):
            assert (await desk.sign_in(own, "medecin", "wrong but long enough")).status_code == 401
        assert (await desk.sign_in(own, "medecin", right)).status_code == 429
    await desk.sql("UPDATE sign_in_guard SET locked_until = now() - interval '1 second' WHERE device_id IS NULL")
    async with desk.browser() as stranger:
        assert (await desk.sign_in(stranger, "medecin", right)).status_code == 200


async def test_two_persons_on_one_browser_each_know_it(desk: Desk) -> None:
    """One cookie, a row for each; a removed one is a stranger's again; somebody else's cannot be removed."""
    async with desk.browser("medecin") as browser:
        token = browser.cookies["device"]
        await browser.delete("/auth/session")
        await desk.refresh(browser)
        assert (await desk.sign_in(browser, "infirmier", desk.passwords["infirmier"])).status_code == 200
        await desk.refresh(browser)
        assert browser.cookies["device"] == token
        rows = await desk.sql("SELECT id FROM device WHERE kind = 'known' ORDER BY id")
        assert len(rows) == 2
        (mine,) = (await browser.get("/auth/devices")).json()["items"]
        assert mine["current"] is True
        (hers,) = [str(row["id"]) for row in rows if str(row["id"]) != mine["id"]]
        assert (await browser.delete(f"/auth/devices/{hers}")).json()["code"] == "NOT_FOUND"
        assert (await browser.delete(f"/auth/devices/{mine['id']}")).status_code == 204
        assert (await browser.get("/auth/devices")).json()["items"] == []
    async with desk.browser() as stranger:
        for _ in range(5):
            await desk.sign_in(stranger, "infirmier", "wrong but long enough")
    async with desk.house.browser(Cookie=f"device={token}") as browser:
        await desk.refresh(browser)
        assert (await desk.sign_in(browser, "infirmier", desk.passwords["infirmier"])).status_code == 429


async def test_a_shared_post_stays_one_when_somebody_signs_in_by_password(desk: Desk) -> None:
    """It is nobody's own device."""
    async with post_with_badge(desk) as post:
        cookie = post.cookies["device"]
        assert (await desk.sign_in(post, "medecin", desk.passwords["medecin"])).status_code == 200
        await desk.refresh(post)
        assert post.cookies["device"] == cookie
        assert (await post.get("/auth/devices")).json()["items"] == []
        assert (await by_badge(desk, post)).status_code == 200


async def test_only_an_own_device_is_changed_and_an_ended_one_stays_so(desk: Desk) -> None:
    """Stale version, other organisation's, ended: each its refusal."""
    async with desk.browser() as post, desk.browser("administrateur") as admin, desk.browser("exploitant") as operator:
        device = await enrolled(desk, post)
        path = f"{DEVICES}/{device}"
        assert (await operator.get(DEVICES)).json()["items"] == []
        assert (await operator.patch(path, json={"label": "x"})).json()["code"] == "NOT_FOUND"
        stale = await admin.patch(path, json={"label": "x"}, headers={"If-Match": '"1"'})
        assert stale.json()["code"] == "VERSION_STALE"
        assert (await admin.patch(path, json={"label": "Bloc 3"})).json()["label"] == "Bloc 3"
        assert (await admin.patch(path, json={"valid_to": "2020-01-01T00:00:00Z"})).status_code == 200
        assert (await admin.patch(path, json={"label": "x"})).json()["code"] == "WRONG_STATE"
        refused = await post.post("/auth/badge", json={"badge": CARD, "pin": PIN})
        assert refused.json()["code"] == "POST_NOT_ENROLLED"
