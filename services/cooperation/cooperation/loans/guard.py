"""What the recomposition asks about a set that may be lent."""

from uuid import UUID

from cooperation.loans import queries
from cooperation.loans.errors import LoanWashesLeft
from maillage.database import Tx


async def washes_left(tx: Tx, set_id: UUID) -> int:
    """How often a lent set must still be washed before its first use; 0 for any other set."""
    left = await tx.fetchval(queries.WASHES_LEFT, set_id)
    return left if isinstance(left, int) else 0


async def refuse_unwashed(tx: Tx, set_id: UUID) -> None:
    """Refused: `LOAN_WASHES_LEFT`."""
    left = await washes_left(tx, set_id)
    if left:
        raise LoanWashesLeft(washes_left=left)
