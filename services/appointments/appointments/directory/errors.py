"""Refusals of the directory."""

from maillage.refusals import Refusal
from maillage.words import Words


class RppsInvalid(Refusal):
    """Not 11 digits, or the check digit does not agree."""

    code, status = "RPPS_INVALID", 422
    title = Words("Numéro RPPS incorrect", "Invalid RPPS number")
    detail = Words(
        "Recopiez les 11 chiffres du numéro RPPS : la clé ne correspond pas.",
        "Copy the 11 digits of the RPPS number: its key does not agree.",
    )


class FinessInvalid(Refusal):
    """Not 9 characters, or the check digit does not agree."""

    code, status = "FINESS_INVALID", 422
    title = Words("Numéro FINESS incorrect", "Invalid FINESS number")
    detail = Words(
        "Recopiez les 9 caractères du numéro FINESS : la clé ne correspond pas.",
        "Copy the 9 characters of the FINESS number: its key does not agree.",
    )


class SiretInvalid(Refusal):
    """Not 14 digits, or the check digit does not agree."""

    code, status = "SIRET_INVALID", 422
    title = Words("Numéro SIRET incorrect", "Invalid SIRET number")
    detail = Words(
        "Recopiez les 14 chiffres du numéro SIRET : la clé ne correspond pas.",
        "Copy the 14 digits of the SIRET number: its key does not agree.",
    )


class ZoneUnknown(Refusal):
    """Not a name of the IANA time zone database."""

    code, status = "ZONE_UNKNOWN", 422
    title = Words("Fuseau horaire inconnu", "Unknown time zone")
    detail = Words(
        "Donnez un nom de la base IANA, par exemple Europe/Paris.",
        "Give a name of the IANA database, for instance Europe/Paris.",
    )


class CodeTaken(Refusal):
    """Another one of the organisation has this code or RPPS number."""

    code, status = "CODE_TAKEN", 409
    title = Words("Code déjà utilisé", "Code already used")
    detail = Words(
        "Un autre élément de votre organisation porte déjà ce code ou ce numéro.",
        "Another item of your organisation already has this code or number.",
    )


class CodeFixed(Refusal):
    """The code of a site or reason is its name in addresses and imports: it never changes."""

    code, status = "CODE_FIXED", 422
    title = Words("Le code ne change pas", "The code does not change")
    detail = Words(
        "Gardez le code d'origine, ou créez un nouvel élément.", "Keep the original code, or create a new item."
    )


class ReferenceUnknown(Refusal):
    """An id in the body names nothing in the caller's organisation."""

    code, status = "REFERENCE_UNKNOWN", 422
    title = Words("Référence inconnue", "Unknown reference")
    detail = Words(
        "L'identifiant ne désigne rien dans votre organisation.", "The identifier names nothing in your organisation."
    )


class InUse(Refusal):
    """Cannot be switched off: `appointments` to come and `schedules` still need it (both counted)."""

    code, status = "IN_USE", 409
    title = Words("Encore utilisé", "Still in use")
    detail = Words(
        "Déplacez d'abord les rendez-vous à venir et fermez les agendas qui en dépendent.",
        "First move the appointments to come and close the schedules that depend on it.",
    )


class ContractClash(Refusal):
    """The practitioner has another contract on some of these days."""

    code, status = "CONTRACT_CLASH", 409
    title = Words("Contrats qui se chevauchent", "Overlapping contracts")
    detail = Words(
        "Terminez l'autre contrat avant le début de celui-ci.", "End the other contract before this one begins."
    )
