"""Wire types of identity checks."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from appointments.directory.parameters import DocumentKind
from appointments.patients.schemas import IdentityStatus
from maillage.wire import Instant, Page, Wire

Outcome = Literal["accepted", "traits_differ", "not_found", "on_other_file"]


class CheckIn(Wire):
    """One check: a document that was seen (its kind, never its number), the INS asked for, or a doubt."""

    act: Literal["document", "ins", "doubt"]
    document: DocumentKind | None = None

    @model_validator(mode="after")
    def _document_with_its_act(self) -> "CheckIn":
        if (self.act == "document") != (self.document is not None):
            raise PydanticCustomError("INVALID", "`document` goes with the act `document`, and only with it")
        return self


class CheckOut(Wire):
    """A check that was made: by whom and when. A refused one changed nothing."""

    id: UUID
    kind: Literal["document", "ins", "doubt"]
    document: DocumentKind | None
    outcome: Outcome
    by: str
    at: Instant


class IdentitySheet(Wire):
    """Where the identity of a patient stands. `allowed`: the checks that may follow; `ins` only when qualified."""

    patient_id: UUID
    identity_status: IdentityStatus
    doubtful: bool
    ins: str | None
    ins_oid: str | None
    ins_at: Instant | None
    allowed: Sequence[Literal["document", "ins", "doubt"]]
    documents: Sequence[DocumentKind]
    checks: Page[CheckOut]
    version: int
