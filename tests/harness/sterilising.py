"""The demonstration's plant and hospitals behind the front door, and its people at work there, from reception to the
load that waits for its signature.

people = await Sterilising(door).build()
runs = await people.packed(["051", "001"])
load = await people.sterilised(runs, "steam-1")
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid5

import httpx

from cooperation.demo import loading
from cooperation.demo.loading import GROUP, HOSPITALS, known, mark
from cooperation.settings import CooperationSettings
from gateway import demo
from gateway.factors import totp
from gateway.sessions import passwords
from gateway.settings import GatewaySettings
from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.settings import ServiceSettings
from maillage.testing import soon
from tests.harness.cycles import Samples, plateau, record, wash
from tests.harness.front import SECRET, Front, account
from tests.harness.place import Json, ok

COOPERATION = "/api/cooperation/v1"
CHAUMONT, LANGRES, BOURBONNE = HOSPITALS[:3]
LOGINS = ("agent1", "agent2", "pharmacien", "coordination", "bloc", "hygiene", "partenaires")


class Sterilising:
    """`people`: signed in, by login; `clinician` (Langres) and `foreign` (administrator of Bourbonne) besides."""

    def __init__(self, door: Front) -> None:
        self.door = door
        self.people: dict[str, httpx.AsyncClient] = {}
        self._seq: Counter[UUID] = Counter()

    async def build(self) -> "Sterilising":
        """Organisations and accounts in the gateway, the plant in cooperation; waits until it knows who is who."""
        cluster = self.door.cluster
        hashed = await passwords.hashed(SECRET)

        async def territory(tx: Tx) -> tuple[str, str]:
            await demo.fill(tx, "essai", {each.login: hashed for each in demo.ACCOUNTS})
            return (
                await account(tx, LANGRES, "clinician", None, hashed),
                await account(tx, BOURBONNE, "administrator", None, hashed),
            )

        async with _base(GatewaySettings(postgres_url=cluster.role_url("gateway"))) as gateway:
            clinician, foreign = await gateway.run(system("gateway"), territory)
        async with _base(CooperationSettings(postgres_url=cluster.role_url("cooperation"))) as cooperation:
            await cooperation.run(system("cooperation"), loading.build)
        for name, login in (*((each, each) for each in LOGINS), ("clinician", clinician), ("foreign", foreign)):
            self.people[name] = await self.door.sign_in(login)
        await soon(self._known, seconds=30)
        return self

    async def _known(self) -> bool:
        rows = await self.door.cluster.rows("cooperation", "SELECT count(*) FROM membership_ref")
        return int(rows[0][0]) >= len(demo.ACCOUNTS)

    async def second_factor(self, name: str) -> None:
        """Sets an authenticator up at the door, which proves it; waits until the door has read it."""
        client = self.people[name]
        secret = str((await ok(client.post("/auth/totp-enrolment")))["secret"])
        code = {"code": totp.code(secret, clock.now())}
        await ok(client.post("/auth/totp-enrolment/confirm", json=code))
        client.headers["X-CSRF-Token"] = str((await ok(client.get("/auth/session")))["csrf_token"])

        async def seen() -> bool:
            return (await ok(client.get("/auth/session")))["acr"] == 2

        await soon(seen, seconds=10)

    async def act(self, name: str, path: str, body: object = None, status: int = 200, **headers: str) -> Json:
        """POST by one of the people, which must succeed."""
        sent = {each.replace("_", "-"): value for each, value in headers.items()}
        return await ok(self.people[name].post(f"{COOPERATION}{path}", json=body, headers=sent), status)

    async def scan(self, name: str, station: str, codes: Sequence[str], **said: object) -> list[Json]:
        """Scans at a station of the plant by its one scanner; each must be done."""
        place = known("station", station)
        device = uuid5(place, "device")
        scans = []
        for code in codes:
            self._seq[device] += 1
            scans.append({"seq": self._seq[device], "code": code, "scanned_at": clock.now().isoformat(), **said})
        body = {"device_id": str(device), "station_id": str(place), "scans": scans}
        results = (await self.act(name, "/scans", body))["results"]
        assert isinstance(results, list)
        assert [each["outcome"] for each in results] == ["done"] * len(codes), results
        return results

    async def received(self, serials: Sequence[str]) -> list[str]:
        """Sets of the demonstration, scanned at reception; the ids of their runs."""
        found = await self.scan("agent1", "reception", [mark(12, serial) for serial in serials])
        return [each["subject"]["id"] for each in found]  # type: ignore[index]

    async def packed(self, runs: Sequence[str], serials: Sequence[str]) -> None:
        """Washed (accepted by an operator), recomposed, wrapped."""
        load = await self.recorded(runs, "washer-1", "wash-a0-3000", wash(), clean=True)
        await self.decide("agent1", load)
        for run in runs:
            file = await ok(self.people["agent1"].get(f"{COOPERATION}/runs/{run}"))
            counted = [{"line_id": each["line_id"], "quantity": each["quantity"]} for each in file["lines"]]  # type: ignore[attr-defined]
            await self.act("agent1", f"/runs/{run}/assemble", {"counted": counted})
        wrap = {"packaging_id": str(known("packaging", "wrap"))}
        await self.scan("agent1", "packing sealer-1", [mark(12, serial) for serial in serials], **wrap)

    async def tested(self, machine: str) -> None:
        """The tests of the day of a steriliser."""
        for kind in ("leak", "bowie_dick"):
            path = f"/machines/{known('machine', machine)}/tests"
            await self.act("agent1", path, {"kind": kind, "result": "conform"}, 201)

    async def started(self, name: str, runs: Sequence[str], machine: str, programme: str) -> str:
        """Loaded and started by this person."""
        body = {"machine_id": str(known("machine", machine)), "programme_id": str(known("programme", programme))}
        load = str((await self.act(name, "/loads", body, 201))["id"])
        for run in runs:
            await self.act(name, f"/loads/{load}/runs", {"run_id": run})
        await self.act(name, f"/loads/{load}/start", {"cycle_no": 4117})
        return load

    async def recorded(self, runs: Sequence[str], machine: str, programme: str, samples: Samples, **saw: bool) -> str:
        """A load of agent 2 whose cycle was entered by two persons, each pack seen as said."""
        load = await self.started("agent2", runs, machine, programme)
        body = record(4117, samples, witness=str(uuid5(GROUP, "person:agent1")))
        assert (await self.act("agent2", f"/loads/{load}/record", body, 201))["verdict"] == "conform"
        for run in runs:
            await self.act("agent2", f"/loads/{load}/runs/{run}/seen", saw)
        return load

    async def sterilised(self, runs: Sequence[str], machine: str) -> str:
        """A load with everything that a release asks for, but who signs."""
        load = await self.recorded(runs, machine, "steam-134-18", plateau(), intact=True, dry=True)
        await self.act("agent2", f"/loads/{load}/controls", {"kind": "integrator", "result": "conform"}, 201)
        return load

    async def sign(self, name: str, load: str, body: object = None) -> httpx.Response:
        """A decision on what is shown at this instant; a release unless said. A member is shown no evidence."""
        client = self.people[name]
        shown = (await client.get(f"{COOPERATION}/loads/{load}")).headers.get("etag", '"-"')
        path = f"{COOPERATION}/loads/{load}/decision"
        return await client.post(path, json=body or {"outcome": "release"}, headers={"If-Match": shown})

    async def decide(self, name: str, load: str) -> None:
        """A release that must succeed."""
        answer = await self.sign(name, load)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def _base(settings: ServiceSettings) -> AsyncIterator[Database]:
    database = Database(settings)
    await database.open()
    try:
        yield database
    finally:
        await database.close()
