"""Refusals of protocols of delegation."""

from maillage.refusals import Refusal
from maillage.words import Words


class ProtocolNotValid(Refusal):
    """No delegation to this nurse on that day. Extra member `last_day`: the last one it covers, where there is one."""

    code, status = "PROTOCOL_NOT_VALID", 422
    title = Words("Protocole de délégation non valide ce jour-là", "Protocol of delegation not valid that day")
    detail = Words(
        "Choisissez un jour et un infirmier couverts par le protocole, ou prenez rendez-vous avec un médecin.",
        "Choose a day and a nurse that the protocol covers, or make an appointment with a physician.",
    )


class ProtocolInUse(Refusal):
    """Cannot be switched off while a visit reason needs it. Extra member `reasons`: how many."""

    code, status = "IN_USE", 409
    title = Words("Protocole encore utilisé", "Protocol still in use")
    detail = Words(
        "Retirez d'abord ce protocole des motifs de consultation qui s'y rattachent.",
        "First take this protocol off the visit reasons that need it.",
    )
