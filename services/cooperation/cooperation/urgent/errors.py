"""Refusals of urgent requests."""

from maillage.refusals import Refusal
from maillage.words import Words


class PromiseImpossible(Refusal):
    """No set can be promised by then: p90 is later than needed, and nobody signed for p50; or no set is free. Extra
    members: `p50`, `p90` (null when there is none)."""

    code, status = "PROMISE_IMPOSSIBLE", 409
    title = Words("Délai impossible à promettre", "This time cannot be promised")
    detail = Words(
        "Le set ne sera probablement pas là à l'heure. Signez pour l'heure médiane (une chance sur deux), ou refusez.",
        "The set will probably not be there in time. Sign for the median time (one in two), or decline.",
    )
