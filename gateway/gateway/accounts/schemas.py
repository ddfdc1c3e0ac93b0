"""Wire types of account administration."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from gateway.accounts.domain import rpps_is_right
from gateway.codes.contacts import normal_email
from maillage.wire import Instant, Line, Page, Patch, Phone, Wire
from maillage.words import Language


def _mail(value: str) -> str:
    mail = normal_email(value)
    if mail is None:
        raise PydanticCustomError("TEXT_INVALID", "not an e-mail address")
    return mail


def _rpps(value: str) -> str:
    if not rpps_is_right(value):
        raise PydanticCustomError("TEXT_INVALID", "not an RPPS number")
    return value


Email = Annotated[str, Field(max_length=254), AfterValidator(_mail)]
Rpps = Annotated[str, Field(max_length=11), AfterValidator(_rpps)]
Role = Annotated[str, Field(max_length=40)]


class PersonIn(Wire):
    """A new account of the administrator's own organisation, with its first role. `login` is unique on the platform.
    The invitation is mailed to `email`, in `language`."""

    login: Annotated[Line, Field(min_length=3)]
    display_name: Line
    role: Role
    email: Email | None = None
    phone: Phone | None = None
    rpps: Rpps | None = None
    language: Language = "fr"


class PersonPatch(Patch):
    """What may change of an account; a field left out stays, null empties it."""

    EMPTIABLE = frozenset({"email", "phone", "rpps"})

    display_name: Line | None = None
    email: Email | None = None
    phone: Phone | None = None
    rpps: Rpps | None = None
    language: Language = "fr"


class PersonOut(Wire):
    """One account. `invitation`: it sets the password within 24 h; given once, at creation and by `…/invite`, when the
    person has no e-mail address. Else it is mailed, and nobody but the person sees it: `invitation_mailed`."""

    id: UUID
    login: str
    display_name: str
    email: str | None
    phone: str | None
    rpps: str | None
    language: Language
    status: Literal["invited", "active", "suspended", "closed"]
    last_sign_in_at: Instant | None
    version: int
    invitation: str | None = None
    invitation_mailed: bool = False


class Persons(Page[PersonOut]):
    """Accounts with a role in the reached organisations."""


class Because(Wire):
    """Why: kept in the audit as a code, never as words about a person."""

    reason: Literal["left", "misuse", "lost_device", "mistake", "other"]


class TemporaryAccessIn(Wire):
    """Why a person is let in without the usual way, and for how many hours."""

    reason: Literal["provider_down", "lost_device", "forgotten_card", "other"]
    hours: Annotated[int, Field(ge=1, le=8)]


class TemporaryAccessOut(Wire):
    """`code` is shown once; the person types it as the password until `valid_to`. Sessions opened with it end then."""

    person_id: UUID
    code: str
    valid_to: Instant


class MembershipIn(Wire):
    """A role in the administrator's own organisation."""

    person_id: UUID
    role: Role
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class MembershipPatch(Patch):
    """The end of a role; an instant in the past means now."""

    valid_to: Instant


class MembershipOut(Wire):
    """A role of a person in an organisation; `valid_to` null: open."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    role: str
    valid_from: Instant
    valid_to: Instant | None
    version: int


class Memberships(Page[MembershipOut]):
    """Roles in the reached organisations."""
