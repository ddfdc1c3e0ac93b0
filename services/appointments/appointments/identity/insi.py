"""The INSi teleservice (the national register of health identities) as a port. Settings choose the adapter.

`none` is the adapter of an installation that is not connected: the certificates and the agreement for the real
teleservice are the centre's own. `development` invents: it asks nobody, and its numbers belong to nobody.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol

from appointments.identity.domain import Traits
from appointments.identity.errors import InsiUnavailable

Adapter = Literal["none", "development"]
DEMONSTRATION_OID: Final = "1.2.250.1.213.1.4.11"
"""The authority of INS numbers made for demonstrations: no software may take one for a person's."""


@dataclass(frozen=True, slots=True)
class Found:
    """One identity of the register: the INS (13 digits and its key of 2), its authority, and the traits there."""

    ins: str
    oid: str
    traits: Traits


class Insi(Protocol):
    """The teleservice, asked by traits."""

    async def ask(self, traits: Traits) -> Found | None:
        """The one identity of these traits; None when there is none, or more than one.

        Raises `InsiUnavailable` when it does not answer.
        """
        ...


class NotConnected:
    """No teleservice: says so."""

    async def ask(self, traits: Traits) -> Found | None:
        """Always refuses."""
        raise InsiUnavailable


class Development:
    """Invents one answer per person, always the same, from the traits asked for.

    A family name that begins with `Introuvable` is not in the register; one that begins with `Divergent` is there with
    another first name; whoever is asked for without sex or place of birth is a woman born in Autun (71014).
    """

    async def ask(self, traits: Traits) -> Found | None:
        """Deterministic; no call leaves this process."""
        if traits.birth_family_name.startswith("Introuvable"):
            return None
        sex = "male" if traits.sex == "male" else "female"
        place = traits.birth_place_insee or "71014"
        known = replace(traits, sex=sex, birth_place_insee=place)
        if traits.birth_family_name.startswith("Divergent"):
            known = replace(known, birth_given_names="Autre")
        return Found(_number(known), DEMONSTRATION_OID, known)


def _number(traits: Traits) -> str:
    order = int(hashlib.sha256(repr(traits).encode()).hexdigest()[:8], 16) % 1000
    sex = "1" if traits.sex == "male" else "2"
    body = f"{sex}{traits.birth_date:%y%m}{traits.birth_place_insee}{order:03d}"
    value = int(body.replace("2A", "19").replace("2B", "18"))
    return f"{body}{97 - value % 97:02d}"


def adapter(name: Adapter) -> Insi:
    """The adapter that the settings name."""
    return Development() if name == "development" else NotConnected()
