"""The stylesheet and the icon, under addresses that change with their content."""

import hashlib
from pathlib import Path
from typing import Final

from starlette.responses import Response

from maillage.refusals import NotFound

_FOLDER = Path(__file__).parent / "static"
_ROOT = "/rdv/static/"
_TYPES = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def _load() -> dict[str, tuple[str, bytes]]:
    files = {}
    for name, media_type in _TYPES.items():
        content = (_FOLDER / name).read_bytes()
        stem, suffix = name.split(".")
        files[f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"] = (media_type, content)
    return files


_FILES = _load()
STYLE_PATH: Final = _ROOT + next(name for name in _FILES if name.endswith(".css"))
ICON_PATH: Final = _ROOT + next(name for name in _FILES if name.endswith(".svg"))


def static_file(name: str) -> Response:
    """One file by its hashed name, kept for a year by whoever reads it. Any other name: NOT_FOUND."""
    if name not in _FILES:
        raise NotFound
    media_type, content = _FILES[name]
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)
