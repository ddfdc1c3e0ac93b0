"""Every screen in every state: nothing that axe-core finds, no sideways scroll, narrow and wide; dark, its colours."""

import pytest
from playwright.async_api import Page, Route

from maillage.pages import STYLE_PATH, static_file
from tests.e2e.web.browser import COLOURS, NARROW, WIDE, opened, violations
from tests.unit.pages import samples
from tests.unit.pages.samples import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ORIGIN = "http://pages.localhost"
STYLE = bytes(static_file(STYLE_PATH.rsplit("/", 1)[1]).body)
PAGES = {f"/rdv/{sample.name}": sample for sample in SAMPLES}


async def serve(route: Route) -> None:
    """The pages without their services."""
    path = route.request.url.removeprefix(ORIGIN)
    if path in PAGES:
        await route.fulfill(body=samples.html(PAGES[path]), content_type="text/html; charset=utf-8")
    elif path == STYLE_PATH:
        await route.fulfill(body=STYLE, content_type="text/css")
    else:
        await route.fulfill(status=204)


async def test_no_screen_has_an_accessibility_fault_or_scrolls_sideways() -> None:
    """Each page is opened once: narrow and light, then wide and dark, where only colours can differ."""
    found = {}
    async with opened() as browser:
        context = await browser.new_context(reduced_motion="reduce")
        await context.route("**/*", serve)
        page = await context.new_page()
        for path in PAGES:
            await page.emulate_media(color_scheme="light")
            await page.set_viewport_size({"width": NARROW, "height": 700})
            await page.goto(ORIGIN + path)
            faults = [*await violations(page), *await _sideways(page, NARROW)]
            await page.emulate_media(color_scheme="dark")
            await page.set_viewport_size({"width": WIDE, "height": 700})
            faults += [f"dark: {each}" for each in (*await violations(page, *COLOURS), *await _sideways(page, WIDE))]
            if faults:
                found[path] = faults
        await context.close()
    assert found == {}


async def _sideways(page: Page, width: int) -> list[str]:
    return ["sideways"] if await page.evaluate("document.documentElement.scrollWidth") > width else []
