"""A person's authenticator at the real door: sets one up, reads codes from it, signs in with it."""

import httpx

from gateway.factors import totp
from maillage import clock
from tests.e2e.gateway.conftest import Desk


class Authenticator:
    """`secret` once one is enrolled; `recovery_codes` as they were shown."""

    def __init__(self, desk: Desk, login: str) -> None:
        self.desk, self.login = desk, login
        self.secret = ""
        self.recovery_codes: list[str] = []

    async def enrol(self, client: httpx.AsyncClient) -> httpx.Response:
        """Sets one up where the door asks for it, or for who is signed in; the answer to the first code."""
        made = await client.post("/auth/totp-enrolment")
        assert made.status_code == 200, made.text
        self.secret = made.json()["secret"]
        done = await client.post("/auth/totp-enrolment/confirm", json={"code": self.code()})
        assert done.status_code == 200, done.text
        self.recovery_codes = done.json()["recovery_codes"]
        await self.desk.refresh(client)
        return done

    def code(self) -> str:
        """What it shows now."""
        return totp.code(self.secret, clock.now())

    async def fresh(self) -> str:
        """A code that has not been used: as if half a minute had passed since the last one."""
        await self.desk.sql(
            "UPDATE totp SET last_step = 0 WHERE person_id = (SELECT id FROM person WHERE login = $1)", self.login
        )
        return self.code()

    async def begin(self, client: httpx.AsyncClient, password: str | None = None) -> None:
        """The first half of a sign-in."""
        answer = await self.desk.sign_in(client, self.login, password or self.desk.passwords[self.login])
        assert (answer.status_code, answer.json()) == (200, {"next": "totp"}), answer.text

    async def sign_in(self, client: httpx.AsyncClient, password: str | None = None) -> None:
        """Both halves."""
        await self.begin(client, password)
        done = await client.post("/auth/totp", json={"code": await self.fresh()})
        assert done.status_code == 200, done.text
        await self.desk.refresh(client)
