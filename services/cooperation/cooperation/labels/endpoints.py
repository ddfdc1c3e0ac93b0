"""Labels over HTTP."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.labels import drawing, service
from cooperation.labels.layout import Label
from cooperation.labels.service import Format, Kind, Reprint
from maillage.http import ActDep, operation

router = APIRouter(prefix="/v1", tags=["labels"])

_DRAWN: Final[Mapping[Format, tuple[str, Callable[[Label], bytes]]]] = MappingProxyType(
    {
        "svg": ("image/svg+xml", drawing.svg),
        "pdf": ("application/pdf", drawing.pdf),
        "zpl": ("application/zpl", drawing.zpl),
    }
)


@router.get("/runs/{run_id}/label", response_class=Response, openapi_extra=operation("set.read"))
async def run_label(
    run_id: UUID,
    act: ActDep,
    kind: Kind = "pack",
    format_: Annotated[Format, Query(alias="format")] = "svg",
    reprint_reason: Reprint | None = None,
) -> Response:
    """A label of a pack: `pack` (identity, composition, owner, gaps by name, no date) or `release` (sterile on, usable
    until, load). GS1 DataMatrix of its SSCC; words by Accept-Language. Each print is in the trace; a second one asks
    why. Refused: `WRONG_STAGE`, `NOT_RELEASED`, `REPRINT_REASON`."""
    label = await act.run(service.print_label, run_id, kind, format_, reprint_reason, act.language)
    media, draw = _DRAWN[format_]
    return Response(draw(label), media_type=media, headers={"Cache-Control": "no-store"})
