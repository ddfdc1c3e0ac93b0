"""Whether something may be tried once more. Two ways to use it:

every try counts: `wait_s = await count(tx, "sign-in", key, windows)`; refuse when it is not 0: the refusal rolls the
    transaction back, so a refused try is not counted and does not prolong the wait;
only failures count: `wait_s = await waits(tx, "token", key, windows)` before the try, `await count(tx, "token", key)`
    after a failure, in a transaction that commits.

`key` is a keyed hash (`Signer.mac`): neither addresses nor logins are kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.attempts import queries
from maillage.database import Tx


@dataclass(frozen=True, slots=True)
class Window:
    """At most so many in any so many seconds (a day at most)."""

    most: int
    seconds: int


async def count(tx: Tx, use: str, key_hash: bytes, windows: Sequence[Window] = ()) -> int:
    """Counts one try; returns the seconds to wait when it was one too many, else 0. Exact under concurrency."""
    await queries.add(tx, use, key_hash)
    return await _wait(tx, use, key_hash, windows, beyond=1) if windows else 0


async def waits(tx: Tx, use: str, key_hash: bytes, windows: Sequence[Window]) -> int:
    """Looks without counting: the seconds to wait when as many as allowed are counted already, else 0."""
    return await _wait(tx, use, key_hash, windows, beyond=0)


async def _wait(tx: Tx, use: str, key_hash: bytes, windows: Sequence[Window], *, beyond: int) -> int:
    most = {window.seconds: window.most for window in windows}
    rows = await queries.counted(tx, use, key_hash, list(most))
    return max((int(row["wait_s"]) for row in rows if row["n"] >= most[row["seconds"]] + beyond), default=0)
