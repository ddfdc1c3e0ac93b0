"""Loads the demonstration: one contract between centre and firm, one line, its people and its words.

Ids are those of the other services' demonstrations: the centre, the firm and the accounts of the gateway, the
practitioners of appointments.
"""

from collections.abc import Sequence
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from maillage.database import Tx
from maillage.principal import system
from maillage.service import DemoAccount, DemoContext
from telesecretariat.catalogues import queries as catalogues
from telesecretariat.clients.schemas import AssignmentIn
from telesecretariat.clients.service import add_assignment
from telesecretariat.demo import queries, words
from telesecretariat.quality import queries as quality
from telesecretariat.telephony.port import COMMANDS
from telesecretariat.vault import vault

CENTRE: Final = uuid5(NAMESPACE_URL, "maillage:demo:centre-71")
FIRM: Final = uuid5(NAMESPACE_URL, "maillage:demo:telesecretariat")
CLIENT: Final = uuid5(CENTRE, "telesecretariat:client")
LINE: Final = uuid5(CENTRE, "telesecretariat:line")
CALENDAR: Final = uuid5(CENTRE, "telesecretariat:calendar")
SECRETARIES: Final = tuple(uuid5(FIRM, f"person:secretaire{number}") for number in (1, 2))
SIMULATED: Final = tuple(uuid5(FIRM, f"person:simulated{number}") for number in range(1, 9))
DOCTOR: Final = (uuid5(CENTRE, "person:medecin"), uuid5(CENTRE, "practitioner:1"))
"""The person, and the practitioner whom she is."""
BACKUP: Final = uuid5(CENTRE, "practitioner:2")
NAME: Final = "Centre de santé départemental (démonstration)"
URGENT: Final[list[object]] = [{"role": "self", "channel": "sms"}, {"role": "backup", "channel": "sms"}]


async def load(context: DemoContext) -> Sequence[DemoAccount]:
    """Loads into a base without the demonstration; a second time it changes nothing. Accounts are the gateway's."""
    await context.database.run(system("telesecretariat"), build)
    return ()


async def build(tx: Tx) -> None:
    """All of it, in one transaction."""
    if await queries.loaded(tx, CLIENT):
        return
    await queries.contract(tx, CLIENT, CENTRE, FIRM, NAME, words.PRICES)
    await queries.telephone(tx, FIRM, sorted(COMMANDS - {"record"}))
    await queries.line(tx, (LINE, CALENDAR, CLIENT), CENTRE, NAME, words.NUMBER, [dict(each) for each in words.WEEKLY])
    await _agents(tx)
    await _words(tx)
    await _instructions(tx)
    await _contacts(tx)
    tx.audit("demonstration_loaded", "client", CLIENT, CENTRE)


async def _agents(tx: Tx) -> None:
    """Two who sign in, assigned; eight who are simulated, and are assigned while a simulation needs them."""
    for number, person in enumerate(SECRETARIES, start=1):
        await queries.agent(tx, person, FIRM, f"poste {number}", f"poste-{number}")
        await add_assignment(tx, AssignmentIn(client_id=CLIENT, agent_id=person))
    for number, person in enumerate(SIMULATED, start=1):
        await queries.agent(tx, person, FIRM, f"poste simulé {number}", f"simulated/{number}")


async def _words(tx: Tx) -> None:
    for moment, part in words.ANNOUNCEMENTS.items():
        await queries.announcement(tx, CENTRE, CLIENT, moment, [part.model_dump(mode="json", exclude_none=True)])
    for organisation_id, entries in ((FIRM, words.PAUSES), (CENTRE, words.ENTRIES)):
        for entry in entries:
            await catalogues.add(tx, uuid5(organisation_id, f"{entry.kind}:{entry.code}"), organisation_id, entry)
    criteria = [each.model_dump() for each in words.GRID.criteria]
    await tx.execute(quality.ADD_GRID, uuid5(FIRM, "quality:grid"), FIRM, words.GRID.name, criteria, tx.now)
    await queries.red_flags(tx, CENTRE, CLIENT, [item.model_dump() for item in words.RED_FLAGS], DOCTOR[1])


async def _instructions(tx: Tx) -> None:
    centre, doctor = ("client", CLIENT), ("practitioner", DOCTOR[1])
    every: tuple[list[str], list[str]] = (["book", "message", "callback"], ["medical_advice"])
    result: tuple[list[str], list[str]] = (["message"], ["give_result", "medical_advice"])
    await _publish(tx, centre, None, words.CENTRE_TEXT, every)
    await _publish(tx, centre, "result", words.RESULT_TEXT, result)
    await _publish(tx, doctor, None, words.DOCTOR_TEXT, every)
    await _publish(tx, doctor, "document", words.RENEWAL_TEXT, every)


async def _publish(
    tx: Tx, whose: tuple[str, UUID], motive: str | None, text: str, codes: tuple[list[str], list[str]]
) -> None:
    await queries.instruction(tx, (CENTRE, CLIENT, *whose, motive), text, codes, DOCTOR, URGENT)


async def _contacts(tx: Tx) -> None:
    """Numbers of Arcep's fiction blocks: nobody has them."""
    box = vault(tx)
    await queries.contact_point(tx, CENTRE, DOCTOR[1], "self", box.seal("+33639980301"), None)
    await queries.contact_point(tx, CENTRE, DOCTOR[1], "backup", box.seal("+33639980302"), BACKUP)
    await queries.contact_point(tx, CENTRE, BACKUP, "self", box.seal("+33639980302"), None)
    await queries.contact_point(tx, CENTRE, None, "supervisor", box.seal("+33639980303"), None)
