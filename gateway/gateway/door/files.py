"""Answers that are known whole before anybody asks: documents, and the files of the console.

All are read once at start and found by their exact path: no path of a request is ever joined to a folder.
"""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gateway.door.headers import Header
from maillage.refusals import Refusal
from maillage.words import Words

SHORT: Final = b"public, max-age=60"
FOR_EVER: Final = b"public, max-age=31536000, immutable"
ASKED_AGAIN: Final = b"no-cache"
NEVER: Final = b"no-store"
_HOME: Final = "/console/"
_ASSETS: Final = "/console/assets/"
_HASHED: Final = re.compile(r"-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$")
_MEDIA: Final[Mapping[str, bytes]] = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".json": b"application/json",
    ".webmanifest": b"application/manifest+json",
    ".txt": b"text/plain; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".ico": b"image/x-icon",
    ".woff2": b"font/woff2",
    ".mp3": b"audio/mpeg",
}
"""A file of another type is not served."""
_PACKED_ALREADY: Final = frozenset({".png", ".ico", ".woff2", ".mp3"})


class NoConsole(Refusal):
    """This installation serves no console."""

    code, status = "NO_CONSOLE", 404
    title = Words("La console n'est pas installée", "The console is not installed")
    detail = Words(
        "Demandez à l'exploitant du service l'adresse de la console.", "Ask the operator for the console's address."
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A whole answer that is the same for everybody. `packed`: the body by content coding."""

    media: bytes
    body: bytes
    cache: bytes = SHORT
    status: int = 200
    more: tuple[Header, ...] = ()
    etag: bytes = b""
    packed: Mapping[bytes, bytes] = field(default_factory=dict)


def whole(media: bytes, body: bytes, cache: bytes = SHORT, packed: Mapping[bytes, bytes] | None = None) -> Document:
    """One with its entity tag; packed here unless that was done before. The tag is weak: it stands for all codings."""
    etag = b'W/"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()
    if packed is None:
        packed = {b"gzip": gzip.compress(body, mtime=0)} if len(body) > 1024 else {}
    return Document(media, body, cache, etag=etag, packed=packed)


def answer(found: Document, asked: Mapping[bytes, bytes]) -> tuple[int, list[Header], bytes]:
    """Status, headers and body for the headers of a GET or HEAD (RFC 9110 8.8.3, 12.5.3, 13.1.2)."""
    headers: list[Header] = [(b"cache-control", found.cache), *found.more]
    if found.packed:
        headers.append((b"vary", b"Accept-Encoding"))
    if found.etag:
        headers.append((b"etag", found.etag))
        known = {tag.strip() for tag in asked.get(b"if-none-match", b"").split(b",")}
        if known & {found.etag, b"*"}:
            return 304, headers, b""
    accepted = _accepted(asked.get(b"accept-encoding", b"")) if found.packed else ()
    coding = next((each for each in (b"br", b"gzip") if each in found.packed and each in accepted), None)
    if coding is not None:
        headers.append((b"content-encoding", coding))
    body = found.body if coding is None else found.packed[coding]
    headers += [(b"content-type", found.media), (b"content-length", str(len(body)).encode())]
    return found.status, headers, body


def _accepted(header: bytes) -> frozenset[bytes]:
    said = (each.replace(b" ", b"").lower().partition(b";q=") for each in header.split(b","))
    return frozenset(coding for coding, _, weight in said if weight.strip(b"0.") or not weight)


class Console:
    """The files of the built console under `/console/`. Names in `assets/` hold the hash of their content: they stay
    in caches for ever, and those of `previous` releases are still served to the screens that were open before."""

    def __init__(self, folder: Path | None, previous: Sequence[Path] = ()) -> None:
        self._known: dict[str, Document] = {}
        for old in previous:
            self._known |= {path: each for path, each in _files(old) if path.startswith(_ASSETS)}
        if folder is not None:
            self._known |= dict(_files(folder))
        self._index = self._known.get(f"{_HOME}index.html")

    def find(self, path: str) -> Document | None:
        """The file of a path below `/console`. An address of the app, as `/console/agenda/x`, is its first page, which
        reads it; a name that looks like a file is that file or nothing. Refused: `NO_CONSOLE` 404."""
        if self._index is None:
            raise NoConsole
        if path == "/console":
            return Document(b"text/plain; charset=utf-8", b"", ASKED_AGAIN, 308, ((b"location", _HOME.encode()),))
        found = self._known.get(path)
        if found is not None or path.startswith(_ASSETS) or "." in path.rpartition("/")[2]:
            return found
        return self._index


def _files(folder: Path) -> Iterator[tuple[str, Document]]:
    for file in sorted(folder.rglob("*")):
        media = _MEDIA.get(file.suffix)
        if media is None or file.is_symlink() or not file.is_file():
            continue
        path = _HOME + file.relative_to(folder).as_posix()
        for_ever = path.startswith(_ASSETS) and _HASHED.search(file.name)
        yield path, whole(media, file.read_bytes(), FOR_EVER if for_ever else ASKED_AGAIN, _packed(file))


def _packed(file: Path) -> Mapping[bytes, bytes] | None:
    """What the build has packed already; None: nothing, and it is worth packing."""
    beside = {b"br": file.with_name(f"{file.name}.br"), b"gzip": file.with_name(f"{file.name}.gz")}
    found = {coding: each.read_bytes() for coding, each in beside.items() if each.is_file()}
    return {} if file.suffix in _PACKED_ALREADY else found or None
