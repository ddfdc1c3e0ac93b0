"""One cluster for all fault tests of a run: real processes, thrown away at the end."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.cluster import Cluster, cluster


@pytest.fixture(scope="session")
def running() -> Iterator[Cluster]:
    """PostgreSQL, NATS, migrated databases; no service runs until a test starts it.

    Outside pytest's own directory, which the start of any other run closes to the user of PostgreSQL.
    """
    with (
        tempfile.TemporaryDirectory(prefix="maillage-faults-", ignore_cleanup_errors=True) as directory,
        cluster(Path(directory) / "cluster") as made,
    ):
        yield made
