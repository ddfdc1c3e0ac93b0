"""Every event that partners may have becomes deliveries."""

import contracts.all_events
from contracts.base import events
from gateway.deliveries.service import fan_out
from maillage.consumers import on

__all__ = ["CONSUMERS", "contracts"]

CONSUMERS = [on(kind, fan_out) for _, kind in sorted(events().items()) if kind.PARTNERS]
