"""The export of the audit: lines of JSON as they are read, each row with its link, and a signature over them all.

`python -m gateway.audit.verify` checks such a file without this platform.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Final

from joserfc import jws

from gateway.audit.schemas import (
    ExportHead,
    ExportRow,
    ExportSignature,
    ExportSource,
    Period,
    Signed,
    SourceState,
)
from gateway.audit.service import OWN
from gateway.audit.sources import AT_ONCE, Away, Sources
from maillage import audit_reading, clock
from maillage.audit_reading import Entry, Wanted
from maillage.database import Database
from maillage.refusals import ServiceUnavailable, TimeInvalid
from maillage.wire import Wire

LONGEST: Final = timedelta(days=366)
TYPE: Final = "maillage-audit-export"
"""`typ` of the signature: it can be taken for no other token of the gateway."""


def check(period: Period) -> None:
    """Refuses an end before the begin, and more than a year: `TIME_INVALID` 422."""
    if not period.since < period.until <= period.since + LONGEST:
        raise TimeInvalid(pointer="?to")


class Export:
    """One export under way: remembers what has left, to sign it."""

    def __init__(self, sources: Sources, database: Database, period: Period) -> None:
        self._sources = sources
        self._database = database
        self._period = period
        self._digest = hashlib.sha256()
        self._rows = 0

    async def lines(self) -> AsyncIterator[bytes]:
        """The file. A service that goes away is said in it; when the last line is missing, it was cut."""
        at, who = clock.now(), self._sources.who
        orgs = ["*"] if who.orgs is None else sorted(map(str, who.orgs))
        yield self._line(ExportHead(exported_at=at, by=who.sub, organisations=orgs, wanted=self._period))
        for name in (OWN, *self._sources.names):
            before, state = self._rows, "ok"
            try:
                async for row in self._of(name):
                    self._rows += 1
                    yield self._line(ExportRow(service=name, **dict(row)))
            except (Away, ServiceUnavailable):
                state = "away"
            yield self._line(_ended(name, state, self._rows - before))
        yield self._signature(at)

    def _of(self, name: str) -> AsyncIterator[Entry]:
        return self._own() if name == OWN else self._sources.rows(name, self._period)

    async def _own(self) -> AsyncIterator[Entry]:
        cursor: str | None = None
        while True:
            wanted = Wanted(**dict(self._period), cursor=cursor, limit=AT_ONCE)
            page = await self._database.read(self._sources.who, audit_reading.entries, wanted)
            for row in page.items:
                yield row
            if page.next_cursor is None:
                return
            cursor = page.next_cursor

    def _line(self, what: Wire) -> bytes:
        line = what.model_dump_json(by_alias=True).encode() + b"\n"
        self._digest.update(line)
        return line

    def _signature(self, at: datetime) -> bytes:
        digest, key = self._digest.hexdigest(), self._sources.house.ring.signing()
        said = Signed(exported_at=at, by=self._sources.who.sub, rows=self._rows, sha256=digest)
        header = {"alg": "ES256", "kid": key.kid, "typ": TYPE}
        signature = jws.serialize_compact(header, said.model_dump_json(), key.private, algorithms=["ES256"])
        return ExportSignature(rows=self._rows, sha256=digest, jws=signature).model_dump_json().encode() + b"\n"


def _ended(name: str, state: str, rows: int) -> ExportSource:
    known: SourceState = "away" if state == "away" else "ok"
    return ExportSource(service=name, state=known, rows=rows)
