"""The tokens of the stylesheet: every pair of colours that meets on a page is far enough apart."""

import re

import pytest

from maillage.pages import STYLE_PATH, static_file
from maillage.refusals import NotFound

CSS = bytes(static_file(STYLE_PATH.rsplit("/", 1)[1]).body).decode()
TEXT, CONTROL = 4.5, 3.0
PAIRS = [
    *((text, ground, TEXT) for text in ("text", "text-2", "primary") for ground in ("surface", "page", "raised")),
    *(
        (state, ground, TEXT)
        for state in ("danger", "ok", "warn", "info")
        for ground in ("surface", "page", f"{state}-tint")
    ),
    *(("text", f"{state}-tint", TEXT) for state in ("danger", "ok", "warn", "info")),
    ("on-primary", "primary", TEXT),
    *((mark, ground, CONTROL) for mark in ("border", "focus") for ground in ("surface", "page", "raised")),
]


def tokens(dark: bool) -> dict[str, str]:
    """Colours by name, those of the dark scheme over the light ones when asked."""
    light, night = CSS.split("@media (prefers-color-scheme: dark)")[:2]
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6})", light))
    return found | dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6})", night)) if dark else found


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "floor"), PAIRS)
def test_two_colours_that_meet_reach_their_contrast(ink: str, ground: str, floor: float, dark: bool) -> None:
    colours = tokens(dark)
    low, high = sorted((luminance(colours[ink]), luminance(colours[ground])))
    assert (high + 0.05) / (low + 0.05) >= floor


def test_the_stylesheet_asks_for_nothing_and_keeps_the_focus_visible() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS
    assert re.search(r":focus-visible[^{]*\{ outline: 3px solid var\(--focus\)", CSS)
    assert "outline: 0" not in CSS


def test_a_static_file_is_known_by_its_hashed_name_alone() -> None:
    answer = static_file(STYLE_PATH.rsplit("/", 1)[1])
    assert "immutable" in answer.headers["cache-control"]
    for name in ("style.css", "style.000000000000.css", "../forms.py", ""):
        with pytest.raises(NotFound):
            static_file(name)
