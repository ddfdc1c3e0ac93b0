"""Rules of partners' machines: what they may hold, what their assertions must say, when their keys are read. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeGuard
from uuid import UUID

from gateway import permissions

CLIENT_SCOPES: Final = frozenset(
    {
        "appointments:slot.read",
        "appointments:slot.hold",
        "appointments:appointment.read",
        "appointments:appointment.write",
        "appointments:patient.read",
        "appointments:patient.write",
        "appointments:schedule.write",
        "appointments:directory.write",
        "appointments:report.read",
        "cooperation:set.read",
        "cooperation:programme.write",
        "cooperation:use.write",
        "cooperation:issue.write",
        "cooperation:recall.act",
        "cooperation:transport.act",
        "cooperation:order.write",
        "cooperation:trace.read",
        "cooperation:record.write",
        "gateway:subscription.write",
    }
)
"""What a machine may hold. A new permission is not among them until somebody decides so here; what a person answers
for (merging patients, an identity's proof, an overbooked doctor, what was seen and scanned at the plant, a release, a
hold, an override, accounts, the audit) never is. `recall.act` is of use to a hospital's machine for its own operations
only: the service asks a person's role for the rest."""

# SMART v2 scopes of machines, letter by letter (HL7 SMART App Launch 2.2, "Scopes for requesting FHIR resources").
_SMART: Final[Mapping[str, Mapping[str, str]]] = {
    "Slot": {"r": "appointments:slot.read", "s": "appointments:slot.read"},
    "Schedule": {
        "r": "appointments:slot.read",
        "s": "appointments:slot.read",
        "u": "appointments:schedule.write",
    },
    "Appointment": {
        "c": "appointments:appointment.write",
        "r": "appointments:appointment.read",
        "u": "appointments:appointment.write",
        "s": "appointments:appointment.read",
    },
    "Patient": {
        "c": "appointments:patient.write",
        "r": "appointments:patient.read",
        "s": "appointments:patient.read",
    },
}
SMART_SCOPES: Final = ("system/Slot.rs", "system/Schedule.rus", "system/Appointment.crus", "system/Patient.crs")
"""The widest of each resource; any part of the letters, in this order, may be asked."""

# Algorithm of a signature -> kind of key and its curve (RFC 7518 3.1). RS256 and what is weaker are not taken.
ALGORITHMS: Final[Mapping[str, tuple[str, str | None]]] = {
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "PS256": ("RSA", None),
    "PS384": ("RSA", None),
    "RS384": ("RSA", None),
}
WHOLE_TERRITORY: Final = frozenset({"operator", "samu", "ars"})
"""Kinds of organisation whose administrators may let a machine reach the whole territory."""

TOKEN_LIVES: Final = timedelta(seconds=300)
LONGEST_S: Final = 300
SKEW_S: Final = 10
"""How far a partner's clock may run ahead of ours."""
OLDEST_S: Final = 3_600
LONGEST_JTI: Final = 200

REREAD_AFTER: Final = timedelta(minutes=10)
ONCE_IN: Final = timedelta(minutes=1)
KEPT_FOR: Final = timedelta(hours=24)


def permissions_of(scope: str) -> frozenset[str] | None:
    """The permissions that one word of a scope means; None for a word that no machine may hold."""
    if scope in CLIENT_SCOPES:
        return frozenset({scope}) if scope in permissions.TABLE else None
    resource, dot, letters = scope.removeprefix("system/").partition(".")
    known = _SMART.get(resource)
    if known is None or not scope.startswith("system/") or not dot or not _in_order(letters):
        return None
    found = [known.get(letter) for letter in letters]
    return frozenset(name for name in found if name) if all(found) else None


def _in_order(letters: str) -> bool:
    """A part of `cruds`, each once and in this order, as SMART asks."""
    places = ["cruds".find(letter) for letter in letters]
    return bool(places) and -1 not in places and places == sorted(set(places))


def granted(asked: str | None, held: Sequence[str]) -> tuple[str, frozenset[str]] | None:
    """The scope in the client's own words and the permissions that it means; all that is held when nothing is asked.
    None: a word beyond the grant, or no word at all."""
    if asked is None:
        return " ".join(sorted(held)), frozenset(held)
    words = list(dict.fromkeys(asked.split(" ")))
    meant = [permissions_of(word) for word in words]
    if any(each is None or not each <= set(held) for each in meant):
        return None
    return " ".join(words), frozenset().union(*(each for each in meant if each))


def wrong_claim(claims: Mapping[str, object], client_id: UUID, audience: str, now: float) -> str | None:
    """What is wrong with an assertion's claims, as a code; None when all is well (RFC 7523 3, SMART Backend Services).

    `iss` = `sub` = the client; `aud` one exact text; `exp` at most five minutes ahead; `jti` a text.
    """
    if claims.get("iss") != str(client_id) or claims.get("sub") != str(client_id):
        return "ISSUER_WRONG"
    if claims.get("aud") != audience:
        return "AUDIENCE_WRONG"
    ends, begins, made = claims.get("exp"), claims.get("nbf", 0), claims.get("iat", now)
    if not _is_time(ends) or not _is_time(begins) or not _is_time(made):
        return "TIMES_WRONG"
    if ends <= now:
        return "ASSERTION_EXPIRED"
    if ends > now + LONGEST_S + SKEW_S:
        return "ASSERTION_TOO_LONG"
    if begins > now + SKEW_S or not now - OLDEST_S <= made <= now + SKEW_S:
        return "TIMES_WRONG"
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= LONGEST_JTI or not jti.isprintable():
        return "JTI_MISSING"
    return None


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e11


def keys_due(read_at: datetime | None, tried_at: datetime | None, now: datetime, *, known: bool) -> bool:
    """Whether the keys at a partner's address are to be read: after ten minutes, or for a key that is not known; never
    twice within a minute."""
    if tried_at is not None and now - tried_at < ONCE_IN:
        return False
    return not known or read_at is None or now - read_at >= REREAD_AFTER


def still_good(read_at: datetime | None, now: datetime) -> bool:
    """Whether the last good set of keys still serves."""
    return read_at is not None and now - read_at < KEPT_FOR
