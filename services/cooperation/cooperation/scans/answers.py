"""The answer to one scan as it is kept: in no language, so that a replay is answered in the one asked."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, cast
from uuid import UUID

from pydantic import JsonValue

from cooperation.blocks.looking import Block
from cooperation.scans.schemas import Outcome, ScanResult
from cooperation.trace.rows import as_json
from maillage.refusals import Refusal
from maillage.words import Language, Words

Next = Literal[
    "next_set", "soak", "next_run_or_start", "taken_out", "next_pack", "count", "see_stage", "next_instrument",
    "label_pack", "next_into_store", "fill_crate", "next_into_crate", "take_crates", "no_handover", "may_use",
    "do_not_use", "secured", "stays_in_quarantine",
]  # fmt: skip
EXPECT: Final[dict[Next, Words]] = {
    "next_set": Words("set suivant", "next set"),
    "soak": Words("en trempage, puis set suivant", "into the soak, then next set"),
    "next_run_or_start": Words("suivant, ou lancer le cycle", "next one, or start the cycle"),
    "taken_out": Words("retiré de la charge", "taken out of the load"),
    "next_pack": Words("suivant", "next one"),
    "count": Words("comptez les instruments", "count the instruments"),
    "see_stage": Words("pas à recomposer maintenant", "not to be assembled now"),
    "next_instrument": Words("instrument suivant", "next instrument"),
    "label_pack": Words("collez l'étiquette", "put the label on"),
    "next_into_store": Words("rangez, puis suivant", "store it, then next one"),
    "fill_crate": Words("remplissez la caisse", "fill the crate"),
    "next_into_crate": Words("suivant, ou sceller la caisse", "next one, or seal the crate"),
    "take_crates": Words("prenez les caisses de cette remise", "take the crates of this hand-over"),
    "no_handover": Words("aucune remise en attente", "no hand-over is waiting"),
    "may_use": Words("utilisable", "may be used"),
    "do_not_use": Words("ne pas utiliser", "do not use"),
    "secured": Words("mis en sécurité, rappel à jour", "secured, the recall knows"),
    "stays_in_quarantine": Words("reste en quarantaine", "stays in quarantine"),
}


@dataclass(slots=True, kw_only=True)
class Answer:
    """What a station says to a scan. `refusal`: also the reason why a checked pack is not good."""

    outcome: Outcome
    kind: str | None = None
    id: UUID | None = None
    stage: str | None = None
    expect: Next | None = None
    refusal: Refusal | None = None
    good: bool | None = None
    blocks: list[Block] = field(default_factory=list)
    days: dict[str, date | None] = field(default_factory=dict)
    count: list[dict[str, JsonValue]] = field(default_factory=list)
    details: dict[str, JsonValue] = field(default_factory=dict)

    def kept(self) -> dict[str, JsonValue]:
        """As JSON, without what is absent."""
        said = self.refusal
        whole: dict[str, object] = {
            "outcome": self.outcome,
            "code": said.code if said else None,
            "message": said.detail._asdict() if said else None,
            "subject": {"kind": self.kind, "id": self.id} if self.kind else None,
            "stage": self.stage,
            "expect": self.expect,
            "good": self.good,
            "blocks": [{"code": b.code, "kind": b.kind, "cause_id": b.cause_id} for b in self.blocks],
            "count": self.count,
            "details": self.details | (said.extra if said else {}),
            **self.days,
        }
        return {name: as_json(value) for name, value in whole.items() if value not in (None, [], {})}


def result(seq: int, scan_id: UUID, kept: dict[str, JsonValue], language: Language) -> ScanResult:
    """A kept answer in one language."""
    expect = cast(Next | None, kept.get("expect"))
    return ScanResult.model_validate(
        kept
        | {
            "seq": seq,
            "id": scan_id,
            "message": message(kept, language),
            "expect": EXPECT[expect].in_(language) if expect else None,
        }
    )


def message(kept: dict[str, JsonValue], language: Language) -> str | None:
    """The sentence of a refusal, None for what went well."""
    words = kept.get("message")
    return Words(**words).in_(language) if isinstance(words, dict) else None  # type: ignore[arg-type]


def repeated(first: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The answer to the same code again: the first one's, counted once."""
    return first | {"outcome": "repeated"}
