"""The run behind what a theatre's scanner read."""

from cooperation.codes.domain import Code, CodeRefused, read
from cooperation.codes.errors import UnknownCode, refusal
from cooperation.runs.changing import live_of_set, of_label
from cooperation.runs.rows import Run
from cooperation.runs.sets import set_by_tag
from maillage.database import Tx


async def pack_of(tx: Tx, text: str) -> Run:
    """The run of a pack's label, or the live run of a set's mark, locked. Refused: `UNKNOWN_CODE`, also for what is
    another member's; `CODE_GARBLED` and the like for what cannot be read."""
    run = await _run_of(tx, _read(text))
    if run is None:
        raise UnknownCode(pointer="/code")
    return run


async def _run_of(tx: Tx, code: Code) -> Run | None:
    if code.kind == "pack":
        return await of_label(tx, code.key)
    of = await set_by_tag(tx, code.uri) if code.kind == "set" else None
    # A second look: the run that was waited for may just have ended, and the next have opened.
    return None if of is None else await live_of_set(tx, of.id) or await live_of_set(tx, of.id)


def _read(text: str) -> Code:
    try:
        return read(text)
    except CodeRefused as refused:
        raise refusal(refused) from None
