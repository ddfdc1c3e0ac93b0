"""F44: the tests of this repository find the faults that they are there for. Each mutant of the product is planted, and
the test that is named beside it fails, by what it says of the product."""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from maillage.testing import Running
from tests.harness.mutants import MUTANTS
from tests.integration.maillage import test_act, test_events

ROOT = Path(__file__).resolve().parents[2]
Killer = Callable[[Callable[..., Running], Callable[[str], str]], Awaitable[None]]
QUICK: dict[str, Killer] = {
    "no_fingerprint": test_act.test_same_key_gives_the_same_answer_and_one_effect,
    "inbox_skipped": test_events.test_an_event_delivered_again_changes_nothing,
    "publish_without_outbox": test_act.test_an_attempt_that_fails_leaves_nothing_and_the_rest_goes_on,
}
"""Those whose test is of this process, and short."""
KIT, FAULTS, GATEWAY = "tests/integration/maillage/", "tests/faults/", "tests/e2e/gateway/"
HOLDS, DESK = "tests/integration/appointments/test_holds.py", "tests/integration/telesecretariat/"
KILLED_BY: dict[str, tuple[str, str]] = {
    "constraint_dropped": (f"{FAULTS}f42_histories.py::test_whatever_dies_the_answers_are_those_of_some_order", "H2"),
    "check_then_insert": (
        f"{FAULTS}f14_one_time_for_many.py::test_of_two_hundred_callers_for_one_time_one_has_it_and_all_hear_which_are_left",
        "",
    ),
    "answer_before_commit": (
        f"{FAULTS}f01_killed_before_commit.py::test_a_service_killed_before_commit_has_booked_nothing",
        r"Response \[201 Created\]> is None",
    ),
    "outbox_by_last_id": (
        f"{FAULTS}f43_outbox.py::test_what_commits_late_is_told_although_later_ones_were",
        "TimeoutError",
    ),
    "mark_before_acknowledgement": (
        f"{FAULTS}f43_outbox.py::test_what_a_broker_took_and_never_acknowledged_is_told_again",
        "TimeoutError",
    ),
    "inbox_skipped": (f"{KIT}test_events.py::test_an_event_delivered_again_changes_nothing", "assert 2 == 1"),
    "acknowledge_before_commit": (
        f"{FAULTS}f04_consumer_killed_before_ack.py::test_a_consumer_killed_before_it_acknowledges_applies_once",
        "",
    ),
    "publish_without_outbox": (
        f"{KIT}test_act.py::test_an_attempt_that_fails_leaves_nothing_and_the_rest_goes_on",
        r"assert set\(\) == \{UUID",
    ),
    "time_of_the_service": (
        f"{HOLDS}::test_past_its_deadline_a_hold_is_gone_for_its_owner_and_free_for_others_without_any_worker",
        "KeyError: 'code'",
    ),
    "no_fingerprint": (
        f"{KIT}test_act.py::test_same_key_gives_the_same_answer_and_one_effect",
        r"\(201, 201, 201\) == \(201, 201, 422\)",
    ),
    "row_level_security_off": (
        f"{KIT}test_act.py::test_a_caller_cannot_write_into_another_organisation",
        "DID NOT RAISE",
    ),
    "jti_not_stored": (
        f"{GATEWAY}test_partner_tokens.py::test_an_assertion_works_once_also_for_two_who_bring_it_at_the_same_time",
        r"\[200, 200\] == \[200, 401\]",
    ),
    "owner_not_checked": (
        f"{DESK}test_calls.py::test_acts_on_a_call_that_is_not_in_conversation_or_not_hers_are_refused",
        "KeyError: 'code'",
    ),
    "cursor_by_time": (f"{GATEWAY}test_stream.py::test_what_was_missed_comes_exactly", "TimeoutError"),
    "audit_after_commit": (
        f"{FAULTS}f02_killed_before_the_answer.py::test_a_service_killed_before_its_answer_has_booked_once",
        r"assert \{0, 1\} == \{1\}",
    ),
    "session_kept_for_ever": (f"{GATEWAY}test_stream_ends.py::test_a_suspended_person_is_out", "TimeoutError"),
}


def test_every_mutant_has_its_killer() -> None:
    assert KILLED_BY.keys() == MUTANTS.keys()


@pytest.mark.short
@pytest.mark.parametrize("name", QUICK)
async def test_a_quick_one_is_killed(
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    running_service: Callable[..., Running],
    admin_of: Callable[[str], str],
) -> None:
    MUTANTS[name].load(monkeypatch.setattr)
    with pytest.raises((AssertionError, TimeoutError)):
        await QUICK[name](running_service, admin_of)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", KILLED_BY)
async def test_each_is_killed_by_its_test(name: str) -> None:
    """The test fails, it alone, and says what the mutant does wrong."""
    test, says = KILLED_BY[name]
    line = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--timeout=400", "--tb=short"]
    run = await asyncio.create_subprocess_exec(
        *line,
        *("-p", "tests.harness.mutants.loaded", test),
        cwd=ROOT,
        env=os.environ | {"MUTANT": name},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said = (await run.communicate())[0].decode(errors="replace")
    assert run.returncode == 1, said[-3000:]
    assert re.findall(r"^(FAILED|ERROR) (\S+)", said, re.MULTILINE) == [("FAILED", test)], said[-3000:]
    assert re.search(says, said), said[-3000:]
