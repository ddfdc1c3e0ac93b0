"""Names put together from syllables. They are meant to sound like the region and to be nobody's."""

from appointments.demo.dice import pick

_HEADS = (
    "Brau", "Cour", "Dom", "Far", "Gal", "Jar", "Lam", "Mar", "Nau", "Pel", "Quin", "Rou", "Sar", "Tar", "Val", "Ver",
    "Bou", "Cha", "Flo", "Gri", "Lo", "Mou", "Ou", "Pra", "Tho", "Vi",
)  # fmt: skip
_HEARTS = ("da", "de", "fa", "li", "lo", "ma", "me", "na", "ra", "re", "sa", "se", "ta", "ti", "ve", "vi")
_TAILS = ("blin", "chet", "dier", "geot", "lard", "lin", "mion", "nard", "quet", "rand", "sson", "tier", "vard", "zieu")
WOMEN = (
    "Adélaïde", "Anouk", "Aurore", "Blandine", "Céleste", "Clothilde", "Coralie", "Delphine", "Édith", "Éléonore",
    "Faustine", "Flavie", "Garance", "Honorine", "Isaure", "Josépha", "Lison", "Lucile", "Maëlle", "Margaux",
    "Nolwenn", "Oriane", "Perrine", "Quitterie", "Rosalie", "Solène", "Tiphaine", "Victorine", "Yolaine", "Zélie",
)  # fmt: skip
MEN = (
    "Achille", "Alban", "Anatole", "Aubin", "Basile", "Célestin", "Corentin", "Désiré", "Edgar", "Émilien",
    "Ferréol", "Florentin", "Gaspard", "Gildas", "Honoré", "Isidore", "Joachim", "Léandre", "Lubin", "Maxence",
    "Modeste", "Nestor", "Octave", "Prosper", "Rémi", "Séverin", "Théodore", "Ulysse", "Valère", "Zacharie",
)  # fmt: skip


def family_name(*about: object) -> str:
    """One of some 5,800 made-up family names."""
    return pick(_HEADS, "head", *about) + pick(_HEARTS, "heart", *about) + pick(_TAILS, "tail", *about)


def given_name(sex: str, *about: object) -> str:
    """A rare but ordinary given name."""
    return pick(WOMEN if sex == "female" else MEN, "given", *about)
