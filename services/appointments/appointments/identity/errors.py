"""Refusals of identity checks."""

from maillage.refusals import Refusal
from maillage.words import Words


class InsTraitsDiffer(Refusal):
    """The register knows the person by other traits. Extra member `traits`: which ones, never their values."""

    code, status = "INS_TRAITS_DIFFER", 409
    title = Words("Les traits ne concordent pas avec l'INS", "The traits differ from those of the INS")
    detail = Words(
        "Vérifiez les traits indiqués sur une pièce d'identité, corrigez la fiche, puis interrogez à nouveau.",
        "Check the traits named on an identity document, correct the file, then ask again.",
    )


class InsNotFound(Refusal):
    """The register knows nobody of these traits, or several."""

    code, status = "INS_NOT_FOUND", 409
    title = Words("Aucune identité unique trouvée", "No single identity found")
    detail = Words(
        "Complétez les traits (tous les prénoms, sexe, lieu de naissance), puis interrogez à nouveau.",
        "Complete the traits (all given names, sex, place of birth), then ask again.",
    )


class InsOnOtherFile(Refusal):
    """Another file of this centre carries this INS: the same person. Extra member `patient_id`."""

    code, status = "INS_ON_OTHER_FILE", 409
    title = Words("Cette personne a déjà une fiche", "This person already has a file")
    detail = Words(
        "L'INS est sur une autre fiche de ce centre : fusionnez les deux fiches.",
        "The INS is on another file of this centre: merge the two files.",
    )


class InsiUnavailable(Refusal):
    """No teleservice is connected, or it does not answer."""

    code, status = "INSI_UNAVAILABLE", 503
    title = Words("Téléservice INSi indisponible", "INSi teleservice unavailable")
    detail = Words(
        "Le téléservice INSi n'est pas raccordé ou ne répond pas. Notez la pièce d'identité vue ; l'INS suivra.",
        "The INSi teleservice is not connected or does not answer. Note the document seen; the INS can follow.",
    )


class DocumentNotAccepted(Refusal):
    """The centre does not take this kind of document as proof. Extra member `accepted`."""

    code, status = "DOCUMENT_NOT_ACCEPTED", 422
    title = Words("Pièce non admise", "Document not accepted")
    detail = Words(
        "Ce centre ne valide pas une identité sur cette pièce. Demandez-en une autre.",
        "This centre does not validate an identity on this document. Ask for another.",
    )
