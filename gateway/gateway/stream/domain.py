"""Positions in the stream, what a screen may ask for, and the words of server-sent events."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

MOST_TOPICS: Final = 50
LAST: Final = b"0\r\n\r\n"
"""Ends a body in chunks."""
_POSITION: Final = re.compile(r"(\d{1,15})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the territory's stream. Another epoch is another stream: its numbers mean nothing here."""

    epoch: int
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.number}"


def read_position(text: str) -> Position | None:
    """`<epoch>.<position>`; None for anything else, which is then answered like a position of long ago."""
    match = _POSITION.fullmatch(text)
    return Position(int(match[1]), int(match[2])) if match else None


def names(kind: str) -> tuple[str, str, str]:
    """The topics of an event's type: itself, itself without its version, its service."""
    return kind, kind.rpartition(".")[0], kind.partition(".")[0]


def known_topics(types: Iterable[str], services: Iterable[str]) -> frozenset[str]:
    """All that `topics` may name."""
    return frozenset(services).union(*(names(kind) for kind in types))


class UnknownTopics(ValueError):
    """A topic that no event can have, or too many of them."""


def read_topics(text: str, known: Collection[str]) -> frozenset[str] | None:
    """The topics of `?topics=`, each one of `known`; None: all. Raises UnknownTopics."""
    if not text:
        return None
    topics = frozenset(text.split(","))
    if len(topics) > MOST_TOPICS or not topics.issubset(known):
        raise UnknownTopics
    return topics


def chunk(text: str) -> bytes:
    """A piece of a body in chunks (RFC 9112 7.1), made once for all who get it."""
    body = text.encode()
    return b"%x\r\n%b\r\n" % (len(body), body)


def event(name: str, data: Mapping[str, object], id: str | None = None) -> bytes:
    """One server-sent event. JSON holds no line feed, so one `data` line is enough."""
    line = f"id: {id}\n" if id else ""
    return chunk(f"{line}event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n")


def beat(position: Position | None) -> bytes:
    """A sign of life, which a script hears (a comment would reach the browser alone: a screen could not tell a quiet
    stream from a dead one). With a position it moves what the browser sends as `Last-Event-ID`, though nothing happened
    that this screen may see: one for which little happens does not fall behind what is kept."""
    line = f"id: {position}\n" if position else ""
    return chunk(f"{line}event: beat\ndata: {{}}\n\n")


def retry(milliseconds: int) -> bytes:
    """How long a browser waits before it opens the stream again."""
    return chunk(f"retry: {milliseconds}\n\n")
