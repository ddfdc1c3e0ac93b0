"""A judge that never says no proves nothing: each broken promise of an answer is planted and named."""

import json
from typing import Any

import httpx
import pytest

from tests.fuzz.attacks import Request
from tests.fuzz.judge import faults
from tests.fuzz.values import CANARY
from tests.fuzz.watch import changed

DOCUMENTED: dict[str, Any] = {"200": {}, "400": {}, "404": {}, "422": {}}
PROBLEM = {"content-type": "application/problem+json"}
SENT = Request("post", "/api/x/v1/things", "B14", "/api/x/v1/things", refused=True, pointer="/device/lines/0/count")
GOOD: dict[str, Any] = {
    "code": "INVALID",
    "status": 422,
    "title": "Saisie incorrecte",
    "detail": "Corrigez les champs indiqués.",
    "errors": [{"pointer": "/device/phone/lines/0/count", "code": "INVALID"}],
}


def answer(status: int = 422, headers: dict[str, str] = PROBLEM, **changed: Any) -> httpx.Response:
    return httpx.Response(status, headers=headers, text=json.dumps({**GOOD, "status": status, **changed}))


def test_a_right_refusal_is_none_of_its_business() -> None:
    assert faults(SENT, answer(), DOCUMENTED) == []
    assert faults(SENT, answer(404), DOCUMENTED) == []


PLANTED = {
    "a fault of ours": (answer(500), "a fault of ours: 500"),
    "a status that nobody documented": (answer(418), "418 is not documented"),
    "taken": (httpx.Response(200, json={}), "taken: 200"),
    "a page for a program": (answer(headers={"content-type": "application/json"}), "422 as application/json"),
    "no code": (answer(code="oops"), "no code, or another status: oops 422"),
    "no sentence": (answer(detail=""), "no sentence for a person"),
    "no place": (answer(errors=[]), "422 INVALID names no place; /device/lines/0/count is wrong"),
    "another place": (
        answer(errors=[{"pointer": "/name"}]),
        "422 names ['/name']; /device/lines/0/count is wrong",
    ),
    "an echo": (answer(detail=f"« {CANARY} » n'est pas un nombre."), "what was sent is said again"),
}


@pytest.mark.parametrize("which", PLANTED)
def test_each_broken_promise_is_named(which: str) -> None:
    planted, sentence = PLANTED[which]
    assert sentence in faults(SENT, planted, DOCUMENTED)


def test_another_refusal_than_the_documented_one_is_named() -> None:
    sent = Request("post", "/x", "B12", refused=True, status=frozenset({415}))
    assert faults(sent, answer(422), DOCUMENTED) == ["422 instead of [415]"]
    method = Request("put", "/x", "B42", refused=True, status=frozenset({405}))
    assert faults(method, answer(405), DOCUMENTED) == ["405 without Allow"]


def test_a_row_more_or_another_content_is_a_change() -> None:
    before = {"public.a": (1, "7"), "kit.outbox": (0, "0"), "public.b": (2, "9")}
    assert changed(before, before) == []
    assert changed(before, {**before, "kit.outbox": (1, "5")}) == ["kit.outbox"]
    assert changed(before, {**before, "public.a": (1, "8")}) == ["public.a"]
