"""What schedules, absences and closures refuse."""

from maillage.refusals import Refusal
from maillage.words import Words


class RruleUnsupported(Refusal):
    """A recurrence that is not RFC 5545, or is finer than a day."""

    code, status = "RRULE_UNSUPPORTED", 422
    title = Words("Récurrence non acceptée", "Recurrence not supported")
    detail = Words(
        "Écrivez une règle RFC 5545 avec FREQ=DAILY, WEEKLY, MONTHLY ou YEARLY, sans heure : l'heure vient du créneau.",
        "Write an RFC 5545 rule with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY and no hour: hours are those of the window.",
    )


class ZoneUnknown(Refusal):
    """A time zone that is not in the IANA database."""

    code, status = "ZONE_UNKNOWN", 422
    title = Words("Fuseau horaire inconnu", "Unknown time zone")
    detail = Words("Donnez un fuseau IANA, par exemple Europe/Paris.", "Give an IANA zone, for instance Europe/Paris.")


class WindowClash(Refusal):
    """Two windows of one practitioner at once. Extra member `clashes`: instants of each pair."""

    code, status = "WINDOW_CLASH", 409
    title = Words("Deux plages en même temps", "Two windows at once")
    detail = Words(
        "Ce professionnel aurait deux plages en même temps. Changez les heures ou l'autre agenda.",
        "This practitioner would have two windows at the same time. Change the hours or the other schedule.",
    )


class RoomClash(Refusal):
    """Two windows in one room at once. Extra member `clashes`."""

    code, status = "ROOM_CLASH", 409
    title = Words("Salle déjà prise", "Room already taken")
    detail = Words(
        "Une autre plage utilise cette salle en même temps. Choisissez une autre salle ou d'autres heures.",
        "Another window uses this room at the same time. Choose another room or other hours.",
    )


class ScheduleExists(Refusal):
    """One schedule per practitioner and site. Extra member `schedule_id`."""

    code, status = "SCHEDULE_EXISTS", 409
    title = Words("Agenda déjà créé", "Schedule already exists")
    detail = Words(
        "Ce professionnel a déjà un agenda sur ce site : modifiez ses plages.",
        "This practitioner already has a schedule at this site: change its rules.",
    )


class RestIsLaw(Refusal):
    """A rest after a duty is lifted by its own event only."""

    code, status = "REST_IS_LAW", 409
    title = Words("Repos obligatoire", "Rest required by law")
    detail = Words(
        "Ce repos suit une garde. Il ne se lève qu'en changeant la garde.",
        "This rest follows a duty. It is lifted by changing the duty only.",
    )
