"""Refusals of codes: what was read is not exactly one object of ours."""

from typing import Final

from cooperation.codes.domain import CodeRefused
from maillage.refusals import Refusal
from maillage.words import Words


class UnknownCode(Refusal):
    """Well read, and no object of ours has it."""

    code, status = "UNKNOWN_CODE", 404
    title = Words("Code inconnu", "Unknown code")
    detail = Words(
        "Ce code n'est celui d'aucun objet enregistré. Mettez l'objet de côté et montrez-le au responsable.",
        "No registered object has this code. Put the object aside and show it to the manager.",
    )


class CodeEmpty(Refusal):
    """Nothing was read."""

    code, status = "CODE_EMPTY", 422
    title = Words("Rien n'a été lu", "Nothing was read")
    detail = Words("Scannez à nouveau.", "Scan again.")


class CodeGarbled(Refusal):
    """Digits came as the signs that a French keyboard has on their keys."""

    code, status = "CODE_GARBLED", 422
    title = Words("Code mal transmis", "Garbled code")
    detail = Words(
        "Ce lecteur est réglé pour un autre clavier. Changez de lecteur et signalez-le.",
        "This scanner is set for another keyboard. Take another scanner and report this one.",
    )


class CodeTooLong(Refusal):
    """More than 512 characters."""

    code, status = "CODE_TOO_LONG", 422
    title = Words("Code trop long", "Code too long")
    detail = Words(
        "Ce n'est pas un code d'instrument ni d'emballage. Scannez le code GS1.",
        "This is not the code of an instrument or a pack. Scan the GS1 code.",
    )


class TwoCodes(Refusal):
    """Two objects in one reading."""

    code, status = "TWO_CODES", 422
    title = Words("Deux codes à la fois", "Two codes at once")
    detail = Words("Couvrez l'autre code et scannez à nouveau.", "Cover the other code and scan again.")


class CheckDigitWrong(Refusal):
    """The check digit does not fit: damaged, badly printed or badly typed."""

    code, status = "CHECK_DIGIT", 422
    title = Words("Chiffre de contrôle faux", "Wrong check digit")
    detail = Words(
        "Le code est abîmé ou mal imprimé. Scannez à nouveau ; s'il revient, remplacez l'étiquette.",
        "The code is damaged or badly printed. Scan again; if it comes back, replace the label.",
    )


class CodeMalformed(Refusal):
    """A GS1 code that breaks a rule of GS1. Extra members: `fault` and, where known, the identifier `at`."""

    code, status = "CODE_MALFORMED", 422
    title = Words("Code mal formé", "Malformed code")
    detail = Words(
        "Ce code ne suit pas les règles GS1. Remplacez l'étiquette et signalez-la.",
        "This code breaks the rules of GS1. Replace the label and report it.",
    )


class NotAMark(Refusal):
    """No mark of ours, and it may be about a patient: a wristband, a label with a name, a national health number.
    Nothing of it is kept."""

    code, status = "PATIENT_DATA_SUSPECTED", 422
    title = Words("Donnée de patient possible", "Possible patient data")
    detail = Words(
        "Ce n'est ni un instrument ni un emballage, et cela peut désigner un patient : rien n'en est conservé. "
        "Scannez le code de l'objet.",
        "This is no instrument and no pack, and it may be about a patient: nothing of it is kept. "
        "Scan the object's code.",
    )


_SAID: Final[dict[str, type[Refusal]]] = {
    "CODE_EMPTY": CodeEmpty,
    "CODE_GARBLED": CodeGarbled,
    "CODE_TOO_LONG": CodeTooLong,
    "TWO_CODES": TwoCodes,
    "CHECK_DIGIT": CheckDigitWrong,
    "CODE_UNKNOWN": UnknownCode,
    "PATIENT_DATA": NotAMark,
}


def refusal(refused: CodeRefused) -> Refusal:
    """The answer to a code that could not be read."""
    said = _SAID.get(refused.code)
    return said() if said is not None else CodeMalformed(fault=refused.code, at=refused.at)
