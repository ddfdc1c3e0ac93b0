"""Refusals of the door, for programs and for people who navigate: a static page with whom to call."""

import html
import json
from typing import Final

from gateway.door.headers import Header, PathKind
from gateway.partners.errors import oauth_body
from maillage.refusals import Refusal
from maillage.words import Language, Words, preferred_language

# The centre's public line; the emergency numbers are the country's. Source: design, web 3.2 and gateway 3.7.
_LINE: Final = ("+33385347100", "03\u00a085\u00a034\u00a071\u00a000")
_CALL: Final = Words("Vous pouvez aussi appeler le centre de santé :", "You can also call the health centre:")
_EMERGENCY: Final = Words(
    "Urgence\u00a0: appelez le <a href='tel:15'>15</a> ou le <a href='tel:112'>112</a>. "
    "Sourd, malentendant ou empêché de parler\u00a0: <a href='sms:114'>114</a>, par SMS ou application.",
    "Emergency: call <a href='tel:15'>15</a> or <a href='tel:112'>112</a>. "
    "Deaf, hard of hearing or unable to speak: <a href='sms:114'>114</a>, by text message or app.",
)
_BACK: Final = Words("Prendre rendez-vous", "Book an appointment")


class WithPage(Refusal):
    """A refusal that brings its own page for people who navigate."""

    page: str | None = None


def refusal_answer(
    refusal: Refusal, headers: list[Header], request_id: str, kind: PathKind
) -> tuple[int, list[Header], bytes]:
    """Status, headers and body: problem+json, RFC 6749's JSON under `/oauth`, a page for a browser that navigates."""
    accept = language_header = b""
    for name, value in headers:
        if name == b"accept":
            accept = value
        elif name == b"accept-language":
            language_header = value
    language = preferred_language(language_header.decode("latin-1"))
    if kind == "oauth":
        body, media = oauth_body(refusal), b"application/json"
    elif navigates(accept) and kind != "api":
        own = refusal.page if isinstance(refusal, WithPage) else None
        body, media = (own or page(refusal, language, request_id)).encode(), b"text/html; charset=utf-8"
    else:
        body = json.dumps(refusal.problem(language, request_id), ensure_ascii=False).encode()
        media = b"application/problem+json"
    out: list[Header] = [
        (b"content-type", media),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept, Accept-Language"),
    ]
    out.extend((name.lower().encode(), value.encode("latin-1")) for name, value in refusal.headers.items())
    return refusal.status, out, body


def navigates(accept: bytes) -> bool:
    """Whether the caller is a person's browser that asks for a page."""
    return b"text/html" in accept


def page(refusal: Refusal, language: Language, request_id: str) -> str:
    """One page without script, picture or stylesheet: it must come when nothing else does."""
    title, detail = html.escape(refusal.title.in_(language)), html.escape(refusal.detail.in_(language))
    reference = Words("Référence", "Reference").in_(language)
    return (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><title>{title}</title></head><body><main>"
        f"<h1>{title}</h1><p>{detail}</p>"
        f"<p>{_CALL.in_(language)} <a href='tel:{_LINE[0]}'>{_LINE[1]}</a></p><p>{_EMERGENCY.in_(language)}</p>"
        f"<p><a href='/rdv'>{_BACK.in_(language)}</a></p><p><small>{reference} {html.escape(request_id)}</small></p>"
        "</main></body></html>"
    )
