"""More visitors than the pages can take: numbers, a page without script, entry in order (design: gateway 3.7)."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest

from gateway.waiting import domain
from tests.harness.door import House

PAGE = {"Accept": "text/html"}


@asynccontextmanager
async def _full(running: House, *more: dict[str, str]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """The first is in, and takes the only place; the others are strangers with these headers."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(running.browser(**headers)) for headers in (PAGE, *more)]
        for _ in range(2):
            assert (await clients[0].get("/rdv")).status_code == 200
        yield clients


def _said(answer: httpx.Response) -> str:
    """The page, with plain spaces."""
    return " ".join(answer.text.split())


async def test_beyond_the_last_place_visitors_wait_for_their_number(
    house: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A numbered page; those who are in go on; entry by number when a visit is over."""
    running = house(most_visitors=1)
    async with _full(running, PAGE, PAGE, {}, {}) as (first, third, fourth, program, reader):
        served = len(running.upstream.requests)
        waits = await third.get("/rdv?motif=a%20b&langue=fr")
        assert (waits.status_code, waits.headers["retry-after"]) == (503, "60")
        assert waits.headers["cache-control"] == "no-store"
        assert "Votre numéro : 1." in _said(waits)
        assert "Vous êtes la prochaine personne." in waits.text
        assert 'href="/rdv?motif=a+b&amp;langue=fr"' in waits.text
        for target in ("tel:+33385347100", "tel:15", "tel:112", "sms:114"):
            assert target in waits.text
        assert "<script" not in waits.text
        assert "http-equiv" not in waits.text
        english = await fourth.get("/rdv", headers={"Accept-Language": "en"})
        assert "Your number: 2." in english.text
        assert "There is 1 person before you." in english.text
        assert "Votre numéro : 1." in _said(await third.get("/rdv")), "asking again keeps the number"
        assert len(running.upstream.requests) == served, "who waits costs the service nothing"
        assert (await first.get("/rdv/identite")).status_code == 200, "who is in goes on"
        refused = await program.get("/rdv")
        assert (refused.status_code, refused.json()["code"]) == (503, "WAITING_ROOM")
        assert "turn" not in program.cookies
        assert (await reader.get("/api/appointments/v1/slots")).status_code == 200, "shared answers go on"
        assert (await third.get("/auth/session")).status_code == 200, "and so does signing in"
        monkeypatch.setattr(domain, "VISIT_S", 0.0)  # every visit is over
        assert (await third.get("/rdv")).status_code == 200
        assert (await third.get("/rdv")).status_code == 200
        assert (await fourth.get("/rdv")).status_code == 200
        monkeypatch.undo()
        assert [(await each.get("/rdv")).status_code for each in (first, third, fourth)] == [200] * 3


async def test_a_number_is_its_visitors_own_and_cannot_be_made(house: Callable[..., House]) -> None:
    """Another's number, a changed one or one of another process: a new one at the end."""
    running = house(most_visitors=1)
    async with _full(running, PAGE, PAGE) as (_, second, thief):
        await second.get("/rdv")
        await thief.get("/rdv")
        number = second.cookies["turn"]
        assert number.startswith("1.")
        for stolen in (number, "1." + "0" * 32, "1", "-1.x", "9" * 40, "é"):
            ticket = thief.cookies["visitor"]
            cookie = f"visitor={ticket}; turn={stolen}"
            answer = await running.raw(
                b"GET /rdv HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nConnection: close\r\nCookie: "
                + cookie.encode()
                + b"\r\n\r\n"
            )
            assert answer.startswith(b"HTTP/1.1 503"), stolen
            assert "Votre numéro : 1." not in " ".join(answer.decode().split()), stolen
        assert "Votre numéro : 1." in _said(await second.get("/rdv"))


async def test_a_ticket_from_signing_in_is_no_way_around_the_room(house: Callable[..., House]) -> None:
    """A visitor's ticket of another operation does not say that its holder is in."""
    running = house(most_visitors=1)
    async with _full(running, PAGE) as (_, second):
        assert (await second.get("/auth/session")).status_code == 200
        assert second.cookies["visitor"]
        waits = await second.get("/rdv")
        assert waits.status_code == 503
        forged = second.cookies["visitor"].rpartition(".")
        second.cookies.set("visitor", f"{forged[0]}.in.{forged[2]}", domain="127.0.0.1", path="/")
        assert (await second.get("/rdv")).status_code == 503
