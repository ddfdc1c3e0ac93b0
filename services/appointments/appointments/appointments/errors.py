"""Refusals of bookings and of what happens to an appointment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from pydantic import JsonValue

from appointments.appointments.domain import Denied
from appointments.times.errors import NoticeTooShort, TooFarAhead
from maillage.refusals import NotAllowed, Refusal, TimeInvalid, WrongState
from maillage.words import Words


class AgeNotAllowed(Refusal):
    """The patient's age on the day of the visit is outside the reason's."""

    code, status = "AGE_NOT_ALLOWED", 422
    title = Words("Âge non admis pour ce motif", "Age not accepted for this reason")
    detail = Words(
        "Choisissez un motif qui convient à l'âge du patient.", "Choose a reason that fits the patient's age."
    )


class FirstVisitRule(Refusal):
    """The reason is for first visits only, or only for those who have been seen."""

    code, status = "FIRST_VISIT_RULE", 422
    title = Words("Motif non adapté à cette visite", "Reason does not fit this visit")
    detail = Words(
        "Ce motif dépend de la première visite au centre. Choisissez un autre motif ou appelez le centre.",
        "This reason depends on the first visit to the centre. Choose another reason or call the centre.",
    )


class GapTooShort(Refusal):
    """Another appointment of the same reason is too near. Extra member `appointment_id`, for those who may read it."""

    code, status = "GAP_TOO_SHORT", 409
    title = Words("Un rendez-vous proche existe déjà", "There is already an appointment nearby")
    detail = Words(
        "Déplacez plutôt le rendez-vous déjà pris pour ce motif.",
        "Move the appointment already made for this reason instead.",
    )


class OnlineBlocked(Refusal):
    """Online booking is closed for a while after repeated misses; the phone never is. Extra member `phone`."""

    code, status = "ONLINE_BLOCKED", 409
    title = Words("Réservation en ligne fermée", "Online booking is closed")
    detail = Words("Appelez le centre pour prendre rendez-vous.", "Call the centre to make an appointment.")


class MaxLive(Refusal):
    """As many online appointments of this reason as are allowed at a time. Extra member `limit`."""

    code, status = "MAX_LIVE", 409
    title = Words("Trop de rendez-vous en cours", "Too many appointments")
    detail = Words(
        "Annulez un rendez-vous de ce motif ou appelez le centre.", "Cancel one of this reason or call the centre."
    )


class PatientBusy(Refusal):
    """The patient is expected elsewhere then. Extra members `appointment_id` and `start`, for those who may read it."""

    code, status = "PATIENT_BUSY", 409
    title = Words("Le patient a déjà un rendez-vous à cette heure", "The patient has another appointment then")
    detail = Words(
        "Choisissez un autre horaire, ou déplacez l'autre rendez-vous.",
        "Choose another time, or move the other appointment.",
    )


class ReasonRequired(Refusal):
    """This act is explained in words."""

    code, status = "REASON_REQUIRED", 422
    title = Words("Indiquez la raison", "Give the reason")
    detail = Words("Cette action demande une raison écrite.", "This action asks for a written reason.")


class OverbookLimit(Refusal):
    """As many overbookings of this practitioner and half-day as are allowed. Extra member `limit`."""

    code, status = "OVERBOOK_LIMIT", 409
    title = Words("Limite de surréservation atteinte", "Overbooking limit reached")
    detail = Words(
        "Choisissez une autre demi-journée ou un autre praticien.", "Choose another half-day or practitioner."
    )


class MoveTooLate(Refusal):
    """Patients move on their own until some hours before. Extra member `phone`."""

    code, status = "MOVE_TOO_LATE", 409
    title = Words("Trop tard pour déplacer en ligne", "Too late to move online")
    detail = Words("Appelez le centre, ou annulez ce rendez-vous.", "Call the centre, or cancel this appointment.")


class AlreadyStarted(Refusal):
    """The time of the visit has come: only the front desk cancels it now."""

    code, status = "ALREADY_STARTED", 409
    title = Words("L'heure du rendez-vous est passée", "The time of the appointment has come")
    detail = Words("Adressez-vous à l'accueil du centre.", "Speak to the front desk of the centre.")


class ArrivalTooEarly(Refusal):
    """Arrivals are noted from 2 h before the start."""

    code, status = "ARRIVAL_TOO_EARLY", 409
    title = Words("Trop tôt pour noter l'arrivée", "Too early to note the arrival")
    detail = Words("L'arrivée se note à partir de deux heures avant.", "Arrivals are noted from two hours before.")


class ArrivalTooLate(Refusal):
    """Arrivals are noted until the end of the local day."""

    code, status = "ARRIVAL_TOO_LATE", 409
    title = Words("La journée du rendez-vous est finie", "The day of the appointment is over")
    detail = Words("Notez la visite comme faite ou manquée.", "Note the visit as done or missed.")


class NotStarted(Refusal):
    """Neither arrived nor begun."""

    code, status = "NOT_STARTED", 409
    title = Words("La visite n'a pas commencé", "The visit has not begun")
    detail = Words("Notez d'abord l'arrivée du patient.", "Note the patient's arrival first.")


class MissTooEarly(Refusal):
    """A miss is noted from 15 min after the start."""

    code, status = "MISS_TOO_EARLY", 409
    title = Words("Trop tôt pour noter l'absence", "Too early to note a miss")
    detail = Words("Attendez quinze minutes après l'heure prévue.", "Wait fifteen minutes after the time.")


class ReopenTooLate(Refusal):
    """A last state is taken back within 7 days, a cancellation within 24 h."""

    code, status = "REOPEN_TOO_LATE", 409
    title = Words("Trop tard pour rouvrir", "Too late to reopen")
    detail = Words("Prenez un nouveau rendez-vous.", "Make a new appointment.")


_BY_CODE: dict[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        AgeNotAllowed,
        AlreadyStarted,
        ArrivalTooEarly,
        ArrivalTooLate,
        FirstVisitRule,
        GapTooShort,
        MaxLive,
        MissTooEarly,
        MoveTooLate,
        NotAllowed,
        NoticeTooShort,
        NotStarted,
        OnlineBlocked,
        ReopenTooLate,
        TimeInvalid,
        TooFarAhead,
        WrongState,
    )
}


@contextmanager
def spoken(*, pointer: str | None = None, **extra: str | int | None) -> Iterator[None]:
    """Turns a `Denied` of the rules into the refusal that the caller hears; `extra` members go with it."""
    try:
        yield
    except Denied as denied:
        refusal = _BY_CODE[denied.code](pointer=pointer)
        members = {**extra, **denied.facts}
        refusal.extra.update({name: cast(JsonValue, value) for name, value in members.items() if value is not None})
        raise refusal from None
