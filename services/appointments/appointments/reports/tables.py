"""A report as CSV (RFC 4180, UTF-8 with its mark, `;`): titles in the reader's language, no cell that a table program
would reckon.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

from maillage.wire import Wire
from maillage.words import Language, Words

TYPE: Final = "text/csv; charset=utf-8"
_RECKONED: Final = ("=", "+", "-", "@", "\t", "\r")
_FEW: Final = "<5"
_SKIPPED: Final = ("few", "site_id")
TITLES: Final[Mapping[str, Words]] = {
    "key": Words("clé", "key"),
    "label": Words("intitulé", "label"),
    "site": Words("site", "site"),
    "visits": Words("rendez-vous", "visits"),
    "booked": Words("à venir ou à clore", "booked"),
    "fulfilled": Words("honorés", "fulfilled"),
    "cancelled": Words("annulés", "cancelled"),
    "late": Words("annulés tard", "cancelled late"),
    "noshow": Words("non honorés", "missed"),
    "unscheduled": Words("non programmés", "unscheduled"),
    "unscheduled_share": Words("part non programmée", "unscheduled share"),
    "phone": Words("par téléphone", "by phone"),
    "online": Words("en ligne", "online"),
    "desk": Words("à l'accueil", "at the desk"),
    "partner": Words("par un partenaire", "by a partner"),
    "sas": Words("par le SAS", "by the SAS"),
    "overbooked": Words("en surnombre", "overbooked"),
    "walk_ins": Words("sans rendez-vous", "walk-ins"),
    "first_visits": Words("premières visites", "first visits"),
    "due": Words("attendus", "due"),
    "missed": Words("non honorés", "missed"),
    "excused": Words("dont excusés", "of which excused"),
    "missed_share": Words("part non honorée", "missed share"),
    "late_share": Words("part annulée tard", "late share"),
    "third_next_days": Words("jours jusqu'au 3e créneau", "days to the third next time"),
    "seen": Words("patients vus", "seen"),
    "within_48h_share": Words("part vue sous 48 h", "share within 48 h"),
    "waiting": Words("en liste d'attente", "waiting"),
    "oldest_wait_days": Words("plus longue attente (jours)", "longest wait (days)"),
    "opened_minutes": Words("minutes ouvertes", "minutes opened"),
    "used_minutes": Words("minutes utilisées", "minutes used"),
    "fill_share": Words("taux de remplissage", "fill rate"),
}


def wanted(accept: str | None) -> bool:
    """Whether the caller asks for CSV, and not for JSON first."""
    kinds = [each.partition(";")[0].strip() for each in (accept or "").split(",")]
    return "text/csv" in kinds and "application/json" not in kinds[: kinds.index("text/csv")]


def written(kind: type[Wire], rows: Sequence[Wire], language: Language, titles: Mapping[str, Words] = TITLES) -> bytes:
    """The rows under their titles; decimals with a comma in French, as French table programs read them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    names = [name for name in kind.model_fields if name not in _SKIPPED]
    writer.writerow([titles[name].in_(language) for name in names])
    for row in rows:
        writer.writerow(
            [_cell(getattr(row, name), few=getattr(row, "few", False), language=language) for name in names]
        )
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: object, *, few: bool, language: Language) -> str:
    if value is None:
        return _FEW if few else ""
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}".replace(".", "," if language == "fr" else ".")
    text = str(value)
    return f"'{text}" if text.startswith(_RECKONED) else text
