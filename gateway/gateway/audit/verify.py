"""Checks a file that was exported from the audit: `python -m gateway.audit.verify FILE --jwks URL`.

Needs nothing of the platform but its public keys (`/.well-known/audit-keys.json`, as URL or as a file kept beside).
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from uuid import UUID

import httpx
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import Field, TypeAdapter, ValidationError

from gateway.audit.export import TYPE
from gateway.audit.schemas import ExportHead, ExportRow, ExportSignature, ExportSource, Signed
from maillage.audit import link

_Line = ExportHead | ExportRow | ExportSource | ExportSignature
_LINE: TypeAdapter[_Line] = TypeAdapter(Annotated[_Line, Field(discriminator="kind")])


class Wrong(Exception):
    """The file is not what was exported; says where and why."""


@dataclass(slots=True)
class Found:
    """What an export that holds has said."""

    rows: int = 0
    unlinked: int = 0
    """Too new to be in the chain when they were exported."""
    away: list[str] = field(default_factory=list)
    signed: Signed | None = None


def check(lines: Iterable[bytes], keys: KeySet) -> Found:
    """Checks signature, length and every link. Raises Wrong."""
    found, digest, links = Found(), hashlib.sha256(), _Links()
    for number, line, last in _numbered(lines):
        try:
            said = _LINE.validate_json(line)
        except ValidationError:
            raise Wrong(f"line {number} is no line of an export") from None
        if isinstance(said, ExportSignature) != last or isinstance(said, ExportHead) != (number == 1):
            raise Wrong(f"line {number} is not where it belongs: lines are missing or were added")
        if isinstance(said, ExportSignature):
            found.signed = _signed(said, keys)
            continue
        digest.update(line)
        if isinstance(said, ExportRow):
            links.check(number, said)
            found.rows += 1
            found.unlinked += said.seal is None
        elif isinstance(said, ExportSource) and said.state == "away":
            found.away.append(said.service)
    if found.signed is None:
        raise Wrong("there is no signature: the file was cut")
    if (found.signed.sha256, found.signed.rows) != (digest.hexdigest(), found.rows):
        raise Wrong("the lines are not those that were signed")
    return found


def _numbered(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Each line with its number, and whether it is the last."""
    before: bytes | None = None
    number = 0
    for line in lines:
        if before is not None:
            number += 1
            yield number, before, False
        before = line
    if before is not None:
        yield number + 1, before, True


def _signed(said: ExportSignature, keys: KeySet) -> Signed:
    try:
        found = jws.deserialize_compact(said.jws, keys, algorithms=["ES256"])
        if found.headers().get("typ") != TYPE:
            raise Wrong("the signature is that of something else")
        return Signed.model_validate_json(found.payload)
    except (JoseError, ValidationError, ValueError) as wrong:
        raise Wrong("the signature is not the platform's") from wrong


class _Links:
    """Each row against its own link, and against its neighbours' where these are in the file."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, UUID, int], tuple[str, str]] = {}

    def check(self, number: int, row: ExportRow) -> None:
        if row.seal is None:
            return
        facts = json.dumps(dict(row.facts), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if link(bytes.fromhex(row.seal.previous), {**dict(row), "facts": facts}).hex() != row.seal.hash:
            raise Wrong(f"line {number}: the row is not the one that was linked")
        place, own = (row.service, row.organisation_id), (row.seal.previous[:16], row.seal.hash[:16])
        self._known[(*place, row.seal.sequence)] = own
        before = self._known.get((*place, row.seal.sequence - 1))
        after = self._known.get((*place, row.seal.sequence + 1))
        if (before and before[1] != own[0]) or (after and after[0] != own[1]):
            raise Wrong(f"line {number}: the chain is broken beside this row")


def read_keys(where: str) -> KeySet:
    """The platform's public keys, by URL or from a file."""
    if where.startswith(("http://", "https://")):
        return KeySet.import_key_set(httpx.get(where, timeout=10).raise_for_status().json())
    return KeySet.import_key_set(json.loads(Path(where).read_text("utf-8")))


def main(arguments: Sequence[str] | None = None) -> int:
    """0: the file holds. 1: it does not, and where. 2: it could not be checked."""
    parser = argparse.ArgumentParser(prog="python -m gateway.audit.verify", description=check.__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--jwks", required=True, help="URL or file of the platform's audit-keys.json")
    options = parser.parse_args(arguments)
    try:
        keys = read_keys(options.jwks)
        with options.file.open("rb") as lines:
            found = check(lines, keys)
    except Wrong as wrong:
        _say(f"The export does NOT hold: {wrong}.")
        return 1
    except (OSError, ValueError, httpx.HTTPError) as error:
        sys.stderr.write(f"Not checked: {type(error).__name__}: {error}\n")
        return 2
    assert found.signed is not None
    _say(f"The export holds: {found.rows} rows, taken out by {found.signed.by} at {found.signed.exported_at}.")
    if found.unlinked:
        _say(f"{found.unlinked} rows were too new to be in the chain.")
    if found.away:
        _say(f"Not complete, these did not answer: {', '.join(found.away)}.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
