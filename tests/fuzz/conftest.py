"""The gateway of the end-to-end tests, for `make fuzz`."""

from tests.e2e.gateway.conftest import house, opened, upstream

__all__ = ["house", "opened", "upstream"]
