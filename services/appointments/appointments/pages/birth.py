"""The only thing that a link in a message shows at first: the question for the birth date."""

from collections.abc import Mapping

from starlette.responses import Response

from appointments.links import service as links
from appointments.links.errors import LinkLocked
from appointments.pages import typed
from appointments.pages.errors import LinkGone
from appointments.pages.screen import Screen
from appointments.pages.views import BirthQuestion
from maillage.refusals import NotFound
from maillage.words import Words

NOT_THIS_DATE = Words("Cette date ne correspond pas.", "This date does not match.")
TRIES_LEFT = Words("Essais restants : {}.", "Tries left: {}.")
BLANK = {"jour": "", "mois": "", "annee": ""}


def question(
    screen: Screen,
    base: str,
    values: Mapping[str, str] = BLANK,
    wrong: typed.Wrong | None = None,
    *,
    offer: bool = False,
) -> Response:
    """The question; `base`: the address of the link; `offer`: of the waiting list, not of an appointment."""
    return screen.show("birth.html", BirthQuestion(base, values, offer), wrong.found if wrong else [])


async def answered(screen: Screen, base: str, token: str, *, offer: bool = False) -> Response:
    """Right: 303 to what the link opens. Wrong: 422 with the tries left; the fifth time 410. Unknown: 404."""
    form = await screen.form()
    values = {name: form.text(name, 4) for name in BLANK}
    wrong = typed.Wrong(screen.say)
    born = typed.birth_date(values, wrong)
    if born is None:
        return question(screen, base, values, wrong, offer=offer)
    try:
        said = await screen.act.run(links.answer, token, born)
    except NotFound:
        raise LinkGone from None
    if said.outcome == "open":
        return screen.go(base)
    if said.outcome == "locked":
        raise LinkLocked
    wrong.found.append(("naissance", f"{screen.say(NOT_THIS_DATE)} {screen.say(TRIES_LEFT).format(said.tries_left)}"))
    return question(screen, base, values, wrong, offer=offer)
