"""Use cases of the directory's copies."""

from maillage.database import Tx
from telesecretariat.directory import queries
from telesecretariat.directory.schemas import Directory, PractitionerRef, SiteRef


async def directory(tx: Tx) -> Directory:
    """The active sites and practitioners of the caller's centre, or of the clients that he answers for now."""
    return Directory(
        sites=[SiteRef(**row) for row in await tx.fetch(queries.SITES)],
        practitioners=[PractitionerRef(**row) for row in await tx.fetch(queries.PRACTITIONERS)],
    )
