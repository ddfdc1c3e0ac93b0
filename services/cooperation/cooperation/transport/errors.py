"""Refusals of transport: crates, seals, vehicles, hand-overs."""

from maillage.refusals import Refusal
from maillage.words import Words


class MixedCleanliness(Refusal):
    """Clean and dirty goods in one crate, compartment or place."""

    code, status = "MIXED_CLEANLINESS", 409
    title = Words("Propre et sale ensemble", "Clean and dirty together")
    detail = Words(
        "Le propre et le sale ne voyagent jamais ensemble. Prenez une autre caisse ou un autre compartiment.",
        "Clean and dirty goods never travel together. Take another crate or another compartment.",
    )


class CrateDirty(Refusal):
    """The crate held dirty goods and has not been decontaminated since."""

    code, status = "CRATE_DIRTY", 409
    title = Words("Caisse à décontaminer", "Crate to decontaminate")
    detail = Words(
        "Cette caisse a contenu du sale. Décontaminez-la et enregistrez-le avant réemploi, ou prenez-en une autre.",
        "This crate has held dirty goods. Decontaminate it and record it before it is used again, or take another.",
    )


class CrateEmpty(Refusal):
    """An empty crate is not sealed."""

    code, status = "CRATE_EMPTY", 409
    title = Words("Caisse vide", "Empty crate")
    detail = Words(
        "Cette caisse ne contient rien : scannez ce que vous y mettez avant de la sceller.",
        "This crate holds nothing: scan what you put in before you seal it.",
    )


class CrateNotEmpty(Refusal):
    """Something is still in it. Extra member: `holds`."""

    code, status = "CRATE_NOT_EMPTY", 409
    title = Words("Caisse non vide", "Crate not empty")
    detail = Words(
        "Il reste quelque chose dans cette caisse : videz-la et scannez-en le contenu d'abord.",
        "Something is still in this crate: empty it and scan what it held first.",
    )


class CrateSealed(Refusal):
    """The crate is sealed: nothing goes in or out."""

    code, status = "CRATE_SEALED", 409
    title = Words("Caisse scellée", "Crate sealed")
    detail = Words(
        "Cette caisse est scellée. Enregistrez son ouverture avant d'y toucher.",
        "This crate is sealed. Record its opening before you touch what it holds.",
    )


class CrateNotSealed(Refusal):
    """A crate that holds something travels sealed. Extra member: `crate_ids`."""

    code, status = "CRATE_NOT_SEALED", 409
    title = Words("Caisse non scellée", "Crate not sealed")
    detail = Words(
        "Une caisse qui contient quelque chose part scellée. Posez un scellé et enregistrez son numéro.",
        "A crate that holds something leaves sealed. Put a seal on it and record its number.",
    )


class SealReused(Refusal):
    """A seal's number serves once."""

    code, status = "SEAL_REUSED", 409
    title = Words("Numéro de scellé déjà utilisé", "Seal number used before")
    detail = Words("Prenez un scellé neuf et scannez son numéro.", "Take a new seal and scan its number.")


class WrongPlace(Refusal):
    """The thing is recorded elsewhere. Extra members: `place_id` where it is recorded, or `crate_ids`."""

    code, status = "WRONG_PLACE", 409
    title = Words("Enregistré ailleurs", "Recorded elsewhere")
    detail = Words(
        "D'après son dernier scan, cet objet n'est pas ici. Vérifiez-le et scannez son arrivée d'abord.",
        "By its last scan, this thing is not here. Check it and scan its arrival first.",
    )


class InAnotherCrate(Refusal):
    """The pack is in another crate. Extra member: `crate_id`."""

    code, status = "IN_ANOTHER_CRATE", 409
    title = Words("Déjà dans une autre caisse", "In another crate already")
    detail = Words(
        "Ce set est déjà dans une autre caisse. Sortez-le de cette caisse par un scan d'abord.",
        "This set is in another crate already. Take it out of that crate by a scan first.",
    )


class CompartmentDirty(Refusal):
    """It has held dirty goods and has not been disinfected since."""

    code, status = "COMPARTMENT_DIRTY", 409
    title = Words("Compartiment à désinfecter", "Compartment to disinfect")
    detail = Words(
        "Ce compartiment a transporté du sale. Désinfectez-le et enregistrez-le avant de charger.",
        "This compartment has carried dirty goods. Disinfect it and record it before loading.",
    )


class CompartmentNotEmpty(Refusal):
    """Crates are still in it. Extra member: `holds`."""

    code, status = "COMPARTMENT_NOT_EMPTY", 409
    title = Words("Compartiment non vide", "Compartment not empty")
    detail = Words("Déchargez toutes les caisses avant de désinfecter.", "Unload every crate before you disinfect.")


class CompartmentFull(Refusal):
    """No room for so many crates."""

    code, status = "COMPARTMENT_FULL", 409
    title = Words("Compartiment plein", "Compartment full")
    detail = Words(
        "Il n'y a plus de place pour ces caisses. Chargez-en moins, ou un autre compartiment.",
        "There is no room for these crates. Load fewer, or another compartment.",
    )


class IncompatibleFlows(Refusal):
    """Goods that may not be together."""

    code, status = "INCOMPATIBLE_FLOWS", 409
    title = Words("Flux incompatibles", "Incompatible flows")
    detail = Words(
        "Ces marchandises ne voyagent pas ensemble. Changez de caisse, de compartiment ou de véhicule.",
        "These goods do not travel together. Take another crate, another compartment or another vehicle.",
    )


class HandoverNeeded(Refusal):
    """Goods change hands between two organisations: one person gives, another takes."""

    code, status = "HANDOVER_NEEDED", 409
    title = Words("Remise à deux personnes", "Two persons hand over")
    detail = Words(
        "Ces caisses passent d'un établissement à un autre : enregistrez une remise, l'un donne, l'autre prend.",
        "These crates pass from one establishment to another: record a hand-over, one gives, another takes.",
    )


class HandoverIncomplete(Refusal):
    """Each crate given is scanned again, or has a reason. Extra members: `missing`, `unexpected` (ids of crates)."""

    code, status = "HANDOVER_INCOMPLETE", 409
    title = Words("Remise incomplète", "Hand-over incomplete")
    detail = Words(
        "Scannez chaque caisse remise, ou dites pourquoi elle manque. Prenez à part celles qui n'en font pas partie.",
        "Scan each crate that was given, or say why it is missing. Take crates that are not part of it apart.",
    )


class AlreadyGiven(Refusal):
    """The crate is in a hand-over that nobody has taken yet. Extra member: `handover_id`."""

    code, status = "ALREADY_GIVEN", 409
    title = Words("Remise déjà en cours", "Hand-over under way")
    detail = Words(
        "Cette caisse a déjà été remise et n'a pas encore été prise. Terminez cette remise d'abord.",
        "This crate has been given already and nobody has taken it yet. Finish that hand-over first.",
    )


class SamePersonHandsOver(Refusal):
    """Who gave does not take."""

    code, status = "SAME_PERSON", 409
    title = Words("Même personne", "Same person")
    detail = Words(
        "La personne qui a remis les caisses ne peut pas les prendre. Une autre personne scanne avec son propre badge.",
        "Who gave the crates cannot take them. Another person scans under their own badge.",
    )


class NotLocked(Refusal):
    """Nobody is there and the place is not locked."""

    code, status = "NOT_LOCKED", 409
    title = Words("Lieu non fermé à clé", "Place not locked")
    detail = Words(
        "Sans personne pour les prendre, les caisses ne se déposent que dans un lieu fermé à clé.",
        "With nobody to take them, crates are left in a locked place only.",
    )


class StopsOpen(Refusal):
    """The tour has stops that are neither served nor failed. Extra member: `stop_ids`."""

    code, status = "STOPS_OPEN", 409
    title = Words("Arrêts non terminés", "Stops not settled")
    detail = Words(
        "Dites de chaque arrêt s'il a été servi, ou pourquoi il a échoué.",
        "Say of each stop that it was served, or why it failed.",
    )
