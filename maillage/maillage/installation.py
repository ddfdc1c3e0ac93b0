"""What an operator's command must know of the installation: which services there are, and where they live."""

import importlib.metadata
import importlib.util
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from maillage.secrets import write_private

DATA = ".maillage"
_FILE = "environment.json"


class NotTold(RuntimeError):
    """An address is in neither the environment nor the data directory."""


def services() -> dict[str, str]:
    """Name -> import package of each installed service, read from the entry points without importing any.

    `MAILLAGE_SERVICES=gateway,appointments` runs only these on this machine.
    """
    only = set(filter(None, os.environ.get("MAILLAGE_SERVICES", "").split(",")))
    found = importlib.metadata.entry_points(group="maillage.services")
    chosen = [point for point in found if not only or point.name in only]
    return {point.name: point.module.partition(".")[0] for point in sorted(chosen, key=lambda point: point.name)}


def demonstrations() -> list[str]:
    """Names of the demonstrations that installed services bring (`maillage.demonstrations`), none imported."""
    return sorted(importlib.metadata.entry_points(group="maillage.demonstrations").names)


def show(name: str, arguments: Sequence[str]) -> int:
    """Runs one of them with its own arguments to its end; its exit status."""
    (point,) = importlib.metadata.entry_points(group="maillage.demonstrations", name=name)
    run: Callable[[Sequence[str]], int] = point.load()
    return run(arguments)


def commands() -> dict[str, str]:
    """Name -> import package of each service that brings acts for its operator: `<package>/command.py`. None is
    imported."""
    found = {}
    for name, package in services().items():
        spec = importlib.util.find_spec(package)
        places = spec.submodule_search_locations if spec else None
        if places and Path(places[0], "command.py").exists():
            found[name] = package
    return found


def run_command(service: str, arguments: Sequence[str]) -> int:
    """Runs the service's own command with its own arguments to its end; its exit status."""
    module = importlib.import_module(f"{commands()[service]}.command")
    run: Callable[[Sequence[str]], int] = module.main
    return run(arguments)


def remember_environment(data: Path, environment: dict[str, str]) -> None:
    """Keep what `maillage up` told its services, for commands that are run beside it. It holds secrets: mode 0600."""
    own = {name: value for name, value in environment.items() if name.startswith("MAILLAGE_")}
    write_private(data / _FILE, json.dumps(own, indent=1))


def recall_environment(data: Path) -> None:
    """Take that over into this process, where the environment itself says nothing."""
    file = data / _FILE
    if file.exists():
        for name, value in json.loads(file.read_text()).items():
            os.environ.setdefault(name, value)


def service_environment(service: str, name: str) -> str:
    """One setting of a service, e.g. its `POSTGRES_URL`. Raises NotTold."""
    variable = f"MAILLAGE_{service.upper()}_{name}"
    if variable not in os.environ:
        raise NotTold(f"{variable} is not set, and there is no running installation in the data directory")
    return os.environ[variable]
