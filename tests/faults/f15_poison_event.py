"""F15: an event that no attempt can handle. Later ones pass it; after eight attempts it is set aside with its reason,
and logged; when the cause is gone the operator sends it again, and it has its effect once."""

from collections.abc import Callable

import asyncpg
import pytest

from maillage import consumers, dead_letters
from maillage.bus import Bus
from maillage.database import Database
from maillage.principal import system
from maillage.testing import Logs, Running, soon
from tests.harness.ledger import service
from tests.integration.maillage.test_act import writer

_PLANT = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entry_id::text = TG_ARGV[0] THEN
        RAISE EXCEPTION 'planted';
    END IF;
    RETURN NEW;
END $$
"""


@pytest.mark.short
async def test_a_poison_event_is_set_aside_stops_nobody_and_can_be_sent_again(
    running_service: Callable[..., Running],
    admin_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    log_capture: Logs,
) -> None:
    monkeypatch.setattr(consumers, "BACKOFF_S", (0.1,))
    running = running_service(service)
    base = await asyncpg.connect(admin_of(running.database_url))
    try:
        async with running.client(writer()) as client:
            ids = [(await client.post("/v1/entries", json={"text": str(n)})).json()["id"] for n in range(3)]
        await base.execute(_PLANT)
        # allow sql-made-of-pieces: a trigger's argument is a literal, and this one a UUID of ours
        await base.execute(
            f"CREATE TRIGGER fault BEFORE INSERT ON effect FOR EACH ROW EXECUTE FUNCTION refuse('{ids[0]}')"
        )
        running.work()
        await soon(lambda: base.fetchval("SELECT count(*) = 2 FROM effect"), seconds=30)
        await soon(lambda: base.fetchval("SELECT count(*) = 1 FROM kit.dead_letter"), seconds=60)
        letter = await base.fetchrow("SELECT id, reason, attempts FROM kit.dead_letter")
        assert letter is not None
        assert (letter["reason"], letter["attempts"]) == ("RaiseError", consumers.MAX_DELIVER)
        assert log_capture.text.count('"event failed"') == consumers.MAX_DELIVER
        await base.execute("DROP TRIGGER fault ON effect")
        assert await _sent_again(running) == 1
        await soon(lambda: base.fetchval("SELECT count(*) = 3 FROM effect"), seconds=30)
        assert await base.fetchval("SELECT count(*) FROM effect WHERE entry_id::text = $1", ids[0]) == 1
    finally:
        await base.close()


async def _sent_again(running: Running) -> int:
    """As `maillage events requeue` does it."""
    database = Database(running.settings)
    bus = Bus(running.settings.nats_url, running.settings.territory, "operator")
    await database.open()
    await bus.open()
    try:
        letters = [each.id for each in await database.run(system("ledger"), dead_letters.waiting)]
        return await dead_letters.requeue(database, bus, "ledger", letters)
    finally:
        await bus.close()
        await database.close()
