"""`python -m bench [R1 R4 …] [--smoke]`: one JSON line per ratio; everything else goes to standard error."""

import argparse
import json
import os
import sys
from collections.abc import Sequence

from bench import requests
from bench.load import Void, load
from bench.pgbench import Broke
from bench.ratios import RATIOS
from bench.ratios.console import ALONE
from bench.report import Line, machine, write
from bench.runs import Bench, say
from bench.world import World

ROUNDS, SECONDS, WARM_S = 5, 5.0, 3.0
SMOKE = (2, 2.0, 1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """0 even when an aim is missed (STRICT=1: 1). A ratio that could not be measured is not printed: always 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("ratios", nargs="*", metavar="R1", help=f"only these of {', '.join([*RATIOS, *ALONE])}")
    parser.add_argument(
        "--smoke", action="store_true", help="two short rounds: shows that the programs work, no figures"
    )
    options = parser.parse_args(arguments)
    unknown = set(options.ratios) - set(RATIOS) - set(ALONE)
    if unknown:
        parser.error(f"no such ratio: {', '.join(sorted(unknown))}")
    about = machine()
    with World() as world:
        bench = Bench(world, *(SMOKE if options.smoke else (ROUNDS, SECONDS, WARM_S)))
        about |= {"settings": bench.durability(), "generator_maximum": _generator_maximum(bench)}
        say(json.dumps(about))
        lines, void = _measure(bench, options.ratios or list(RATIOS))
    about |= {"generator_shares": [round(share, 3) for share in bench.generator], "void": void, "smoke": options.smoke}
    file = write({"lines": [line.as_json() for line in lines], **about, "raw": bench.raw})
    say(f"generator: at most {max(bench.generator, default=0):.0%} of its core. Written: {file.name}")
    if void:
        return 1
    return int(os.environ.get("STRICT") == "1" and not all(line.ok for line in lines))


def _measure(bench: Bench, names: Sequence[str]) -> tuple[list[Line], dict[str, str]]:
    lines: list[Line] = []
    void: dict[str, str] = {}
    for name in names:
        say(f"{name}…")
        try:
            for line in {**RATIOS, **ALONE}[name](bench):
                lines.append(line)
                print(json.dumps(line.as_json()), flush=True)
        except (Void, Broke) as reason:
            void[name] = str(reason)
            say(f"{name} is void: {reason}")
    return lines, void


def _generator_maximum(bench: Bench) -> int:
    """Requests a second of the generator against a server that does nothing."""
    address = bench.world.helper("fixed")
    asked = [requests.get("/", "")] * 200_000
    measured = load(address, asked, connections=8, seconds=1, busy=float("inf"))
    return round(measured.answers / measured.seconds)


if __name__ == "__main__":
    sys.exit(main())
