"""Pages made by the server for people without script: base template, one stylesheet, forms, two languages.

    pages = Pages("appointments.pages")                  # its templates/ and locale/en.po, then the kit's
    visit = Visit.of(request, act.principal.csrf)        # language, CSRF claim and address of this request
    return pages.render(visit, "times.html", frame, view=view)

A template extends `base.html`; French sentences are written in the template, English ones in `locale/en.po`.
"""

from maillage.pages.formats import Format, french
from maillage.pages.forms import Form, read_form
from maillage.pages.frame import FooterLink, Frame, PhoneLine
from maillage.pages.render import CONTENT_SECURITY_POLICY, Pages
from maillage.pages.static import ICON_PATH, STYLE_PATH, static_file
from maillage.pages.visit import Visit

__all__ = [
    "CONTENT_SECURITY_POLICY",
    "ICON_PATH",
    "STYLE_PATH",
    "FooterLink",
    "Form",
    "Format",
    "Frame",
    "Pages",
    "PhoneLine",
    "Visit",
    "french",
    "read_form",
    "static_file",
]
