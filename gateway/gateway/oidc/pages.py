"""Refusals for people who came by a browser: a page without script that says what to do, and two ways on."""

import html
from typing import Final

from fastapi import Request, Response

from gateway.door.pages import navigates
from maillage.http import Act
from maillage.refusals import Refusal
from maillage.words import Words

_AGAIN: Final = Words("Recommencer", "Start again")
_OTHERWISE: Final = Words("Choisir un autre moyen de connexion", "Choose another way to sign in")
SIGN_IN: Final = "/console/"


def is_navigation(request: Request) -> bool:
    """Whether a person's browser asks, and not a program."""
    return navigates(request.headers.get("accept", "").encode())


def refused(act: Act, refusal: Refusal, again: str | None) -> Response:
    """The page. `again`: where the same is tried once more."""
    language = act.language
    title, detail = html.escape(refusal.title.in_(language)), html.escape(refusal.detail.in_(language))
    ways = [(again, _AGAIN), (SIGN_IN, _OTHERWISE)] if again else [(SIGN_IN, _OTHERWISE)]
    links = "".join(f"<p><a href='{html.escape(href)}'>{words.in_(language)}</a></p>" for href, words in ways)
    body = (
        f"<!doctype html><html lang='{language}'><head><meta charset='utf-8'>"
        f"<meta name='viewport' content='width=device-width, initial-scale=1'><title>{title}</title></head><body><main>"
        f"<h1>{title}</h1><p>{detail}</p>{links}<p><small>{html.escape(refusal.code)}</small></p></main></body></html>"
    )
    headers = {
        "Content-Language": language, "Cache-Control": "no-store", "Vary": "Accept, Accept-Language", **refusal.headers
    }  # fmt: skip
    return Response(body, refusal.status, headers, "text/html; charset=utf-8")
