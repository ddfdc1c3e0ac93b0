"""Both languages are complete, and French is set as French."""

from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from maillage.pages import french

PACKAGES = ["maillage.pages", "appointments.pages"]
NBSP = "\u00a0"


def sentences(package: str) -> set[object]:
    """What the templates of a package say."""
    found = extract_from_dir(
        str(Path(str(files(package)))),
        [("**.html", "jinja2")],
        {"**.html": {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}},
    )
    return {message if isinstance(message, str) else tuple(message[:2]) for _, _, message, _, _ in found}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_french_sentence_has_its_english_one_and_none_is_left_over(package: str) -> None:
    catalogue = read_po(BytesIO(files(package).joinpath("locale", "en.po").read_bytes()), locale="en")
    messages = [message for message in catalogue if message.id]
    assert {message.id for message in messages} == sentences(package)
    assert [message.id for message in messages if message.fuzzy or not message.string or not all(message.string)] == []
    assert list(catalogue.obsolete) == []
    for message in messages:
        assert not list(message.check(catalogue)), message.id


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Pourquoi ?", f"Pourquoi{NBSP}?"),
        ("« Annuler »", f"«{NBSP}Annuler{NBSP}»"),
        ("Étape 2 sur 4 : horaire", f"Étape 2 sur 4{NBSP}: horaire"),
        ("de 8 h à 20 h", f"de 8{NBSP}h à 20{NBSP}h"),
        ("dans 10 minutes", "dans 10 minutes"),
        ("Deux heures, puis rien.", "Deux heures, puis rien."),
    ],
)
def test_french_has_its_no_break_spaces(typed: str, shown: str) -> None:
    assert french(typed) == shown
