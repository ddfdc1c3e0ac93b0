"""`make screenshots`, the console's part: every screen of `screens.py` at three widths, light and dark, into
.maillage/screens with a sheet for each; the few that the README shows into docs/screens. Whoever changes a screen opens
them."""

import asyncio
import contextlib
import json
import tempfile
from pathlib import Path

from playwright.async_api import TimeoutError as Patience

from tests.e2e.console.desk import Console, Screen
from tests.e2e.console.installation import ROOT, installed
from tests.e2e.console.screens import SCREENS
from tests.e2e.web.browser import opened

SIZES = ((1440, 900), (1024, 768), (390, 844))
SHOWN = {
    ("secretaire1", "/desk"): "console-desk.png",
    ("secretaire1", "/agenda"): "console-agenda.png",
    ("superviseur", "/supervision/wall"): "console-wall.png",
    ("pharmacien", "/release"): "console-release.png",
}


async def _settled(screen: Screen, path: str) -> None:
    await screen.open(path)
    await screen.page.locator("h1").first.wait_for(state="attached")
    with contextlib.suppress(Patience):  # a screen that still waits is drawn as it is: its picture should say so
        await screen.page.wait_for_function("!document.querySelector('.skeleton')", timeout=5_000)


async def pictures(console: Console) -> None:
    """Takes them all."""
    shown, every = ROOT / "docs" / "screens", ROOT / ".maillage" / "screens"
    shown.mkdir(parents=True, exist_ok=True)
    every.mkdir(parents=True, exist_ok=True)
    for (width, height), dark in ((size, dark) for size in SIZES for dark in (False, True)):
        scheme = "dark" if dark else "light"
        names = []
        for login in dict.fromkeys(login for login, _ in SCREENS):
            async with console.signed_in(login, "/account", width=width, height=height, dark=dark) as screen:
                for path in [each for who, each in SCREENS if who == login]:
                    await _settled(screen, path)
                    name = f"console-{login}{path.replace('/', '-')}-{width}-{scheme}.png"
                    await screen.page.screenshot(path=every / name)
                    names.append(name)
                    if (width, dark) == (SIZES[0][0], False) and (login, path) in SHOWN:
                        await screen.page.screenshot(path=shown / SHOWN[(login, path)])
        sheet = "".join(
            f'<figure><img src="{name}" width="480"><figcaption>{name}</figcaption></figure>' for name in names
        )
        (every / f"console-{width}-{scheme}.html").write_text(
            f"<!DOCTYPE html><style>body{{display:flex;flex-wrap:wrap;gap:1rem}}figure{{margin:0}}</style>{sheet}"
        )


async def main(url: str, passwords: dict[str, str]) -> None:
    """All pictures of one installation."""
    async with opened() as browser:
        await pictures(Console(url, passwords, browser))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="maillage-screens-") as directory, installed(Path(directory)) as running:
        rows = json.loads(running[1].read_text())
        asyncio.run(main(running[0], {row["login"]: row["password"] for row in rows}))
