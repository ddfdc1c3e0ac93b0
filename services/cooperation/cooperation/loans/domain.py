"""Counting what was lent against what was announced. Pure."""

from collections.abc import Mapping, Sequence

Counted = Sequence[Mapping[str, object]]


def quantities(lines: Counted) -> dict[str, int]:
    """How many of each reference; a reference without any is left out."""
    found: dict[str, int] = {}
    for line in lines:
        found[str(line["reference"])] = found.get(str(line["reference"]), 0) + int(str(line["quantity"]))
    return {reference: quantity for reference, quantity in found.items() if quantity}


def missing(expected: Counted, counted: Counted) -> dict[str, int]:
    """What is short, by reference."""
    there = quantities(counted)
    return {
        name: wanted - there.get(name, 0)
        for name, wanted in quantities(expected).items()
        if wanted > there.get(name, 0)
    }


def differs(expected: Counted, counted: Counted) -> bool:
    """Whether anything is short or too many."""
    return quantities(expected) != quantities(counted)
