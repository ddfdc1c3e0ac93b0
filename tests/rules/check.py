"""Runs the rules of the house over the repository: `python -m tests.rules.check`. Exit 1 when one is broken."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.rules import borders, data, house, shape
from tests.rules.source import Finding, Source

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = "tests/rules/samples"

RULES: tuple[Callable[[Source], Iterator[Finding]], ...] = (
    data.transaction_outside_kit,
    data.sql_in_queries,
    data.sql_made_of_pieces,
    borders.any_across_border,
    borders.clock_ids_chance,
    borders.day_of_a_place,
    borders.french_in_code,
    borders.wire_types_are_wire,
    shape.size,
)
# Those that have to follow a name into another file.
RULES_ACROSS: tuple[Callable[[list[Source]], Iterator[Finding]], ...] = (
    borders.dependency_before_answer,
    borders.operation_declared,
    borders.pure_domain,
)


def judge(sources: list[Source]) -> list[Finding]:
    """All findings about these files, those excused by a reasoned comment left out."""
    found: list[Finding] = []
    for source in sources:
        for rule in RULES:
            found.extend(finding for finding in rule(source) if not source.allows(finding.rule, finding.line))
    by_path = {source.path: source for source in sources}
    across = [finding for rule in RULES_ACROSS for finding in rule(sources)]
    found.extend(finding for finding in across if not by_path[finding.path].allows(finding.rule, finding.line))
    return list(dict.fromkeys(found))


def tracked(root: Path) -> list[Path]:
    """Files of the repository: what git knows, and what it would take in."""
    command = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return sorted({root / name for name in listed.split("\0") if name and not name.startswith(SAMPLES)})


def main() -> int:
    """0: every rule holds; 1: one is broken, each finding on its own line."""
    paths = tracked(ROOT)
    sources = [Source.read(ROOT, path) for path in paths if path.suffix == ".py" and path.is_file()]
    found = [*judge(sources), *house.lock_in_step(ROOT), *house.machine_paths(ROOT, paths)]
    _print(sorted(found, key=lambda finding: (not finding.refused, finding.path, finding.line)))
    return int(any(finding.refused for finding in found))


def _print(found: Iterable[Finding]) -> None:
    for finding in found:
        print(finding, file=sys.stderr if finding.refused else sys.stdout)


if __name__ == "__main__":
    raise SystemExit(main())
