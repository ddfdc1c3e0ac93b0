"""A provider of messages that takes them, refuses them, is away, or never answers; and that reads what it is given.

What leaves must be so at the instant it leaves, and nothing leaves twice.
"""

import asyncio
from collections.abc import Mapping
from datetime import time
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from maillage.messages import Channel, MessagePort, Outgoing, ProviderReceipt, Refused, Unavailable, Unknown
from maillage.settings import ServiceSettings

PARIS = ZoneInfo("Europe/Paris")
SAID = """
SELECT m.*, kit_now() AS now, a.status, a.conflict, lower(a.during) AS start, upper(a.during) AS until,
       i.state AS item_state, i.round, h.state AS hold_state, h.expires_at AS hold_until,
       o.state AS offer_state, o.expires_at AS offer_until, oh.state AS offer_hold,
       (SELECT max(c.version) FROM appointment_change c WHERE c.appointment_id = a.id
        AND c.event IN ('confirm', 'decline', 'move', 'cancel', 'reopen', 'leave', 'void')) AS changed,
       EXISTS (SELECT FROM campaign_item k WHERE k.appointment_id = a.id AND k.state = 'kept') AS kept
FROM message m LEFT JOIN appointment a ON a.id = m.appointment_id
LEFT JOIN campaign_item i ON i.id = m.ref_id LEFT JOIN hold h ON h.id = i.hold_id
LEFT JOIN waiting_offer o ON o.id = m.ref_id LEFT JOIN hold oh ON oh.id = o.hold_id
WHERE m.id = $1
"""


class Broken(AssertionError):
    """Something was possible that must not be."""


class Crash(Exception):
    """The worker dies with the message in its hands."""


def must(holds: bool, what: str) -> None:
    """Or the history has broken something."""
    if not holds:
        raise Broken(what)


class Provider:
    """For all channels. `moods`: what becomes of the next messages, in turn."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self._connection = connection
        self._one_at_a_time = asyncio.Lock()
        self.moods: list[int] = [0]
        self.given: dict[UUID, str] = {}
        self.receipts: list[tuple[str, str]] = []
        self.count = 0

    def ports(self, settings: ServiceSettings) -> Mapping[Channel, MessagePort]:
        """Instead of the real ones."""
        return {"sms": self, "voice": self, "email": self}

    async def send(self, message: Outgoing) -> ProviderReceipt:
        """Judges what it is given; then takes it or not."""
        self.count += 1
        mood = self.moods[self.count % len(self.moods)]
        message_id = UUID(message.ref.partition(".")[0])
        must(message_id not in self.given, "9: a message was handed over twice")
        async with self._one_at_a_time:  # messages are handed over side by side
            found = await self._connection.fetch(SAID, message_id)
        judge(found[0])
        if mood == 9:
            raise Unavailable("away")
        if mood == 8:
            raise Refused("never")
        self.given[message_id] = message.ref
        self.receipts.append((message.ref, f"p{self.count}"))
        if mood == 7:
            raise Unknown("no answer")
        if mood == 6:
            raise Crash
        return ProviderReceipt("stand-in", f"p{self.count}")


def judge(m: asyncpg.Record) -> None:
    """Whether this message is still true."""
    kind, about = m["kind"], f"{m['kind']} of version {m['version']}"
    if kind == "offer":
        live = m["offer_state"] == "sent" and m["offer_until"] > m["now"] and m["offer_hold"] in ("held", "identified")
        must(live, f"9: {about} says {m['offer_state']}, {m['offer_hold']}")
    else:
        must((kind == "cancelled") == (m["status"] == "cancelled"), f"9: {about} of a visit that is {m['status']}")
        must(m["status"] in ("pending", "booked", "cancelled"), f"9: {about} of a visit that is {m['status']}")
        must((m["changed"] or 1) <= m["version"], f"9: {about}, changed by {m['changed']}")
    if kind == "reminder":
        well = m["status"] == "booked" and m["start"] > m["now"] and (m["conflict"] is None or m["kept"])
        must(well, f"9: {about} of {m['status']} at {m['start']}, {m['conflict']}")
    if kind == "proposal":
        live = m["item_state"] == "proposed" and m["round"] == m["number"] and m["hold_state"] in ("held", "identified")
        must(live and m["hold_until"] > m["now"], f"9: {about}: {m['item_state']}, {m['hold_state']}")
    if kind in ("reminder", "proposal", "offer") and m["channel"] != "email":
        local = m["now"].astimezone(PARIS).time()
        must(time(8) <= local < time(20), f"9: {about} by {m['channel']} at {local}")
