"""Whether a password is among the first that anyone would try. Pure.

No list of leaked passwords is part of the product. Those of twelve characters and more are nearly all made by few
rules: one word twice, a common word with a year, keys beside one another, the name of the place. Those rules are here;
anything else is the person's choice, and a sentence is fine (design: gateway 4).
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from gateway.sessions.domain import LONGEST_PASSWORD, SHORTEST_PASSWORD

FEWEST_SIGNS: Final = 5
"""Different ones in all."""
LEFT_OVER: Final = 5
"""So much must remain when what is guessed first is taken away."""
_WALK: Final = 3

# Words that people take for passwords, without accents; French first, as the users are.
_TAKEN: Final = """
motdepasse passe mdp secret azerty qwerty bonjour bonsoir salut merci coucou soleil lune etoile amour jetaime
bisous cheri cherie loulou doudou chouchou minou nounours princesse chaton maman papa famille bebe enfant
marseille paris lyon france football olympique chocolat vacances bienvenue changezmoi changermoi changer
administrateur administratrice administration admin utilisateur invite demo demonstration essai test
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre printemps automne hiver ete
lundi mardi mercredi jeudi vendredi samedi dimanche toto titi tata tutu chien chat dragon licorne pikachu
centre sante centredesante hopital hospitalier clinique cabinet medical medecin docteur infirmier infirmiere
secretaire secretariat telesecretaire telesecretariat accueil patient rendezvous sterilisation departement
departemental saone loire saoneetloire macon chalon bourgogne maillage samu regulation pharmacie urgence
password passw0rd welcome letmein changeme hello sunshine iloveyou monkey shadow master superman batman
football baseball princess computer internet login user guest root default summer winter spring autumn
january february march april june july august september october november december
"""
_WORDS: Final = frozenset(_TAKEN.split())
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    *("1aqw", "2zsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm"),  # columns of the French keyboard
    *("1qaz", "2wsx"),  # and those of the English one that differ
)
_BESIDE: Final = frozenset(pair for row in _ROWS for ends in pairwise(row) for pair in (ends, ends[::-1]))
_LOOKALIKES: Final = str.maketrans("0134578@$!", "oieastbasi")


def is_weak(password: str, *, login: str, names: Iterable[str] = ()) -> bool:
    """Shorter than 12 characters or longer than 256, few different signs, or little left when years, repetitions, walks
    over the keyboard, common words, the login and these names are taken away."""
    if not SHORTEST_PASSWORD <= len(unicodedata.normalize("NFKC", password)) <= LONGEST_PASSWORD:
        return True
    if len(set(_plain(password))) < FEWEST_SIGNS:
        return True
    known = _WORDS | {word for name in (login, *names) for word in _words(name)}
    readings = (password, password.translate(_LOOKALIKES))
    return any(_left(_plain(each), known) < LEFT_OVER for each in readings)


def _plain(text: str) -> str:
    """Folded, without accents and without what is neither letter nor digit."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in folded if sign.isalnum())


def _words(name: str) -> set[str]:
    """The words of a name, and all of them together."""
    parts = re.findall(r"\w+", unicodedata.normalize("NFKC", name))
    return {word for word in map(_plain, [*parts, name]) if len(word) >= 3}


def _left(text: str, known: Iterable[str]) -> int:
    """How many signs remain. A word is worth nothing, what comes again neither."""
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, " ")
    parts = [part for chunk in text.split() for part in re.split(r"\d+$|^\d+|(?:19|20)\d\d", _without_walks(chunk))]
    return sum(len(part) for part in {_unit(part) for part in parts if part})


def _without_walks(text: str) -> str:
    """Without runs of four or more signs of which each lies beside the one before, or is the same."""
    out, run = "", text[:1]
    for before, sign in pairwise(text):
        if (before, sign) in _BESIDE or before == sign:
            run += sign
            continue
        out += run if len(run) <= _WALK else " "
        run = sign
    return (out + (run if len(run) <= _WALK else " ")).replace(" ", "")


def _unit(text: str) -> str:
    """What a text repeats: `abcabcab` is `abc`."""
    for size in range(1, len(text) // 2 + 1):
        if all(text[place] == text[place % size] for place in range(len(text))):
            return text[:size]
    return text
