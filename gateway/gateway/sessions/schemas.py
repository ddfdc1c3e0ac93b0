"""Wire types of signing in and of sessions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from gateway.devices.schemas import Screen
from maillage.wire import Instant, Line, Page, Wire

Password = Annotated[SecretStr, Field(max_length=1024)]


class PasswordIn(Wire):
    """A local account's proof. The code of a temporary access is typed as the password."""

    login: Line
    password: Password


class Next(Wire):
    """What to do after a proof: `done`; `context` when several memberships can be chosen; `totp` when the second factor
    is asked for, within 5 minutes; `enrol` when one must be set up first, within 15."""

    next: Literal["done", "context", "totp", "enrol"]


class ContextOut(Wire):
    """One membership: an organisation and a role in it."""

    membership_id: UUID
    organisation_id: UUID
    organisation_name: str
    organisation_kind: str
    role: str


class PersonOut(Wire):
    """Who is signed in."""

    id: UUID
    display_name: str
    login: str


class UnknownSite(Wire):
    """A place of work that the provider named and that cannot be chosen here: its number (FINESS), its name as the
    provider says it, and a sentence that says whom to call."""

    identifier: str
    label: str
    detail: str


class SessionOut(Wire):
    """The caller's own session. A visitor has `kind` "visitor" and no end; a patient neither person nor context;
    a "wall" is a `screen` of an organisation, and nobody.

    `acr` 2: two factors were proved, last at `auth_time`; acts that ask for a fresh one compare with it.
    `permissions`: full name -> reach (s self, o own, d delegated, t territory, p public). `csrf_token` goes into
    `X-CSRF-Token`. Contexts at places of work that the provider named come first. `now`: the server's instant, by which
    a screen shows times although its own clock is wrong.
    """

    kind: Literal["professional", "patient", "visitor", "wall"]
    person: PersonOut | None = None
    screen: Screen | None = None
    context: ContextOut | None = None
    contexts: list[ContextOut] = []
    unknown_sites: list[UnknownSite] = []
    permissions: dict[str, str] = {}
    csrf_token: str
    acr: int = 0
    auth_time: Instant | None = None
    idle_until: Instant | None = None
    expires_at: Instant | None = None
    now: Instant


class SessionLine(Wire):
    """One live session of a person: since when, from where, and what was proved.

    `amr`: pwd password, otp code of the authenticator, recovery, temporary access, badge and pin, or what the provider
    said. `acr`: 1 one factor, 2 two. `auth_time`: when one was last proved. `device`: the name of a known device.
    """

    sid: str
    current: bool
    created_at: Instant
    idle_until: Instant
    expires_at: Instant
    auth_time: Instant
    ip: str | None
    amr: list[str]
    acr: int
    device_id: UUID | None
    device: str | None


class Sessions(Page[SessionLine]):
    """The live sessions of the caller, newest first."""


class ContextIn(Wire):
    """The membership to work under."""

    membership_id: UUID


class PasswordChange(Wire):
    """The present password, and the one to come: at least 12 characters, not a common one."""

    current: Password
    password: Password


class InvitationIn(Wire):
    """The password that an invited person chooses."""

    password: Password
