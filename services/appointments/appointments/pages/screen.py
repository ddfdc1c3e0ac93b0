"""One request for a page: who asks, in which language, of which centre; and its refusals as pages."""

import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from appointments.pages import catalogue as catalogues
from appointments.pages.catalogue import Catalogue
from appointments.pages.errors import FormForeign
from appointments.pages.frame import DEFAULT_FRAME
from maillage.clock import now
from maillage.database import Database
from maillage.http import Act, ActDep
from maillage.pages import Form, Pages, Visit, french, read_form
from maillage.principal import Principal, system
from maillage.refusals import CsrfRefused, Refusal
from maillage.words import Words

Errors = Sequence[tuple[str | None, str]]
FRESH_S = 5.0
"""How long what is read of the centre is used again: a times page costs no extra query."""
START_AGAIN = Words("Prendre rendez-vous", "Book an appointment")
FIND_MINE = Words("Retrouver mes rendez-vous avec un code", "Find my appointments with a code")

_pages = Pages("appointments.pages")
_kept: "WeakKeyDictionary[Database, tuple[float, Catalogue]]" = WeakKeyDictionary()


async def catalogue_of(database: Database) -> Catalogue:
    """The centre's catalogue, at most a few seconds old."""
    kept = _kept.get(database)
    if kept is None or time.monotonic() - kept[0] > FRESH_S:
        kept = (time.monotonic(), await database.read(system("appointments"), catalogues.read))
        _kept[database] = kept
    return kept[1]


@dataclass(frozen=True, slots=True)
class Screen:
    """What an endpoint of pages works with."""

    act: Act
    visit: Visit
    catalogue: Catalogue

    @property
    def principal(self) -> Principal:
        """The visitor, or the patient once a contact is proved."""
        return self.act.principal

    @property
    def contact(self) -> str:
        """The proved contact as it is shown: enough to recognise, not to learn. Empty without one."""
        contact = self.principal.contact
        return "" if contact is None else masked(contact.value)

    def say(self, words: Words) -> str:
        """A sentence in the language of the page."""
        return words.en if self.visit.language == "en" else french(words.fr)

    async def form(self) -> Form:
        """The form that was sent, proved to be ours. Refused: a page that says to start again."""
        try:
            return await read_form(self.act.request, self.principal.csrf)
        except CsrfRefused:
            raise FormForeign from None

    def show(self, template: str, view: object, errors: Errors = (), status: int = 200) -> HTMLResponse:
        """A page; with errors it is answered 422 unless told otherwise."""
        status = 422 if errors and status == 200 else status
        frame = self.catalogue.frame(now())
        return _pages.render(self.visit, template, frame, status=status, view=view, errors=list(errors))

    def go(self, path: str, **parameters: str | None) -> RedirectResponse:
        """See other: what follows a good form, so that a reload sends nothing again."""
        return RedirectResponse(self.visit.href(path, **parameters), 303, {"Cache-Control": "no-store"})


async def _screen(act: ActDep) -> Screen:
    visit = Visit.of(act.request, act.principal.csrf)
    screen = Screen(act, visit, await catalogue_of(act.database))
    act.request.state.screen = screen
    return screen


ScreenDep = Annotated[Screen, Depends(_screen)]


def masked(value: str) -> str:
    """« 06 •• •• •• 01 », « c•••@example.org »."""
    if "@" in value:
        name, _, host = value.partition("@")
        return f"{name[:1]}•••@{host}"
    digits = "0" + value[3:] if value.startswith("+33") else value
    hidden = "\u00a0".join(["••"] * 3)
    return f"{digits[:2]}\u00a0{hidden}\u00a0{digits[-2:]}"


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page with a way on: the sentences of the refusal itself, and the phone line beside them."""
    screen: Screen | None = getattr(request.state, "screen", None)
    visit = screen.visit if screen else Visit.of(request, None)
    frame = screen.catalogue.frame(now()) if screen else DEFAULT_FRAME
    ways = [(START_AGAIN, "/rdv"), (FIND_MINE, "/rdv/mes-rendez-vous")]
    if request.url.path.startswith(("/rdv/g/", "/rdv/o/")):
        ways.reverse()
    said = [words.in_(visit.language) for words in (refusal.title, refusal.detail)]
    said = said if visit.language == "en" else [french(sentence) for sentence in said]
    answer = _pages.render(
        visit,
        "problem.html",
        frame,
        status=refusal.status,
        title=said[0],
        sentences=[said[1]],
        ways=[(words.in_(visit.language), path) for words, path in ways],
    )
    answer.headers.update(refusal.headers)
    return answer


class PageRoute(APIRoute):
    """A route whose refusals are pages, not problem+json: people read them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """The handler of FastAPI, with refusals caught."""
        handle = super().get_route_handler()

        async def page(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                return refused(request, refusal)

        return page
