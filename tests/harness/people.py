"""Callers for tests, with the permissions that the gateway's table gives their role.

`telesecretary(org)` reaches its own organisation; `telesecretary(org, centre)` also those that delegate to it.
"""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from gateway.permissions import TABLE, client_grants, held, of_service
from maillage.ids import new_id
from maillage.principal import Contact, Principal, system

__all__ = [
    "front_desk",
    "manager",
    "nurse",
    "partner",
    "patient",
    "practitioner",
    "professional",
    "regulator",
    "supervisor",
    "system",
    "telesecretary",
    "visitor",
]


def professional(
    role: str, org: UUID, *delegating: UUID, person: UUID | None = None, service: str = "appointments"
) -> Principal:
    """A signed-in person of that role in `org`, acting also for the delegating organisations."""
    return Principal(
        sub=f"person:{person or new_id()}",
        kind="professional",
        role=role,
        org=org,
        orgs=frozenset({org, *delegating}),
        perms=held(role, service),
        sid=new_id().hex[:16],
        ip="127.0.0.1",
        csrf="csrf-of-test",
        acr=1,
        amr=("pwd",),
    )


def telesecretary(org: UUID, *delegating: UUID, person: UUID | None = None) -> Principal:
    """Answers the phone for `org` and the organisations that delegate to it."""
    return professional("telesecretary", org, *delegating, person=person)


def supervisor(org: UUID, *delegating: UUID, person: UUID | None = None) -> Principal:
    """Watches the floor; may overbook."""
    return professional("supervisor", org, *delegating, person=person)


def front_desk(org: UUID, person: UUID | None = None) -> Principal:
    """Receives at the desk of a site."""
    return professional("front_desk", org, person=person)


def practitioner(org: UUID, person: UUID | None = None) -> Principal:
    """A doctor; `person` ties to the directory's practitioner."""
    return professional("practitioner", org, person=person)


def nurse(org: UUID, person: UUID | None = None) -> Principal:
    """A nurse of the centre."""
    return professional("nurse", org, person=person)


def manager(org: UUID, person: UUID | None = None) -> Principal:
    """Keeps directory and schedules."""
    return professional("manager", org, person=person)


def patient(
    contact: str, channel: Literal["sms", "voice", "email"] = "sms", *, visitor_id: str | None = None
) -> Principal:
    """Someone who has just proved a phone number or an e-mail address by a code."""
    return Principal(
        sub=f"contact:{new_id()}",
        kind="patient",
        role="patient",
        orgs=None,
        perms=held("patient", "appointments"),
        contact=Contact(channel, contact),
        visitor=visitor_id or new_id().hex,
        sid=new_id().hex[:16],
        ip="127.0.0.1",
        csrf="csrf-of-test",
    )


def visitor(visitor_id: str | None = None) -> Principal:
    """Someone unknown, with the gateway's visitor ticket."""
    known = visitor_id or new_id().hex
    return Principal(
        sub=f"visitor:{known}",
        kind="visitor",
        role="visitor",
        orgs=None,
        perms=held("visitor", "appointments"),
        visitor=known,
        ip="127.0.0.1",
        csrf="csrf-of-test",
    )


def partner(org: UUID, *reached: UUID, service: str = "appointments") -> Principal:
    """A machine of `org` that was given every scope, and also reaches those organisations."""
    return Principal(
        sub=f"client:{new_id()}",
        kind="partner",
        org=org,
        orgs=frozenset({org, *reached}),
        perms=of_service(client_grants(TABLE, "o"), service),
        ip="127.0.0.1",
    )


def regulator(org: UUID, person: UUID | None = None) -> Principal:
    """Places callers of the 15 in free times of the whole territory."""
    return replace(professional("regulator", org, person=person), orgs=None)
