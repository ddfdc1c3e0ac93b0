"""What the demonstration prints: the day in figures, then each invariant with OK or the first row against it."""

from collections import Counter

from cooperation.demonstration import queries
from cooperation.demonstration.floor import Floor
from maillage.doctor import Finding


async def lines(floor: Floor) -> list[str]:
    """The figures, a line each. Turn-around: from the first scan in the theatre to the signature."""
    (turn,), (day,) = await floor.rows(queries.TURN_AROUND), await floor.rows(queries.COUNTS)
    stages = {row["stage"]: (row["p50"], row["p90"]) for row in await floor.rows(queries.STAGES)}
    issues: Counter[str] = Counter()
    for row in await floor.rows(queries.ISSUES):
        issues[row["kind"]] = row["n"]
    return [
        f"turn-around               p50 {_hours(turn['p50_s'])}, p90 {_hours(turn['p90_s'])}"
        f", {turn['released']} runs released",
        "minutes by stage          " + ", ".join(f"{s} {p50:.0f} ({p90:.0f})" for s, (p50, p90) in stages.items()),
        f"re-wash rate              {_percent(day['rewashes'], day['washes'])}"
        f" ({day['rewashes']} of {day['washes']} washes)",
        f"washes                    {day['washed']} accepted, {day['washes_refused']} refused",
        f"sterilising loads         {day['released']} released, {day['rejected']} rejected",
        f"packs                     {day['used']} used, {day['aborted']} aborted",
        f"hand-overs                {day['handovers']}; scans {day['scans']}; entries of the trace {day['entries']}",
        "refused                   " + (_counted(floor.refused) or "nothing"),
        "non-conformities          " + (_counted(issues) or "none"),
    ]


def verdicts(findings: list[Finding]) -> list[str]:
    """One line per invariant."""
    out = []
    for each in findings:
        out.append(f"{each.state.upper():8} {each.name:20} {each.sentence}")
        if each.state != "ok":
            out.append(f"         {each.count}, first: {each.first}")
    return out


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.most_common())


def _hours(seconds: float | None) -> str:
    return "-" if seconds is None else f"{int(seconds) // 3600} h {int(seconds) % 3600 // 60:02d}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
