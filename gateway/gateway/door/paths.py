"""The path of a request, decoded once. What two readers could read differently is refused, never repaired."""

from typing import Final, NamedTuple

from maillage.refusals import Refusal
from maillage.words import Words

_PLAIN: Final = b"/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"
"""Signs that every reader reads alike: nearly all paths have no other."""
_HEX = frozenset(b"0123456789abcdefABCDEF")
_FORBIDDEN_DECODED = frozenset("/\\;\x7f") | frozenset(map(chr, range(32)))


class BadPath(Refusal):
    """`..`, an encoded slash or percent sign, `;`, `//`, NUL, or bytes that are no UTF-8."""

    code, status = "BAD_PATH", 400
    title = Words("Adresse incorrecte", "Invalid address")
    detail = Words(
        "Vérifiez l'adresse : elle contient des signes non permis.",
        "Check the address: it has characters that are not allowed.",
    )


class Path(NamedTuple):
    """`raw` as received (passed on unchanged), `text` decoded, `segments` the decoded words between slashes."""

    raw: str
    text: str
    segments: tuple[str, ...]


def read(raw_path: bytes) -> Path:
    """Decodes a raw request path (without query). Refuses with `BAD_PATH` (ASVS 5.0, 4.1; design: gateway 7)."""
    if not raw_path.startswith(b"/"):
        raise BadPath
    try:
        raw = raw_path.decode("ascii")
    except UnicodeDecodeError as wrong:
        raise BadPath from wrong
    if not raw_path.translate(None, _PLAIN) and "//" not in raw and "/." not in raw and raw[-1] != "/":
        return Path(raw, raw, tuple(raw[1:].split("/")))
    if "//" in raw or "\\" in raw or ";" in raw:
        raise BadPath
    segments = tuple(raw[1:].split("/"))
    if "%" in raw:
        segments = tuple(_decode(segment) for segment in segments)
    for segment in segments:
        if segment in (".", "..") or not _FORBIDDEN_DECODED.isdisjoint(segment):
            raise BadPath
    return Path(raw, "/" + "/".join(segments), segments)


def _decode(segment: str) -> str:
    source = segment.encode()
    out = bytearray()
    at = 0
    while at < len(source):
        byte = source[at]
        if byte != 0x25:
            out.append(byte)
            at += 1
            continue
        pair = source[at + 1 : at + 3]
        if len(pair) != 2 or not _HEX.issuperset(pair):
            raise BadPath
        out.append(int(pair, 16))
        at += 3
    try:
        text = out.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise BadPath from wrong
    if "%" in text:
        raise BadPath  # encoded twice: the next reader would decode again
    return text
