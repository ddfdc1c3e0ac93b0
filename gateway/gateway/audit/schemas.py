"""Wire types of reading the audit of all services at once."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from maillage.audit_reading import Entry, Filters, Verification
from maillage.wire import Instant, Page, Wire

SourceState = Literal["ok", "away"]


class Line(Entry):
    """One row of one service's audit. `actor_name` is null for patients, visitors and services, who have none here."""

    service: str
    actor_name: str | None


class Source(Wire):
    """One service: `away` did not answer in time, and its rows are missing from this page."""

    service: str
    state: SourceState


class Audit(Page[Line]):
    """Rows of all services, newest first."""

    sources: Sequence[Source]


class Chain(Source):
    """Whether the chain of one service holds; null while it is away."""

    verification: Verification | None


class Chains(Wire):
    """The chains of all services."""

    items: Sequence[Chain]


class Period(Filters):
    """What to export: a period is named, of a year at most."""

    since: Instant = Field(alias="from")
    until: Instant = Field(alias="to")


class Keys(Wire):
    """A JWK set (RFC 7517): the public half of every key with which an export was ever signed."""

    keys: Sequence[Mapping[str, str]]


class ExportHead(Wire):
    """First line of an export: who took out what, when."""

    kind: Literal["export"] = "export"
    exported_at: Instant
    by: str
    organisations: Sequence[str]
    wanted: Period


class ExportRow(Entry):
    """A line of an export: one row with its link."""

    kind: Literal["row"] = "row"
    service: str


class ExportSource(Source):
    """A line of an export after the rows of a service: how many they were. `away`: the rest is missing."""

    kind: Literal["source"] = "source"
    rows: int


class Signed(Wire):
    """What the signature of an export says: SHA-256 over the bytes of all lines before it, and how many rows."""

    iss: Literal["maillage-gateway"] = "maillage-gateway"
    use: Literal["audit-export"] = "audit-export"
    exported_at: Instant
    by: str
    rows: int
    sha256: str


class ExportSignature(Wire):
    """Last line of an export: a compact JWS (ES256) whose payload is `Signed`."""

    kind: Literal["signature"] = "signature"
    rows: int
    sha256: str
    jws: str
