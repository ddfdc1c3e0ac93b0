"""Refusals of teleconsultations."""

from maillage.refusals import Refusal
from maillage.words import Words


class NotByVideo(Refusal):
    """The visit is not a teleconsultation, or has gone over to the telephone."""

    code, status = "NOT_BY_VIDEO", 409
    title = Words("Cette visite n'a pas lieu par vidéo", "This visit does not take place by video")
    detail = Words(
        "Elle a lieu sur place, ou elle est passée au téléphone : appelez le patient à l'heure prévue.",
        "It takes place on site, or has gone over to the telephone: call the patient at the planned time.",
    )


class RoomNotOpen(Refusal):
    """Too early or too late. Extra members `opens_at`, `closes_at`."""

    code, status = "ROOM_NOT_OPEN", 409
    title = Words("La salle n'est pas ouverte", "The room is not open")
    detail = Words(
        "Elle ouvre trente minutes avant l'heure prévue et ferme deux heures après la fin.",
        "It opens thirty minutes before the planned time and closes two hours after the end.",
    )


class VideoUnavailable(Refusal):
    """The provider of video does not answer."""

    code, status = "VIDEO_UNAVAILABLE", 503
    title = Words("La vidéo ne répond pas", "Video does not answer")
    detail = Words(
        "Réessayez, ou passez la visite au téléphone : le patient en sera prévenu.",
        "Try again, or take the visit over to the telephone: the patient will be told.",
    )
