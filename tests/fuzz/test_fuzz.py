"""`make fuzz`: bad input of every class for every operation of the aggregated OpenAPI, for as long as is asked.

SEED=… sends the same again; FUZZ_MINUTES=… for each service; FUZZ_FROM=… goes on at that round.
"""

import os
import time
from collections.abc import Awaitable, Callable

import pytest

from maillage import ids
from maillage.testing import Running
from tests.e2e.gateway.conftest import Desk
from tests.fuzz.scene import campaign

MINUTES = float(os.environ.get("FUZZ_MINUTES", "5"))
SEED = int(os.environ.get("SEED") or ids.new_id().int % 10**6)
FIRST = int(os.environ.get("FUZZ_FROM", "0"))


@pytest.mark.timeout(int(MINUTES * 60) + 900)
@pytest.mark.parametrize("service", ["appointments", "telesecretariat", "cooperation", "gateway"])
async def test_nothing_bad_makes_a_fault_a_row_or_an_echo(
    running_service: Callable[..., Running],
    opened: Callable[..., Awaitable[Desk]],
    admin_of: Callable[[str], str],
    service: str,
) -> None:
    print(f"\nSEED={SEED} service={service}")
    async with campaign(service, running_service, opened, admin_of, SEED) as asking:
        await asking.learn()
        end, number = time.monotonic() + MINUTES * 60, FIRST
        while time.monotonic() < end:
            if number % 5 == 0:
                await asking.sure(2, salt=number)
            await asking.round(number)
            number += 1
        found = asking.found
        print(f"{service}: rounds {FIRST}-{number - 1}, {found.statuses.total()} requests {dict(found.statuses)}")
        print(f"by class: {dict(sorted(found.classes.items()))}")
        assert not found.faults, f"SEED={SEED}\n" + "\n".join(found.faults.values())
