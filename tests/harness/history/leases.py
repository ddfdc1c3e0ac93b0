"""H6: what is leased (a call by its agent, a time by who holds it) has one owner at a time, who may still act."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.harness.history.calls import FOR_EVER, Call


@dataclass(frozen=True, slots=True)
class _Tenure:
    """An owner, from the moment he surely has it to the last moment at which he surely has it still."""

    owner: str
    since: int
    until: int


def leases(calls: Sequence[Call]) -> list[str]:
    """`claim`, `renew` {thing, owner, until: end of the lease, in nanoseconds}, `release`, `complete` {thing, owner}.

    Two owners are a contradiction where both leases surely ran; completing where it surely had ended, or was never
    claimed. An `until` of 0 is a lease without end.
    """
    things = defaultdict(list)
    for call in calls:
        things[call.text("thing")].append(call)
    found = []
    for thing, each in sorted(things.items()):
        tenures = _tenures(each)
        found += _two_owners(thing, tenures)
        found += _too_late(thing, each, tenures)
    return found


def _tenures(calls: Sequence[Call]) -> list[_Tenure]:
    """Of each owner who was told that he has it."""
    found = []
    claims = [call for call in calls if call.op == "claim" and call.out == "ok"]
    for claim in claims:
        owner = claim.text("owner")
        later = [call for call in calls if call.text("owner") == owner and call.t0 >= claim.t0]
        again = min(
            (call.t0 for call in claims if call.text("owner") == owner and call.t0 > claim.t0), default=FOR_EVER
        )
        mine = [call for call in later if call.t0 < again]
        leased = [claim, *(call for call in mine if call.op == "renew" and call.out == "ok")]
        until = max(call.number("until") or FOR_EVER for call in leased)
        given = [call.t0 for call in mine if call.op in ("release", "complete") and call.out != "fail"]
        found.append(_Tenure(owner, claim.t1, min([until, *given])))
    return found


def _two_owners(thing: str, tenures: Sequence[_Tenure]) -> list[str]:
    ordered = sorted(tenures, key=lambda tenure: tenure.since)
    return [
        f"H6 two owners: {first.owner} and {second.owner} of {thing}"
        for first, second in pairwise(ordered)
        if first.owner != second.owner and second.since < first.until
    ]


def _too_late(thing: str, calls: Sequence[Call], tenures: Sequence[_Tenure]) -> list[str]:
    found = []
    for call in calls:
        if call.op != "complete" or call.out != "ok":
            continue
        owner = call.text("owner")
        leased = [other for other in calls if other.op in ("claim", "renew") and other.out != "fail"]
        ends = [other.number("until") or FOR_EVER for other in leased if other.text("owner") == owner]
        if not ends:
            found.append(f"H6 not his: {owner} completed {thing}, which he never had")
        elif max(ends) < call.t0:
            found.append(f"H6 too late: {owner} completed {thing} after his lease")
        elif any(other.owner != owner and other.since < call.t0 and other.until > call.t1 for other in tenures):
            found.append(f"H6 not his any more: {owner} completed {thing}")
    return found
