"""The secrets of one installation: made at first use, kept in one file that only its owner reads."""

import json
import os
import secrets
from pathlib import Path


class Secrets:
    """Named random secrets in a JSON file of mode 0600, e.g. `.maillage/secrets.json`.

    A name that is asked for the first time gets 256 random bits, written before it is returned: what was once handed
    to a database must be found again at the next start.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def get(self, name: str) -> str:
        """The secret of that name, URL-safe text."""
        if name not in self._known:
            self._known[name] = secrets.token_urlsafe(32)
            self._write()
        return self._known[name]

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_private(self._path, json.dumps(self._known, indent=1))


def write_private(path: Path, text: str) -> None:
    """Replace a file by this text in one step; nobody but its owner may read it, at no moment."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
