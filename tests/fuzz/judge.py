"""What any answer to bad input must be; each broken promise is one sentence."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from tests.fuzz.attacks import Request
from tests.fuzz.values import CANARY

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{2,}")
PROBLEM: Final = "application/problem+json"
_OWN_WORDS: Final = ("/oauth/",)
"""RFC 6749 says how these refuse."""


def faults(sent: Request, answer: httpx.Response, documented: Mapping[str, Any]) -> list[str]:
    """What is wrong with this answer; `documented`: the operation's answers in the OpenAPI."""
    return list(_faults(sent, answer, documented))


def _faults(sent: Request, answer: httpx.Response, documented: Mapping[str, Any]) -> Iterator[str]:
    status = answer.status_code
    if status >= 500:
        yield f"a fault of ours: {status}"
    if str(status) not in documented and status not in (405, 431):
        yield f"{status} is not documented"
    if sent.refused and status < 400:
        yield f"taken: {status}"
    if sent.status and status not in sent.status and status not in (401, 403, 404):
        yield f"{status} instead of {sorted(sent.status)}"
    if status == 405 and not answer.headers.get("allow"):
        yield "405 without Allow"
    if status >= 400:
        yield from _of_refusal(sent, answer)
    if any(sign in answer.headers.get(name, "") for name in answer.headers for sign in ("\r", "\n", "\x1b")):
        yield "a header holds what was sent"


def _of_refusal(sent: Request, answer: httpx.Response) -> Iterator[str]:
    if CANARY in answer.text and not answer.headers["content-type"].startswith("text/html"):
        yield "what was sent is said again"
    if sent.template.startswith(_OWN_WORDS) or answer.headers["content-type"].startswith("text/html"):
        return
    if not answer.headers["content-type"].startswith(PROBLEM):
        yield f"{answer.status_code} as {answer.headers['content-type']}"
        return
    said = json.loads(answer.text)
    if not _CODE.fullmatch(str(said.get("code"))) or said.get("status") != answer.status_code:
        yield f"no code, or another status: {said.get('code')} {said.get('status')}"
    if not said.get("title") or not said.get("detail"):
        yield "no sentence for a person"
    yield from _of_places(sent, answer.status_code, said)


def _of_places(sent: Request, status: int, said: Mapping[str, Any]) -> Iterator[str]:
    places = [str(error.get("pointer")) for error in said.get("errors") or ()]
    if status != 422 or sent.pointer is None:
        return
    if not places:
        yield f"422 {said.get('code')} names no place; {sent.pointer} is wrong"
    elif not any(_meet(place, sent.pointer) for place in places):
        yield f"422 names {places[:3]}; {sent.pointer} is wrong"


def _meet(place: str, wrong: str) -> bool:
    """One is the other, or lies in it; a place may name the kind of value on its way (`/device/phone/address`)."""
    ours, theirs = place.strip("/").split("/"), wrong.strip("/").split("/")
    return place in ("", "/") or all(part in ours for part in theirs) or theirs[: len(ours)] == ours
