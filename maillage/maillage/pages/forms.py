"""Forms read once, checked once: ours, for this visitor, of a sane size, text only."""

import hmac
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from maillage.refusals import BodyTooLarge, CsrfRefused, Unreadable, WrongMediaType

MAX_FIELDS = 60
MAX_BYTES = 32_768
CSRF_FIELD = "csrf"
TRAP_FIELD = "site_web"


class Form(Mapping[str, str]):
    """The fields of one form; a field that was not sent reads as an empty string through `text`."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = dict(fields)

    def __getitem__(self, name: str) -> str:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def text(self, name: str, longest: int = 400) -> str:
        """The field, trimmed; longer ones are cut, since they come back to the page as typed."""
        return self._fields.get(name, "")[:longest].strip()


async def read_form(request: Request, csrf: str | None) -> Form:
    """Reads an urlencoded form and proves that this site made it for this visitor.

    Refused: another media type (415), over 32 KiB (413), over 60 fields or not UTF-8 (400), a wrong or missing `csrf`
    field, or a filled trap field that people never see (403). Where a name comes twice the last one counts.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise WrongMediaType
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise BodyTooLarge
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as wrong:
        raise Unreadable from wrong
    form = Form(dict(pairs))
    if not csrf or not hmac.compare_digest(form.text(CSRF_FIELD).encode(), csrf.encode()) or form.text(TRAP_FIELD):
        raise CsrfRefused
    return form
