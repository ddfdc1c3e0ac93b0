"""What the process that serves HTTP does beside: it offers calls by itself, as soon as something was committed."""

import asyncio
import contextlib

from fastapi import FastAPI

from telesecretariat.dispatch.offering import Dispatcher
from telesecretariat.staffing.running import Simulations


async def opened(app: FastAPI) -> None:
    """Starts to offer waiting calls. Without a key to seal numbers with, the service does not start: it says so now,
    not at the first call."""
    _ = app.state.settings.secret
    app.state.simulations = Simulations()
    app.state.dispatching = asyncio.create_task(Dispatcher(app.state.database).run())


async def closed(app: FastAPI) -> None:
    """Stops it, before the base is left."""
    app.state.dispatching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await app.state.dispatching
