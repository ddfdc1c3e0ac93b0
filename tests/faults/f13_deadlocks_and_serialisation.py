"""F13: the base refuses a transaction with 40001 or 40P01. Tried again at most three times, then 503; never 500."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from tests.faults.scene import Scene, scene, sound
from tests.harness.cluster import Cluster

# A sequence is not rolled back: it counts the attempts that the base has seen.
_PLANT = """
CREATE SEQUENCE IF NOT EXISTS public.fault_count;
CREATE FUNCTION public.fault_raise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF nextval('public.fault_count') <= TG_ARGV[0]::bigint THEN
        RAISE EXCEPTION 'planted' USING ERRCODE = TG_ARGV[1];
    END IF;
    RETURN NEW;
END $$;
"""
_REMOVE = """
DROP TRIGGER fault ON appointment;
DROP FUNCTION public.fault_raise;
DROP SEQUENCE public.fault_count;
"""
_TRIGGERS = {
    (
        "40001",
        3,
    ): "CREATE TRIGGER fault BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION fault_raise(3, '40001')",
    (
        "40P01",
        3,
    ): "CREATE TRIGGER fault BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION fault_raise(3, '40P01')",
    (
        "40001",
        9,
    ): "CREATE TRIGGER fault BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION fault_raise(9, '40001')",
    (
        "40P01",
        9,
    ): "CREATE TRIGGER fault BEFORE INSERT ON appointment FOR EACH ROW EXECUTE FUNCTION fault_raise(9, '40P01')",
}


@asynccontextmanager
async def _failing(s: Scene, code: str, times: int) -> AsyncIterator[None]:
    """The first `times` bookings that reach the base end with this SQLSTATE."""
    connection = await asyncpg.connect(s.running.database("appointments"))
    try:
        await connection.execute(_PLANT + _TRIGGERS[code, times])
        yield
        await connection.execute(_REMOVE)
    finally:
        await connection.close()


@pytest.mark.short
async def test_a_transaction_that_the_base_refuses_is_tried_three_times_more_and_no_further(running: Cluster) -> None:
    with running.started(("serve", "appointments")):
        for code in ("40001", "40P01"):
            async with scene(running) as s, running.client("appointments", s.desk) as client:
                async with _failing(s, code, 3):
                    booked = await s.book(client, s.wish(0), f"f13-{code}")
                assert booked is not None
                assert booked.status_code == 201, booked.text
                assert set((await s.counts()).values()) == {1}
                async with _failing(s, code, 9):
                    away = await s.book(client, s.wish(1), f"f13-{code}-more")
                    tried = await s.count("appointments", "SELECT last_value FROM fault_count")
                assert away is not None
                assert (away.status_code, away.json()["code"], tried) == (503, "SERVICE_UNAVAILABLE", 4)
                assert int(away.headers["retry-after"]) >= 1
                assert set((await s.counts()).values()) == {1}, "nothing of the refused attempts is left"
                again = await s.book(client, s.wish(1), f"f13-{code}-more")
                assert again is not None
                assert again.status_code == 201, "a refusal is not kept under its key"
    await sound(running)
