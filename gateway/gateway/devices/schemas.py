"""Wire types of devices."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from maillage.wire import Instant, Line, Page, Patch, Wire

PostKind = Literal["shared_post", "wall"]


class DeviceIn(Wire):
    """A shared post (badge and PIN) or a wall screen (read-only) of the administrator's own organisation. `valid_to`:
    a year from now if left out."""

    kind: PostKind
    label: Line
    valid_to: Instant | None = None


class DevicePatch(Patch):
    """What may change. `valid_to` in the past means now: the device and its sessions end within a second."""

    label: Line | None = None
    valid_to: Instant | None = None


class DeviceOut(Wire):
    """One device of the organisation. `code` is told once: typed at the device before `code_expires_at`, it
    enrols it."""

    id: UUID
    kind: PostKind
    label: str
    valid_from: Instant
    valid_to: Instant
    enrolled: bool
    last_seen_at: Instant | None
    version: int
    code: str | None = None
    code_expires_at: Instant | None = None


class Devices(Page[DeviceOut]):
    """The devices of the own organisation."""


class EnrolIn(Wire):
    """The code as typed at the device; spaces and hyphens do not matter."""

    code: Annotated[str, Field(max_length=64)]


class EnrolledOut(Wire):
    """What this browser is now. A wall screen is signed in; at a shared post, persons sign in by badge."""

    id: UUID
    kind: PostKind
    label: str
    organisation_name: str


class Screen(Wire):
    """The wall screen behind a session."""

    id: UUID
    label: str
    organisation_id: UUID
    organisation_name: str


class KnownDevice(Wire):
    """A browser on which the caller completed a sign-in: failures elsewhere do not lock him out here."""

    id: UUID
    label: str | None
    current: bool
    valid_from: Instant
    valid_to: Instant
    last_seen_at: Instant


class KnownDevices(Page[KnownDevice]):
    """The caller's own devices, the last used first."""
