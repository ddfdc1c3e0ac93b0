"""Every screen in every state: nothing that axe-core finds, no sideways scroll, narrow and wide; dark, its colours."""

import pytest
from playwright.async_api import Route

from maillage.pages import STYLE_PATH, static_file
from tests.e2e.web.browser import COLOURS, NARROW, WIDE, opened, violations
from tests.unit.pages import samples
from tests.unit.pages.samples import SAMPLES

pytestmark = pytest.mark.browser
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


@pytest.mark.parametrize(("width", "scheme"), [(NARROW, "light"), (WIDE, "dark")])
async def test_no_screen_has_an_accessibility_fault_or_scrolls_sideways(width: int, scheme: str) -> None:
    found = {}
    async with opened() as browser:
        context = await browser.new_context(
            viewport={"width": width, "height": 700},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        await context.route("**/*", serve)
        page = await context.new_page()
        for path in PAGES:
            await page.goto(ORIGIN + path)
            faults = await violations(page, *(COLOURS if scheme == "dark" else ()))
            if await page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append("sideways")
            if faults:
                found[path] = faults
        await context.close()
    assert found == {}
