"""What messages say, and when they are tried again."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, randoms, sampled_from, timedeltas

from appointments.messages import domain, gsm7, texts
from appointments.messages.domain import Reminder, Rhythm
from appointments.messages.schemas import Channel, Kind
from appointments.messages.texts import Facts, Proposed
from maillage.words import Language

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
    assert texts.body("voice", FACTS) == (
        "Message de Centre de santé. Rendez-vous confirmé, mardi 24\u00a0novembre, 9 heures 20, Centre d'Autun, "
        "1 rue de l'Essai, 71400 Autun. Pour le déplacer ou l'annuler, appelez le 03, 85, 34, 71, 00."
    )
    assert "call 0 3, 8 5, 3 4, 7 1, 0 0" in texts.body("voice", replace(FACTS, language="en"))
    assert "9 heures," in texts.body("voice", replace(FACTS, start=datetime(2026, 11, 24, 8, tzinfo=UTC)))


LONGEST = replace(
    FACTS,
    start=datetime(2026, 9, 30, 8, 20, tzinfo=UTC),
    site="Centre de santé de Montceau-les-Mines",
    address="123 avenue du Maréchal-Leclerc, 71300 Montceau-les-Mines",
    link="https://rendez-vous.saone-et-loire.example/rdv/g/" + "A" * 43,
    answer_before=datetime(2026, 9, 29, 16, 20, tzinfo=UTC),
    visits=[datetime(2026, 9, 30, 8, 20, tzinfo=UTC)] * 12,
)
NEW = Proposed(datetime(2026, 9, 30, 12, 40, tzinfo=UTC), "on_site", "Centre de santé de Chalon-sur-Saône")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", get_args(Kind))
def test_the_longest_text_is_two_messages_in_their_alphabet(kind: Kind, language: Language) -> None:
    link = LONGEST.link + ("?langue=en" if language == "en" else "")
    text = texts.body("sms", replace(LONGEST, kind=kind, language=language, link=link, proposed=NEW))
    assert (gsm7.segments(text) or 9) <= 2, text
    assert link in text


def test_what_the_alphabet_of_sms_has_not_is_written_without_its_accent() -> None:
    assert gsm7.fold("Chalon-sur-Saône, 1er août, ça coûte 5 € – l’œil … 名") == (
        "Chalon-sur-Saone, 1er aout, ca coute 5 € - l'oeil ... ?"
    )
    assert gsm7.segments("é" * 160) == 1
    assert gsm7.segments("€" * 81) == 2
    assert gsm7.segments("ô") is None


@pytest.mark.parametrize("channel", ["sms", "voice", "email"])
def test_a_proposal_says_what_cannot_be_what_could_and_until_when(channel: Channel) -> None:
    text = texts.body(channel, replace(LONGEST, kind="proposal", proposed=NEW)).replace("\u00a0", " ")
    for said in ("mercredi 30 septembre, 10", "ne peut avoir lieu", "mercredi 30 septembre, 14", "Chalon-sur-Sa"):
        assert said in text
    assert "pondre" in text
    assert "avant mardi 29 septembre, 18 h" in text.replace("heures", "h")


def test_a_mail_of_a_series_has_every_visit() -> None:
    text = texts.body("email", replace(LONGEST, kind="series"))
    assert text.count("\n- mercredi 30\u00a0septembre, 10\u00a0h\u00a020") == 12
    assert "12 rendez-vous, le premier mercredi" in text


@pytest.mark.parametrize("channel", ["sms", "voice", "email"])
def test_a_reminder_asks_to_cancel_early(channel: Channel) -> None:
    assert "annulez au plus vite" in texts.body(channel, replace(FACTS, kind="reminder"))
    assert "at your home" in texts.body(channel, replace(FACTS, kind="reminder", language="en", mode="home"))


def test_a_teleconsultation_is_joined_by_the_same_link() -> None:
    for kind in ("confirmation", "moved", "reminder"):
        assert "Se connecter" in texts.body("sms", replace(FACTS, mode="teleconsultation", kind=kind))
    assert "Se connecter" not in texts.body("sms", replace(FACTS, mode="teleconsultation", kind="cancelled"))


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


INSTANTS = integers(1_767_222_000, 1_830_380_000).map(lambda second: datetime.fromtimestamp(second, UTC))  # 2026, 2027
PARIS, RHYTHM = ZoneInfo("Europe/Paris"), Rhythm([Reminder("sms", 2, time(10)), Reminder("email", 7, time(21))])


@given(moment=INSTANTS)
def test_nothing_rings_in_quiet_hours_and_nothing_comes_early(moment: datetime) -> None:
    due = domain.after_quiet(moment, "Europe/Paris", RHYTHM)
    assert moment <= due <= moment + timedelta(hours=13)
    assert time(8) <= due.astimezone(PARIS).time() < time(20)
    assert (due == moment) == (time(8) <= moment.astimezone(PARIS).time() < time(20))


@pytest.mark.parametrize(
    ("first", "last", "at", "due"),
    [
        (20, 8, "2027-03-27 20:00", "2027-03-28 08:00"),  # the night of 23 hours: eleven hours to wait
        (20, 8, "2026-10-25 07:59", "2026-10-25 08:00"),
        (20, 8, "2026-11-22 19:59", "2026-11-22 19:59"),
        (12, 14, "2026-11-22 13:00", "2026-11-22 14:00"),
        (12, 14, "2026-11-22 23:00", "2026-11-22 23:00"),
        (8, 8, "2026-11-22 03:00", "2026-11-22 03:00"),
    ],
)
def test_quiet_hours_end_by_the_clock_on_the_wall(first: int, last: int, at: str, due: str) -> None:
    rhythm = Rhythm([], time(first), time(last))
    moment = datetime.fromisoformat(at).replace(tzinfo=PARIS)
    found = domain.after_quiet(moment, "Europe/Paris", rhythm)
    assert found == datetime.fromisoformat(due).replace(tzinfo=PARIS).astimezone(UTC)


@given(
    start=INSTANTS,
    ahead=timedeltas(timedelta(), timedelta(days=20)),
)
def test_a_reminder_lies_between_now_and_the_visit_at_its_hour(start: datetime, ahead: timedelta) -> None:
    now = start - ahead
    found = {channel: (days, due) for channel, days, due in domain.reminders_of(start, "Europe/Paris", RHYTHM, now)}
    for channel, (days, due) in found.items():
        local = due.astimezone(PARIS)
        assert now < due < start
        assert local.time() == (time(10) if channel == "sms" else time(21))
        assert (start.astimezone(PARIS).date() - local.date()).days == days
    assert ("sms" in found) >= (ahead > timedelta(days=3))
    assert ("email" in found) >= (ahead > timedelta(days=8))


@given(lists(sampled_from(["sent", "delivered", "failed"])), randoms())
def test_receipts_end_the_same_in_any_order(said: list[domain.Said], order: Random) -> None:
    def after(receipts: list[domain.Said]) -> domain.State:
        state: domain.State = "unknown"
        for each in receipts:
            state = domain.after_receipt(state, each) or state
        return state

    shuffled = list(said)
    order.shuffle(shuffled)
    assert after(shuffled) == after(said) == after(said + said)


def test_a_late_change_is_told_at_night_when_the_morning_is_too_late() -> None:
    night = datetime(2026, 11, 22, 21, tzinfo=PARIS)
    morning = datetime(2026, 11, 23, 8, tzinfo=PARIS)
    for start, due in ((morning + timedelta(hours=1), morning), (morning + timedelta(minutes=59), night)):
        assert domain.due_when_spoken(night, "Europe/Paris", RHYTHM, before=start) == due
    assert domain.due_when_spoken(night, "Europe/Paris", RHYTHM) == morning


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
