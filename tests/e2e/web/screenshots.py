"""`make screenshots`: the patient pages as pictures, from generated contents. Whoever changes a screen looks at them.

Writes the few that the README shows into docs/screens, and every screen in every state, narrow and wide, light and
dark, into .maillage/screens with one sheet per width (index-320-light.html …).
"""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.e2e.web.browser import NARROW, WIDE, opened
from tests.e2e.web.test_screens import ORIGIN, serve
from tests.unit.pages.samples import SAMPLES

ROOT = Path(__file__).resolve().parents[3]
SHOWN = {
    "1-motif": "booking-1-reason.png",
    "2-horaire": "booking-2-time.png",
    "3-vous-connu": "booking-3-who.png",
    "4-confirme": "booking-4-confirmed.png",
}
HEIGHT = 660


async def _opened(browser: Browser, width: int, scheme: str) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=False,
    )
    await context.route("**/*", serve)
    return await context.new_page()


async def pictures() -> None:
    """Takes them all."""
    shown, every = ROOT / "docs" / "screens", ROOT / ".maillage" / "screens"
    shown.mkdir(parents=True, exist_ok=True)
    every.mkdir(parents=True, exist_ok=True)
    async with opened() as browser:
        for width, scheme in ((NARROW, "light"), (NARROW, "dark"), (768, "light"), (WIDE, "light")):
            page = await _opened(browser, width, scheme)
            names = []
            for sample in SAMPLES:
                await page.goto(f"{ORIGIN}/rdv/{sample.name}")
                if (width, scheme) == (NARROW, "light") and sample.name in SHOWN:
                    await page.screenshot(path=shown / SHOWN[sample.name])
                name = f"{sample.name}-{width}-{scheme}.png"
                await page.screenshot(path=every / name, full_page=True)
                names.append(name)
            sheet = "".join(f'<figure><img src="{name}"><figcaption>{name}</figcaption></figure>' for name in names)
            (every / f"index-{width}-{scheme}.html").write_text(
                f"<!DOCTYPE html><style>body{{display:flex;flex-wrap:wrap;gap:1rem}}figure{{margin:0}}</style>{sheet}"
            )
            await page.context.close()


if __name__ == "__main__":
    asyncio.run(pictures())
