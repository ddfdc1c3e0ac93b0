"""Where everything stands on a label: millimetres from its upper left corner. Pure.

Symbol at the left, identity beside it, the rest below over the whole width. Nothing is cut: what does not fit on a line
goes on to the next, and the label grows."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 60.0
MODULE: Final = 0.6
"""Side of a module: GS1 asks 0.254 to 0.615 mm in regulated health care (General Specifications 5.12.3, table 7)."""
SYMBOL_AT: Final = 3.0
BESIDE: Final = 16.0
SIZE: Final = 3.0
STEP: Final = 3.8
LEAST_HEIGHT: Final = 40.0
BESIDE_CHARS: Final = 24
BELOW_CHARS: Final = 31


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `y` is its base line."""

    x: float
    y: float
    size: float
    bold: bool
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a label says. `number`: the SSCC, 18 digits; `head` stands beside the symbol, its first line bold; `strong`
    and `plain` below."""

    number: str
    head: Sequence[str]
    strong: Sequence[str]
    plain: Sequence[str]

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """What the symbol holds: the pack's identity, no date."""
        return (("00", self.number),)

    @property
    def readable(self) -> str:
        """The number for people, under the symbol's law: identifiers in brackets."""
        return f"(00) {self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """A label laid out."""

    height: float
    texts: tuple[Text, ...]


def lay_out(label: Label) -> Page:
    """The label's lines in their places."""
    texts: list[Text] = []
    y = SYMBOL_AT + SIZE
    for place, told in enumerate(label.head):
        for line in textwrap.wrap(told, BESIDE_CHARS):
            texts.append(Text(BESIDE, y, SIZE, place == 0, line))
            y += STEP
    y = max(y, SYMBOL_AT + 16 * MODULE + STEP + 1)
    below = [
        (label.readable, False),
        *((told, True) for told in label.strong),
        *((told, False) for told in label.plain),
    ]
    for told, bold in below:
        for line in textwrap.wrap(told, BELOW_CHARS):
            texts.append(Text(SYMBOL_AT, y, SIZE, bold, line))
            y += STEP
    return Page(max(LEAST_HEIGHT, y), tuple(texts))
