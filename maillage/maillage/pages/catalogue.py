"""Translations read from the .po files at start: nothing compiled is kept in the repository."""

import gettext
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from maillage.pages.formats import french


class French(gettext.NullTranslations):
    """The sentences of the templates themselves, with French spaces and the French plural (0 and 1 are singular)."""

    def gettext(self, message: str) -> str:
        return french(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return french(msgid1 if abs(n) < 2 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return french(message)


def english(*packages: str) -> gettext.NullTranslations:
    """The English catalogue of the first package, completed by those of the others."""
    first: gettext.GNUTranslations | None = None
    for package in packages:
        source = files(package).joinpath("locale", "en.po")
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(source.read_bytes()), locale="en"))
        compiled.seek(0)
        translations = gettext.GNUTranslations(compiled)
        if first is None:
            first = translations
        else:
            first.add_fallback(translations)
    return first or gettext.NullTranslations()
