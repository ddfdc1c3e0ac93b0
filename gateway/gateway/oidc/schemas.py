"""Wire types of the ways to sign in."""

from typing import Literal

from maillage.wire import Wire


class WayName(Wire):
    """What people read on the button."""

    fr: str
    en: str


class Way(Wire):
    """One way in. `password`: POST {login, password} to `href`; `oidc`: the browser goes to `href`, to which
    `&return_to=` may be added."""

    id: str
    kind: Literal["password", "oidc"]
    name: WayName
    href: str


class Ways(Wire):
    """The ways in, as they are to be offered."""

    items: list[Way]
