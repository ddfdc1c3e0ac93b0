"""The words on a label, in the language of who prints it; French dates are day, month, year."""

from datetime import date
from typing import Final

from maillage.words import Language, Words

COMPOSITION: Final = Words("Recette {code} v{no}", "Composition {code} v{no}")
OWNER: Final = Words("Propriétaire : {name}", "Owner: {name}")
PACKAGING: Final = Words("Conditionnement : {name}", "Packaging: {name}")
COMPLETE: Final = Words("Complet", "Complete")
MISSING: Final = Words("MANQUE : {number} × {name}", "MISSING: {number} × {name}")
STERILE: Final = Words("Stérile le {day}", "Sterile on {day}")
EXPIRES: Final = Words("Péremption : {day} inclus", "Use until {day} included")
CYCLE: Final = Words("Charge : {machine}, cycle {cycle}", "Load: {machine}, cycle {cycle}")


def day(of: date, language: Language) -> str:
    """29/08/2026; 2026-08-29 in English."""
    return of.isoformat() if language == "en" else f"{of:%d/%m/%Y}"
