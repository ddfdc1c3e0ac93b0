"""The one table against every operation of every service: role by role, and own, delegating, foreign organisation.

Decided in process, cell by cell, by the same functions as the door's; the door itself is tested over HTTP in
tests/e2e/gateway.
"""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from gateway import authorisation, permissions
from gateway.door.routes import Operation, documents, operations_of
from gateway.permissions import ROLES, UNTABLED, WITHOUT_ACCOUNT, Delegation
from gateway.settings import GatewaySettings

OWN, DELEGATING, FOREIGN = uuid4(), uuid4(), uuid4()
# What each reach means for a row of each organisation, written by hand: the truth that the code must meet.
REACHES = {
    "s": {OWN},
    "o": {OWN},
    "d": {OWN, DELEGATING},
    "t": {OWN, DELEGATING, FOREIGN},
    "p": {OWN, DELEGATING, FOREIGN},
}


def _operations() -> Iterator[Operation]:
    for service, document in documents(GatewaySettings().openapi_dir).items():
        yield from operations_of(service, document)


OPERATIONS = list(_operations())


def test_every_committed_operation_names_permissions_of_the_table() -> None:
    """Invariant G3: default no. `operations_of` refuses an operation without `x-permission` or with an unknown one."""
    assert {operation.service for operation in OPERATIONS} >= {"appointments", "gateway"}
    for operation in OPERATIONS:
        assert operation.asked, operation.template


def test_what_is_open_to_all_or_to_any_sign_in_is_written_down() -> None:
    """Nothing becomes public by oversight: a new open operation must be added here, and looked at."""
    open_to_all = {f"{each.method} {each.template}" for each in OPERATIONS if "public" in each.asked}
    expected = {line for line in OPEN.read_text("utf-8").splitlines() if line and not line.startswith("#")}
    assert open_to_all == expected


OPEN = Path(__file__).parent / "open_operations.txt"


@pytest.mark.parametrize("role", ROLES.values())
def test_each_cell(role: str) -> None:
    """A role without the permission is refused; with it, exactly the rows of its reach are in the token."""
    given = (Delegation(DELEGATING, frozenset(f"{service}:*" for service in {each.service for each in OPERATIONS})),)
    own = None if role in WITHOUT_ACCOUNT else OWN
    for operation in OPERATIONS:
        if operation.asked[0] in UNTABLED:
            continue
        said = [_said(name, role) for name in operation.asked]
        grants = permissions.grants_of(role)
        granted = permissions.allowed(grants, operation.asked)
        assert bool(granted) == any(said), (role, operation.method, operation.template)
        if not granted:
            continue
        orgs = permissions.organisations(grants, own, given, granted, role=role)
        reached = {each for each in (OWN, DELEGATING, FOREIGN) if orgs is None or each in orgs}
        if role in WITHOUT_ACCOUNT or role == "regulator":
            assert orgs is None, "the service keeps to public rows or to his own"
        else:
            assert reached == set().union(*(REACHES[reach] for reach in said if reach)), (role, operation.template)


def _said(permission: str, role: str) -> str | None:
    """The reach by reading the printed table, not the code's index of it."""
    for group in permissions.TABLE[permission].split(", "):
        *codes, reach = group.split()
        if role in [ROLES[code] for code in codes]:
            return reach
    return None


def test_each_row_of_the_table_is_asked_by_an_operation() -> None:
    """Rows come with their endpoints. Those that wait for a later one are named here."""
    asked = {name for operation in OPERATIONS for name in operation.asked}
    waiting = {
        "appointments:patient.merge",
        "appointments:identity.write",
        "appointments:appointment.overbook",  # asked by the service of a booking that says so, not of an operation
    }
    assert set(permissions.TABLE) - asked <= waiting


def test_the_printed_table_is_the_codes() -> None:
    """`python -m gateway.permissions > docs/permissions.md`."""
    docs = Path(__file__).parents[3] / "docs" / "permissions.md"
    assert docs.read_text("utf-8") == permissions.markdown()


def test_the_printed_matrix_is_what_the_door_decides() -> None:
    """`python -m gateway.permissions --endpoints > docs/authorisation.md`."""
    docs = Path(__file__).parents[3] / "docs" / "authorisation.md"
    assert docs.read_text("utf-8") == authorisation.markdown()


@pytest.mark.parametrize("role", ROLES.values())
def test_the_door_decides_as_the_table_says(role: str) -> None:
    """Every operation: refused or let in as the row reads; a screen on a wall never changes anything."""
    for operation in OPERATIONS:
        shut = role == "wall_screen" and operation.method != "GET" and operation.template != "/auth/session"
        if operation.asked[0] in UNTABLED:
            let_in = role != "visitor" or operation.asked[0] != "self"
        else:
            let_in = any(_said(name, role) for name in operation.asked)
        assert bool(authorisation.cell(operation, role)) == (let_in and not shut), (
            operation.method,
            operation.template,
        )


def test_roles_given_by_organisations_exist() -> None:
    """Every role with an account can be given by some kind of organisation, and none that does not exist."""
    given = set().union(*permissions.ROLES_OF_KIND.values())
    assert given | WITHOUT_ACCOUNT | permissions.OF_DEVICES == set(ROLES.values())
