"""The whole platform behind its door, once per run: real processes, one centre, its staff signed in."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from maillage.testing import Mailbox
from tests.harness.cluster import cluster
from tests.harness.front import Front, front
from tests.harness.place import Place

WORKERS = (
    ("work", "gateway"),
    ("work", "appointments"),
    ("serve", "telesecretariat"),
    ("work", "telesecretariat"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform is started by one worker, which runs all tests on it, and so is the installation that the console is
    opened on; those of the gateway alone go anywhere."""
    for item in items:
        if "console" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("console"))
        elif "door" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("platform"))
        elif item.path.parent.name != "gateway":
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def sink() -> Iterator[Mailbox]:
    """Where all texts, calls and mails of the platform end."""
    box = Mailbox()
    box.open()
    yield box
    box.close()


@pytest_asyncio.fixture(scope="session")
async def door(sink: Mailbox) -> AsyncIterator[Front]:
    """Gateway, appointments and all workers, on a base and a broker of their own.

    Outside pytest's own directory, which the start of any other run closes to the user of PostgreSQL.
    """
    with (
        tempfile.TemporaryDirectory(prefix="maillage-e2e-", ignore_cleanup_errors=True) as directory,
        cluster(Path(directory) / "cluster") as running,
    ):
        async with front(running, sink, *WORKERS) as made:
            yield made


@pytest_asyncio.fixture(scope="session")
async def place(door: Front) -> Place:
    """The centre of all journeys; each test keeps to days of its own."""
    return await Place(door).build(1)


@pytest_asyncio.fixture(scope="session")
async def foreign(door: Front) -> Place:
    """Another centre, whose staff may see nothing of the first."""
    return await Place(door).build(2, "telesecretary", "front_desk", "practitioner", "manager")
