"""Wire types of the directory's copies."""

from collections.abc import Sequence
from uuid import UUID

from maillage.wire import Wire


class SiteRef(Wire):
    """A site as the desk knows it."""

    site_id: UUID
    name: str
    finess: str | None
    insee_code: str | None
    timezone: str
    active: bool
    version: int


class PractitionerRef(Wire):
    """A practitioner as the desk knows one."""

    practitioner_id: UUID
    profession: str
    display_name: str
    site_ids: Sequence[UUID]
    active: bool
    version: int


class Directory(Wire):
    """Everyone and everywhere that a call may be about."""

    sites: Sequence[SiteRef]
    practitioners: Sequence[PractitionerRef]
