"""What messages say, and when they are tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from appointments.messages import domain, texts
from appointments.messages.schemas import Channel
from appointments.messages.texts import Facts

FACTS = Facts(
    kind="confirmation",
    language="fr",
    start=datetime(2026, 11, 24, 8, 20, tzinfo=UTC),
    zone="Europe/Paris",
    mode="on_site",
    site="Centre d'Autun",
    address="1 rue de l'Essai, 71400 Autun",
    organisation="Centre de santé",
    phone="+33385347100",
    link="https://sante.example/rdv/g/abc",
)


def test_a_text_message_has_date_time_place_link_and_phone_in_plain_spaces() -> None:
    text = texts.body("sms", FACTS)
    assert text == (
        "Rendez-vous confirmé : mardi 24 novembre, 9 h 20, Centre d'Autun, 1 rue de l'Essai, 71400 Autun.\n"
        "Déplacer ou annuler : https://sante.example/rdv/g/abc\n"
        "Téléphone : 03 85 34 71 00"
    )


def test_the_same_in_english() -> None:
    text = texts.body("sms", replace(FACTS, language="en", kind="moved"))
    assert text == (
        "Appointment moved: Tuesday 24 November, 9:20 am, Centre d'Autun, 1 rue de l'Essai, 71400 Autun.\n"
        "Move or cancel: https://sante.example/rdv/g/abc\n"
        "Phone: 03 85 34 71 00"
    )


def test_a_call_reads_no_address_of_the_web() -> None:
    text = texts.body("voice", FACTS)
    assert "https" not in text
    assert "03\u00a085\u00a034\u00a071\u00a000" in text


@pytest.mark.parametrize("channel", ["sms", "voice", "email"])
@pytest.mark.parametrize("mode", ["teleconsultation", "home", "care_home"])
def test_a_visit_elsewhere_names_no_site(channel: Channel, mode: str) -> None:
    assert "Autun" not in texts.body(channel, replace(FACTS, mode=mode))


def test_a_request_is_not_called_confirmed() -> None:
    assert "confirmé" not in texts.body("email", replace(FACTS, pending=True))


def test_a_cancellation_leads_to_a_new_booking() -> None:
    text = texts.body("email", replace(FACTS, kind="cancelled", link="https://sante.example/rdv"))
    assert "Reprendre rendez-vous" in text
    assert "date de naissance" not in text


def test_waiting_doubles_up_to_half_an_hour_and_ends() -> None:
    waits = [domain.wait_after(n) for n in range(1, domain.TRIES)]
    assert waits[0] == timedelta(seconds=15)
    assert waits[-1] == timedelta(minutes=16)
    assert all(b == a * 2 for a, b in pairwise(waits) if a and b)
    assert domain.wait_after(domain.TRIES) is None


@pytest.mark.parametrize(
    ("recipient", "shown"), [("+33639980123", "+33…23"), ("lea.martin@example.org", "l…@example.org")]
)
def test_contacts_are_masked(recipient: str, shown: str) -> None:
    assert domain.masked(recipient) == shown
