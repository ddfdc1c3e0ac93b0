"""Opening a non-conformity: by a person, or by an act that accepts something and says what was wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.cooperation import IssueOpened
from cooperation.issues.rows import About, Issue, Severity
from cooperation.trace.recording import add, add_many
from maillage.database import Tx
from maillage.ids import new_id


@dataclass(frozen=True, slots=True)
class Subject:
    """What is not as it should be, and whose it is."""

    kind: About
    id: UUID
    owner_id: UUID
    group_id: UUID


async def open_issue(
    tx: Tx,
    about: Subject,
    kind: str,
    severity: Severity,
    *,
    stage_seen: str | None = None,
    load_id: UUID | None = None,
    words: str | None = None,
) -> Issue:
    """`kind`: what was seen, as a code (`seal_differs`, `torn_pack`). `words`: what a person said of it, never of a
    patient; they are in the row, not in the trace's facts. What a member says of a thing of the group's (a crate, a
    machine) is the member's issue."""
    issue = _issue(tx, about, kind, severity, stage_seen, load_id, words)
    await add(tx, issue, "issue.opened")
    _tell(tx, issue)
    return issue


async def open_issues(
    tx: Tx, abouts: Sequence[Subject], kind: str, severity: Severity, *, stage_seen: str | None = None
) -> None:
    """The same of each of them, in one statement."""
    issues = [_issue(tx, about, kind, severity, stage_seen, None, None) for about in abouts]
    for issue in await add_many(tx, issues, "issue.opened"):
        _tell(tx, issue)


def _issue(
    tx: Tx, about: Subject, kind: str, severity: Severity, stage_seen: str | None, load_id: UUID | None,
    words: str | None,
) -> Issue:  # fmt: skip
    who, owner = tx.principal, about.owner_id
    if who.orgs is not None and owner not in who.orgs and who.org is not None:
        owner = who.org
    return Issue(
        id=new_id(),
        organisation_id=owner,
        created_at=tx.now,
        group_id=about.group_id,
        kind=kind,
        severity=severity,
        stage_seen=stage_seen,
        subject_kind=about.kind,
        subject_id=about.id,
        load_id=load_id,
        words=words,
        opened_by=tx.principal.sub,
    )


def _tell(tx: Tx, issue: Issue) -> None:
    tx.emit(
        IssueOpened(
            issue_id=issue.id,
            kind=issue.kind,
            severity=issue.severity,
            subject_kind=issue.subject_kind,
            subject_id=issue.subject_id,
            at=tx.now,
        ),
        issue.organisation_id,
    )
