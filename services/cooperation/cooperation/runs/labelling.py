"""The identity of a pack: a serial shipping container code (SSCC, GS1 General Specifications 3.3.1). Pure."""

from cooperation.codes.domain import check_digit

EXTENSION = "0"
DIGITS = 17
"""Without the check digit."""


def sscc(prefix: str, serial: int) -> str:
    """18 digits: extension, company prefix, serial filled to length, check digit. Raises ValueError when the prefix
    has no more numbers."""
    width = DIGITS - len(EXTENSION) - len(prefix)
    if serial < 0 or len(str(serial)) > width:
        raise ValueError("the company prefix has no more serial numbers")
    digits = f"{EXTENSION}{prefix}{serial:0{width}d}"
    return f"{digits}{check_digit(digits)}"
