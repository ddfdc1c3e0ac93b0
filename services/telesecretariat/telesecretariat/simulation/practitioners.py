"""The practitioners of a simulation: most acknowledge their messages in time, some do not."""

from datetime import timedelta
from typing import Final

import asyncpg

from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import Principal, system
from maillage.refusals import Refusal
from telesecretariat.messages import acknowledging
from telesecretariat.messages.schemas import Acknowledgement
from telesecretariat.simulation import queries
from telesecretariat.simulation.rows import Simulation

MEAN_MINUTES: Final = {"urgent": 3.0, "same_day": 60.0, "routine": 90.0}
FORGETS: Final = 0.15
_LOOKS_EVERY_S: Final = 20.0


class Practitioners:
    """Looks into the inboxes of one simulation, only where messages are written at all."""

    def __init__(self, database: Database, simulation: Simulation) -> None:
        self._database, self._simulation = database, simulation

    async def run(self) -> None:
        """For ever."""
        itself = system(self._database.settings.SERVICE)
        while self._simulation.writes_messages:
            for row in await self._database.read(itself, _inbox, self._simulation):
                if self._answers(row):
                    await self._acknowledges(row)
            await clock.sleep(self._simulation.pace.seconds(_LOOKS_EVERY_S))

    def _answers(self, row: asyncpg.Record) -> bool:
        """Whether he has had the time by now; who forgets one is reminded by the escalation of others."""
        dice = self._simulation.throw(f"practitioner {row['provider_call_id']}")
        if dice.random() < FORGETS:
            return False
        minutes = dice.expovariate(1 / MEAN_MINUTES[row["urgency"]]) / self._simulation.pace.times
        due: bool = clock.now() > row["sent_at"] + timedelta(minutes=minutes)
        return due

    async def _acknowledges(self, row: asyncpg.Record) -> None:
        who = Principal(
            sub=f"person:{row['person_id']}",
            kind="professional",
            role="practitioner",
            org=row["organisation_id"],
            orgs=frozenset({row["organisation_id"]}),
            perms={"message.act": "s"},
        )
        try:
            await self._database.run(who, acknowledging.acknowledge, row["id"], Acknowledgement(action="no_action"))
        except Refusal:  # somebody else was quicker
            return


async def _inbox(tx: Tx, simulation: Simulation) -> list[asyncpg.Record]:
    return await tx.fetch(queries.INBOX, simulation.client_id)
