"""HTTP of reading the audit: auditors, own organisation."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from gateway.audit import export, service
from gateway.audit.schemas import Audit, Chain, Chains, Keys, Period
from gateway.audit.sources import Sources
from gateway.permissions import Reach
from gateway.platform import everywhere
from gateway.sessions.endpoints import house_of
from maillage.audit_reading import Wanted, verification
from maillage.http import Act, ActDep, operation
from maillage.principal import system

router = APIRouter(tags=["audit"])
NDJSON: Final = "application/x-ndjson"
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {NDJSON: {}}, "description": "One JSON object per line; the last one signs the others."}
}


def _sources(act: Act) -> Sources:
    reach: Reach = act.principal.reach("audit.read") or "o"  # type: ignore[assignment]  # from the table
    return Sources.of(house_of(act.request), act.principal, reach)


@router.get("/v1/audit", response_model=Audit, openapi_extra=operation("audit.read", klass="bulk"))
async def read_audit(act: ActDep, wanted: Annotated[Wanted, Query()]) -> Response:
    """Who did what to which record of the own organisation, when, from where: the rows of all services, newest first.

    `sources` tells which services answered. Asking is itself in the audit. Refused: `CURSOR_INVALID` 422.
    """
    own = await act.read(service.own_page, wanted)
    pages = {service.OWN: own, **await _sources(act).pages(wanted)}
    rows, cursor = service.merged(pages, wanted.limit)
    called = await act.database.read(everywhere(act.principal), service.names, sorted({row.actor for _, row in rows}))
    return _wire(service.shown(pages, rows, cursor, called))


@router.get(
    "/v1/audit/verification", response_model=Chains, openapi_extra=operation("audit.read", klass="bulk", timeout_s=120)
)
async def verify_audit(act: ActDep) -> Response:
    """Recomputes every link of the own organisation's audit in each service: intact, or the first place that is not
    what was written."""
    own = await act.read(verification)
    found = {service.OWN: own, **await _sources(act).verifications()}
    chains = [
        Chain(service=name, state="away" if said is None else "ok", verification=said) for name, said in found.items()
    ]
    return _wire(Chains(items=chains))


@router.get(
    "/v1/audit/export",
    response_class=StreamingResponse,
    responses=_FILE,
    openapi_extra=operation("audit.read", klass="bulk", timeout_s=120, step_up_s=900),
)
async def export_audit(act: ActDep, wanted: Annotated[Period, Query()]) -> Response:
    """The audit of a period as lines of JSON: each row with its link, at the end a signature over all lines.

    `python -m gateway.audit.verify` checks the file. Refused: `STEP_UP_REQUIRED` 403, `TIME_INVALID` 422 (more than a
    year).
    """
    export.check(wanted)
    await act.run(service.note_export, wanted)
    name = f"audit-{wanted.since:%Y%m%d}-{wanted.until:%Y%m%d}.ndjson"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    lines = export.Export(_sources(act), act.database, wanted).lines()
    return StreamingResponse(lines, 200, headers, NDJSON)


@router.get("/.well-known/audit-keys.json", response_model=Keys, openapi_extra=operation("public", public_s=2))
async def audit_keys(act: ActDep) -> Response:
    """The public half of every key that has signed an export, for ever: a JWK set."""
    return _wire(await act.database.read(system("gateway"), service.public_keys))


def _wire(body: Audit | Chains | Keys) -> Response:
    return Response(body.model_dump_json(), media_type="application/json")
