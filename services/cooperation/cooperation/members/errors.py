"""Refusals of reference rows: members, places, machines, models and the like."""

from maillage.refusals import Refusal
from maillage.words import Words


class ReferenceUnknown(Refusal):
    """Something named in the body does not exist, is retired, or is of another group."""

    code, status = "REFERENCE_UNKNOWN", 422
    title = Words("Référence inconnue", "Unknown reference")
    detail = Words(
        "Un élément indiqué n'existe pas dans ce groupement, ou il est retiré. Vérifiez le champ nommé.",
        "Something named does not exist in this group, or is retired. Check the field named.",
    )


class CodeTaken(Refusal):
    """Another row has this code, also one that is retired: what is printed or stored with it stays readable."""

    code, status = "CODE_TAKEN", 409
    title = Words("Code déjà pris", "Code already taken")
    detail = Words("Choisissez un autre code : celui-ci a déjà servi.", "Choose another code: this one has been used.")


class TagTaken(Refusal):
    """Another set, crate or instrument has this mark."""

    code, status = "TAG_TAKEN", 409
    title = Words("Marquage déjà attribué", "Mark already given")
    detail = Words(
        "Ce marquage appartient déjà à un autre objet. Scannez l'objet que vous avez en main.",
        "This mark belongs to another object already. Scan the object in your hand.",
    )


class KnownAlready(Refusal):
    """This organisation, device or road link is there."""

    code, status = "KNOWN_ALREADY", 409
    title = Words("Déjà enregistré", "Already there")
    detail = Words("Modifiez la fiche qui existe déjà.", "Change the entry that exists already.")


class ProgrammeOverlaps(Refusal):
    """Two numbers of one programme would be valid at one instant."""

    code, status = "PROGRAMME_OVERLAPS", 409
    title = Words("Deux versions du programme en même temps", "Two versions of the programme at once")
    detail = Words(
        "Faites commencer cette version après celles qui existent.", "Let this version begin after those that exist."
    )


class InUse(Refusal):
    """Something still stands on it. Nothing is retired under the feet of those who use it."""

    code, status = "IN_USE", 409
    title = Words("Encore utilisé", "Still in use")
    detail = Words(
        "Videz, déplacez ou retirez d'abord ce qui s'y trouve ou l'utilise.",
        "First empty, move or retire what is in it or uses it.",
    )


class AlreadyRetired(Refusal):
    """A retired row is kept as it was."""

    code, status = "RETIRED", 409
    title = Words("Retiré", "Retired")
    detail = Words(
        "Cette fiche est retirée et ne change plus. Créez-en une nouvelle.",
        "This entry is retired and does not change any more. Make a new one.",
    )


class MarkInvalid(Refusal):
    """Not the mark of such an object: a GRAI for sets and crates, a GIAI or GTIN with serial number for instruments."""

    code, status = "MARK_INVALID", 422
    title = Words("Marquage incorrect", "Wrong kind of mark")
    detail = Words(
        "Scannez le marquage gravé : GRAI (8003) pour un set ou une caisse, GIAI (8004) ou GTIN et numéro de série "
        "pour un instrument.",
        "Scan the engraved mark: GRAI (8003) for a set or crate, GIAI (8004) or GTIN and serial number for an "
        "instrument.",
    )


class ZoneUnknown(Refusal):
    """Not a zone of the IANA database."""

    code, status = "ZONE_UNKNOWN", 422
    title = Words("Fuseau horaire inconnu", "Unknown time zone")
    detail = Words("Donnez un fuseau IANA, par exemple Europe/Paris.", "Give an IANA zone, such as Europe/Paris.")
