"""Who acts in the demonstration, with what in hand, and how an act is done: refused, it is counted, and the day goes
on."""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final, ParamSpec, TypeVar
from uuid import UUID, uuid5

from asyncpg import Record

from cooperation.demo import words
from cooperation.demo.loading import GROUP, HOSPITALS, PHARMACIST, known
from cooperation.records.schemas import RecordIn
from cooperation.records.sending import Sent
from cooperation.scans.schemas import ScanAnswers, ScanBatch, ScanIn, ScanResult
from cooperation.scans.service import take
from maillage import clock
from maillage.database import Database, Tx, UseCase
from maillage.principal import Principal, system
from maillage.refusals import Refusal

P = ParamSpec("P")
R = TypeVar("R")
_ALL: Final = frozenset({GROUP, *HOSPITALS})
CLERK: Final = system("cooperation")
SHIFT: Final = 4


def person(role: str, name: str, org: UUID, orgs: frozenset[UUID], **proof: object) -> Principal:
    """Somebody of the demonstration, signed in."""
    who = uuid5(org, f"person:{name}")
    return Principal(sub=f"person:{who}", kind="professional", role=role, org=org, orgs=orgs, **proof)  # type: ignore[arg-type]


AGENTS: Final = tuple(person("sterilisation_agent", f"agent{number}", GROUP, _ALL) for number in range(1, SHIFT + 1))
DRIVER: Final = person("logistics_agent", "chauffeur", GROUP, _ALL)
MACHINES: Final = Principal(
    sub=f"client:{uuid5(GROUP, 'machines')}", kind="partner", org=GROUP, orgs=_ALL,
    bound_ids=tuple(f"machine:{known('machine', name)}" for name, *_ in words.MACHINES),
)  # fmt: skip
NURSES: Final = tuple(
    person("theatre_agent", "bloc", member, frozenset({member}), perms={"use.write": "o"}) for member in HOSPITALS
)


def pharmacist() -> Principal:
    """With badge and PIN just shown."""
    who = Principal(
        sub=f"person:{PHARMACIST}", kind="professional", role="sterilisation_releaser", org=GROUP, orgs=_ALL
    )
    return Principal(
        sub=who.sub, kind=who.kind, role=who.role, org=GROUP, orgs=_ALL, acr=2, amr=("badge", "pin"),
        auth_time=int(clock.now().timestamp()),
    )  # fmt: skip


class Floor:
    """The base, the dice of the day, and what was refused, by code."""

    def __init__(self, database: Database, seed: int, until: datetime) -> None:
        # allow clock-ids-chance: a day is drawn from its seed, so that it can be shown again
        self.dice = Random(seed)
        self.database, self.until = database, until
        self.refused: Counter[str] = Counter()
        self._numbers: Counter[UUID] = Counter()
        self._locks: dict[UUID, asyncio.Lock] = {}

    @property
    def over(self) -> bool:
        """Whether everybody has gone home."""
        return clock.now() >= self.until

    async def minutes(self, number: float) -> None:
        """Time goes by; by the clock of the demonstration."""
        await clock.sleep(number * 60)

    async def do(self, who: Principal, act: UseCase[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """An act; None when it was refused, which is counted."""
        try:
            return await self.database.run(who, act, *args, **kwargs)
        except Refusal as refused:
            where = " ".join(sorted(error.pointer.rpartition("/")[2] for error in refused.errors))
            self.refused[f"{refused.code} ({where})" if where else refused.code] += 1
            return None

    async def rows(self, sql: str, *args: object) -> list[Record]:
        """What the base holds."""

        async def read(tx: Tx) -> list[Record]:
            return await tx.fetch(sql, *args)

        return await self.database.run(CLERK, read)

    async def scan(
        self, who: Principal, station: tuple[UUID, str], codes: Sequence[str], **said: object
    ) -> list[ScanResult]:
        """Scans one after the other at a station, by its one device. Results in order."""
        owner, name = station
        station_id = known("station", name, owner)
        device = uuid5(station_id, "device")
        async with self._locks.setdefault(device, asyncio.Lock()):
            now, first = clock.now(), self._numbers[device] + 1
            scans = [
                ScanIn(seq=first + place, code=code, scanned_at=now + timedelta(milliseconds=place), **said)  # type: ignore[arg-type]
                for place, code in enumerate(codes)
            ]
            self._numbers[device] += len(scans)
            batch = ScanBatch(device_id=device, station_id=station_id, scans=scans)
            answers: ScanAnswers = await self.database.run(who, take, batch, "fr")
        for result in answers.results:
            if result.code is not None:
                self.refused[result.code] += 1
        return answers.results


def sent(cycle_no: int, began_at: datetime, samples: list[list[object]], *, second: bool) -> Sent:
    """A record as the machine's connector sends it; `second`: with that of its independent recorder."""
    body: dict[str, object] = {"cycle_no": cycle_no, "began_at": began_at.isoformat(), "samples": samples}
    if second:
        body["second"] = {"samples": samples}
    raw = json.dumps(body).encode()
    return Sent(raw, told=RecordIn.model_validate_json(raw))
