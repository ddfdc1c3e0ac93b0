"""The refusal of the waiting room."""

from gateway.door.pages import WithPage
from maillage.words import Words


class WaitingRoom(WithPage):
    """Too many visitors at once. A browser that navigates gets a page with its place; programs get `Retry-After`."""

    code, status = "WAITING_ROOM", 503
    title = Words("Beaucoup de visiteurs en ce moment", "Many visitors at the moment")
    detail = Words(
        "Attendez une minute, puis recommencez, ou appelez-nous au 03 85 34 71 00.",
        "Wait a minute, then try again, or call us on +33 3 85 34 71 00.",
    )

    def __init__(self, page: str | None = None) -> None:
        super().__init__(headers={"Retry-After": "60"})
        self.page = page
