"""A report as CSV (RFC 4180, UTF-8 with its mark): a header, a row each; no cell that a table program would reckon."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from maillage.wire import Wire

TYPE: Final = "text/csv; charset=utf-8"
_RECKONED: Final = ("=", "+", "-", "@", "\t", "\r")


def wanted(accept: str | None) -> bool:
    """Whether the caller asks for CSV, and not for JSON first."""
    kinds = [each.partition(";")[0].strip() for each in (accept or "").split(",")]
    return "text/csv" in kinds and "application/json" not in kinds[: kinds.index("text/csv")]


def written(kind: type[Wire], rows: Sequence[Wire], zone: ZoneInfo) -> bytes:
    """The rows; instants in local time with their offset, so that both hours of a clock change can be told apart."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(kind.model_fields)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name), zone) for name in names])
    return ("\ufeff" + out.getvalue()).encode()


def _cell(value: object, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, dict):
        return " ".join(f"{name}={round(spent)}" for name, spent in sorted(value.items()))
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return f"'{text}" if text.startswith(_RECKONED) else text
