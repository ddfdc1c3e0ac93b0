"""Refusals of one-time codes. None says whether a contact is known."""

from collections.abc import Sequence

from maillage.refusals import Refusal
from maillage.words import Words


class ChannelNotPossible(Refusal):
    """This contact cannot get a code by this channel. Extra member: `offered`, the channels that remain."""

    code, status = "CHANNEL_NOT_POSSIBLE", 422
    title = Words("Envoi impossible par ce moyen", "Not possible by this means")
    detail = Words(
        "Vérifiez ce que vous avez saisi, ou choisissez un autre moyen de recevoir le code.",
        "Check what you typed, or choose another way to receive the code.",
    )

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(pointer="/address", offered=list(offered))


class CodeLimit(Refusal):
    """Too many codes for this contact, this visitor or this address; `Retry-After` says when the next one is
    possible."""

    code, status = "CODE_LIMIT", 429
    title = Words("Trop de codes demandés", "Too many codes requested")
    detail = Words(
        "Attendez avant d'en demander un autre, ou appelez-nous : nous prenons rendez-vous avec vous.",
        "Wait before asking for another, or call us: we will book with you.",
    )

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(max(1, seconds))})


class CodeChannelPaused(Refusal):
    """The territory's budget of messages is spent for now, or too few codes of this block of numbers are used; e-mail
    goes on. The same answer for both: who drains the budget does not learn where he was noticed."""

    code, status = "CODE_CHANNEL_PAUSED", 503
    title = Words("Envoi par téléphone en pause", "Sending by phone is paused")
    detail = Words(
        "Choisissez l'e-mail, ou appelez-nous au 03 85 34 71 00.", "Choose e-mail, or call us on +33 3 85 34 71 00."
    )

    def __init__(self, seconds: int) -> None:
        super().__init__(headers={"Retry-After": str(max(1, seconds))}, offered=["email"])


class CodeWrong(Refusal):
    """Not the code that was sent. Extra member: `tries_left`."""

    code, status = "CODE_WRONG", 422
    title = Words("Code incorrect", "Wrong code")
    detail = Words(
        "Vérifiez les six chiffres du dernier message reçu.", "Check the six digits of the last message received."
    )

    def __init__(self, tries_left: int) -> None:
        super().__init__(pointer="/code", tries_left=tries_left)


class CodeExpired(Refusal):
    """Older than ten minutes, tried five times, or used."""

    code, status = "CODE_EXPIRED", 410
    title = Words("Ce code ne fonctionne plus", "This code no longer works")
    detail = Words("Demandez un nouveau code.", "Ask for a new code.")


class BadReturn(Refusal):
    """`return_to` is not a page of `/rdv`."""

    code, status = "BAD_RETURN", 400
    title = Words("Adresse de retour incorrecte", "Invalid return address")
    detail = Words("Recommencez depuis la page de rendez-vous.", "Start again from the booking page.")
