"""`python -m bench.explain`: the plans and times of every statement of one booking, functions inside included."""

import asyncio
import re
import sys

import asyncpg

from bench import pgbench, recording
from bench.world import World, telesecretary

_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_level": "log",
}
WARM, LAST = 300, 1


async def _tell(world: World) -> None:
    admin = await asyncpg.connect(world.admin_url("appointments"))
    try:
        for name, value in _SETTINGS.items():
            await admin.execute(f"ALTER ROLE appointments SET {name} = '{value}'")
    finally:
        await admin.close()


def main() -> None:
    """Books some hundred times by pgbench so that plans are settled, then prints what the log says of the last one."""
    with World() as world:
        times = world.times
        script = asyncio.run(recording.record(world.settings(), times, telesecretary()))
        sys.stderr.write(script.text)
        url = world.role_url("appointments")
        pgbench.run(url, script, times, clients=8, transactions=WARM)
        asyncio.run(_tell(world))
        pgbench.run(url, script, times, clients=1, transactions=20)
        text = world.postgres.log.read_text(errors="replace")
    bookings = re.split(r"(?=^.*duration: .*plan:\n\s*Query Text: *\n?\s*SELECT kit_now\(\))", text, flags=re.MULTILINE)
    print(bookings[-LAST])


if __name__ == "__main__":
    main()
