"""Writes .env for docker compose: generated secrets, and settings only the operator knows. Overwrites nothing."""

import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

SERVICES = ("GATEWAY", "APPOINTMENTS", "TELESECRETARIAT", "COOPERATION")
SEALING = frozenset(SERVICES) - {"COOPERATION"}
"""Services that keep something sealed, with a key of their own."""


def lines() -> Iterator[str]:
    """The file, line by line. Secrets are letters and digits and begin with a letter: no quoting anywhere."""
    yield "# Made by `make env`. Keep it secret: it opens every database of this installation."
    yield f"POSTGRES_PASSWORD={_secret()}"
    yield f"MAILLAGE_NATS_PASSWORD={_secret()}"
    for service in SERVICES:
        yield f"MAILLAGE_{service}_PASSWORD={_secret()}"
        if service in SEALING:
            yield f"MAILLAGE_{service}_KEY={_secret()}"
    yield "# What people type in their browser. Anything but this machine needs https."
    yield "MAILLAGE_PUBLIC_URL=http://127.0.0.1:8000"
    yield "MAILLAGE_LISTEN=127.0.0.1:8000"
    yield "MAILLAGE_TERRITORY=saone-et-loire"
    yield "# Your mail server, for example smtps://user:password@mail.example:465"
    yield "MAILLAGE_SMTP_URL="


def write(path: Path) -> bool:
    """True when the file was written, readable by its owner alone; False when there was one, which is left as it is."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        return False
    path.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    return True


def main() -> int:
    """Writes .env beside docker-compose.yml."""
    path = Path(__file__).resolve().parents[1] / ".env"
    written = write(path)
    said = ".env is written: name your mail server in it." if written else ".env exists and stays as it is."
    sys.stderr.write(f"{said}\n")
    return 0


def _secret() -> str:
    return "k" + secrets.token_hex(32)


if __name__ == "__main__":
    raise SystemExit(main())
