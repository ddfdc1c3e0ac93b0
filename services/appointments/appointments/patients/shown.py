"""Rows of patients as their readers see them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg

from appointments.patients import domain
from appointments.patients.schemas import Candidate, NextAppointment, PatientItem


def called(row: asyncpg.Record) -> str:
    """How a person of this row is called."""
    return domain.display_name(
        row["birth_family_name"], row["used_family_name"], row["birth_given_names"], row["used_given_name"]
    )


def item(row: asyncpg.Record) -> PatientItem:
    """A row as one line of a list."""
    return PatientItem(
        id=row["id"],
        identity_status=row["identity_status"],
        display_name=called(row),
        birth_family_name=row["birth_family_name"],
        birth_given_names=row["birth_given_names"],
        birth_date=row["birth_date"],
        sex=row["sex"],
    )


def following(row: asyncpg.Record) -> NextAppointment | None:
    """The next time this person is expected, in the clock of its site."""
    if row["next_id"] is None:
        return None
    start: datetime = row["start"].astimezone(ZoneInfo(row["timezone"]))
    return NextAppointment(appointment_id=row["next_id"], start=start, site_id=row["site_id"])


def candidate(row: asyncpg.Record) -> Candidate:
    """A row as somebody who may be calling."""
    return Candidate(
        patient_id=row["id"],
        display_name=called(row),
        birth_date=row["birth_date"],
        identity_status=row["identity_status"],
        via=row["via"],
        last_seen_on=row["last_seen_on"],
        next=following(row),
        missed_12_months=row["missed"],
        conflict=row["conflict"],
    )
