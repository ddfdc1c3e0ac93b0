"""A time of the waiting list in the hands of who waits: by the link of the message, the birth date first."""

import re

from maillage.testing import Mailbox
from tests.harness.clinic import Clinic
from tests.harness.waiting_list import Json, WaitingList, waiting_list
from tests.integration.pages.walker import Walker

MOBILE, OTHER = "+33639980721", "+33639980722"
BORN = {"jour": "1", "mois": "1", "annee": "1980"}


async def linked(queue: WaitingList, mailbox: Mailbox, phone: str) -> str:
    """The path in the latest message to that number."""
    await queue.work()
    body = next(message.body for message in mailbox.messages if message.to == phone and "/rdv/o/" in message.body)
    found = re.search(r"/rdv/o/[\w-]+", body)
    assert found is not None
    return found[0]


async def opened(clinic: Clinic, path: str, born: dict[str, str] = BORN) -> Walker:
    """A device on which the link has been opened with the birth date."""
    walker = await Walker(clinic.running).get(path)
    return await walker.send("Voir le créneau", born)


async def asked(clinic: Clinic, queue: WaitingList, hour: str = "09:00") -> tuple[Json, Json]:
    """Two people wait, a time is freed: the entries, in the order of the queue."""
    await clinic.awake()
    first, second = await queue.add(await queue.person(MOBILE)), await queue.add(await queue.person(OTHER))
    await queue.free(hour)
    return first, second


async def test_yes_from_two_devices_is_one_appointment(clinic: Clinic, mailbox: Mailbox) -> None:
    async with waiting_list(clinic) as queue:
        first, _ = await asked(clinic, queue)
        path = await linked(queue, mailbox, MOBILE)
        phone = await Walker(clinic.running).get(path)
        assert (phone.status, phone.title.split(" - ")[0]) == (200, "Un créneau vous est proposé")
        for secret in ("9 h", "Essai", "consultation", "Autun"):
            assert secret not in phone.main
        await phone.send("Voir le créneau", {**BORN, "annee": "1981"})
        assert phone.status == 422
        assert "Essais restants : 4." in phone.main
        await phone.send("Voir le créneau", BORN)
        assert (phone.status, phone.path) == (200, path)
        assert "Autun" in phone.main
        assert "9 h" in phone.main
        tablet = await opened(clinic, path)
        await phone.send("J'accepte ce créneau")
        assert "Votre rendez-vous est confirmé" in phone.main
        await tablet.send("J'accepte ce créneau")
        assert "Votre rendez-vous est confirmé" in tablet.main
        assert (await queue.entry(first))["state"] == "booked"
        assert await clinic.count("SELECT count(*) FROM appointment WHERE status = 'booked'") == 1
        english = await tablet.get(f"{path}?langue=en")
        assert "Your appointment is confirmed" in english.main


async def test_no_passes_it_on_late_says_so_and_who_wants_no_more_leaves(clinic: Clinic, mailbox: Mailbox) -> None:
    async with waiting_list(clinic) as queue:
        first, second = await asked(clinic, queue)
        phone = await opened(clinic, await linked(queue, mailbox, MOBILE))
        unsure = await opened(clinic, phone.path)
        await phone.send("Non merci")
        assert "Vous restez sur la liste d'attente" in phone.main
        await unsure.send("J'accepte ce créneau")
        assert "C'est noté" in unsure.main
        assert await queue.offered(first, second) == [False, True]
        await phone.send("Me retirer de la liste d'attente")
        assert "Vous n'êtes plus sur la liste d'attente." in phone.main
        assert (await queue.entry(first))["state"] == "withdrawn"
        # The other one answers when it is too late.
        other = await opened(clinic, await linked(queue, mailbox, OTHER))
        await queue.overdue(await queue.offer(second))
        await other.send("J'accepte ce créneau")
        assert (other.status, "Cette proposition n'est plus valable" in other.main) == (200, True)
        await queue.work()
        assert (await queue.take(clinic.moment("09:00"))).status_code == 201


async def test_who_is_elsewhere_at_that_time_is_told_and_five_wrong_dates_close_the_link(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    async with waiting_list(clinic) as queue:
        first, second = await asked(clinic, queue)
        path = await linked(queue, mailbox, MOBILE)
        phone = await opened(clinic, path)
        await clinic.book("09:10", patient_id=first["patient_id"], practitioner_id=clinic.bob)
        await phone.send("J'accepte ce créneau")
        assert phone.status == 409
        assert "Cette proposition n'est plus valable" in phone.main
        assert await queue.offered(first, second) == [False, True]
        guess = await Walker(clinic.running).get(await linked(queue, mailbox, OTHER))
        for _ in range(5):
            await guess.send("Voir le créneau", {**BORN, "annee": "1971"})
        assert guess.status == 410
        assert (await opened(clinic, path)).status == 200
        assert await queue.offered(second) == [True]


async def test_a_rule_that_changed_since_is_told_and_keeps_the_time_from_nobody(
    clinic: Clinic, mailbox: Mailbox
) -> None:
    """The reason has come under a protocol that lets nobody give it."""
    async with waiting_list(clinic) as queue:
        first, _ = await asked(clinic, queue)
        offer = await queue.offer(first)
        phone = await opened(clinic, await linked(queue, mailbox, MOBILE))
        await clinic.w.connection.execute(
            """WITH p AS (INSERT INTO protocol (id, organisation_id, title, reference, valid_from)
                          VALUES (gen_random_uuid(), $1, 'Plaies', 'PC-1', '2026-01-01') RETURNING id)
               UPDATE visit_reason SET protocol_id = p.id FROM p WHERE visit_reason.id = $2""",
            clinic.org,
            clinic.reason,
        )
        await phone.send("J'accepte ce créneau")
        assert phone.status == 422
        assert "Cette proposition n'est plus valable" in phone.main
        assert await queue.state(offer) == "void open"
