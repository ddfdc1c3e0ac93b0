"""Use cases of issues: reported in one scan, analysed, closed with a cause and an action."""

from dataclasses import replace
from typing import Literal
from uuid import UUID

from contracts.cooperation import IssueClosed as ClosedEvent
from cooperation.codes.domain import CodeRefused, read
from cooperation.codes.errors import UnknownCode, refusal
from cooperation.issues import queries
from cooperation.issues.errors import IssueClosed, IssueNotAnalysed, SubjectRequired
from cooperation.issues.opening import Subject, open_issue
from cooperation.issues.rows import Issue, Severity
from cooperation.issues.schemas import IssueIn, IssueOut, IssuePatch, SubjectIn
from cooperation.members import keeping
from cooperation.recalls.errors import RoleRequired
from cooperation.recalls.signing import HYGIENE, MANAGER, RELEASER, must_be
from cooperation.trace.recording import change
from maillage.database import Tx
from maillage.refusals import FieldError, NotFound
from maillage.wire import Page

State = Literal["open", "analysed", "closed"]


async def report(tx: Tx, body: IssueIn) -> IssueOut:
    """What was seen of a thing. Refused: `UNKNOWN_CODE` (also for another member's), `NOT_FOUND` for a subject out of
    reach, `SUBJECT_REQUIRED`, and what cannot be read."""
    if (body.code is None) == (body.subject is None):
        raise SubjectRequired(pointer="/subject")
    about = body.subject or await _of_code(tx, body.code or "")
    row = await tx.fetchrow(queries.SUBJECT, about.kind, about.id)
    if row is None:
        raise NotFound
    issue = await open_issue(
        tx,
        Subject(about.kind, about.id, row["organisation_id"], row["group_id"]),
        body.kind,
        body.severity,
        stage_seen=row["stage"],
        load_id=row["load_id"],
        words=body.words,
    )
    return _out(issue)


async def _of_code(tx: Tx, text: str) -> SubjectIn:
    try:
        code = read(text)
    except CodeRefused as refused:
        raise refusal(refused) from None
    row = await tx.fetchrow(queries.OF_CODE, code.uri, code.key if code.kind == "pack" else None)
    if row is None:
        raise UnknownCode(pointer="/code")
    return SubjectIn(kind=row["kind"], id=row["id"])


async def analyse(tx: Tx, issue_id: UUID, body: IssuePatch, if_match: int | None) -> IssueOut:
    """Cause and action; a first word on either makes it `analysed`. An issue on a load, whose release waits for it, is
    the plant's to analyse. Refused: `ISSUE_CLOSED`, `ISSUE_NOT_ANALYSED`, `ROLE_REQUIRED`, `VERSION_STALE`."""
    row = keeping.present(await tx.fetchrow(queries.LOCK, issue_id), if_match)
    before = Issue.of(row)
    must_be(tx, RELEASER, MANAGER, *(() if before.load_id else (HYGIENE, "manager")))
    if before.load_id is not None and tx.principal.org != before.group_id:
        raise RoleRequired(roles=[RELEASER, MANAGER])
    if before.state == "closed":
        raise IssueClosed
    given = {name: value for name, value in body.model_dump().items() if name in body.model_fields_set}
    after = replace(before, **({"state": "analysed"} | given))
    if after.state == "closed":
        after = replace(_whole(after), closed_at=tx.now)
    changed = await change(tx, before, after, f"issue.{after.state}")
    if changed.state == "closed":
        tx.emit(ClosedEvent(issue_id=changed.id, kind=changed.kind, at=tx.now), changed.organisation_id)
    return _out(changed)


async def issues(
    tx: Tx,
    state: State | None,
    kind: str | None,
    severity: Severity | None,
    subject_id: UUID | None,
    load_id: UUID | None,
    cursor: str | None,
    limit: int,
) -> Page[IssueOut]:
    """Issues within reach, the newest first."""
    after = keeping.after(cursor)
    rows = await tx.fetch(queries.LIST, state, kind, severity, subject_id, load_id, after, limit + 1)
    return keeping.paged(IssueOut, rows, limit)


async def issue(tx: Tx, issue_id: UUID) -> IssueOut:
    """One issue. Refused: `NOT_FOUND`."""
    return keeping.wire(IssueOut, await tx.fetchrow(queries.ONE, issue_id))


def _whole(after: Issue) -> Issue:
    missing = [name for name in ("cause", "action") if getattr(after, name) is None]
    if missing:
        words = IssueNotAnalysed.detail
        raise IssueNotAnalysed(errors=[FieldError(f"/{name}", IssueNotAnalysed.code, words) for name in missing])
    return after


def _out(issue: Issue) -> IssueOut:
    return IssueOut(**{name: getattr(issue, name) for name in IssueOut.model_fields})
