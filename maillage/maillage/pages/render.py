"""Templates in, HTML out: escaped, in one language, under a policy that allows no script at all."""

from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from maillage.pages.catalogue import French, english
from maillage.pages.formats import Format, waiting_class
from maillage.pages.forms import CSRF_FIELD, TRAP_FIELD
from maillage.pages.frame import Frame
from maillage.pages.static import ICON_PATH, STYLE_PATH
from maillage.pages.visit import LANGUAGE_FIELD, Visit
from maillage.words import Language

_KIT = "maillage.pages"
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}


class Pages:
    """The templates and the English sentences of one package, over those of the kit."""

    def __init__(self, package: str, zone: str = "Europe/Paris") -> None:
        packages = (package,) if package == _KIT else (package, _KIT)
        self._zone = ZoneInfo(zone)
        self._environments: dict[Language, Environment] = {
            "fr": _environment(packages, French()),
            "en": _environment(packages, english(*packages)),
        }

    def format(self, visit: Visit) -> Format:
        """How dates, times and numbers are said on this page."""
        return Format(visit.language, self._zone)

    def html(self, visit: Visit, template: str, frame: Frame, **view: object) -> str:
        """The page as text. An unknown name in a template is an error, never an empty place."""
        return (
            self._environments[visit.language]
            .get_template(template)
            .render(visit=visit, frame=frame, f=self.format(visit), **view)
        )

    def render(self, visit: Visit, template: str, frame: Frame, *, status: int = 200, **view: object) -> HTMLResponse:
        """The page as an answer that nobody stores."""
        headers = {**_HEADERS, "Content-Language": visit.language}
        return HTMLResponse(self.html(visit, template, frame, **view), status_code=status, headers=headers)


def _environment(packages: tuple[str, ...], translations: object) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        style_path=STYLE_PATH,
        icon_path=ICON_PATH,
        csrf_field=CSRF_FIELD,
        trap_field=TRAP_FIELD,
        language_field=LANGUAGE_FIELD,
        waiting_class=waiting_class,
    )
    return environment
