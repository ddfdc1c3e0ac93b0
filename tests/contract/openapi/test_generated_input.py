"""Whatever a program makes up from the OpenAPI of a service, right or wrong: never a 5xx. Each run sends the same."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from appointments.main import service as appointments
from maillage.principal import Principal
from maillage.processes import load
from maillage.service import Service, create_api
from maillage.testing import Running, bearer, in_thread
from tests.harness import people
from tests.harness.appointments_world import world

telesecretariat = load("telesecretariat")
EXAMPLES = 3
"""For each operation and kind of input: what keeps this file under a minute."""
LIMITS = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("service", [appointments, telesecretariat], ids=lambda service: service.name)
def test_no_input_made_from_the_schema_is_answered_by_a_fault(
    running_service: Callable[..., Running], service: Service
) -> None:
    """As a manager of a centre that exists, so that the input is judged and not the caller."""
    running = running_service(service)
    schema = schemathesis.openapi.from_dict(create_api(service, running.settings).openapi())
    caller = people.manager(in_thread(_centre(running))) if service is appointments else people.system(service.name)
    seen: Counter[int] = Counter()
    faults: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(operation, mode, running, caller, seen, faults)
    assert not faults
    assert seen, "nothing was asked"
    if service is appointments:
        assert seen[200] and seen[404] and seen[422], "right and wrong input did arrive"


def _try(
    operation: "schemathesis.APIOperation[Any, Any, Any, Any]",
    mode: GenerationMode,
    running: Running,
    caller: Principal,
    seen: Counter[int],
    faults: list[str],
) -> None:
    @seed(71)
    @LIMITS
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: "schemathesis.Case[Any]") -> None:
        answer = case.call(base_url=running.url, headers=bearer(caller, running.service.name), timeout=20)
        seen[answer.status_code] += 1
        if answer.status_code >= 500:
            faults.append(f"{operation.method} {operation.path}: {answer.status_code}\n{case.as_curl_command()}")

    try:
        run()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "an operation without any parameter cannot be asked wrongly"


async def _centre(running: Running) -> UUID:
    async with world(running.database_url) as w:
        centre = await w.organisation()
        await w.site(centre, "autun")
        await w.reason(centre)
        return centre
