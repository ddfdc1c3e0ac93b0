"""Wire types of signing in and of sessions."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from maillage.wire import Instant, Line, Page, Wire

Password = Annotated[SecretStr, Field(max_length=1024)]


class PasswordIn(Wire):
    """A local account's proof."""

    login: Line
    password: Password


class Next(Wire):
    """What to do after a proof: `done`, or `context` when several memberships can be chosen. `csrf_token` is for
    scripts."""

    next: Literal["done", "context"]


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


class SessionOut(Wire):
    """The caller's own session. A visitor has `kind` "visitor" and no end; a patient neither person nor context.

    `permissions`: full name -> reach (s self, o own, d delegated, t territory, p public). `csrf_token` goes into
    `X-CSRF-Token`.
    """

    kind: Literal["professional", "patient", "visitor"]
    person: PersonOut | None = None
    context: ContextOut | None = None
    contexts: list[ContextOut] = []
    permissions: dict[str, str] = {}
    csrf_token: str
    idle_until: Instant | None = None
    expires_at: Instant | None = None


class SessionLine(Wire):
    """One live session of a person."""

    sid: str
    current: bool
    created_at: Instant
    idle_until: Instant
    expires_at: Instant
    ip: str | None


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
