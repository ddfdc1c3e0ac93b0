"""Wire types of imports."""

from typing import Literal
from uuid import UUID

from appointments.imports.columns import ImportKind
from maillage.wire import Instant, Wire


class ImportFault(Wire):
    """One thing wrong: the line of the file (its first line is 1), the title of the column or null, why."""

    line: int
    column: str | None
    code: str
    detail: str


class Changes(Wire):
    """How many records a file creates, changes, and leaves as they are; `removed`: imported absences that it names no
    more. `conflicts`: live visits that absences hit, those of one absence counted once.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    conflicts: int = 0


class ImportOut(Wire):
    """An import: `applied`; or only checked by a dry run, without (`checked`) or with (`refused`) faults."""

    id: UUID
    kind: ImportKind
    dry_run: bool
    state: Literal["applied", "checked", "refused"]
    line_count: int
    faults: list[ImportFault]
    changes: Changes
    by: str
    at: Instant
    version: int
