"""The columns of each kind of file: title in French and English, and how a cell is read.

Fixed values may be written in French too: a manager's file says « médecin » and « lundi ».
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic_core import PydanticCustomError

from appointments.imports.domain import plain

ImportKind = Literal["sites", "practitioners", "reasons", "schedules", "absences", "patients", "appointments"]
Tell = Literal["none", "reminders", "all"]

_WORDS: dict[str, str] = {
    "oui": "true", "non": "false", "vrai": "true", "faux": "false", "yes": "true", "no": "false", "x": "true",
    "antenne": "branch", "medecin": "physician", "infirmier": "nurse", "infirmiere": "nurse",
    "surplace": "on_site", "cabinet": "on_site", "teleconsultation": "teleconsultation", "domicile": "home",
    "ehpad": "care_home", "onsite": "on_site", "carehome": "care_home",
    "secretariat": "secretariat", "partenaire": "partner", "regulateur": "regulator",
    "toutes": "any", "premiere": "only", "suivi": "never",
    "consultation": "clinic", "consultations": "clinic", "nonprogramme": "unscheduled", "nonprogrammes": "unscheduled",
    "visites": "home_round", "homeround": "home_round", "sansrendezvous": "walk_in", "walkin": "walk_in",
    "administratif": "admin",
    "conge": "leave", "conges": "leave", "maladie": "sick", "formation": "training", "autre": "other",
    "f": "female", "femme": "female", "feminin": "female", "h": "male", "m": "male", "homme": "male",
    "masculin": "male", "inconnu": "unknown",
}  # fmt: skip
_DAYS = {
    "lundi": "MO", "mardi": "TU", "mercredi": "WE", "jeudi": "TH", "vendredi": "FR", "samedi": "SA", "dimanche": "SU",
    "monday": "MO", "tuesday": "TU", "wednesday": "WE", "thursday": "TH", "friday": "FR", "saturday": "SA",
    "sunday": "SU", "mo": "MO", "tu": "TU", "we": "WE", "th": "TH", "fr": "FR", "sa": "SA", "su": "SU",
}  # fmt: skip
_FRENCH_DAY = re.compile(r"([0-3]?[0-9])/([01]?[0-9])/([0-9]{4})")
_MOMENT = re.compile(r"(\S+)[ T]+(\S+)")
_TIME = re.compile(r"([0-2]?[0-9])(?::|h)([0-5][0-9])?(?::00)?")
_MODE = re.compile(r"(.+?)\s+([0-9]{1,3})(?:/([0-9]{1,3}))?(?:\+([0-9]{1,2}))?")
_RELEASE = re.compile(r"(\S+)\s+[JDjd](?:-([0-9]{1,3}))?\s+(\S+)")
_NEED = re.compile(r"(room|equipment|practitioner|salle|materiel|matériel|professionnel):(\S+)")
_NEEDS = {"salle": "room", "materiel": "equipment", "matériel": "equipment", "professionnel": "practitioner"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it fills, its title in French, how a cell is read; an empty cell means the default."""

    name: str
    fr: str
    read: Callable[[str], object] = str
    required: bool = False


def wrong(text: str) -> PydanticCustomError:
    """A cell that cannot be read; what it holds is not repeated."""
    return PydanticCustomError("CELL_UNREADABLE", "{expected}", {"expected": text})


def word(cell: str) -> str:
    """A fixed value, in either language."""
    return _WORDS.get(plain(cell), cell)


def words(cell: str) -> list[str]:
    """Several fixed values, separated by `|`."""
    return [word(part.strip()) for part in cell.split("|")]


def texts(cell: str) -> list[str]:
    """Several codes, separated by `|`."""
    return [part.strip() for part in cell.split("|")]


def number(cell: str) -> str:
    """A number with a decimal comma or point."""
    return cell.replace(",", ".")


def day(cell: str) -> str:
    """`2026-11-30`, or `30/11/2026` as French tables have it."""
    match = _FRENCH_DAY.fullmatch(cell)
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else cell


def hour(cell: str) -> str:
    """`08:00`, `8:00`, `8h` or `8h30`."""
    match = _TIME.fullmatch(cell)
    return f"{int(match[1]):02}:{match[2] or '00'}" if match else cell


def moment(cell: str) -> str:
    """A day, or a local day and hour: `24/12/2026 8h30`, `2026-12-24 08:30`; an instant stays as it stands."""
    match = _MOMENT.fullmatch(cell)
    return day(cell) if match is None else f"{day(match[1])}T{hour(match[2])}"


def weekdays(cell: str) -> list[str]:
    """Days of the week, separated by `|`, as RFC 5545 writes them."""
    days = [_DAYS.get(plain(part), "") for part in cell.split("|")]
    if "" in days:
        raise wrong("lundi|mardi|…")
    return days


def modes(cell: str) -> list[dict[str, object]]:
    """`on_site 20/30+5|teleconsultation 15`: minutes, then `/` those of a first visit, then `+` the buffer."""
    found = [_MODE.fullmatch(part.strip()) for part in cell.split("|")]
    read: list[dict[str, object]] = []
    for match in found:
        if match is None:
            raise wrong("on_site 20/30+5|teleconsultation 15")
        first = int(match[3]) if match[3] else None
        read.append(
            {
                "mode": word(match[1]),
                "minutes": int(match[2]),
                "first_visit_minutes": first,
                "buffer_minutes": int(match[4] or 0),
            }
        )
    return read


def releases(cell: str) -> list[dict[str, object]]:
    """`regulator D-2 00:00|public D 10:00` (or `J-2`): from when each audience may book."""
    read: list[dict[str, object]] = []
    for part in cell.split("|"):
        match = _RELEASE.fullmatch(part.strip())
        if match is None:
            raise wrong("regulator D-2 00:00|public D 10:00")
        read.append({"audience": word(match[1]), "days_before": int(match[2] or 0), "local_time": hour(match[3])})
    return read


def needs(cell: str) -> list[dict[str, object]]:
    """`room:treatment|practitioner:nurse`."""
    read: list[dict[str, object]] = []
    for part in cell.split("|"):
        match = _NEED.fullmatch(part.strip())
        if match is None:
            raise wrong("room:treatment|practitioner:nurse")
        kind = _NEEDS.get(match[1], match[1])
        read.append({"kind": kind, "profession" if kind == "practitioner" else "tag": word(match[2])})
    return read


SITES = (
    Column("code", "code", required=True),
    Column("name", "nom", required=True),
    Column("city", "ville", required=True),
    Column("kind", "type", word),
    Column("parent", "rattache_a"),
    Column("finess", "finess"),
    Column("siret", "siret"),
    Column("address_line", "adresse"),
    Column("postal_code", "code_postal"),
    Column("insee_code", "code_insee"),
    Column("lat", "latitude", number),
    Column("lon", "longitude", number),
    Column("phone", "telephone"),
    Column("timezone", "fuseau"),
    Column("access_note", "acces"),
    Column("step_free", "plain_pied", word),
    Column("active", "actif", word),
)
PRACTITIONERS = (
    Column("rpps", "rpps", required=True),
    Column("profession", "profession", word, required=True),
    Column("family_name", "nom", required=True),
    Column("given_name", "prenom", required=True),
    Column("specialty", "specialite"),
    Column("email", "courriel"),
    Column("active_from", "present_du", day),
    Column("active_to", "present_au", day),
    Column("external", "exterieur", word),
)
REASONS = (
    Column("code", "code", required=True),
    Column("label", "libelle", required=True),
    Column("public_label", "libelle_public", required=True),
    Column("professions", "professions", words, required=True),
    Column("modes", "modes", modes, required=True),
    Column("bookable_by", "ouvert_a", words, required=True),
    Column("public_label_en", "libelle_public_en"),
    Column("instruction", "consigne"),
    Column("instruction_en", "consigne_en"),
    Column("export_text", "texte_export"),
    Column("min_notice_minutes", "delai_minimal_minutes"),
    Column("max_ahead_days", "delai_maximal_jours"),
    Column("min_age", "age_minimal"),
    Column("max_age", "age_maximal"),
    Column("first_visit", "premiere_visite", word),
    Column("known_patient_only", "patients_connus", word),
    Column("unscheduled", "non_programme", word),
    Column("sensitive", "sensible", word),
    Column("needs_confirmation", "a_confirmer", word),
    Column("needs", "besoins", needs),
    Column("text_to_accept", "texte_a_accepter"),
    Column("text_after", "texte_apres"),
    Column("text_after_en", "texte_apres_en"),
    Column("max_live", "maximum_en_cours"),
    Column("min_gap_days", "ecart_minimal_jours"),
    Column("rank", "rang"),
    Column("active", "actif", word),
)
SCHEDULES = (
    Column("rpps", "rpps", required=True),
    Column("site", "site", required=True),
    Column("kind", "type", word, required=True),
    Column("local_start", "debut", hour, required=True),
    Column("local_end", "fin", hour, required=True),
    Column("first_date", "du", day, required=True),
    Column("until", "jusqu_au", day),
    Column("weekdays", "jours", weekdays),
    Column("every_weeks", "toutes_les_n_semaines"),
    Column("reasons", "motifs", texts),
    Column("modes", "modes", words),
    Column("audiences", "ouvert_a", words),
    Column("releases", "liberations", releases),
    Column("room", "salle"),
    Column("step_minutes", "pas_minutes"),
    Column("on_holidays", "jours_feries", word),
)
ABSENCES = (
    Column("rpps", "rpps", required=True),
    Column("start", "debut", moment, required=True),
    Column("end", "fin", moment),
    Column("kind", "type", word),
    Column("ref", "reference"),
)
PATIENTS = (
    Column("birth_family_name", "nom_naissance", required=True),
    Column("birth_given_names", "prenoms", required=True),
    Column("birth_date", "naissance", day, required=True),
    Column("used_family_name", "nom_utilise"),
    Column("used_given_name", "prenom_utilise"),
    Column("sex", "sexe", word),
    Column("birth_place_insee", "lieu_naissance_insee"),
    Column("mobile", "mobile"),
    Column("landline", "fixe"),
    Column("email", "courriel"),
    Column("interpreter", "interprete", word),
    Column("mobility", "mobilite_reduite", word),
    Column("referring", "medecin_referent"),
    Column("seen_on", "vu_le", day),
    Column("other_person", "autre_personne", word),
)
APPOINTMENTS = (
    Column("birth_family_name", "nom_naissance", required=True),
    Column("birth_given_names", "prenoms", required=True),
    Column("birth_date", "naissance", day, required=True),
    Column("rpps", "rpps", required=True),
    Column("site", "site", required=True),
    Column("reason", "motif", required=True),
    Column("start", "debut", moment, required=True),
    Column("mode", "mode", word),
    Column("note", "note"),
)
KINDS: dict[ImportKind, tuple[Column, ...]] = {
    "sites": SITES,
    "practitioners": PRACTITIONERS,
    "reasons": REASONS,
    "schedules": SCHEDULES,
    "absences": ABSENCES,
    "patients": PATIENTS,
    "appointments": APPOINTMENTS,
}
MOST_LINES: dict[ImportKind, int] = {"absences": 10_000, "patients": 20_000, "appointments": 5_000}
"""Lines of those kinds of which each line is more work; others may have as many as a file can."""


def titles(kind: ImportKind) -> dict[str, str]:
    """Column by plain title, in either language."""
    return {plain(title): c.name for c in KINDS[kind] for title in (c.name, c.fr)}
