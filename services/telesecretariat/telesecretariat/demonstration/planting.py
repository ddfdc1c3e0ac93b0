"""One centre, one firm, one simulated line, three practitioners: generated, and saying so. Nobody of it exists."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from maillage.database import Tx
from maillage.ids import new_id
from telesecretariat.demonstration import queries
from telesecretariat.simulation.domain import Caller
from telesecretariat.telephony.adapters.simulated import CAPABILITIES
from telesecretariat.vault import vault

ADAPTER: Final = "demonstration"
ZONE: Final = "Europe/Paris"
NUMBER: Final = "+33353010000"
NAME: Final = "Démonstration"
WEEK: Final = [
    *({"weekday": day, "opens": "08:00", "closes": "20:00"} for day in range(5)),
    {"weekday": 5, "opens": "08:00", "closes": "12:00"},
]
MOTIVES: Final = (
    ("appointment", "Rendez-vous", "Appointment"),
    ("advice", "Conseil", "Advice"),
    ("result", "Résultat", "Result"),
    ("document", "Document", "Document"),
    ("professional", "Professionnel", "Professional"),
    ("red_flag", "Urgence vitale", "Danger of life"),
    ("other", "Autre", "Other"),
)
SIGNS: Final = (
    ("chest_pain", "Douleur thoracique", "Avez-vous mal dans la poitrine ?"),
    ("stroke", "Signes d'AVC", "Le visage, un bras ou la parole ont-ils changé ?"),
    ("breathing", "Détresse respiratoire", "Avez-vous du mal à respirer ?"),
)
INSTRUCTIONS: Final = "Consigne de démonstration : prendre le nom, la date de naissance et le numéro avant le motif."
GAVE_UP_DAYS_AGO: Final = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class Planted:
    """What was planted."""

    centre: UUID
    firm: UUID
    client_id: UUID
    line_id: UUID


async def plant(tx: Tx) -> Planted:
    """The centre and all that its desk needs."""
    planted, since = Planted(new_id(), new_id(), new_id(), new_id()), tx.now - timedelta(days=400)
    calendar = new_id()
    await tx.execute(queries.CLIENT, planted.client_id, planted.centre, planted.firm, since, NAME)
    await tx.execute(queries.CALENDAR, calendar, planted.centre, list(WEEK), since)
    await tx.execute(queries.ADAPTER, ADAPTER, planted.firm, tx.now, sorted(CAPABILITIES))
    await tx.execute(
        queries.LINE,
        planted.line_id,
        planted.centre,
        planted.client_id,
        NUMBER,
        ZONE,
        calendar,
        ADAPTER,
        since,
        NAME,
    )
    for code, french, english in MOTIVES:
        await tx.execute(queries.MOTIVES, new_id(), planted.centre, code, french, english, since)
    await _practitioners(tx, planted)
    return planted


async def _practitioners(tx: Tx, planted: Planted) -> None:
    """Three, who can be reached by SMS, and the first of whom signs instructions and signs of danger."""
    since, site, practitioners = tx.now - timedelta(days=30), new_id(), [new_id() for _ in range(3)]
    await tx.execute(queries.SITE, site, planted.centre, ZONE, NAME)
    for place, practitioner in enumerate(practitioners):
        rpps, name = f"1999000000{place}", f"Dr Démonstration {place + 1}"
        await tx.execute(queries.PRACTITIONER, practitioner, planted.centre, rpps, name, site)
        await tx.execute(queries.PERSON, new_id(), planted.centre, name, rpps)
        address = vault(tx).seal(f"+3363998900{place}")
        await tx.execute(queries.CONTACT, new_id(), planted.centre, practitioner, address, since)
    for scope, scope_id in (("client", planted.client_id), ("practitioner", practitioners[0])):
        instruction = new_id()
        await tx.execute(queries.INSTRUCTION, instruction, planted.centre, planted.client_id, scope, scope_id, since)
        await tx.execute(
            queries.VERSION,
            new_id(),
            planted.centre,
            planted.client_id,
            instruction,
            INSTRUCTIONS,
            ["message", "appointment"],
            ["give_result"],
            since,
            practitioners[0],
        )
    items = [{"code": code, "label": label, "questions": [question]} for code, label, question in SIGNS]
    await tx.execute(queries.RED_FLAGS, new_id(), planted.centre, planted.client_id, items, practitioners[0], since)


async def plant_repeat_callers(tx: Tx, planted: Planted, callers: list[Caller]) -> int:
    """Gives one caller of forty a past: he gave up three times in the last days. How many."""
    chosen = [each for each in callers[10::40] if each.number is not None]
    for person in chosen:
        for days in GAVE_UP_DAYS_AGO:
            arrived = person.at - timedelta(days=days)
            await tx.execute(
                queries.GAVE_UP,
                new_id(),
                planted.centre,
                planted.client_id,
                planted.line_id,
                ADAPTER,
                vault(tx).seal(person.number),
                vault(tx).hash(person.number),
                arrived,
                arrived + timedelta(seconds=90),
            )
    return len(chosen)
