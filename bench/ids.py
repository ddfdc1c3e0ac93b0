"""Identifiers that a script of pgbench can compute: a fixed head, then twelve decimal digits of kind and number."""

from uuid import UUID

HEAD = "00000000-0000-7000-8000-"
KIND = 10**11
DOCTOR, SCHEDULE, PATIENT, APPOINTMENT, SITE, CALL, HOUSE, STAFF, POST = range(1, 10)


def uid(kind: int, number: int) -> UUID:
    """The identifier of the number-th thing of a kind."""
    return UUID(f"{HEAD}{kind * KIND + number:012d}")


CENTRE, FIRM, REASON, PERSON, RULE, MEMBERSHIP, DELEGATION, CLIENT, CALENDAR, LINE = (
    uid(HOUSE, number) for number in range(1, 11)
)
