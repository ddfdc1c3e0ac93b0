"""What an agent is told for a call: of six levels the nearest word on each field, and every prohibition. Pure.

The hash of what was told is the proof of it: the same versions and the same absence give the same words for ever.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from difflib import SequenceMatcher
from typing import Final, Literal
from uuid import UUID

Scope = Literal["client", "site", "practitioner"]
Sign = Literal["same", "removed", "added"]
FIELDS: Final = ("text", "allowed", "forbidden", "urgent_contacts", "absence")
_NEAREST: Final[Mapping[str, int]] = {"practitioner": 0, "site": 1, "client": 2}


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to reach at once, and how."""

    role: str
    channel: str


@dataclass(frozen=True, slots=True)
class Absence:
    """What holds while the practitioner is away. `until` is known only while he is."""

    text: str | None
    backup_practitioner_id: UUID | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One version as far as it decides; a field that is None says nothing and leaves the word to a wider level."""

    id: UUID
    scope: Scope
    motive: str | None
    text: str | None
    allowed: Sequence[str] | None
    forbidden: Sequence[str]
    urgent_contacts: Sequence[Contact] | None
    absence: Absence | None
    valid_until: datetime | None = None

    @property
    def level(self) -> tuple[int, bool]:
        """Nearest first: practitioner, site, client; with the motive before without."""
        return _NEAREST[self.scope], self.motive is None


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the agent reads. `sources` names the versions behind each field."""

    text: str | None
    allowed: Sequence[str]
    forbidden: Sequence[str]
    urgent_contacts: Sequence[Contact]
    absence: Absence | None
    sources: Mapping[str, Sequence[UUID]]
    valid_until: datetime | None


def resolve(versions: Sequence[Version], away_until: datetime | None) -> Resolved:
    """The words for one site, practitioner and motive, of at most one version per level.

    `away_until`: the practitioner is absent until then; his backup comes first. What any level forbids is not allowed.
    """
    ordered = sorted(versions, key=lambda version: version.level)
    first = {name: _first(ordered, name) for name in ("text", "allowed", "urgent_contacts", "absence")}
    forbidden = sorted({code for version in ordered for code in version.forbidden})
    allowed, contacts, absence = first["allowed"], first["urgent_contacts"], first["absence"]
    away = None
    if away_until is not None:
        said = absence.absence if absence is not None else None
        away = Absence(said.text if said else None, said.backup_practitioner_id if said else None, away_until)
    sources = {name: [version.id] for name, version in first.items() if version is not None}
    if away is None:
        sources.pop("absence", None)
    sources["forbidden"] = [version.id for version in ordered if version.forbidden]
    used = {id_ for ids in sources.values() for id_ in ids}
    ends = [v.valid_until for v in ordered if v.id in used and v.valid_until is not None]
    return Resolved(
        first["text"].text if first["text"] is not None else None,
        [code for code in (allowed.allowed if allowed else None) or () if code not in forbidden],
        forbidden,
        _reached((contacts.urgent_contacts if contacts else None) or (), away),
        away,
        sources,
        min(ends, default=None),
    )


def _first(ordered: Sequence[Version], name: str) -> Version | None:
    return next((version for version in ordered if getattr(version, name) is not None), None)


def _reached(contacts: Sequence[Contact], away: Absence | None) -> Sequence[Contact]:
    """While the practitioner is away his backup comes first, also where nobody wrote him into the list."""
    if away is None:
        return list(contacts)
    backups = [contact for contact in contacts if contact.role == "backup"]
    if not backups and away.backup_practitioner_id is not None:
        backups = [Contact("backup", "phone")]
    return backups + [contact for contact in contacts if contact.role != "backup"]


def content_hash(resolved: Resolved) -> bytes:
    """SHA-256 of the words in one canonical form. An end of validity that is moved later is not among them."""
    absence = resolved.absence
    content = {
        "text": resolved.text,
        "allowed": list(resolved.allowed),
        "forbidden": list(resolved.forbidden),
        "urgent_contacts": [[contact.role, contact.channel] for contact in resolved.urgent_contacts],
        "absence": absence and [absence.text, _word(absence.backup_practitioner_id), _word(absence.until)],
        "sources": {name: [str(id_) for id_ in ids] for name, ids in resolved.sources.items()},
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).digest()


def _word(value: UUID | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return str(value.timestamp())
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Window:
    """Local hours in which an instruction speaks: 0 is Monday; `until` 00:00 means the end of the day."""

    weekdays: Sequence[int]
    since: time
    until: time


def speaks(windows: Sequence[Window], local: datetime) -> bool:
    """Whether an instruction holds at this local time; without windows it always does."""
    clock = local.time()
    return not windows or any(
        local.weekday() in window.weekdays
        and window.since <= clock
        and (clock < window.until or not _some(window.until))
        for window in windows
    )


def _some(instant: time) -> bool:
    return instant != time(0, 0)


def line_differences(before: str | None, after: str | None) -> list[tuple[Sign, str]]:
    """The lines of two texts: what stays, what went, what came, in reading order."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    found: list[tuple[Sign, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [("same", line) for line in old[a:b]]
        else:
            found += [("removed", line) for line in old[a:b]]
            found += [("added", line) for line in new[c:d]]
    return found
