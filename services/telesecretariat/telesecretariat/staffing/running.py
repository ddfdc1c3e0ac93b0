"""Runs a simulation in a process of its own: never on the loop that answers calls, never for longer than its time."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from typing import Final

from maillage.refusals import ServiceUnavailable
from maillage.wire import Wire
from telesecretariat.staffing.errors import SimulationTooLong
from telesecretariat.staffing.simulation import Day, Summary

LIMIT_S: Final = 15.0
PATIENCE_S: Final = 10.0
_COMMAND: Final = ("-I", "-m", "telesecretariat.staffing.worker")


class Simulated(Wire):
    """What the process answers: each interval, and the whole day."""

    intervals: list[Summary]
    day: Summary


class Simulations:
    """One at a time in one service: a processor is left to the calls."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def run(self, day: Day, seed: int, replications: int) -> Simulated:
        """The answer. Refused: `SIMULATION_TOO_LONG` 422; `SERVICE_UNAVAILABLE` 503 while others are simulated."""
        question = json.dumps({"day": asdict(day), "seed": seed, "replications": replications})
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._turn.acquire()
        except TimeoutError:
            raise ServiceUnavailable(retry_after_s=10) from None
        try:
            return Simulated.model_validate_json(await _answered(question.encode()))
        finally:
            self._turn.release()


async def _answered(question: bytes) -> bytes:
    # Without the service's environment: it holds keys, and a simulation needs none.
    process = await asyncio.create_subprocess_exec(sys.executable, *_COMMAND, stdin=PIPE, stdout=PIPE, env={})
    try:
        async with asyncio.timeout(LIMIT_S):
            answer, _ = await process.communicate(question)
    except TimeoutError:
        raise SimulationTooLong from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"the process of a simulation ended with {process.returncode}")
    return answer
