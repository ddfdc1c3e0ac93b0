"""One request as its client saw it, and what the base holds at the end."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

Out = Literal["ok", "fail", "info"]
Value = str | int | list[str]
FOR_EVER = 1 << 62
"""After the end of any history, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Call:
    """`op` of client `proc` with `args`, sent at `t0` and answered at `t1` (nanoseconds of one clock).

    `ok`: done, and the client was told. `fail`: refused, nothing was done. `info`: nobody knows. `body`: a digest of
    the answer, without what is different by intent (its date).
    """

    proc: int
    op: str
    key: str
    t0: int
    t1: int
    out: Out
    status: int | None = None
    body: str = ""
    args: Mapping[str, Value] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """An argument that is a text."""
        return str(self.args[name])

    def number(self, name: str) -> int:
        """An argument that is a number."""
        found = self.args[name]
        assert isinstance(found, int), f"{name} of {self.key} is {found!r}"
        return found

    @property
    def ends(self) -> int:
        """The last moment at which it can have taken effect."""
        return FOR_EVER if self.out == "info" else self.t1


@dataclass(frozen=True, slots=True)
class Booked:
    """A live booking in the base: the key of the request that made it, whose time it takes, from when to when."""

    key: str
    resource: str
    start: int
    end: int


def write(file: Path, calls: Iterable[Call]) -> None:
    """One JSON line per call."""
    file.write_text("".join(json.dumps(asdict(call)) + "\n" for call in calls))


def read(file: Path) -> list[Call]:
    """The same again."""
    return [Call(**json.loads(line)) for line in file.read_text().splitlines()]
