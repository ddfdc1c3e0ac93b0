"""One appointment in its patient's hands: by the link of a message, and by a proved contact."""

import re
from urllib.parse import urlsplit
from uuid import UUID

import pytest_asyncio

from maillage.ids import hash_token, new_token
from tests.harness.clinic import Clinic
from tests.integration.pages.walker import Walker

PHONE = "+33639980001"
BORN = {"jour": "1", "mois": "1", "annee": "1980"}
LINK = """INSERT INTO manage_link (token_hash, organisation_id, appointment_id, expires_at, created_at)
          SELECT $1, organisation_id, id, now() + interval '30 days', now() FROM appointment WHERE id = $2"""


class Booked:
    """Pat's appointment three days ahead, with the link of its message."""

    def __init__(self, clinic: Clinic, appointment: UUID, token: str) -> None:
        self.clinic, self.id, self.token = clinic, appointment, token
        self.link = f"/rdv/g/{token}"

    async def state(self) -> str:
        """Its status and local start, as `booked 09:20`."""
        row = await self.clinic.w.connection.fetchrow(
            "SELECT status, to_char(lower(during) AT TIME ZONE 'Europe/Paris', 'HH24:MI') AS at FROM appointment"
        )
        assert row is not None
        return f"{row['status']} {row['at']}"


@pytest_asyncio.fixture
async def booked(clinic: Clinic) -> Booked:
    """Booked by phone; Pat can be reached on a mobile."""
    await clinic.w.connection.execute(
        """INSERT INTO contact (organisation_id, patient_id, kind, value, verified_at)
           VALUES ($1, $2, 'mobile', $3, now())""",
        clinic.org,
        clinic.pat,
        PHONE,
    )
    made = await clinic.book("09:20")
    token = new_token()
    await clinic.w.connection.execute(LINK, hash_token(token), UUID(str(made["id"])))
    return Booked(clinic, UUID(str(made["id"])), token)


async def opened(walker: Walker, booked: Booked) -> Walker:
    """The link, with the birth date given."""
    await walker.get(booked.link)
    return await walker.send("Voir le rendez-vous", BORN)


async def test_the_link_shows_nothing_before_the_birth_date(walker: Walker, booked: Booked) -> None:
    await walker.get(booked.link)
    assert (walker.status, walker.title.split(" - ")[0]) == (200, "Votre rendez-vous")
    for secret in ("9 h 20", "Essai", "Consultation", "Autun"):
        assert secret not in walker.main
    await walker.send("Voir le rendez-vous", BORN)
    assert (walker.status, walker.path) == (200, booked.link)
    assert "9 h 20" in walker.main
    assert "Consultation" in walker.main
    for path in ("", "/annuler", "/deplacer", "/agenda.ics"):
        stranger = await Walker(booked.clinic.running).get(booked.link + path)
        assert "date de naissance" in stranger.main


async def test_five_wrong_dates_lock_the_link_and_show_the_code_way(walker: Walker, booked: Booked) -> None:
    await walker.get(booked.link)
    for left in (4, 3, 2, 1):
        await walker.send("Voir le rendez-vous", {**BORN, "annee": "1981"})
        assert walker.status == 422
        assert f"Essais restants : {left}." in walker.main
        assert walker.value("annee") == "1981"
    await walker.send("Voir le rendez-vous", {**BORN, "annee": "1981"})
    assert walker.status == 410
    await walker.click("Retrouver mes rendez-vous avec un code")
    assert "Recevoir le code par SMS" in walker.main
    await walker.get(booked.link)
    assert walker.status == 410


async def test_a_guessed_link_is_the_same_404_for_looking_and_answering(walker: Walker, booked: Booked) -> None:
    await walker.get(booked.link)
    for form in walker.page.iter("{http://www.w3.org/1999/xhtml}form"):
        form.set("action", f"/rdv/g/{new_token()}")
    await walker.send("Voir le rendez-vous", BORN)
    answered = (walker.status, walker.main)
    await walker.get(f"/rdv/g/{new_token()}")
    assert (walker.status, walker.main) == answered
    assert walker.status == 404
    assert "Ce lien n'est plus valable" in walker.main


async def test_a_move_keeps_the_old_time_until_the_new_one_is_confirmed(walker: Walker, booked: Booked) -> None:
    await opened(walker, booked)
    await walker.click("Déplacer")
    assert "gardé jusqu'au nouveau" in walker.main
    await walker.get(f"{booked.link}/deplacer?lieu=autun&a_partir={booked.clinic.day(4).isoformat()}")
    await walker.send("9 h 20" if "9 h 20" in " ".join(walker.buttons("creneau")) else "9 h")
    assert "Déplacer le rendez-vous ?" in walker.main
    assert await booked.state() == "booked 09:20"
    await walker.send("Confirmer le nouvel horaire")
    assert "Votre rendez-vous est déplacé" in walker.main
    assert await booked.clinic.count("SELECT count(*) FROM appointment") == 1
    assert await booked.clinic.count("SELECT version FROM appointment") == 2
    day = await booked.clinic.w.connection.fetchval("SELECT local_date FROM appointment")
    assert day == booked.clinic.day(4)


async def test_a_move_to_a_time_that_is_taken_meanwhile_changes_nothing(walker: Walker, booked: Booked) -> None:
    clinic = booked.clinic
    await opened(walker, booked)
    await walker.get(f"{booked.link}/deplacer?lieu=autun&praticien={clinic.ada}&a_partir={clinic.day(4).isoformat()}")
    await walker.send("10 h")
    other = await clinic.w.patient(clinic.org)
    assert (await clinic.post("appointments", clinic.wish("10:00", 4, patient_id=str(other)))).status_code == 201
    await walker.send("Confirmer le nouvel horaire")
    assert walker.status == 409
    assert "Cet horaire vient d'être pris" in walker.main
    assert await clinic.count("SELECT version FROM appointment WHERE id = $1", booked.id) == 1


async def test_cancelling_asks_once_and_happens_once(walker: Walker, booked: Booked) -> None:
    await opened(walker, booked)
    await walker.click("Annuler")
    assert await booked.state() == "booked 09:20"
    page = walker.page
    await walker.send("Annuler le rendez-vous", {"raison": "better"})
    assert "Votre rendez-vous est annulé" in walker.main
    walker.page = page
    await walker.send("Annuler le rendez-vous")
    assert "Votre rendez-vous est annulé" in walker.main
    assert await booked.clinic.count("SELECT version FROM appointment") == 2


async def test_two_hours_before_it_can_be_cancelled_but_no_longer_moved(walker: Walker, booked: Booked) -> None:
    await booked.clinic.w.connection.execute(
        """UPDATE appointment SET during = tstzrange(now() + interval '1 hour', now() + interval '80 minutes'),
                                  occupied = tstzrange(now() + interval '1 hour', now() + interval '80 minutes')"""
    )
    await opened(walker, booked)
    assert "Il est trop tard pour déplacer ce rendez-vous en ligne" in walker.main
    await walker.get(f"{booked.link}/deplacer")
    assert walker.status == 409
    await walker.click("Annuler")
    await walker.send("Annuler le rendez-vous")
    assert "Votre rendez-vous est annulé" in walker.main
    assert await booked.clinic.w.connection.fetchval("SELECT late FROM appointment") is True


async def test_a_proved_contact_lists_its_appointments_and_reaches_no_other(walker: Walker, booked: Booked) -> None:
    await walker.get("/rdv/mes-rendez-vous")
    assert "Recevoir le code par SMS" in walker.main
    assert "9 h 20" not in walker.main
    await walker.get(f"/rdv/mes-rendez-vous/{booked.id}")
    assert walker.status == 404
    walker.prove(PHONE)
    await walker.get("/rdv/mes-rendez-vous")
    await walker.click("Voir, déplacer ou annuler")
    assert walker.path == f"/rdv/mes-rendez-vous/{booked.id}"
    await walker.click("Ajouter à mon agenda")
    assert "BEGIN:VEVENT" in walker.answer.text
    walker.prove("+33639980002")
    await walker.get("/rdv/mes-rendez-vous")
    assert "Aucun rendez-vous à venir." in walker.main
    for path in ("", "/annuler", "/deplacer", "/agenda.ics"):
        await walker.get(f"/rdv/mes-rendez-vous/{booked.id}{path}")
        assert walker.status == 404
    await walker.get("/rdv/mes-rendez-vous/not-an-id")
    assert walker.status == 404


async def test_open_pages_tell_hours_places_declaration_and_privacy(walker: Walker) -> None:
    await walker.get("/rdv/infos")
    assert "27 avenue du Modèle" in walker.main
    assert "Accès sans marche" in walker.main
    page = walker.answer.text
    style = next(iter(re.findall(r'href="(/rdv/static/style[^"]+)"', page)))
    assert "Du lundi au vendredi, de 8" in page
    for path, said in (("accessibilite", "non conforme"), ("confidentialite", "Vos droits")):
        await walker.get(f"/rdv/{path}")
        assert said in walker.main
    await walker.get(urlsplit(style).path)
    assert walker.answer.headers["content-type"].startswith("text/css")
    await walker.get("/rdv/static/style.css")
    assert walker.status == 404
