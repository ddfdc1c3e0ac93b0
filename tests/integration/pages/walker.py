"""A browser without script: follows links, fills and sends the forms it finds, reads what a person would read."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import httpx

from maillage.principal import Principal
from maillage.testing import Running
from tests.harness import people

X = "{http://www.w3.org/1999/xhtml}"


class Walker:
    """One visitor, who becomes a patient once `prove` has proved a contact. Every page is parsed strictly."""

    def __init__(self, running: Running, visitor: Principal | None = None) -> None:
        self.running = running
        self.who = visitor or people.visitor()
        self.answer = httpx.Response(0)
        self.page = Element("none")
        self.language = "fr"

    @property
    def path(self) -> str:
        """The address now shown."""
        url = urlsplit(str(self.answer.url))
        return url.path + (f"?{url.query}" if url.query else "")

    @property
    def status(self) -> int:
        """The status of the page now shown."""
        return self.answer.status_code

    @property
    def text(self) -> str:
        """What the page says, on one line."""
        return _text(self.page)

    @property
    def title(self) -> str:
        """Its title."""
        return _text(next(self.page.iter(f"{X}title")))

    @property
    def main(self) -> str:
        """What the main part says."""
        return _text(next(self.page.iter(f"{X}main")))

    def prove(self, contact: str) -> None:
        """The gateway has checked a code: from now on the same visitor comes with this contact."""
        self.who = people.patient(contact, visitor_id=self.who.visitor)

    async def get(self, path: str) -> "Walker":
        """Opens an address, following 303."""
        return await self._ask("GET", path)

    async def click(self, label: str) -> "Walker":
        """Follows the link whose name holds this text."""
        links = [a for a in self.page.iter(f"{X}a") if label in _text(a)]
        assert links, f"no link {label!r} in {self.main}"
        return await self.get(links[0].attrib["href"])

    async def send(self, button: str, fields: Mapping[str, str] | None = None) -> "Walker":
        """Presses the button whose name holds this text, after filling fields of its form."""
        form, pressed = self._button(button)
        values = {**_values(form), **(fields or {})}
        unknown = set(fields or {}) - {control.attrib.get("name") for control in form.iter()}
        assert not unknown, f"no such field: {unknown}"
        if "name" in pressed.attrib:
            values[pressed.attrib["name"]] = pressed.attrib.get("value", "")
        action = form.attrib["action"]
        if form.attrib["method"] == "get":
            return await self.get(f"{urlsplit(action).path}?{httpx.QueryParams(values)}")
        return await self._ask("POST", action, values)

    def _button(self, label: str) -> tuple[Element, Element]:
        forms = {form.attrib.get("id"): form for form in self.page.iter(f"{X}form")}
        for form in self.page.iter(f"{X}form"):
            for button in form.iter(f"{X}button"):
                if label in _text(button) and "form" not in button.attrib:
                    return form, button
        for button in self.page.iter(f"{X}button"):
            if label in _text(button) and "form" in button.attrib:
                return forms[button.attrib["form"]], button
        raise AssertionError(f"no button {label!r} in {self.main}")

    def buttons(self, name: str) -> list[str]:
        """The names of the buttons that send this field."""
        return [_text(button) for button in self.page.iter(f"{X}button") if button.attrib.get("name") == name]

    def value(self, name: str) -> str:
        """What stands in a field."""
        return next(i.attrib.get("value", "") for i in self.page.iter(f"{X}input") if i.attrib.get("name") == name)

    async def _ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> "Walker":
        async with self.running.client(self.who) as client:
            client.headers["Accept-Language"] = self.language
            self.answer = await client.request(method, path, data=data, follow_redirects=True)
        kind = self.answer.headers.get("content-type", "")
        if kind.startswith("text/html"):
            self.page = html5lib.HTMLParser(strict=True).parse(self.answer.text)
        return self


def _values(form: Element) -> dict[str, str]:
    values = {}
    for control in form.iter():
        kind = control.attrib.get("type", "")
        name = control.attrib.get("name")
        if (
            name is None
            or control.tag == f"{X}button"
            or (kind in ("radio", "checkbox") and "checked" not in control.attrib)
        ):
            continue
        if control.tag == f"{X}select":
            chosen = [o for o in control.iter(f"{X}option") if "selected" in o.attrib] or list(
                control.iter(f"{X}option")
            )
            values[name] = chosen[0].attrib.get("value", "")
        elif control.tag == f"{X}input":
            values[name] = control.attrib.get("value", "")
    return values


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def query(path: str) -> dict[str, str]:
    """The parameters of an address."""
    return dict(parse_qsl(urlsplit(path).query))
