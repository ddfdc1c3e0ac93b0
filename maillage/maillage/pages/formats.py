"""Dates, times and phone numbers as they are read aloud, and the no-break spaces of French."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date
from markupsafe import Markup

from maillage.words import Language, Words

NBSP = "\u00a0"
_BEFORE = re.compile(r" (?=[:;?!»%€])")
_AFTER = re.compile(r"(?<=«) ")
_UNITS = re.compile(r"(?<=\d) (?=(?:h|min|ans|an|mois|jours|km)\b)")


@lru_cache(maxsize=4096)
def french(text: str) -> str:
    """French typography: no-break spaces before : ; ? ! », after « and between a number and its unit."""
    return _UNITS.sub(NBSP, _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text)))


@dataclass(frozen=True, slots=True)
class Format:
    """Says instants in one language and one zone. French hours are « 9 h 20 », English ones 9:20 am."""

    language: Language
    zone: ZoneInfo

    def words(self, words: Words) -> str:
        """A sentence of the two languages, with French spaces where due."""
        return words.en if self.language == "en" else french(words.fr)

    def local(self, instant: datetime) -> datetime:
        """The instant on the clocks of the place."""
        return instant.astimezone(self.zone)

    def hour(self, instant: datetime) -> str:
        """« 9 h 20 », « 9 h » on the full hour."""
        local = self.local(instant)
        if self.language == "en":
            return f"{local.hour % 12 or 12}:{local.minute:02d}{NBSP}{'am' if local.hour < 12 else 'pm'}"
        minutes = f"{NBSP}{local.minute:02d}" if local.minute else ""
        return f"{local.hour}{NBSP}h{minutes}"

    def day(self, day: date | datetime) -> str:
        """« mardi 24 novembre », the first of a month as « 1er »."""
        if isinstance(day, datetime):
            day = self.local(day).date()
        if self.language == "en":
            return format_date(day, "EEEE d MMMM", locale="en_GB").replace(f" {day.day} ", f" {day.day}{NBSP}")
        number = "1er" if day.day == 1 else str(day.day)
        return f"{format_date(day, 'EEEE', locale='fr')} {number}{NBSP}{format_date(day, 'MMMM', locale='fr')}"

    def long_day(self, day: date) -> str:
        """The day with its year: « 3 janvier 2019 »."""
        return format_date(day, "d MMMM y", locale="en_GB" if self.language == "en" else "fr").replace(" ", NBSP)

    def moment(self, instant: datetime) -> str:
        """« mardi 24 novembre, 9 h 20 »."""
        return f"{self.day(instant)}, {self.hour(instant)}"

    def machine(self, instant: datetime) -> str:
        """For the `datetime` attribute of <time>."""
        return self.local(instant).isoformat(timespec="minutes")

    def phone(self, number: str) -> str:
        """« 03 85 34 71 00 » for a French number, the international form for others, « 116 117 »; kept on one line."""
        if not number.startswith("+"):
            return number if len(number) < 4 else f"{number[:3]}{NBSP}{number[3:]}"
        parsed = phonenumbers.parse(number, None)
        form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
        if parsed.country_code == 33:
            form = phonenumbers.PhoneNumberFormat.NATIONAL
        return phonenumbers.format_number(parsed, form).replace(" ", NBSP)

    def phone_link(self, number: str) -> Markup:
        """A link that dials."""
        return Markup('<a class="tel" href="tel:{}">{}</a>').format(number, self.phone(number))


def waiting_class(left: timedelta, warn_before: timedelta = timedelta(minutes=2)) -> str:
    """CSS classes that reveal the strip `warn_before` the deadline, in steps of ten seconds, never too early.

    Three digits (`h0 t4 u8` = 480 s) instead of one class per minute: thirty rules cover 2 h 46.
    """
    seconds = max(0, int((left - warn_before).total_seconds()))
    tens = min(999, -(-seconds // 10))
    return f"h{tens // 100} t{tens // 10 % 10} u{tens % 10}"
