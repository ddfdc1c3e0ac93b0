"""What the demonstration's plant and hospitals are made of. Written for the demonstration: names, numbers, recipes and
timetables are made up, and a group enters its own."""

from dataclasses import dataclass
from typing import Final, Literal

PREFIX: Final = "9521234"
"""GS1 company prefix of demonstrations (952)."""
GROUP_NAME: Final = "GCS Sud Haute-Marne (démonstration)"


@dataclass(frozen=True, slots=True)
class Hospital:
    """`recipes`: codes of its compositions; `sets`: how many sets it owns; metres and seconds from the plant."""

    name: str
    town: str
    rights: int
    sets: int
    recipes: tuple[str, ...]
    metres: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """Lines: (alias of the model, quantity, critical)."""

    code: str
    name: str
    programme: str
    packaging: tuple[str, ...]
    uo: str
    lines: tuple[tuple[str, int, bool], ...]
    prion: Literal["none", "high"] = "none"
    marked: bool = False
    wash: str = "wash-a0-3000"


_EVERY: Final = ("PETITE", "SUTURE", "HERNIE")
HOSPITALS: Final = (
    Hospital(
        "Hôpital de Chaumont (démonstration)", "Chaumont", 400, 50,
        (*_EVERY, "LAPAROTOMIE", "COELIO", "CESARIENNE", "HANCHE", "GENOU", "CRANE", "OPTIQUE"), 2_400, 540,
    ),
    Hospital(
        "Hôpital de Langres (démonstration)", "Langres", 250, 35,
        (*_EVERY, "LAPAROTOMIE", "COELIO", "CATARACTE", "OPTIQUE"), 35_600, 2_280,
    ),
    Hospital("Hôpital de Bourbonne-les-Bains (démonstration)", "Bourbonne-les-Bains", 100, 10, _EVERY, 56_900, 3_540),
    Hospital(
        "Centre médico-chirurgical de Chaumont (démonstration)", "Chaumont", 150, 35,
        (*_EVERY, "HANCHE", "GENOU", "MAIN", "CATARACTE"), 3_100, 660,
    ),
    Hospital(
        "Clinique de Langres (démonstration)", "Langres", 100, 20, (*_EVERY, "DENTAIRE", "MAIN"), 36_400, 2_400,
    ),
)  # fmt: skip

STEAM: Final = ("wash-a0-600", "wash-a0-3000", "steam-134-18", "steam-125-20")
COLD: Final = ("wash-a0-600", "wash-a0-3000", "low-temperature")
MODELS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    *(
        (alias, STEAM)
        for alias in (
            "Porte-aiguille Mayo-Hegar 18", "Porte-aiguille Castroviejo", "Pince Kocher 14", "Pince Kocher 18",
            "Pince Halsted", "Pince Péan 20", "Pince Adson", "Pince à disséquer 16", "Pince à disséquer 20",
            "Ciseaux Mayo 17", "Ciseaux Metzenbaum 18", "Ciseaux de Vannas", "Manche de bistouri 4",
            "Écarteur Farabeuf", "Écarteur Gosset", "Écarteur Beckmann", "Pince à champ Backhaus", "Pince à badigeon",
            "Pince Babcock", "Pince Duval", "Râpe osseuse", "Curette de Volkmann", "Marteau Lucae", "Davier Lambotte",
            "Spéculum oculaire", "Daviers dentaires", "Syndesmotome", "Trépan", "Pince gouge", "Cupule",
        )
    ),
    ("Optique 30 degrés", COLD),
    ("Câble de lumière", (*STEAM, "low-temperature")),
)  # fmt: skip
SINGLE_USE: Final = ("Trocart à usage unique", "Lame de bistouri")

_BASE: Final = (
    ("Porte-aiguille Mayo-Hegar 18", 1, True),
    ("Pince Kocher 14", 4, False),
    ("Pince à champ Backhaus", 4, False),
    ("Ciseaux Mayo 17", 1, True),
    ("Pince à disséquer 16", 2, False),
    ("Manche de bistouri 4", 1, False),
)
_FAR: Final = ("container", "wrap")
RECIPES: Final = (
    Recipe("PETITE", "Petite chirurgie", "steam-134-18", ("wrap", "container"), "A", _BASE),
    Recipe(
        "SUTURE", "Suture", "steam-134-18", ("pouch",), "A",
        (("Porte-aiguille Mayo-Hegar 18", 1, True), ("Pince Adson", 1, False), ("Ciseaux Mayo 17", 1, False)),
    ),
    Recipe(
        "HERNIE", "Hernie", "steam-134-18", _FAR, "B",
        (*_BASE, ("Écarteur Farabeuf", 2, True), ("Pince Péan 20", 2, False)),
    ),
    Recipe(
        "LAPAROTOMIE", "Laparotomie", "steam-134-18", ("container",), "C",
        (
            *_BASE, ("Écarteur Gosset", 1, True), ("Pince Babcock", 2, False), ("Pince Duval", 2, False),
            ("Ciseaux Metzenbaum 18", 1, True), ("Pince Kocher 18", 6, False), ("Pince à badigeon", 2, False),
        ),
    ),
    Recipe("COELIO", "Coelioscopie", "steam-134-18", ("container",), "C", (*_BASE, ("Câble de lumière", 1, True))),
    Recipe("CESARIENNE", "Césarienne", "steam-134-18", _FAR, "B", (*_BASE, ("Écarteur Farabeuf", 2, True))),
    Recipe(
        "HANCHE", "Prothèse de hanche", "steam-134-18", ("container",), "D",
        (*_BASE, ("Râpe osseuse", 3, True), ("Écarteur Beckmann", 2, True), ("Davier Lambotte", 1, False)),
    ),
    Recipe(
        "GENOU", "Prothèse de genou", "steam-134-18", ("container",), "D",
        (*_BASE, ("Curette de Volkmann", 2, False), ("Marteau Lucae", 1, True), ("Davier Lambotte", 2, False)),
    ),
    Recipe(
        "MAIN", "Chirurgie de la main", "steam-134-18", _FAR, "B",
        (("Porte-aiguille Castroviejo", 1, True), ("Pince Halsted", 4, False), ("Pince Adson", 2, False)),
    ),
    Recipe(
        "CATARACTE", "Cataracte", "steam-134-18", ("pouch",), "B",
        (("Spéculum oculaire", 1, True), ("Ciseaux de Vannas", 1, True), ("Porte-aiguille Castroviejo", 1, False)),
        marked=True,
    ),
    Recipe(
        "CRANE", "Craniotomie", "steam-134-18", ("container",), "D",
        (("Trépan", 1, True), ("Pince gouge", 2, True), ("Curette de Volkmann", 2, False), ("Pince Adson", 2, False)),
        prion="high", marked=True,
    ),
    Recipe(
        "DENTAIRE", "Extraction dentaire", "steam-125-20", ("pouch",), "A",
        (("Daviers dentaires", 2, True), ("Syndesmotome", 1, False)), wash="wash-a0-600",
    ),
    Recipe("OPTIQUE", "Optique", "low-temperature", ("pouch",), "B", (("Optique 30 degrés", 1, True),), marked=True),
)  # fmt: skip

PACKAGINGS: Final = (
    ("pouch", "Sachet papier-plastique", 90, True),
    ("wrap", "Feuille non tissée", 30, False),
    ("container", "Conteneur à filtre", 180, False),
)
PROGRAMMES: Final = (
    ("steam-134-18", "Vapeur 134 °C 18 min", "steam", 134.0, 3.0, 1080, 2.0, 0.0, 75),
    ("steam-125-20", "Vapeur 125 °C 20 min", "steam", 125.0, 3.0, 1200, 2.0, 0.0, 80),
    ("wash-a0-3000", "Lavage A0 3000", "washing", 90.0, 5.0, 0, None, 3000.0, 60),
    ("wash-a0-600", "Lavage A0 600", "washing", 90.0, 5.0, 0, None, 600.0, 50),
    ("low-temperature", "Basse température 55 °C", "low_temperature", 55.0, 5.0, 1680, None, 0.0, 65),
)
MACHINES: Final = (
    *((f"washer-{number}", f"Laveur-désinfecteur {number}", "washer", 12) for number in (1, 2, 3)),
    *((f"steam-{number}", f"Stérilisateur {number}", "steam", 18) for number in (1, 2, 3)),
    ("low-temperature-1", "Stérilisateur basse température", "low_temperature", 8),
    *((f"sealer-{number}", f"Soudeuse {number}", "sealer", 1) for number in (1, 2)),
)
# kind of place: name, cleanliness, locked
PLANT_PLACES: Final = {
    "reception": ("Réception", "dirty", False),
    "washing": ("Lavage", "dirty", False),
    "assembly": ("Recomposition", "clean", False),
    "packing": ("Conditionnement", "clean", False),
    "sterilising": ("Stérilisation", "clean", False),
    "store": ("Stock stérile", "clean", False),
    "dock": ("Quai", "any", True),
    "quarantine": ("Quarantaine", "any", True),
    "repair": ("Atelier de réparation", "any", False),
    "outside": ("Prestataire extérieur", "any", False),
}
HOSPITAL_PLACES: Final = {
    "theatre": ("Bloc opératoire", "any", False),
    "store": ("Arsenal", "clean", False),
    "dock": ("Quai", "any", True),
    "quarantine": ("Quarantaine", "any", True),
}
# kind of station: place, machines that have one each
PLANT_STATIONS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("reception", "reception", ()),
    ("washing", "washing", ("washer-1", "washer-2", "washer-3")),
    ("wash_unloading", "assembly", ("washer-1", "washer-2", "washer-3")),
    ("assembly", "assembly", ()),
    ("packing", "packing", ("sealer-1", "sealer-2")),
    ("loading", "sterilising", ("steam-1", "steam-2", "steam-3", "low-temperature-1")),
    ("unloading", "sterilising", ("steam-1", "steam-2", "steam-3", "low-temperature-1")),
    ("store", "store", ()),
    ("dispatch", "dock", ()),
    ("dock", "dock", ()),
    ("quarantine", "quarantine", ()),
)
HOSPITAL_STATIONS: Final = (
    ("theatre", "theatre"),
    ("return", "theatre"),
    ("store", "store"),
    ("dock", "dock"),
    ("quarantine", "quarantine"),
)
STATION_NAMES: Final = {
    "reception": "Réception",
    "washing": "Lavage",
    "wash_unloading": "Sortie de lavage",
    "assembly": "Recomposition",
    "packing": "Conditionnement",
    "loading": "Chargement",
    "unloading": "Déchargement",
    "store": "Stock stérile",
    "dispatch": "Expédition",
    "dock": "Quai",
    "quarantine": "Quarantaine",
    "theatre": "Bloc",
    "return": "Retour du bloc",
}
"""As people call a station; one of a machine has its machine's name behind."""
WEEKDAYS: Final = [1, 2, 3, 4, 5]
DEPARTURES: Final = ("06:00", "11:30", "16:30")
"""From the plant, on weekdays; the van is back from each hospital after an hour there."""

# code, name, unit, direction, cleanliness, least, most, lots, double check, cut-off, items
FLOWS: Final = (
    ("laundry", "Linge propre", "sac", "to_member", "clean", None, None, False, False, "16:00",
     ("Draps", "Blouses de bloc", "Champs")),
    ("laundry-dirty", "Linge sale", "sac", "from_member", "dirty", None, None, False, False, "16:00",
     ("Sac de linge sale",)),
    ("meals", "Repas", "plateau", "to_member", "clean", 0.0, 3.0, False, False, "14:00",
     ("Repas ordinaire", "Repas mixé")),
    ("pharmacy", "Pharmacie", "unité", "to_member", "clean", 2.0, 8.0, True, True, "15:00",
     ("Soluté en poche", "Anesthésique local", "Collyre")),
    ("biology", "Biologie", "boîte", "from_member", "dirty", 15.0, 25.0, False, False, "17:00",
     ("Boîte de prélèvements",)),
    ("purchasing", "Achats", "colis", "to_member", "clean", None, None, False, False, "12:00", ("Gants", "Compresses")),
    ("waste", "Déchets à risque infectieux", "fût", "from_member", "dirty", None, None, True, False, "17:00",
     ("Fût de 50 litres",)),
)  # fmt: skip
INCOMPATIBLE: Final = {
    "waste": ["sterilisation", "laundry", "meals", "pharmacy", "biology", "purchasing"],
    "laundry-dirty": ["sterilisation", "laundry", "meals", "pharmacy", "purchasing"],
    "biology": ["meals", "laundry"],
}
