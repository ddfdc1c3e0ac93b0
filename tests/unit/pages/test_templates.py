"""Every page in every state, read as a strict parser, a screen reader and a slow phone would."""

import gzip
import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest

from appointments.pages import views
from maillage.pages import CONTENT_SECURITY_POLICY, STYLE_PATH, Visit, static_file
from tests.unit.pages import samples
from tests.unit.pages.samples import FRAME, PAGES, SAMPLES, Sample

XHTML = "{http://www.w3.org/1999/xhtml}"
BOTH = pytest.mark.parametrize("language", ["fr", "en"])
EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)


def parse(text: str) -> Element:
    """The tree, or a failure on the first thing that HTML does not allow."""
    tree: Element = html5lib.HTMLParser(strict=True).parse(text)
    return tree


def every(tree: Element, *names: str) -> list[Element]:
    return [element for element in tree.iter() if element.tag in {XHTML + name for name in names}]


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@BOTH
@EACH
def test_a_page_is_strict_html_with_unique_ids_in_one_language(sample: Sample, language: str) -> None:
    text = samples.html(sample, "en" if language == "en" else "fr")
    tree = parse(text)
    assert tree.attrib["lang"] == language
    ids = Counter(element.attrib["id"] for element in tree.iter() if "id" in element.attrib)
    assert [name for name, count in ids.items() if count > 1] == []
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "for", "form"):
            assert all(name in ids for name in element.attrib.get(attribute, "").split()), (element.tag, element.attrib)
        target = element.attrib.get("href", "")
        assert not target.startswith("#") or target[1:] in ids, target


@EACH
def test_every_control_has_a_label_and_every_button_a_name(sample: Sample) -> None:
    tree = parse(samples.html(sample))
    labelled = {label.attrib["for"] for label in every(tree, "label") if "for" in label.attrib}
    wrapped = {id(control) for label in every(tree, "label") for control in label.iter()}
    for control in every(tree, "input", "select", "textarea"):
        if control.attrib.get("type") != "hidden":
            assert control.attrib.get("id") in labelled or id(control) in wrapped, control.attrib
    assert all(text_of(button) for button in every(tree, "button", "summary", "a"))


@EACH
def test_headings_follow_one_another_without_a_jump(sample: Sample) -> None:
    levels = [int(heading.tag[-1]) for heading in every(parse(samples.html(sample)), "h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@BOTH
@EACH
def test_nothing_runs_nothing_is_inline_and_nothing_is_asked_from_elsewhere(sample: Sample, language: str) -> None:
    text = samples.html(sample, "en" if language == "en" else "fr")
    tree = parse(text)
    assert every(tree, "script", "style", "iframe", "img", "object") == []
    for element in tree.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]
        for name in ("href", "src", "action"):
            assert re.match(r"^($|/(?!/)|#|tel:|sms:)", element.attrib.get(name, "")), element.attrib


@EACH
def test_a_form_that_changes_something_carries_our_proof_and_the_trap(sample: Sample) -> None:
    for form in every(parse(samples.html(sample)), "form"):
        if form.attrib["method"] == "post":
            fields = {control.attrib.get("name"): control.attrib.get("value") for control in every(form, "input")}
            assert fields["csrf"] == "jeton-csrf"
            assert "site_web" in fields


@EACH
def test_the_emergency_notice_and_the_phone_line_are_on_every_page(sample: Sample) -> None:
    links = {link.attrib["href"] for link in every(parse(samples.html(sample)), "a")}
    assert {"tel:15", "tel:112", "sms:114", "tel:+33385347100"} <= links


@EACH
def test_until_it_is_booked_the_page_says_that_it_is_not(sample: Sample) -> None:
    text = " ".join("".join(parse(samples.html(sample)).itertext()).split())
    assert ("Votre rendez-vous n'est pas encore pris" in text) == (sample.name[0] in "123")


@EACH
def test_an_error_is_said_in_the_title_in_a_summary_and_at_its_field(sample: Sample) -> None:
    if not sample.errors:
        return
    tree = parse(samples.html(sample))
    assert text_of(every(tree, "title")[0]).startswith("Erreur :")
    assert [
        element for element in tree.iter() if element.attrib.get("role") == "alert" and "autofocus" in element.attrib
    ]
    links = {link.attrib["href"]: text_of(link) for link in every(tree, "a")}
    for field, sentence in sample.errors:
        assert links[f"#{field}"] == sentence
        assert len([element for element in every(tree, "p") if text_of(element) == sentence]) == 1


@BOTH
@EACH
def test_a_page_with_everything_it_loads_weighs_at_most_30_kb(sample: Sample, language: str) -> None:
    page = len(gzip.compress(samples.html(sample, "en" if language == "en" else "fr").encode(), 9))
    style = len(gzip.compress(bytes(static_file(STYLE_PATH.rsplit("/", 1)[1]).body), 9))
    assert page <= 16_000
    assert style <= 10_000


def test_the_fullest_times_page_has_sixty_buttons_with_whole_names() -> None:
    sample = next(sample for sample in SAMPLES if sample.name == "2-horaire-plein")
    buttons = [b for b in every(parse(samples.html(sample)), "button") if b.attrib.get("name") == "creneau"]
    assert len(buttons) == 61
    assert text_of(buttons[1]) == "9 h 20, mardi 24 novembre, Dr Alix Orvelin, Autun"


def test_the_chosen_language_is_carried_by_every_link_and_form_of_ours() -> None:
    for sample in SAMPLES:
        tree = parse(samples.html(sample, "en", chosen=True))
        for element in every(tree, "a", "form"):
            target = element.attrib.get("href", element.attrib.get("action", ""))
            if target.startswith("/rdv") and element.attrib.get("class") != "lang":
                fields = {control.attrib.get("name") for control in every(element, "input")}
                assert "langue=en" in target or "langue" in fields, (sample.name, target)


def test_what_people_type_is_text_never_markup() -> None:
    sample = next(sample for sample in SAMPLES if sample.name == "3-vous-erreur")
    view = samples.KNOWN
    typed = {**samples.TYPED, "prenom": '"><script>alert(1)</script>'}
    text = samples.html(Sample("x", sample.template, {"view": replace(view, values=typed, people=())}))
    assert "<script" not in text
    assert [i for i in every(parse(text), "input") if i.attrib.get("value") == typed["prenom"]]


def test_an_answer_is_stored_by_nobody_and_allows_no_script() -> None:
    visit = Visit("fr", False, None, "/rdv/infos", ())
    answer = PAGES.render(visit, "infos.html", FRAME, view=views.Places(()), errors=[])
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert "script-src 'none'" in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
