"""The test fixtures hold what they promise: everybody else's tests stand on them."""

import asyncio
import socket
from collections.abc import Callable

import asyncpg
import httpx
import pytest
import structlog

from maillage.ids import new_id
from maillage.messages import Outgoing
from maillage.messages.sms_by_smtp import SmsBySmtp
from maillage.messages.smtp import Smtp
from maillage.refusals import NotSignedIn
from maillage.testing import Logs, Mailbox, Running, ServiceLike, mint, soon
from maillage.tokens import Verifier
from telesecretariat.main import service
from tests.harness.people import telesecretary, visitor


async def test_each_database_is_new(service_database: Callable[[ServiceLike], str]) -> None:
    """What one test writes, no other sees; the role is the service's own."""
    for _ in range(2):
        connection = await asyncpg.connect(service_database(service))
        assert await connection.fetchval("SELECT count(*) FROM kit.inbox") == 0
        await connection.execute(
            "INSERT INTO kit.inbox (consumer, event_id, type, sequence) VALUES ('c', $1, 't', 1)", new_id()
        )
        assert await connection.fetchval("SELECT current_user") == "telesecretariat"
        await connection.close()


async def test_a_service_runs_and_works(running_service: Callable[..., Running]) -> None:
    """Over HTTP on its own port, worker beside it; both end with the test."""
    running = running_service(service)
    running.work()
    async with running.client() as client:
        assert (await client.get("/readyz")).status_code == 200


async def test_a_signed_caller_is_believed_and_a_forged_one_is_not(running_service: Callable[..., Running]) -> None:
    running = running_service(service)
    verifier, caller = Verifier(running.settings), telesecretary(new_id(), new_id())
    assert await verifier.principal(f"Bearer {mint(caller, 'telesecretariat')}") == caller
    someone = visitor()
    assert await verifier.principal(f"Bearer {mint(someone, 'telesecretariat')}") == someone
    for wrong in ({"aud": "appointments"}, {"iss": "me"}, {"exp": 1}):
        with pytest.raises(NotSignedIn):
            await verifier.principal(f"Bearer {mint(caller, 'telesecretariat', **wrong)}")


async def test_messages_arrive_in_the_mailbox(mailbox: Mailbox) -> None:
    """A text is shown as a text, under its number, with its accents."""
    port = SmsBySmtp(Smtp(mailbox.url, "Maillage <no-reply@maillage.example>"))
    await port.send(Outgoing("sms", "+33639980123", "", "Votre code : 123 456\nà bientôt", "ref-1"))
    received = await asyncio.to_thread(mailbox.wait, "+33639980123")
    assert (received.channel, received.body) == ("sms", "Votre code : 123 456\nà bientôt")
    assert received.message_id == "<ref-1@maillage.example>"


async def test_other_machines_are_out_of_reach() -> None:
    with pytest.raises(RuntimeError, match="stay on this machine"), socket.socket() as outgoing:
        outgoing.connect(("192.0.2.1", 80))
    async with httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(RuntimeError, match="stay on this machine"):
            await client.get("http://maillage.example/")


async def test_logs_are_caught_as_printed(log_capture: Logs) -> None:
    structlog.get_logger().info("something", code="X1")
    assert '"code": "X1"' in log_capture.text


async def test_soon_waits_no_longer_than_told() -> None:
    async def never() -> bool:
        return False

    with pytest.raises(TimeoutError):
        await soon(never, seconds=0.1)
