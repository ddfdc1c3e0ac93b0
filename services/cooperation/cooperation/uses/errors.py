"""Refusals of uses."""

from maillage.refusals import Refusal
from maillage.words import Words


class PatientDataSuspected(Refusal):
    """A reference of an operation that looks like a person's number or address. The value is kept nowhere."""

    code, status = "PATIENT_DATA_SUSPECTED", 422
    title = Words("Donnée de patient possible", "Possible patient data")
    detail = Words(
        "N'écrivez rien d'un patient : ni nom, ni numéro de sécurité sociale. Une référence d'intervention est un "
        "identifiant opaque, sans espace ni @.",
        "Write nothing of a patient: no name, no national health number. An operation's reference is an opaque "
        "identifier, without space or @.",
    )


class AlreadyUsed(Refusal):
    """The pack has been used. Extra member: `used_on` (local day), nothing else of that use."""

    code, status = "ALREADY_USED", 409
    title = Words("Déjà utilisé", "Already used")
    detail = Words(
        "Cette étiquette est celle d'un paquet déjà utilisé. Vérifiez que vous tenez la bonne étiquette.",
        "This label is that of a pack already used. Check that you hold the right label.",
    )


class PackNotIntact(Refusal):
    """The pack is torn, wet or open."""

    code, status = "PACK_NOT_INTACT", 409
    title = Words("Emballage non intègre", "Pack not intact")
    detail = Words(
        "Ne pas utiliser. Signalez le défaut et renvoyez le set à la stérilisation.",
        "Do not use. Report the defect and send the set back to sterilisation.",
    )


class TimeInFuture(Refusal):
    """The use lies ahead of the server's clock by more than a minute."""

    code, status = "TIME_IN_FUTURE", 422
    title = Words("Heure dans le futur", "Time in the future")
    detail = Words("Vérifiez l'heure de l'appareil, puis recommencez.", "Check the device's clock, then try again.")
