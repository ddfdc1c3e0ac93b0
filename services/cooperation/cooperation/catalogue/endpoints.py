"""Models, packagings, programmes, machines, compositions and their versions over HTTP."""

from uuid import UUID

from fastapi import APIRouter, Response

from cooperation.catalogue import service, versions
from cooperation.catalogue.schemas import VersionIn, VersionOut
from cooperation.members.serving import READ, SETUP, Cursor, Limit, serve
from maillage.http import ActDep
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["catalogue"])

serve(router, service.MODELS)
serve(router, service.PACKAGINGS)
serve(router, service.PROGRAMMES)
serve(router, service.MACHINES)
serve(router, service.COMPOSITIONS)


@router.get("/compositions/{composition_id}/versions", response_model=Page[VersionOut], openapi_extra=READ)
async def list_composition_versions(
    composition_id: UUID, act: ActDep, cursor: Cursor = None, limit: Limit = 20
) -> Response:
    """Versions of a composition, each with its lines, oldest first."""
    return await act.show(versions.versions, composition_id, cursor, limit)


@router.post(
    "/compositions/{composition_id}/versions", status_code=201, response_model=VersionOut, openapi_extra=SETUP
)  # fmt: skip
async def add_composition_version(composition_id: UUID, body: VersionIn, act: ActDep) -> Response:
    """The draft of the next version, whole. Refused: `DRAFT_EXISTS` 409 with `version_id`, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(versions.add_version, composition_id, body, status=201)


@router.get("/composition_versions/{version_id}", response_model=VersionOut, openapi_extra=READ)
async def show_composition_version(version_id: UUID, act: ActDep) -> Response:
    """One version with its lines. A run keeps the version that it was opened with."""
    return await act.show(versions.version, version_id)


@router.patch("/composition_versions/{version_id}", response_model=VersionOut, openapi_extra=SETUP)
async def change_composition_version(version_id: UUID, body: VersionIn, act: ActDep) -> Response:
    """Replaces a draft whole. Refused: `VERSION_ADOPTED` 409, `VERSION_STALE` 412, `REFERENCE_UNKNOWN` 422."""
    return await act.answer(versions.change_version, version_id, body, act.if_match())


@router.post("/composition_versions/{version_id}/adopt", response_model=VersionOut, openapi_extra=SETUP)
async def adopt_composition_version(version_id: UUID, act: ActDep) -> Response:
    """The pharmacist adopts the draft, in the version read (`If-Match`). Its sets take it at their next run; the run
    that they are in keeps its own. Refused: `ROLE_REQUIRED` 403, `VERSION_ADOPTED`, `EXCLUSIVE_REQUIRED` (prion class
    `high` with free lines), `SINGLE_USE`, `PROGRAMME_NOT_ALLOWED` 409, `VERSION_STALE` 412."""
    return await act.answer(versions.adopt, version_id, act.if_match())
