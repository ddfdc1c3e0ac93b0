"""A booking on the pages, read and sent as a person would, on the same base as the phone."""

import asyncio
from dataclasses import replace

from maillage.principal import Principal
from maillage.testing import soon
from tests.harness import people
from tests.harness.clinic import Clinic
from tests.integration.pages.walker import Walker, query

PHONE = "+33639980001"
WHO = {
    "prenom": "Camille",
    "nom": "Vaudremont",
    "jour": "27",
    "mois": "3",
    "annee": "1984",
}
LAPSE = "UPDATE hold SET expires_at = now() - interval '3 minutes'"
LAPSE_BUSY = "UPDATE busy SET expires_at = now() - interval '3 minutes' WHERE hold_id IS NOT NULL"
X = "{http://www.w3.org/1999/xhtml}"


async def to_times(walker: Walker, clinic: Clinic, days: int = 3, **more: str) -> Walker:
    """Screen 1, then the times from some days ahead."""
    await walker.get("/rdv")
    await walker.send("Voir les horaires", {"motif": "consultation", "lieu": "autun"})
    return await walker.get(f"{walker.path}&a_partir={clinic.day(days).isoformat()}")


async def to_who(walker: Walker, clinic: Clinic) -> Walker:
    """A time held, a contact proved: the second half of screen 3."""
    await to_times(walker, clinic)
    await walker.send("Choisir cet horaire")
    walker.prove(PHONE)
    return await walker.get("/rdv/identite")


async def lapse(clinic: Clinic) -> None:
    """The deadline is past; the worker may not have seen it yet."""
    await clinic.w.connection.execute(LAPSE)
    await clinic.w.connection.execute(LAPSE_BUSY)


async def test_four_screens_from_a_reason_to_a_confirmed_appointment(walker: Walker, clinic: Clinic) -> None:
    await walker.get("/rdv")
    assert walker.title.startswith("Étape 1 sur 4 : motif et lieu - Prendre rendez-vous - Centre")
    assert "Un problème de santé." in walker.main
    assert "Visite à domicile Ce motif se prend par téléphone : 03 85 34 71 00" in walker.main
    await to_times(walker, clinic)
    assert walker.title.startswith("Étape 2 sur 4")
    assert "Votre rendez-vous n'est pas encore pris" in walker.main
    await walker.send("Choisir cet horaire")
    assert (walker.status, walker.path) == (200, "/rdv/identite")
    assert "Réservé pour vous jusqu'à" in walker.main
    assert await clinic.free(clinic.ada) + await clinic.free(clinic.bob) != "09:00-12:00 14:00-18:00" * 2
    walker.prove(PHONE)
    await walker.get("/rdv/identite")
    await walker.send("Confirmer le rendez-vous", WHO)
    assert (walker.status, walker.path) == (200, "/rdv/confirme")
    assert "Votre rendez-vous est confirmé" in walker.main
    assert "06 •• •• •• 01" in walker.main
    row = await clinic.w.connection.fetchrow("SELECT status, channel, audience, language FROM appointment")
    assert row is not None
    assert tuple(row) == ("booked", "online", "public", "fr")
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'confirmation' AND channel = 'sms'") == 1


async def test_confirming_again_shows_the_same_page_and_books_nothing_more(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    page = walker.page
    await walker.send("Confirmer le rendez-vous", WHO)
    for _ in range(2):
        walker.page = page
        await walker.send("Confirmer le rendez-vous", WHO)
        assert walker.path == "/rdv/confirme"
    await walker.get("/rdv/identite")
    assert walker.path == "/rdv/confirme"
    assert await clinic.count("SELECT count(*) FROM appointment") == 1
    assert await clinic.count("SELECT count(*) FROM message WHERE kind = 'confirmation'") == 1


async def test_two_forms_confirming_at_the_same_moment_make_one_appointment(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    twins = [Walker(clinic.running, walker.who) for _ in range(4)]
    for twin in twins:
        twin.page = walker.page
    await asyncio.gather(*(twin.send("Confirmer le rendez-vous", WHO) for twin in twins))
    assert {twin.path for twin in twins} == {"/rdv/confirme"}
    assert await clinic.count("SELECT count(*) FROM appointment") == 1


async def test_a_time_taken_by_phone_meanwhile_is_refused_with_the_nearest_ones(walker: Walker, clinic: Clinic) -> None:
    await to_times(walker, clinic)
    taken = [clinic.wish("09:00", practitioner_id=doctor) for doctor in (clinic.ada, clinic.bob)]
    others = [await clinic.w.patient(clinic.org) for _ in taken]
    for wish, other in zip(taken, others, strict=True):
        assert (await clinic.post("appointments", {**wish, "patient_id": str(other)})).status_code == 201
    await walker.send("Choisir cet horaire")
    assert walker.status == 409
    assert "Cet horaire vient d'être pris" in walker.main
    assert "Les plus proches" in walker.main
    assert walker.buttons("creneau")[0].startswith("9 h 20, ")
    await walker.send("9 h 20")
    assert walker.path == "/rdv/identite"


async def test_after_the_deadline_a_free_time_is_taken_again(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    await lapse(clinic)
    await walker.send("Confirmer le rendez-vous", WHO)
    assert walker.path == "/rdv/confirme"
    assert await clinic.count("SELECT count(*) FROM appointment") == 1


async def test_after_the_deadline_a_taken_time_costs_the_time_and_no_word(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    form = walker.page
    held = await clinic.w.connection.fetchrow("SELECT practitioner_id, lower(during) AS start FROM hold")
    assert held is not None
    await lapse(clinic)
    clinic.running.work()

    async def lapsed() -> bool:
        return await clinic.count("SELECT count(*) FROM hold WHERE state = 'lapsed'") == 1

    await soon(lapsed)
    wish = clinic.wish("09:00", practitioner_id=held["practitioner_id"], start=held["start"].isoformat())
    assert (await clinic.post("appointments", wish)).status_code == 201
    walker.page = form
    await walker.send("Confirmer le rendez-vous", WHO)
    assert walker.status == 409
    assert "Ce que vous avez déjà écrit est gardé" in walker.main
    await walker.send("9 h 20")
    assert walker.path == "/rdv/identite"
    assert (walker.value("prenom"), walker.value("nom"), walker.value("annee")) == ("Camille", "Vaudremont", "1984")
    await walker.send("Confirmer le rendez-vous")
    assert walker.path == "/rdv/confirme"


async def test_ten_more_minutes_keep_what_was_typed_and_end_after_ten_times(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    for _ in range(10):
        await walker.send("Garder 10 minutes de plus", {"prenom": "Camille", "jour": "31"})
        assert (walker.status, walker.value("prenom"), walker.value("jour")) == (200, "Camille", "31")
    assert "Cet horaire ne peut plus être gardé plus longtemps" in walker.main
    longest = await clinic.count("SELECT (extract(epoch FROM expires_at - created_at) / 60)::int FROM hold")
    assert longest == 110


async def test_choosing_another_time_keeps_the_words_and_one_hold(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    await walker.send("Choisir un autre horaire", {"prenom": "Camille"})
    assert query(walker.path)["motif"] == "consultation"
    await walker.send("Choisir cet horaire")
    assert walker.value("prenom") == "Camille"
    assert await clinic.count("SELECT count(*) FROM hold WHERE state IN ('held', 'identified')") == 1


WRONG = [
    ({"prenom": ""}, "Écrivez le prénom."),
    ({"nom": " "}, "Écrivez le nom de naissance."),
    ({"jour": "31", "mois": "2"}, "Cette date n'existe pas."),
    ({"annee": "3000"}, "Cette date de naissance n'est pas possible."),
    ({"annee": "84"}, "Cette date de naissance n'est pas possible."),
    ({"jour": "", "mois": ""}, "Écrivez le jour, le mois et l'année de naissance."),
    ({"jour": "٣"}, "Cette date n'existe pas."),
    ({"nom": "a" * 500}, "Ce nom contient des signes qui ne vont pas."),
    ({"prenom": "12345"}, "Ce nom contient des signes qui ne vont pas."),
    ({"prenom": "\u202eCamille"}, "Ce nom contient des signes qui ne vont pas."),
]


async def test_a_wrong_field_is_said_at_the_field_and_stores_nothing(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    for fields, said in WRONG:
        await walker.send("Confirmer le rendez-vous", {**WHO, **fields})
        assert walker.status == 422, fields
        assert walker.title.startswith("Erreur :")
        assert walker.main.count(said) == 2, fields
        assert walker.value("annee") == {**WHO, **fields}["annee"]
    assert await clinic.count("SELECT count(*) FROM patient WHERE birth_given_names LIKE 'Camille%'") == 0


async def test_a_reason_that_is_not_for_this_age_is_said_on_the_same_page(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    await walker.send("Confirmer le rendez-vous", {**WHO, "annee": str(clinic.day().year), "jour": "1", "mois": "1"})
    assert walker.status == 422
    assert "Âge non admis pour ce motif" in walker.main
    assert walker.value("nom") == "Vaudremont"


async def test_people_of_this_contact_are_offered_and_nobody_else(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    assert "Une autre personne" not in walker.main
    await walker.send("Confirmer le rendez-vous", WHO)
    await to_who(walker, clinic)
    assert "Camille Vaudremont" in walker.main.title()
    assert "Essai" not in walker.main.split("Personne")[1]
    known = await clinic.w.connection.fetchval("SELECT id FROM patient WHERE birth_family_name = 'Vaudremont'")
    await walker.send("Confirmer le rendez-vous", {"personne": ""})
    assert "Choisissez une personne." in walker.main
    await walker.send("Confirmer le rendez-vous", {"personne": str(clinic.pat)})
    assert "Choisissez une personne." in walker.main
    await walker.send("Choisir un autre horaire")
    await walker.get(f"{walker.path}&a_partir={clinic.day(5).isoformat()}")
    await walker.send("Choisir cet horaire")
    await walker.send("Confirmer le rendez-vous", {"personne": str(known)})
    assert walker.path == "/rdv/confirme"
    assert await clinic.count("SELECT count(*) FROM patient WHERE birth_family_name = 'Vaudremont'") == 1


async def test_before_the_contact_is_proved_everybody_sees_the_same_page(walker: Walker, clinic: Clinic) -> None:
    await to_times(walker, clinic)
    await walker.send("Choisir cet horaire")
    assert "Comment vous joindre ?" in walker.main
    assert walker.buttons("acte")
    form = next(f for f in walker.page.iter(f"{X}form") if "/auth/codes" in f.attrib["action"])
    fields = {i.attrib["name"]: i.attrib.get("value", "") for i in form.iter(f"{X}input")}
    proof = {"csrf": "csrf-of-test", "site_web": ""}
    assert fields == {**proof, "channel": "sms", "return_to": "/rdv/identite", "address": ""}


async def test_a_form_of_another_site_or_visitor_does_nothing(walker: Walker, clinic: Clinic) -> None:
    await to_times(walker, clinic)
    await walker.send("Choisir cet horaire", {"csrf": "forged"})
    assert walker.status == 403
    assert "Cette page est trop ancienne" in walker.main
    assert await clinic.count("SELECT count(*) FROM hold") == 0


async def test_a_machine_that_fills_every_field_does_nothing(walker: Walker, clinic: Clinic) -> None:
    await to_times(walker, clinic)
    await walker.send("Choisir cet horaire", {"site_web": "http://example.org"})
    assert walker.status == 403
    assert await clinic.count("SELECT count(*) FROM hold") == 0


async def test_nobody_else_sees_a_request_or_its_confirmation(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    await walker.send("Confirmer le rendez-vous", WHO)
    stranger = Walker(clinic.running)
    await stranger.get("/rdv/confirme")
    assert stranger.path == "/rdv"
    await stranger.get("/rdv/identite")
    assert stranger.path == "/rdv"


async def test_no_reason_chosen_shows_screen_one_again_with_the_error(walker: Walker) -> None:
    await walker.get("/rdv")
    await walker.send("Voir les horaires")
    assert walker.status == 422
    assert walker.main.count("Choisissez un motif.") == 2


NONSENSE = (
    "/rdv/creneaux?motif=consultation&lieu=nulle-part&praticien=x&moment=nuit&a_partir=2026-02-31&suite=x",
    "/rdv/creneaux?motif=consultation&a_partir=9999-12-31",
    "/rdv/creneaux?motif=consultation&a_partir=0001-01-01",
    "/rdv/creneaux?motif=consultation&praticien=00000000-0000-0000-0000-000000000000",
    f"/rdv/creneaux?motif=consultation&suite={'A' * 3000}",
    "/rdv?motif=%00&lieu=%F0%9F%98%80",
)
NO_TIMES = ("", "x", "2026-11-24T09:20|autun|x|on_site", "||||", "2026-11-24T09:20:00+01:00|autun|x|home", "\x00")


async def test_filters_that_make_no_sense_are_left_out(walker: Walker) -> None:
    for path in NONSENSE:
        await walker.get(path)
        assert walker.status == 200, path


async def test_a_time_that_no_button_sends_leads_back_to_the_times(walker: Walker, clinic: Clinic) -> None:
    for value in NO_TIMES:
        await to_times(walker, clinic)
        for button in walker.page.iter(f"{X}button"):
            if button.attrib.get("name") == "creneau":
                button.set("value", value)
        await walker.send("Choisir cet horaire")
        assert walker.status == 200, value
        assert walker.path.startswith("/rdv/creneaux?motif=consultation")
    assert await clinic.count("SELECT count(*) FROM hold") == 0


async def test_a_full_site_shows_the_other_site_and_later_days(walker: Walker, clinic: Clinic) -> None:
    await clinic.w.connection.execute(
        "UPDATE availability SET free = '{}' WHERE site_id = $1 AND local_date < $2", clinic.site, clinic.day(20)
    )
    await walker.get("/rdv/creneaux?motif=consultation&lieu=autun")
    assert "Pas d'horaire libre avec ces choix" in walker.main
    assert walker.main.index("Plus tôt ailleurs") < walker.main.index("Plus tard, avec les mêmes choix")
    assert walker.main.index("Plus tard, avec les mêmes choix") < walker.main.index("Par téléphone")
    await walker.click("Voir les horaires à Digoin")
    assert "15 h" in walker.main


async def test_the_following_times_go_on_without_leaving_one_out(walker: Walker, clinic: Clinic) -> None:
    await walker.get(f"/rdv/creneaux?motif=consultation&a_partir={clinic.day(3).isoformat()}")
    first = walker.buttons("creneau")[1:]
    assert len(first) == 60
    await walker.click("Horaires suivants")
    second = walker.buttons("creneau")
    assert not set(first) & set(second)
    assert "Premier horaire libre" not in walker.main


async def test_english_by_the_link_is_kept_through_the_booking(walker: Walker, clinic: Clinic) -> None:
    await walker.get("/rdv")
    await walker.click("English")
    assert walker.page.attrib["lang"] == "en"
    await walker.send("See the times", {"motif": "consultation", "lieu": "autun"})
    await walker.get(f"{walker.path}&a_partir={clinic.day(3).isoformat()}")
    await walker.send("Choose this time")
    assert "How can we reach you?" in walker.main
    walker.prove(PHONE)
    await walker.get(walker.path)
    await walker.send("Confirm the appointment", WHO)
    assert "Your appointment is confirmed" in walker.main
    assert await clinic.w.connection.fetchval("SELECT language FROM appointment") == "en"


async def test_the_calendar_file_has_no_reason_and_one_identity(walker: Walker, clinic: Clinic) -> None:
    await to_who(walker, clinic)
    await walker.send("Confirmer le rendez-vous", WHO)
    await walker.click("Ajouter à mon agenda")
    assert walker.answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "BEGIN:VEVENT" in walker.answer.text
    assert "Consultation" not in walker.answer.text


async def test_nothing_typed_is_ever_logged(walker: Walker, clinic: Clinic, log_capture: object) -> None:
    await to_who(walker, clinic)
    await walker.send("Confirmer le rendez-vous", {**WHO, "jour": "32"})
    await walker.send("Confirmer le rendez-vous", WHO)
    logged = str(getattr(log_capture, "text", ""))
    for word in ("Vaudremont", "Camille", "39980001", "1984"):
        assert word not in logged


def someone(visitor: Principal, **changed: str) -> Principal:
    """The same visitor, changed."""
    return replace(visitor, **changed)  # type: ignore[arg-type]


async def test_without_a_ticket_no_form_is_read(clinic: Clinic) -> None:
    walker = Walker(clinic.running, someone(people.visitor(), csrf=""))
    await to_times(walker, clinic)
    await walker.send("Choisir cet horaire")
    assert walker.status == 403
