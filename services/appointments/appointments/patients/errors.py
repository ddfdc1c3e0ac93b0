"""Refusals of patients."""

from uuid import UUID

from maillage.refusals import Refusal
from maillage.words import Words


class DuplicateSuspected(Refusal):
    """Somebody known may be the same person. Extra member `candidates`, for those who may read them."""

    code, status = "DUPLICATE_SUSPECTED", 409
    title = Words("Cette personne est peut-être déjà connue", "This person may already be known")
    detail = Words(
        "Choisissez la personne parmi les candidats, ou nommez-les dans not_same_as si ce sont d'autres personnes.",
        "Choose the person among the candidates, or name them in not_same_as if they are other people.",
    )

    def candidate_ids(self) -> list[UUID]:
        """Who is named to the caller."""
        named = self.extra.get("candidates")
        return [UUID(str(each["id"])) for each in named if isinstance(each, dict)] if isinstance(named, list) else []


class SiteRequired(Refusal):
    """The caller acts for several centres: which one receives the person is told by a site."""

    code, status = "SITE_REQUIRED", 422
    title = Words("Précisez le site", "Say which site")
    detail = Words(
        "Vous agissez pour plusieurs centres : donnez le site où la personne viendra.",
        "You act for several centres: give the site where the person will come.",
    )


class CriterionRequired(Refusal):
    """A search without any criterion: the list of all patients is not given out."""

    code, status = "CRITERION_REQUIRED", 422
    title = Words("Précisez la recherche", "Narrow the search")
    detail = Words(
        "Donnez un nom, une date de naissance ou un numéro de téléphone.",
        "Give a name, a birth date or a phone number.",
    )


class SearchTooWide(Refusal):
    """Even the rarest word begins the names of more people than a person reads."""

    code, status = "SEARCH_TOO_WIDE", 422
    title = Words("Trop de personnes", "Too many people")
    detail = Words("Ajoutez la date de naissance, ou un nom plus complet.", "Add the birth date, or more of the name.")


class PersonUnknown(Refusal):
    """An id in the body names no patient that the caller reaches in this organisation."""

    code, status = "PERSON_UNKNOWN", 422
    title = Words("Personne inconnue", "Unknown person")
    detail = Words(
        "L'identifiant ne désigne aucune autre personne de ce centre.",
        "The identifier names no other person of this centre.",
    )
