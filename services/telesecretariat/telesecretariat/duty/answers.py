"""The public part of permanence's answer to who is on duty. Anything else in it, and above all doctors and their
phones, is not even read."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from telesecretariat.announcements.schemas import Part, SpokenNumber

_MOST_PLACES = 3
_SERVED = ("covered", "under_staffed")


class Place(BaseModel):
    """A published place of duty."""

    model_config = ConfigDict(extra="ignore")

    name: Annotated[str, Field(min_length=1, max_length=120)]
    city: Annotated[str, Field(max_length=80)] = ""

    def __str__(self) -> str:
        return f"{self.name}, {self.city}" if self.city else self.name


class DutyLine(BaseModel):
    """One line of duty of the sector; a place only where patients are received."""

    model_config = ConfigDict(extra="ignore")

    status: str
    place: Place | None = None


class OnDuty(BaseModel):
    """Who is on duty in a sector, until `next_change_at`."""

    model_config = ConfigDict(extra="ignore")

    sector: str
    patient_number: SpokenNumber
    next_change_at: AwareDatetime | None = None
    lines: Annotated[list[DutyLine], Field(max_length=50)] = []

    def parts(self) -> list[Part]:
        """What is announced: the published number, then the places where somebody is."""
        number = self.patient_number
        told = Part(
            kind="number",
            fragment="duty_number",
            number=number,
            text=f"Médecin de garde : appelez le {number}.",
            text_en=f"Doctor on duty: call {number}.",
        )
        places = [line.place for line in self.lines if line.place is not None and line.status in _SERVED]
        return [told, *(_at(place) for place in places[:_MOST_PLACES])]

    def holds_until(self, latest: datetime) -> datetime:
        """When it stops being true, `latest` at the latest."""
        return latest if self.next_change_at is None else min(self.next_change_at, latest)


def _at(place: Place) -> Part:
    return Part(
        kind="text",
        fragment="duty_place",
        text=f"Lieu de garde : {place}. Appelez d'abord.",
        text_en=f"Place of duty: {place}. Call first.",
    )
