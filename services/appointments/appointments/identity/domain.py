"""How an identity is checked (RNIV; design: appointments, 3.3). Pure.

Four exclusive statuses: PROV (said), VALI (seen on a document), RECUP (INS retrieved), QUAL (both).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Status = Literal["PROV", "VALI", "RECUP", "QUAL"]
Check = Literal["document", "ins", "doubt"]

# A doubt is declared of any identity: RNIV knows doubtful ones among the provisional, whose INS is then not asked for.
NEXT: Mapping[tuple[Status, Check], Status] = MappingProxyType(
    {
        ("PROV", "document"): "VALI",
        ("PROV", "ins"): "RECUP",
        ("PROV", "doubt"): "PROV",
        ("VALI", "ins"): "QUAL",
        ("VALI", "doubt"): "PROV",
        ("RECUP", "document"): "QUAL",
        ("RECUP", "doubt"): "PROV",
        ("QUAL", "doubt"): "PROV",
    }
)
STRENGTH: Mapping[Status, int] = MappingProxyType({"PROV": 0, "VALI": 1, "RECUP": 2, "QUAL": 3})
"""Which of two identities is the better checked."""


def allowed(status: Status, *, doubtful: bool) -> list[Check]:
    """What may be done to an identity now: of a doubtful one the INS is not asked for until a document was seen."""
    checks = [check for state, check in NEXT if state == status]
    return [check for check in checks if not (doubtful and check == "ins")]


def after(status: Status, check: Check, *, doubtful: bool) -> Status | None:
    """The status after a check; None when it is not allowed."""
    return NEXT[status, check] if check in allowed(status, doubtful=doubtful) else None


@dataclass(frozen=True, slots=True)
class Traits:
    """The strict traits of RNIV. `sex` and `birth_place_insee` may be lacking in our files, never in the register."""

    birth_family_name: str
    birth_given_names: str
    birth_date: date
    sex: str | None
    birth_place_insee: str | None


def differing(ours: Traits, theirs: Traits) -> list[str]:
    """The names of the traits that contradict each other. Case, accents, hyphens and spaces do not; nor does what is
    lacking in our file.
    """
    found = []
    for name in Traits.__dataclass_fields__:
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine in (None, "unknown"):
            continue
        same = _key(mine) == _key(other) if isinstance(mine, str) and isinstance(other, str) else mine == other
        if not same:
            found.append(name)
    return found


def _key(text: str) -> str:
    """Letters and digits alone, without accent or case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
