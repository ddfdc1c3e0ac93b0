"""What should be at Asterisk by what the base holds, for the comparison after each connection."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system
from telesecretariat.telephony.adapters import ari_facts, queries
from telesecretariat.telephony.adapters.ari_acts import Place
from telesecretariat.telephony.adapters.ari_facts import OURS, channel_id_of
from telesecretariat.telephony.port import Fact

_WAITS: Final = frozenset({"waiting", "offered", "connecting", "held"})
_SPEAKS: Final = frozenset({"talking", "transferring"})
Expected = tuple[Sequence[str], Sequence[tuple[str, str]]]


class Held:
    """Reads calls and their legs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._who = system(database.settings.SERVICE)

    async def line_of(self, call_id: UUID) -> Place | None:
        """The line of a call."""
        return await self._database.read(self._who, _line_of, call_id)

    async def expected(self, adapter_id: str) -> Expected:
        """The legs that should be there, and for each channel the bridge in which it should be."""
        return await self._database.read(self._who, _expected, adapter_id)


async def _line_of(tx: Tx, call_id: UUID) -> Place | None:
    row = await tx.fetchrow(queries.LINE_OF_CALL, call_id)
    return None if row is None else Place(row["id"], row["number"], ZoneInfo(row["time_zone"]))


async def _expected(tx: Tx, adapter_id: str) -> Expected:
    legs: list[str] = []
    places: list[tuple[str, str]] = []
    for row in await tx.fetch(queries.EXPECTED, adapter_id):
        caller, bridge = row["provider_call_id"], f"c-{row['id']}"
        # While a colleague is consulted the caller hears music, and the agents are where the call is spoken.
        state = "held" if row["consults"] else row["state"]
        if caller and state in _WAITS and not caller.startswith("t-"):
            places.append((caller, f"q-{row['line_id']}"))
        if caller and state in _SPEAKS:
            places.append((caller, bridge))
        if row["leg_id"] is not None:
            leg = f"a-{row['leg_id']}"
            legs.append(leg)
            if state in _SPEAKS or state == "held":
                places.append((leg, bridge))
        if row["consulted_leg_id"] is not None:
            legs.append(f"a-{row['consulted_leg_id']}")
        legs.extend(f"t-{third}" for third in cast(list[UUID], row["third_ids"]))
    return legs, places


def found(channel: Mapping[str, object]) -> Iterator[Fact]:
    """What a channel that is there tells: who called while nobody listened, which leg was taken up."""
    name = channel_id_of(channel)
    if name[:2] in ("a-", "t-"):
        if channel.get("state") == "Up":
            yield ari_facts.answered(name, clock.now())
    elif name[:2] not in OURS:
        yield ari_facts.arrived(channel, _called(channel), clock.now())


def gone(leg: str) -> Fact:
    """A leg that should be there is not, and nobody saw why."""
    return ari_facts.gone(leg, clock.now(), None)


def _called(channel: Mapping[str, object]) -> str:
    """The number dialled: the dialplan gives it to the application, and the extension is the same."""
    dialplan = channel.get("dialplan")
    known: Mapping[str, object] = dialplan if isinstance(dialplan, Mapping) else {}
    given = str(known.get("app_data", "")).split(",")
    return given[2] if len(given) > 2 and given[1] == "inbound" else str(known.get("exten", ""))
