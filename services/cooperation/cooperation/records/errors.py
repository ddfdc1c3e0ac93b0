"""Refusals of cycle records. What is refused is kept all the same: who looks for it finds it."""

from maillage.refusals import Refusal
from maillage.words import Words


class RecordRefused(Refusal):
    """Base of those whose record is kept though it does not count."""


class RecordInvalid(RecordRefused):
    """No curve: a value that is no number, time that does not go on, a column that is not there."""

    code, status = "RECORD_INVALID", 422
    title = Words("Enregistrement illisible", "Invalid record")
    detail = Words(
        "La courbe doit être faite de nombres, à des instants croissants. L'envoi est conservé.",
        "The curve must be made of numbers, at growing instants. What was sent is kept.",
    )


class RecordInFuture(RecordRefused):
    """The cycle would end after the present instant."""

    code, status = "RECORD_IN_FUTURE", 409
    title = Words("Enregistrement dans le futur", "Record in the future")
    detail = Words(
        "Vérifiez l'horloge de la machine. L'envoi est conservé.", "Check the machine's clock. What was sent is kept."
    )


class RecordMismatch(RecordRefused):
    """Not the cycle of this load, or no load of this machine waits for it."""

    code, status = "RECORD_MISMATCH", 409
    title = Words("Ce n'est pas le cycle de cette charge", "Not the cycle of this load")
    detail = Words(
        "Vérifiez la machine et le numéro de cycle. L'envoi est conservé.",
        "Check the machine and the cycle number. What was sent is kept.",
    )


class RecordExists(RecordRefused):
    """The load has its record. Extra member: `record_id`."""

    code, status = "RECORD_EXISTS", 409
    title = Words("Cette charge a déjà son enregistrement", "This load has its record already")
    detail = Words(
        "Un seul enregistrement compte par charge. Le second est conservé.",
        "One record counts for each load. The second is kept.",
    )


class WitnessRequired(Refusal):
    """A record by hand is signed by two persons."""

    code, status = "WITNESS_REQUIRED", 422
    title = Words("Second signataire nécessaire", "A second person is needed")
    detail = Words(
        "Une saisie à la main se fait à deux : indiquez la seconde personne, de l'unité de stérilisation.",
        "A record by hand takes two: name the second person, of the sterilisation unit.",
    )


class SamePerson(Refusal):
    """Two signatures of one person are one."""

    code, status = "SAME_PERSON", 409
    title = Words("Deux personnes différentes", "Two different persons")
    detail = Words("La seconde personne ne peut pas être vous.", "The second person cannot be you.")
