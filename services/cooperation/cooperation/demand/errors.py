"""Refusals of operations, needs and allocations."""

from maillage.refusals import Refusal
from maillage.words import Words


class OperationDone(Refusal):
    """All that the operation needs was used in it, or its day is past."""

    code, status = "OPERATION_DONE", 409
    title = Words("Intervention déjà réalisée", "Operation already done")
    detail = Words(
        "Le programme de cette intervention ne change plus. Créez une autre référence pour une nouvelle intervention.",
        "The programme of this operation changes no more. Use another reference for a new operation.",
    )


class RunAllocated(Refusal):
    """The pack is kept for a need. Extra members: `allocation_id`, `need_id`."""

    code, status = "RUN_ALLOCATED", 409
    title = Words("Paquet déjà réservé", "Pack already allocated")
    detail = Words(
        "Ce paquet est réservé à une autre intervention. Libérez-le d'abord, ou choisissez-en un autre.",
        "This pack is kept for another operation. Release it first, or choose another.",
    )


class NeedCovered(Refusal):
    """Persons have kept as many packs for this need as it asks for."""

    code, status = "NEED_COVERED", 409
    title = Words("Besoin déjà couvert", "Need already covered")
    detail = Words(
        "Assez de paquets sont réservés à cette intervention. Libérez-en un avant d'en réserver un autre.",
        "Enough packs are kept for this operation. Release one before keeping another.",
    )


class CompositionDiffers(Refusal):
    """The pack is of another composition than the need asks for."""

    code, status = "COMPOSITION_DIFFERS", 422
    title = Words("Autre composition", "Another composition")
    detail = Words(
        "Ce paquet n'est pas de la composition demandée. Choisissez-en un dans la liste du besoin.",
        "This pack is not of the composition asked for. Choose one from the need's list.",
    )


class ItemTwice(Refusal):
    """One composition is named twice in one operation."""

    code, status = "ITEM_TWICE", 422
    title = Words("Composition citée deux fois", "Composition named twice")
    detail = Words(
        "Donnez chaque composition une fois, avec sa quantité.", "Give each composition once, with quantity."
    )


class ProgrammeRefused(Refusal):
    """At least one line of a CSV file is wrong, so nothing was stored. Extra member `lines`: line, column, code,
    detail of each."""

    code, status = "IMPORT_REFUSED", 422
    title = Words("Programme refusé", "Programme refused")
    detail = Words(
        "Rien n'a été enregistré. Corrigez les lignes indiquées, puis renvoyez le fichier.",
        "Nothing was stored. Correct the lines named, then send the file again.",
    )
