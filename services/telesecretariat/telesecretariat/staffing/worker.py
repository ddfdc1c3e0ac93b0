"""One simulation in a process of its own: a question on the standard input, its answer on the standard output.

Calls come first: it yields the processor to whatever answers them.
"""

import json
import os
import sys
from dataclasses import asdict

from telesecretariat.simulation.dice import throwing
from telesecretariat.staffing.simulation import Day, Interval, summarised


def main() -> None:
    """{day, seed, replications} -> {intervals, day}."""
    os.nice(10)
    told = json.load(sys.stdin)
    intervals = tuple(Interval(**each) for each in told["day"].pop("intervals"))
    found, whole = summarised(Day(intervals, **told["day"]), throwing(told["seed"]), told["replications"])
    json.dump({"intervals": [asdict(each) for each in found], "day": asdict(whole)}, sys.stdout)


if __name__ == "__main__":
    main()
