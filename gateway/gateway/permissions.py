"""Who may do what: the one table. Printed to `docs/permissions.md` by `python -m gateway.permissions`.

Reach: `s` rows about oneself, `o` own organisation, `d` own and delegating organisations, `t` the territory, `p`
public rows.
A role that is absent from a row is refused (403); rows out of reach do not exist for the caller (404, by the services).
Rows come with their endpoints: a permission that no operation asks for is not in the table.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from uuid import UUID

Reach = Literal["s", "o", "d", "t", "p"]

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TS": "telesecretary",
        "SV": "supervisor",
        "FD": "front_desk",
        "PR": "practitioner",
        "NU": "nurse",
        "MA": "manager",
        "OP": "sterilisation_agent",
        "PH": "sterilisation_releaser",
        "TH": "theatre_agent",
        "DR": "logistics_agent",
        "GM": "gcs_manager",
        "HY": "hygiene",
        "CL": "clinician",
        "FI": "accountant",
        "CO": "committee",
        "SL": "supplier",
        "DC": "duty_coordinator",
        "CD": "cdom_officer",
        "RG": "regulator",
        "AR": "ars_officer",
        "AD": "administrator",
        "AU": "auditor",
        "WS": "wall_screen",
        "PA": "patient",
        "VI": "visitor",
    }
)
WITHOUT_ACCOUNT: Final = frozenset({"patient", "visitor"})
OF_DEVICES: Final = frozenset({"wall_screen"})
"""Roles that no person has."""
NARROWED: Final = frozenset({"telesecretary"})
"""Roles that see of a client's calls only while they are assigned to it; the service that owns them narrows too."""
AUDIT: Final = "gateway:audit.read"

# "TS SV d, FD o": roles, then their reach; one comma between groups. The same grammar as the design's table.
TABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "appointments:slot.read": "TS SV d, FD PR NU MA o, RG t, PA VI p",
        "appointments:slot.hold": "TS SV d, FD PR NU MA o, RG t, PA VI s",
        "appointments:appointment.read": "TS SV d, FD NU MA o, PR o, RG PA s",
        "appointments:appointment.write": "TS SV d, FD PR NU MA o, RG s, PA s",
        "appointments:appointment.overbook": "SV d, FD MA o, PR s",
        "appointments:patient.read": "TS SV d, FD PR NU MA o, PA s",
        "appointments:patient.write": "TS SV d, FD PR NU MA o, PA s",
        "appointments:identity.write": "FD PR NU o",
        "appointments:patient.merge": "FD MA o",
        "appointments:schedule.write": "FD MA o, PR NU s",
        "appointments:directory.write": "MA o",
        "appointments:message.read": "FD MA o",
        "appointments:report.read": "MA o, PR s",
        "telesecretariat:call.handle": "TS SV d",
        "telesecretariat:floor.watch": "SV d, WS d",
        "telesecretariat:floor.supervise": "SV d",
        "telesecretariat:instruction.read": "TS SV d, FD PR NU MA o",
        "telesecretariat:instruction.write": "PR s, MA o",
        "telesecretariat:message.act": "TS SV d, FD MA o, PR NU s",
        "telesecretariat:report.read": "SV MA d, AR t",
        "telesecretariat:setup.write": "MA d",
        "telesecretariat:opening.read": "TS SV FD PR NU MA PA VI p",
        "cooperation:set.read": "GM OP PH DR HY d, TH MA CL SL o",
        "cooperation:setup.write": "GM PH d",
        "cooperation:scan.write": "GM OP PH DR d, TH o",
        "cooperation:use.write": "TH o",
        "cooperation:use.override": "CL o",
        "cooperation:load.write": "GM OP PH d",
        "cooperation:record.write": "OP d",
        "cooperation:load.release": "PH OP GM d",
        "cooperation:recall.act": "PH GM HY d",
        "cooperation:hold.sign": "PH HY d",
        "cooperation:issue.write": "GM OP PH DR HY d, TH MA o",
        "cooperation:transport.act": "GM OP DR d, TH o",
        "cooperation:programme.write": "GM d, TH o",
        "cooperation:trace.read": "GM PH HY d, MA o",
        "cooperation:order.write": "GM OP DR d, TH MA SL o",
        "gateway:account.write": "AD o",
        "gateway:client.write": "AD o",
        "gateway:subscription.write": "AD o",
        "gateway:audit.read": "AU o",
    }
)

# What each kind of organisation may give out: a role outside its kind is `ROLE_NOT_FOR_KIND`.
ROLES_OF_KIND: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        kind: frozenset(ROLES[code] for code in codes.split())
        for kind, codes in {
            "health_centre": "TS SV FD PR NU MA AD AU",
            "telesecretariat": "TS SV MA AD AU",
            "gcs": "OP PH DR GM HY CL FI CO MA AD AU",
            "hospital": "TH DR HY CL FI CO MA AD AU",
            "duty_association": "PR NU DC MA AD AU",
            "cdom": "CD MA AD AU",
            "ars": "AR MA AD AU",
            "samu": "RG MA AD AU",
            "supplier": "SL MA AD AU",
            "operator": "AD AU",
        }.items()
    }
)
# Not tied to a role: `public` is open to all, `self` to whoever is signed in, `signed` is proved in the service.
UNTABLED: Final = frozenset({"public", "self", "signed"})


class Delegation(NamedTuple):
    """An organisation for which the provider may act: exact permissions, or `service:*` for all of one service."""

    client_id: UUID
    permissions: frozenset[str]

    def covers(self, permission: str) -> bool:
        """Whether it was given for this permission."""
        return permission in self.permissions or f"{permission.partition(':')[0]}:*" in self.permissions


def _read_row(text: str) -> dict[str, Reach]:
    row: dict[str, Reach] = {}
    for group in text.split(", "):
        *codes, reach = group.split()
        if reach not in ("s", "o", "d", "t", "p"):
            raise ValueError(f"unknown reach in {text!r}")
        for code in codes:
            row[ROLES[code]] = reach  # type: ignore[assignment]  # narrowed by the check above
    return row


_ROWS: Final[Mapping[str, Mapping[str, Reach]]] = {name: _read_row(text) for name, text in TABLE.items()}


def full_names(service: str, x_permission: str) -> tuple[str, ...]:
    """`("appointments:slot.read", …)` of an operation's `x-permission`; an unknown word is an error at start, not at
    the first call."""
    names = tuple(
        word if word in UNTABLED else word if ":" in word else f"{service}:{word}" for word in x_permission.split("|")
    )
    for name in names:
        if name not in UNTABLED and name not in _ROWS:
            raise ValueError(f"permission {name} is in no row of the table")
    return names


def rows() -> Mapping[str, Mapping[str, Reach]]:
    """The whole table: permission -> role -> how far."""
    return _ROWS


def reach_of(role: str, permission: str) -> Reach | None:
    """How far a role goes with a permission; None: not at all."""
    return _ROWS[permission].get(role)


@cache
def grants_of(role: str) -> Mapping[str, Reach]:
    """All that a role holds, by full name: one column of the table."""
    return MappingProxyType({name: row[role] for name, row in _ROWS.items() if role in row})


def client_grants(scopes: Iterable[str], reach: Reach) -> Mapping[str, Reach]:
    """All that a partner's machine holds: its scopes, those that the table still knows, as far as it reaches."""
    return MappingProxyType({name: reach for name in scopes if name in _ROWS})


def of_service(grants: Mapping[str, Reach], service: str) -> Mapping[str, Reach]:
    """What an internal token carries for a service: `{"slot.read": "d"}`. `gateway:audit.read`, which every service
    asks for its own audit, keeps its full name there."""
    prefix = f"{service}:"
    held = {name.removeprefix(prefix): reach for name, reach in grants.items() if name.startswith(prefix)}
    if service != "gateway" and AUDIT in grants:
        held[AUDIT] = grants[AUDIT]
    return held


def held(role: str, service: str) -> Mapping[str, Reach]:
    """All that a role holds in a service, as the internal token carries it."""
    return of_service(grants_of(role), service)


def allowed(grants: Mapping[str, Reach], asked: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the asked permissions that are held; empty: refused."""
    return tuple(name for name in asked if name in UNTABLED or name in grants)


def organisations(
    grants: Mapping[str, Reach],
    own: UUID | None,
    delegations: Iterable[Delegation],
    granted: tuple[str, ...],
    *,
    role: str = "",
) -> frozenset[UUID] | None:
    """The organisations whose rows the granted permissions reach; None: all of the territory, the service narrows.

    A delegation counts only for the permissions it was given for, so that a token never carries a
    client's rows further.
    """
    if own is None:
        return None if role in WITHOUT_ACCOUNT else frozenset()
    reached = {own}
    for name in granted:
        reach = grants.get(name)
        if reach in ("t", "p") or (reach == "s" and role == "regulator"):
            return None  # a regulator's own bookings lie in all organisations; the service keeps to his own rows
        if reach == "d":
            reached |= {each.client_id for each in delegations if each.covers(name)}
    return frozenset(reached)


def markdown() -> str:
    """The table for people, one line per permission, one column per role that appears in it."""
    used = [code for code, role in ROLES.items() if any(role in row for row in _ROWS.values())]
    words = {"s": "self", "o": "own", "d": "delegated", "t": "territory", "p": "public"}
    lines = [
        "# Permissions",
        "",
        "Generated by `python -m gateway.permissions`; a test fails when it differs from the table in code.",
        "",
        "Reach: *self* rows about oneself, *own* organisation, *delegated* own and delegating organisations, "
        "*territory*, *public* rows.",
        "Empty: refused (403). Rows out of reach answer 404.",
        "",
        "| permission | " + " | ".join(ROLES[code].replace("_", " ") for code in used) + " |",
        "|---|" + "---|" * len(used),
    ]
    for name, row in _ROWS.items():
        cells = [words[row[ROLES[code]]] if ROLES[code] in row else "" for code in used]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    from gateway import authorisation

    sys.stdout.write(authorisation.markdown() if "--endpoints" in sys.argv else markdown())
