"""Rules about the repository as a whole: the lock, and traces of the machine it was written on."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.source import Finding

LOCK = "requirements.lock"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?:\s|$)")
# Home folders, work folders, package mirrors of one machine. Spelled so that this line does not find itself.
_MACHINE = re.compile(
    r"(?<![\w.~$}-])/(?:(?:root|work|Users)/|home/(?!app\b)[a-z]|tmp/brief|opt/(?:wheels|pypi))|file:[/]{3}(?!\$)|C:\\Users"
)
_TEXT = {
    "",
    ".py",
    ".toml",
    ".md",
    ".sh",
    ".yml",
    ".yaml",
    ".json",
    ".sql",
    ".html",
    ".css",
    ".cfg",
    ".conf",
    ".lock",
    ".po",
    ".txt",
}


def lock_in_step(root: Path) -> Iterator[Finding]:
    """Each requirement is pinned in the lock at a version it accepts, with hashes, and no line names a server."""
    text = (root / LOCK).read_text(encoding="utf-8")
    pins: dict[str, str] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if "://" in line or line.startswith(("-i ", "--index", "--extra-index", "--find-links")):
            yield Finding("lock-in-step", LOCK, number, "the lock names no address")
        if match := _PIN.match(line):
            pins[canonicalize_name(match[1])] = match[2]
            if number >= len(lines) or "--hash=sha256:" not in lines[number]:
                yield Finding("lock-in-step", LOCK, number, f"{match[1]} has no hash")
    for path, requirement in _requirements(root):
        pinned = pins.get(canonicalize_name(requirement.name))
        if pinned is None:
            yield Finding("lock-in-step", path, 1, f"{requirement.name} is not in the lock: make lock")
        elif not requirement.specifier.contains(pinned, prereleases=True):
            yield Finding("lock-in-step", path, 1, f"{requirement} does not accept the locked {pinned}: make lock")


def machine_paths(root: Path, paths: list[Path]) -> Iterator[Finding]:
    """No path of the machine a line was written on: it would work there and nowhere else."""
    for path in paths:
        if path.suffix not in _TEXT or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if _MACHINE.search(line) and "allow machine-path" not in line:
                yield Finding("machine-path", path.relative_to(root).as_posix(), number, "a path of one machine")


def _requirements(root: Path) -> Iterator[tuple[str, Requirement]]:
    projects = {path: tomllib.loads(path.read_text(encoding="utf-8")) for path in _projects(root)}
    own = {canonicalize_name(document["project"]["name"]) for document in projects.values()}
    for path, document in projects.items():
        wanted = [*document["project"].get("dependencies", [])]
        for group in document.get("dependency-groups", {}).values():
            wanted.extend(group)
        for text in wanted:
            requirement = Requirement(text)
            if canonicalize_name(requirement.name) not in own:
                yield path.relative_to(root).as_posix(), requirement


def _projects(root: Path) -> list[Path]:
    return sorted([root / "pyproject.toml", *root.glob("*/pyproject.toml"), *root.glob("services/*/pyproject.toml")])
