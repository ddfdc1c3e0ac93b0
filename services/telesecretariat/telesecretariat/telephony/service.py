"""Use cases of telephone systems for those who watch over the floor."""

import asyncpg

from maillage.database import Tx
from telesecretariat.telephony import queries
from telesecretariat.telephony.rows import Adapter
from telesecretariat.telephony.schemas import AdapterOut, AdaptersOut, OutageOut


async def adapters(tx: Tx) -> AdaptersOut:
    """The telephone systems in reach with their state and their last gaps, newest first."""
    known = [Adapter.of(row) for row in await tx.fetch(queries.ADAPTERS)]
    gaps = await tx.fetch(queries.OUTAGES, [adapter.id for adapter in known])
    sets_up = tx.principal.reach("setup.write") is not None
    return AdaptersOut(
        items=[
            AdapterOut.model_validate(
                {
                    "id": adapter.id,
                    "kind": adapter.kind,
                    "state": adapter.state,
                    "since": adapter.since,
                    "capabilities": adapter.capabilities,
                    "run_until": adapter.lease_until,
                    "outages": [_outage(row) for row in gaps if row["adapter_id"] == adapter.id],
                    "setup": _setup(adapter) if sets_up else None,
                }
            )
            for adapter in known
        ]
    )


def _setup(adapter: Adapter) -> dict[str, object]:
    return {
        "settings": adapter.settings,
        "signed": adapter.secrets_sealed is not None,
        "version": adapter.version,
    }


def _outage(row: asyncpg.Record) -> OutageOut:
    return OutageOut.model_validate({name: row[name] for name in OutageOut.model_fields})
