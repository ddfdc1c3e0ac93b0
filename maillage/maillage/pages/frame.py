"""What surrounds every page: whose page it is, whom to call, what is at the foot."""

from dataclasses import dataclass

from maillage.words import Words


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """The phone line of the help block.

    `number` is E.164; `hours` one sentence per line; `now` says whether somebody answers at this moment and until when,
    or when the line opens again (None: not known, nothing is said).
    """

    number: str
    hours: tuple[Words, ...]
    now: Words | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class FooterLink:
    """One link at the foot of every page."""

    path: str
    label: Words


@dataclass(frozen=True, slots=True)
class Frame:
    """One organisation's frame. `signs` are the symptoms of the emergency notice, without the final punctuation."""

    brand: str
    task: Words
    home: str
    line: PhoneLine | None
    signs: Words
    footer: tuple[FooterLink, ...] = ()
