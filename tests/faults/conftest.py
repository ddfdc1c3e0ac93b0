"""One cluster for all fault tests of a run: real processes, thrown away at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.cluster import Cluster, cluster


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """PostgreSQL, NATS, migrated databases; no service runs until a test starts it."""
    with cluster(Path(tmp_path_factory.mktemp("cluster"))) as made:
        yield made
