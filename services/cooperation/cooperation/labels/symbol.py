"""A GS1 DataMatrix as its modules, made by the zint library."""

from typing import TypeAlias

import zint

Modules: TypeAlias = tuple[tuple[bool, ...], ...]
"""Rows from the top; true is dark. Without quiet zone: at least one module of white goes around it."""


def datamatrix(fields: tuple[tuple[str, str], ...]) -> Modules:
    """Identifiers and their values as a GS1 DataMatrix (ECC 200, FNC1 first; GS1 General Specifications 5.6). zint
    checks each field, and raises RuntimeError for one that breaks a rule of GS1."""
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.DATAMATRIX
    symbol.input_mode = zint.InputMode.GS1
    symbol.encode("".join(f"[{identifier}]{value}" for identifier, value in fields))
    bits = symbol.encoded_data
    return tuple(
        tuple(bool(bits[row, column >> 3] >> (column & 7) & 1) for column in range(symbol.width))
        for row in range(symbol.rows)
    )


def runs_of(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Dark stretches of a row: where each begins, how long it is. Drawn as one bar, they have no seams."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and sum(found[-1]) == place:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((place, 1))
    return found
