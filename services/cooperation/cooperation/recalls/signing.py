"""Signatures: who agreed to what, each by another person, under the role that the act asks for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from cooperation.recalls import domain, queries
from cooperation.recalls.errors import RoleRequired, SamePerson
from maillage.database import Tx
from maillage.ids import new_id

RELEASER: Final = "sterilisation_releaser"
MANAGER: Final = "gcs_manager"
HYGIENE: Final = "hygiene"
OF_PLANT: Final = frozenset({RELEASER, MANAGER})
"""Roles that sign for the group only: a hospital that gives one out has no say over what the plant decides."""
BOTH: Final = (frozenset({RELEASER}), frozenset({HYGIENE}))
"""A pharmacist and the infection-control team."""
TWO_OF_PLANT: Final = (frozenset({RELEASER, MANAGER}), frozenset({RELEASER, MANAGER}))
EITHER: Final = (frozenset({RELEASER, HYGIENE}),)


@dataclass(frozen=True, slots=True)
class About:
    """What is signed."""

    kind: Literal["recall", "recall_line", "hold"]
    id: UUID
    group_id: UUID


def must_be(tx: Tx, *roles: str) -> None:
    """Refused: `ROLE_REQUIRED` for a caller under another role, a machine too."""
    if tx.principal.person_id is None or tx.principal.role not in roles:
        raise RoleRequired(roles=[*sorted(roles)])


async def sign(
    tx: Tx,
    about: About,
    act: str,
    needed: tuple[frozenset[str], ...],
    reason: str | None,
    *,
    since: datetime | None = None,
) -> bool:
    """The caller's signature under `act`; True when it was the last one needed. The caller has locked what is signed.
    Signatures before `since` do not count: the thing has changed. Refused: `ROLE_REQUIRED`, `SAME_PERSON`."""
    must_be(tx, *frozenset[str]().union(*needed))
    person_id, role = tx.principal.person_id, tx.principal.role
    assert person_id is not None
    assert role is not None
    assert tx.principal.org is not None
    rows = await tx.fetch(queries.SIGNERS, about.id, act, since)
    earlier = [domain.Signer(row["person_id"], row["role"]) for row in rows]
    if role in OF_PLANT and tx.principal.org != about.group_id:
        raise RoleRequired(roles=[role])
    verdict = domain.signed(earlier, domain.Signer(person_id, role), needed)
    if verdict == "same_person":
        raise SamePerson
    if verdict == "other_role":
        given = {signer.role for signer in earlier}
        raise RoleRequired(roles=[*sorted(frozenset[str]().union(*needed) - given)])
    values = (about.kind, about.id, act, person_id, role, reason, tx.now)
    await tx.execute(queries.SIGN, new_id(), tx.principal.org, about.group_id, *values)
    return verdict == "complete"
