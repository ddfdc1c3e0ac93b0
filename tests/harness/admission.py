"""A place at a service, held for the time of a block."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.door.admission import Admission
from gateway.door.routes import Klass


@asynccontextmanager
async def place_in(admission: Admission, klass: Klass) -> AsyncIterator[None]:
    """As the way to a service takes and leaves it."""
    await admission.take(klass)
    try:
        yield
    finally:
        admission.leave()
