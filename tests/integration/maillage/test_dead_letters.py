"""What a consumer gave up can be listed, and sent again once."""

import json
from collections.abc import Callable

import asyncpg

from maillage import dead_letters
from maillage.bus import Bus, subject_for
from maillage.database import Database
from maillage.embedded import Nats
from maillage.ids import new_id
from maillage.principal import system
from maillage.testing import ServiceLike
from telesecretariat.main import service

KIND = "gateway.person_changed.v1"


async def test_requeue_sends_the_event_again_and_once(
    service_database: Callable[[ServiceLike], str], nats: Nats, territory: str
) -> None:
    """Same id and payload for the inbox, a new message id for the broker; a second requeue finds nothing."""
    url = service_database(service)
    subject, event = subject_for(territory, KIND), str(new_id())
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO kit.dead_letter (consumer, event_id, subject, headers, payload, reason, attempts) "
        "VALUES ('telesecretariat', $1, $2, $3, $4, 'KeyError', 8)",
        event,
        subject,
        json.dumps({"ce-id": event, "Nats-Msg-Id": event}),
        b'{"n": 1}',
    )
    await connection.close()
    database = Database(service.settings(postgres_url=url, nats_url=nats.url, territory=territory))
    bus = Bus(nats.url, territory, "test")
    await database.open()
    await bus.open()
    try:
        waiting = await database.run(system(service.name), dead_letters.waiting)
        assert [(each.event_id, each.reason, each.attempts) for each in waiting] == [(event, "KeyError", 8)]
        letters = [each.id for each in waiting]
        assert await dead_letters.requeue(database, bus, service.name, letters) == 1
        assert await dead_letters.requeue(database, bus, service.name, letters) == 0
        assert await database.run(system(service.name), dead_letters.waiting) == []
        sent = await bus.jetstream.get_last_msg(f"MAILLAGE_{territory.upper()}", subject)
        assert (sent.seq, sent.data) == (1, b'{"n": 1}')
        assert sent.headers is not None
        assert sent.headers["ce-id"] == event
        assert sent.headers["Nats-Msg-Id"] != event
    finally:
        await bus.close()
        await database.close()
