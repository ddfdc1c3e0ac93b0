"""Issues over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from cooperation.issues import service
from cooperation.issues.rows import Severity
from cooperation.issues.schemas import IssueIn, IssueOut, IssuePatch, Kind
from maillage.http import ActDep, operation
from maillage.wire import Page

router = APIRouter(prefix="/v1", tags=["issues"])
READ = operation("set.read")
WRITE = operation("issue.write")


@router.get("/issues", response_model=Page[IssueOut], openapi_extra=READ)
async def issues(
    act: ActDep,
    state: service.State | None = None,
    kind: Kind | None = None,
    severity: Severity | None = None,
    subject_id: UUID | None = None,
    load_id: UUID | None = None,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Response:
    """Non-conformities, the newest first."""
    return await act.show(service.issues, state, kind, severity, subject_id, load_id, cursor, limit)


@router.post("/issues", status_code=201, response_model=IssueOut, openapi_extra=WRITE)
async def report_issue(body: IssueIn, act: ActDep) -> Response:
    """Something is not as it should be: the code of the thing in one scan, and what was seen. An open one on a load
    forbids its release. Refused: `UNKNOWN_CODE` 404 and what cannot be read, `NOT_FOUND`, `SUBJECT_REQUIRED` 422,
    `PATIENT_DATA_SUSPECTED` 422."""
    return await act.answer(service.report, body, status=201)


@router.get("/issues/{issue_id}", response_model=IssueOut, openapi_extra=READ)
async def issue(issue_id: UUID, act: ActDep) -> Response:
    """One non-conformity."""
    return await act.show(service.issue, issue_id)


@router.patch("/issues/{issue_id}", response_model=IssueOut, openapi_extra=WRITE)
async def analyse_issue(issue_id: UUID, body: IssuePatch, act: ActDep) -> Response:
    """Stage of origin, cause, action, and the end. Refused: `ISSUE_CLOSED`, `ISSUE_NOT_ANALYSED` without cause and
    action, `ROLE_REQUIRED` 403 but for pharmacist, manager and infection control, `VERSION_STALE` 412."""
    return await act.answer(service.analyse, issue_id, body, act.if_match())
