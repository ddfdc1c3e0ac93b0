"""Wire types of the state of services and of the table of permissions."""

from collections.abc import Mapping, Sequence
from typing import Literal

from gateway.permissions import Reach
from gateway.status.watch import State
from maillage.wire import Instant, Wire


class ServiceState(Wire):
    """`ready` answers; `away` does not; `circuit_open` answers again and is tried by the next request.

    `since`: when this process first saw it so.
    """

    service: str
    state: State
    since: Instant


class Status(Wire):
    """Every service behind the door, by name, as it was at most a second ago. `mailbox_url`: the message box of a
    development installation; messages go to nobody there."""

    items: Sequence[ServiceState]
    mailbox_url: str | None = None


class PermissionRow(Wire):
    """One permission, and how far each role that has it goes: s self, o own organisation, d own and delegating ones,
    t territory, p public rows."""

    permission: str
    reach: Mapping[str, Reach]


class Permissions(Wire):
    """The one table. A role that is absent from a row is refused."""

    items: Sequence[PermissionRow]
    roles_of_kind: Mapping[str, Sequence[str]]
    """Which roles each kind of organisation may give."""
    visitors: Sequence[Literal["patient", "visitor"]]
    """Roles without an account."""
