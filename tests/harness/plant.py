"""Five hospitals and their sterilisation plant in the base of cooperation, and callers for its API.

    async with await Plant.on(admin_of(running.database_url), running) as plant:
    plant.group, plant.members[0..4]          # organisations; `plant.site("plant")`, `plant.site(member)`
    plant.place("reception"), plant.place("store", member)…   # places; `plant.stations["loading"]`, `plant.devices[…]`
    plant.machines["washer"|"steam"|"sealer"], plant.programmes["wash"|"steam"], plant.packagings["container"|"pouch"]
    set_id = await plant.set(member)          # on an adopted composition of three lines; `plant.lines` are its lines
    run = await plant.run(set_id, "released") # a run at that stage, with its trace, and where it is
    async with plant.http(plant.pharmacist()) as client: ...

Rows that are traced are planted through the service's own recording, so that the trace folds to them. Nothing here is
checked as the API would. Shared by the tests of the service: add builders, keep those that are there.
"""

import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import TracebackType
from uuid import UUID

import asyncpg
import httpx

from contracts.cooperation import RunStage
from cooperation.codes.domain import check_digit, read
from cooperation.custody.moving import Subject, move
from cooperation.machines.rows import Machine
from cooperation.runs.rows import Instrument, InstrumentSet, Run
from cooperation.trace.recording import add
from cooperation.transport.rows import Compartment, Crate
from gateway.permissions import held
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.principal import Principal, system
from maillage.testing import Running
from tests.harness.days import today
from tests.harness.people import professional

PREFIX = "9521234"
HOSPITAL = (
    "set.read", "use.write", "issue.write", "programme.write", "order.write", "trace.read", "recall.act",
    "transport.act", "scan.write",
)  # fmt: skip
"""Scopes of a hospital's software."""
PLANT_PLACES = ("reception", "washing", "assembly", "packing", "sterilising", "store", "dock", "quarantine", "outside")
MEMBERS = ("Chaumont", "Langres", "Bourbonne", "CMC", "Compassion")
_serials = itertools.count(1)


def grai(serial: str, kind: str = "00012") -> str:
    """The element string of a set's or crate's mark, as a scanner reads it."""
    digits = f"{PREFIX}{kind}"
    return f"]d280030{digits}{check_digit(digits)}{serial}"


def giai(serial: str) -> str:
    """The element string of an instrument's mark."""
    return f"]d28004{PREFIX}{serial}"


def sscc(label: str) -> str:
    """The element string of a pack's label."""
    return f"]d200{label}"


def uri(text: str) -> str:
    """The canonical name of what such a text reads as: what `tag` and `code` columns hold."""
    return read(text).uri


class Plant:
    """Writes rows; each method returns the id of what it made."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", running: Running | None) -> None:
        self.connection = connection
        self.running = running
        self.group = new_id()
        self.members = tuple(new_id() for _ in MEMBERS)
        self.supplier = new_id()
        self.sites: dict[UUID, UUID] = {}
        self.places: dict[tuple[str, UUID], UUID] = {}
        self.stations: dict[str, UUID] = {}
        self.devices: dict[str, UUID] = {}
        self.machines: dict[str, UUID] = {}
        self.programmes: dict[str, UUID] = {}
        self.packagings: dict[str, UUID] = {}
        self.models: dict[str, UUID] = {}
        self.compositions: dict[UUID, tuple[UUID, UUID]] = {}
        self.lines: dict[UUID, list[UUID]] = {}

    @classmethod
    async def on(cls, admin_url: str, running: Running | None = None) -> "Plant":
        """Connects (`admin_of(url)`) and plants the group, its members and the plant's reference rows."""
        connection = await asyncpg.connect(admin_url, server_settings={"maillage.orgs": "*"})
        for kind in ("json", "jsonb"):
            await connection.set_type_codec(kind, encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
        plant = cls(connection, running)
        await plant._plant()
        return plant

    async def __aenter__(self) -> "Plant":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        await self.connection.close()

    # --- what the plant is made of ---------------------------------------------------------------------------------

    async def _plant(self) -> None:
        now = clock.now()
        await self.insert("cooperation_group", {
            "id": self.group, "organisation_id": self.group, "name": "GCS", "gs1_prefix": PREFIX, "created_at": now,
        })  # fmt: skip
        for number, (member, name) in enumerate(zip(self.members, MEMBERS, strict=True), start=1):
            await self.insert("member", {
                "id": member, "organisation_id": member, "group_id": self.group, "name": name,
                "finess": f"52000000{number}", "rights": 200, "joined_on": date(2020, 1, 1), "created_at": now,
            })  # fmt: skip
        for owner, kind in ((self.group, "plant"), *((member, "hospital") for member in self.members)):
            self.sites[owner] = await self.reference("site", owner, name=kind, kind=kind)
        for kind in (
            "reception",
            "washing",
            "assembly",
            "packing",
            "sterilising",
            "store",
            "dock",
            "quarantine",
            "outside",
        ):
            await self._place(kind, self.group, "dirty" if kind in ("reception", "washing") else "any")
        for member in self.members:
            for kind in ("theatre", "store", "dock", "quarantine"):
                await self._place(kind, member, "any" if kind != "store" else "clean")
        await self._machines()
        await self._stations()
        await self._catalogue()

    async def _place(self, kind: str, owner: UUID, cleanliness: str) -> None:
        self.places[kind, owner] = await self.reference(
            "place", owner, site_id=self.sites[owner], name=kind, kind=kind, cleanliness=cleanliness,
            code=f"{kind}-{next(_serials)}",
        )  # fmt: skip

    async def _machines(self) -> None:
        for kind, capacity in (("washer", 12), ("steam", 18), ("low_temperature", 8), ("sealer", 1)):
            machine = Machine(
                id=new_id(), organisation_id=self.group, created_at=clock.now(), group_id=self.group,
                site_id=self.sites[self.group], name=kind, kind=kind, capacity=capacity, state_since=clock.now(),  # type: ignore[arg-type]
            )  # fmt: skip
            await self.record(lambda tx, made=machine: add(tx, made, "machine.added"))
            self.machines[kind] = machine.id

    async def _stations(self) -> None:
        at_plant = (
            ("reception", "reception", None), ("washing", "washing", "washer"), ("wash_unloading", "washing", "washer"),
            ("assembly", "assembly", None), ("packing", "packing", "sealer"), ("loading", "sterilising", "steam"),
            ("unloading", "sterilising", "steam"), ("store", "store", None), ("dispatch", "dock", None),
            ("quarantine", "quarantine", None),
        )  # fmt: skip
        for kind, place, machine in at_plant:
            await self.station(kind, self.group, place, self.machines[machine] if machine else None)
        for kind, place in (("theatre", "theatre"), ("return", "theatre"), ("dock", "dock")):
            await self.station(kind, self.members[0], place)

    async def station(self, kind: str, owner: UUID, place: str, machine_id: UUID | None = None) -> UUID:
        """A station of that kind with one device; the first of a kind is in `stations` and `devices`."""
        made = await self.reference(
            "station", owner, site_id=self.sites[owner], place_id=self.places[place, owner], machine_id=machine_id,
            name=kind, kind=kind,
        )  # fmt: skip
        device = await self.reference("device", owner, station_id=made, name=f"{kind} 1")
        self.stations.setdefault(kind, made)
        self.devices.setdefault(kind, device)
        return made

    async def _catalogue(self) -> None:
        always = asyncpg.Range(clock.now() - timedelta(days=4000), None)
        for name, kind, days in (("pouch", "pouch", 90), ("wrap", "wrap", 30), ("container", "container", 180)):
            self.packagings[name] = await self.reference(
                "packaging", self.group, name=name, kind=kind, shelf_days=days, sealed=kind == "pouch"
            )
        self.programmes["wash"] = await self.reference(
            "programme", self.group, code="wash", no=1, name="Lavage", kind="washing", temp_c=90.0, a0_min=600.0,
            expected_min=60, valid=always,
        )  # fmt: skip
        self.programmes["steam"] = await self.reference(
            "programme", self.group, code="prion134", no=1, name="134 °C 18 min", kind="steam", temp_c=134.0,
            plateau_s=1080, saturation_k=2.0, expected_min=70, valid=always,
        )  # fmt: skip
        for alias, single_use in (("needle-holder", False), ("clip", False), ("trocar", True)):
            self.models[alias] = await self.reference(
                "instrument_model", self.group, alias=alias, single_use=single_use,
                programmes_allowed=["wash", "prion134"],
            )  # fmt: skip

    async def composition(self, owner: UUID, *, prion_class: str = "none", mode: str = "free") -> tuple[UUID, UUID]:
        """An adopted composition of one critical needle holder, four clips, two clips: its id, its version's id."""
        composition, version, now = new_id(), new_id(), clock.now()
        row = {"organisation_id": owner, "created_at": now}
        code = f"C{next(_serials)}"
        await self.insert("composition", row | {"id": composition, "group_id": self.group, "code": code, "name": code})
        await self.insert("composition_version", row | {
            "id": version, "composition_id": composition, "no": 1, "wash_programme": "wash", "programme": "prion134",
            "packaging_ids": [self.packagings["container"], self.packagings["pouch"]], "uo_category": "A",
            "prion_class": prion_class,
        })  # fmt: skip
        self.lines[version] = []
        for position, (model, quantity, critical) in enumerate(
            (("needle-holder", 1, True), ("clip", 4, False), ("clip", 2, False)), start=1
        ):
            line = new_id()
            await self.insert("composition_line", {
                "id": line, "organisation_id": owner, "version_id": version, "position": position,
                "model_id": self.models[model], "quantity": quantity, "mode": mode, "critical": critical,
            })  # fmt: skip
            self.lines[version].append(line)
        await self.connection.execute(
            "UPDATE composition_version SET state = 'adopted', adopted_at = $2, adopted_by = $3 WHERE id = $1",
            version, now, new_id(),
        )  # fmt: skip
        return composition, version

    async def set(self, owner: UUID | None = None, *, place: UUID | None = None, **fields: object) -> UUID:
        """A set of a member (the first, unless said), at its theatre, without a run. Its mark: `tag_of(set_id)`."""
        owner = owner or self.members[0]
        if owner not in self.compositions:
            self.compositions[owner] = await self.composition(owner)
        composition, version = self.compositions[owner]
        made = InstrumentSet(
            id=new_id(), organisation_id=owner, created_at=clock.now(), group_id=self.group, name="Set",
            tag=uri(grai(f"S{next(_serials):05d}")), composition_id=composition, composition_version_id=version,
        )  # fmt: skip
        made = replace(made, **fields)  # type: ignore[arg-type]
        at = place or self.places["theatre", owner]

        async def plant(tx: Tx) -> None:
            await add(tx, made, "set.added")
            await move(tx, Subject("set", made.id, owner, self.group), at, tx.now)

        await self.record(plant)
        return made.id

    async def instrument(self, set_id: UUID | None, model: str = "clip", owner: UUID | None = None) -> UUID:
        """A marked instrument, of a set or of none."""
        made = Instrument(
            id=new_id(), organisation_id=owner or self.members[0], created_at=clock.now(), group_id=self.group,
            code=uri(giai(f"I{next(_serials):06d}")), model_id=self.models[model], set_id=set_id,
        )  # fmt: skip
        await self.record(lambda tx: add(tx, made, "instrument.added"))
        return made.id

    async def run(self, set_id: UUID, stage: RunStage, *, place: UUID | None = None, **fields: object) -> UUID:
        """A run of the set at that stage; from `packed` on with a label (`label_of`), from `released` on with dates."""
        row = await self.row("instrument_set", set_id)
        now, made = clock.now(), new_id()
        known: dict[str, object] = {}
        if stage in ("packed", "sterilising", "released", "used"):
            known |= {"label": self.label(), "packaging_id": self.packagings["container"]}
        if stage in ("released", "used"):
            day = today()
            known |= {"sterile_on": day, "expires_on": day + timedelta(days=180), "released_at": now}
        if stage in ("used", "aborted"):
            known |= {"ended_at": now}
        run = Run(
            id=made, organisation_id=row["organisation_id"], created_at=now, group_id=self.group, set_id=set_id,
            composition_version_id=row["composition_version_id"], stage=stage, stage_since=now, gaps=[],
        )  # fmt: skip
        run = replace(run, **(known | fields))  # type: ignore[arg-type]

        async def plant(tx: Tx) -> None:
            await add(tx, run, "run.planted")
            if place is not None:
                await move(tx, Subject("set", set_id, run.organisation_id, self.group), place, tx.now)

        await self.record(plant)
        return made

    async def crate(self, place: UUID, **fields: object) -> UUID:
        """A crate of the group that stands there, for instruments unless said. Its mark: `crate_tag(crate_id)`."""
        made = await self.reference(
            "place", self.group, name="crate", kind="crate", cleanliness="any", code=f"crate-{next(_serials)}"
        )
        row = Crate(
            id=made, organisation_id=self.group, created_at=clock.now(), group_id=self.group,
            tag=uri(grai(f"B{next(_serials):05d}", "00029")),
        )  # fmt: skip
        row = replace(row, **fields)  # type: ignore[arg-type]

        async def plant(tx: Tx) -> None:
            await add(tx, row, "crate.added")
            await move(tx, Subject("crate", made, self.group, self.group), place, tx.now)

        await self.record(plant)
        return made

    async def crate_tag(self, crate_id: UUID) -> str:
        """The mark of a crate, as a scanner reads it."""
        return grai((await self.row("crate", crate_id))["tag"].rpartition("/")[2][14:], "00029")

    async def van(self, **capacity: int) -> dict[str, UUID]:
        """A van of the group with a `clean` and a `dirty` compartment, of 20 crates unless said; `van`: the vehicle."""
        made = {"van": await self.reference("vehicle", self.group, name="van")}
        for kind in ("clean", "dirty"):
            at = await self.reference(
                "place", self.group, name=kind, kind="compartment", cleanliness=kind, code=f"van-{next(_serials)}"
            )
            row = Compartment(
                id=at, organisation_id=self.group, created_at=clock.now(), group_id=self.group,
                vehicle_id=made["van"], cleanliness=kind, capacity=capacity.get(kind, 20),
            )  # fmt: skip
            await self.record(lambda tx, row=row: add(tx, row, "compartment.added"))
            made[kind] = at
        return made

    async def flow(self, code: str, *items: str, **fields: object) -> UUID:
        """A shared flow with its items: clean and towards the member, unless said."""
        row: dict[str, object] = {"name": code, "unit": "piece", "direction": "to_member", "cleanliness": "clean"}
        made = await self.reference("flow", self.group, code=code, **(row | fields))
        for item in items:
            await self.reference("item", self.group, flow_id=made, code=item, name=item)
        return made

    def label(self) -> str:
        """A new SSCC of 18 digits, of the tests' own series."""
        digits = f"9{PREFIX}{next(_serials):09d}"
        return f"{digits}{check_digit(digits)}"

    async def tests_of_day(
        self, machine: str = "steam", *kinds: str, result: str = "conform", at: datetime | None = None
    ) -> None:
        """The tests of the local day (leak and Bowie-Dick, unless said) of a machine."""
        for kind in kinds or ("leak", "bowie_dick"):
            when = at or clock.now()
            await self.connection.execute(
                "INSERT INTO machine_test (id, organisation_id, machine_id, kind, local_day, result, tested_at,"
                " recorded_by, created_at)"
                " VALUES ($1, $2, $3, $4, ($5::timestamptz AT TIME ZONE 'Europe/Paris')::date, $6, $5, 'plant', $5)",
                new_id(), self.group, self.machines[machine], kind, when, result,
            )  # fmt: skip

    async def link(self, member: int, seconds: int, *departures: str, back: bool = False) -> UUID:
        """The road from the plant to a member's site, or back, with what leaves every day at those local times."""
        ends = (self.sites[self.group], self.sites[self.members[member]])
        start, end = reversed(ends) if back else ends
        trips = [{"days": [1, 2, 3, 4, 5, 6, 7], "at": at} for at in departures]
        return await self.reference(
            "road_link", self.group, from_site_id=start, to_site_id=end, metres=seconds * 15, seconds=seconds,
            method="test", departures=trips,
        )  # fmt: skip

    async def signatory(self, person: UUID, *machines: str, days: tuple[int, int | None] = (-30, None)) -> UUID:
        """May sign on those machines (all, unless said), from and to so many days from now."""
        now, made = clock.now(), new_id()
        until = None if days[1] is None else now + timedelta(days=days[1])
        chosen = [self.machines[name] for name in machines] or list(self.machines.values())
        await self.insert("signatory", {
            "id": made, "organisation_id": self.group, "person_id": person, "machine_ids": chosen,
            "valid": asyncpg.Range(now + timedelta(days=days[0]), until), "document_ref": "D1", "created_at": now,
        })  # fmt: skip
        await self.insert("membership_ref", {
            "membership_id": new_id(), "organisation_id": self.group, "person_id": person,
            "role": "sterilisation_releaser", "valid_from": now - timedelta(days=400), "valid_to": None, "sequence": 1,
        })  # fmt: skip
        return made

    # --- rows ------------------------------------------------------------------------------------------------------

    async def record(self, work: object) -> None:
        """Runs a use case on this connection, as the system, in one transaction: traced rows have their entries."""
        assert self.running is not None
        async with self.connection.transaction():
            tx = Tx(self.connection, system("cooperation"), clock.now(), self.running.settings)  # type: ignore[arg-type]
            await work(tx)  # type: ignore[operator]
            await tx.finish()

    async def reference(self, table: str, owner: UUID, **fields: object) -> UUID:
        """One row of the group's reference tables."""
        made = new_id()
        row: dict[str, object] = {
            "id": made, "organisation_id": owner, "group_id": self.group, "created_at": clock.now(),
        }  # fmt: skip
        await self.insert(table, row | fields)
        return made

    async def insert(self, table: str, row: dict[str, object]) -> None:
        """One row."""
        columns, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.connection.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", *row.values())

    async def row(self, table: str, id_: UUID) -> asyncpg.Record:
        """One row by its id."""
        found = await self.connection.fetchrow(f"SELECT * FROM {table} WHERE id = $1", id_)
        assert found is not None, f"{table} {id_}"
        return found

    async def tag_of(self, set_id: UUID) -> str:
        """The mark of a set, as a scanner reads it."""
        serial = (await self.row("instrument_set", set_id))["tag"].rpartition("/")[2][14:]
        return grai(serial)

    async def label_of(self, run_id: UUID) -> str:
        """The label of a run's pack, as a scanner reads it."""
        return sscc((await self.row("run", run_id))["label"])

    def place(self, kind: str, owner: UUID | None = None) -> UUID:
        """A place of the plant, or of a member."""
        return self.places[kind, owner or self.group]

    # --- callers ---------------------------------------------------------------------------------------------------

    def at_plant(self, role: str, person: UUID | None = None) -> Principal:
        """Somebody of the group, for all members."""
        return professional(role, self.group, *self.members, person=person, service="cooperation")

    def operator(self, person: UUID | None = None) -> Principal:
        """A sterilisation agent."""
        return self.at_plant("sterilisation_agent", person)

    def pharmacist(self, person: UUID | None = None, *, proved_s_ago: int = 5) -> Principal:
        """Who releases, with badge and PIN shown so long ago."""
        caller = self.at_plant("sterilisation_releaser", person)
        proved = int(clock.now().timestamp()) - proved_s_ago
        return replace(caller, auth_time=proved, amr=("badge", "pin"), acr=2)

    def manager(self, person: UUID | None = None) -> Principal:
        """The group's manager."""
        return self.at_plant("gcs_manager", person)

    def driver(self, person: UUID | None = None) -> Principal:
        """A driver of the group."""
        return self.at_plant("logistics_agent", person)

    def at_member(self, role: str, member: int | UUID = 0, person: UUID | None = None) -> Principal:
        """Somebody of a member: `theatre_agent`, `hygiene`, `manager`, `clinician`."""
        owner = member if isinstance(member, UUID) else self.members[member]
        return professional(role, owner, person=person, service="cooperation")

    def theatre(self, member: int | UUID = 0, person: UUID | None = None) -> Principal:
        """A theatre nurse of a member."""
        return self.at_member("theatre_agent", member, person)

    def hospital(self, member: int = 0, *scopes: str) -> Principal:
        """A member's software, by client credentials; without scopes it has what hospitals are given."""
        given = scopes or HOSPITAL
        return Principal(
            sub=f"client:{new_id()}", kind="partner", org=self.members[member], orgs=frozenset({self.members[member]}),
            perms=dict.fromkeys(given, "o"),
        )  # fmt: skip

    def machine_client(self, machine: str) -> Principal:
        """The connector of one machine."""
        return Principal(
            sub=f"client:{new_id()}", kind="partner", org=self.group, orgs=frozenset({self.group, *self.members}),
            perms={"record.write": "o"}, bound_ids=(f"machine:{self.machines[machine]}",),
        )  # fmt: skip

    def supplier_caller(self) -> Principal:
        """Who lends sets."""
        return professional("supplier", self.supplier, service="cooperation")

    def stranger(self, role: str = "gcs_manager") -> Principal:
        """Somebody of an organisation that has nothing to do with the group."""
        return professional(role, new_id(), service="cooperation")

    @asynccontextmanager
    async def http(self, caller: Principal | None) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the running service as this caller."""
        assert self.running is not None
        async with self.running.client(caller) as client:
            yield client

    def work(self) -> None:
        """Starts the service's worker: relay, consumers, jobs."""
        assert self.running is not None
        self.running.work()


def scopes_of(role: str) -> dict[str, str]:
    """What a role holds here, for a caller with something added or taken away."""
    return dict(held(role, "cooperation"))
