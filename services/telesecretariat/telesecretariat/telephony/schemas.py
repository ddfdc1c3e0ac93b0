"""Wire types of telephone systems."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from maillage.wire import Wire
from telesecretariat.telephony.setup.schemas import Settings


class OutageOut(Wire):
    """A gap in which a telephone system did not answer; `calls_reconciled`: calls that ended in it, found out after."""

    began_at: datetime
    ended_at: datetime | None
    calls_reconciled: int


class AdapterSetup(Wire):
    """How a telephone system is set. `signed`: it has a secret; `version` is what a change of settings names."""

    settings: Settings
    signed: bool
    version: int


class AdapterOut(Wire):
    """A telephone system, what it can do, and its last gaps. One that nobody runs now has no `run_until`; `setup` is
    null for who watches and does not set up.
    """

    id: str
    kind: Literal["simulated", "webhook", "ari"]
    state: Literal["up", "down"]
    since: datetime
    capabilities: Sequence[str]
    run_until: datetime | None
    outages: Sequence[OutageOut]
    setup: AdapterSetup | None = None


class AdaptersOut(Wire):
    """The telephone systems in reach."""

    items: Sequence[AdapterOut]
