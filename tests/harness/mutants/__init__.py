"""The product made wrong on purpose, one fault at a time: each must be found by a test that has a name.

A mutant is loaded into a process by who starts it, and the product knows nothing of it: `MUTANT=name` with
`-p tests.harness.mutants.loaded` for a run of pytest, handed on to the processes of its cluster as `--mutant name`
(`tests.harness.launch`); `monkeypatch.setattr` in one test. Those of the base are statements, run after its migration.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.harness.mutants import doors, kit
from tests.harness.mutants.kit import Put


def _nothing(_put: Put) -> None:
    """Of a mutant that lives in the base."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`load`: what is other in the code. `service` and `sql`: what is other in that service's base."""

    load: Callable[[Put], None] = _nothing
    service: str = ""
    sql: str = ""


CHECK_FIRST: Final = """
DO $do$
DECLARE
    was text := pg_get_functiondef('time_take'::regproc);
    now text := replace(replace(was, 'ON CONFLICT DO NOTHING', ''), 'INSERT INTO busy (', $sql$
    IF EXISTS (SELECT FROM busy b WHERE b.resource_id = ANY (resources) AND b.during && span AND NOT b.overbooked) THEN
        RAISE EXCEPTION USING ERRCODE = 'MT001', MESSAGE = 'taken';
    END IF;
    INSERT INTO busy ($sql$);
BEGIN
    IF now NOT LIKE '%IF EXISTS (SELECT FROM busy b%INSERT INTO busy (%' OR now LIKE '%ON CONFLICT DO NOTHING%' THEN
        RAISE EXCEPTION 'the function is not as the mutant knows it';
    END IF;
    EXECUTE now;
END $do$;
"""
MUTANTS: Final[Mapping[str, Mutant]] = {
    "constraint_dropped": Mutant(service="appointments", sql="ALTER TABLE busy DROP CONSTRAINT one_at_a_time"),
    "check_then_insert": Mutant(service="appointments", sql=CHECK_FIRST),
    "answer_before_commit": Mutant(kit.answer_before_commit),
    "outbox_by_last_id": Mutant(kit.outbox_by_last_id),
    "mark_before_acknowledgement": Mutant(kit.mark_before_acknowledgement),
    "inbox_skipped": Mutant(kit.inbox_skipped),
    "acknowledge_before_commit": Mutant(kit.acknowledge_before_commit),
    "publish_without_outbox": Mutant(kit.publish_without_outbox),
    "time_of_the_service": Mutant(kit.time_of_the_service),
    "no_fingerprint": Mutant(kit.no_fingerprint),
    "row_level_security_off": Mutant(service="ledger", sql="ALTER TABLE entry DISABLE ROW LEVEL SECURITY"),
    "jti_not_stored": Mutant(doors.jti_not_stored),
    "owner_not_checked": Mutant(doors.owner_not_checked),
    "cursor_by_time": Mutant(doors.cursor_by_time),
    "audit_after_commit": Mutant(kit.audit_after_commit),
    "session_kept_for_ever": Mutant(doors.session_kept_for_ever),
}


def chosen() -> str | None:
    """The mutant of this run, if there is one."""
    return os.environ.get("MUTANT")


def handed_on() -> list[str]:
    """What a process of the product that this run starts is told: arguments of `tests.harness.launch`."""
    name = chosen()
    return ["--mutant", name] if name else []
