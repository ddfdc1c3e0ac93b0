"""Named points inside a transaction or a delivery, where the fault tests stop a process.

Inert in production: nobody sets a hook."""

from collections.abc import Awaitable, Callable
from typing import Literal

Point = Literal["before_commit", "after_commit", "after_publish", "before_ack"]

hooks: dict[Point, Callable[[], Awaitable[None]]] = {}


async def pause(point: Point) -> None:
    """Runs the hook of this point, if a harness has set one."""
    hook = hooks.get(point)
    if hook is not None:
        await hook()
