"""Every screen that can be opened by its address, and who opens it.

A new screen is one more line: it is then looked at, narrow and wide, by `test_screens.py`, and drawn by
`make screenshots`. `{patient}` in an address is somebody whom the demonstration holds: FIRST says where."""

from typing import Final

from tests.e2e.console.desk import Person

SCREENS: Final[tuple[tuple[str, str], ...]] = (
    ("secretaire1", "/desk"),
    ("secretaire1", "/desk/softphone"),
    ("secretaire1", "/agenda"),
    ("secretaire1", "/agenda/week/{practitioner}"),
    ("secretaire1", "/agenda/day?view=list"),
    ("secretaire1", "/patients"),
    ("secretaire1", "/patients/{patient}"),
    ("secretaire1", "/account"),
    ("secretaire1", "/accessibility"),
    ("secretaire1", "/nowhere"),
    ("accueil", "/agenda/reception"),
    ("accueil", "/agenda/waiting"),
    ("infirmier", "/agenda/rounds"),
    ("accueil", "/patients/duplicates"),
    ("medecin", "/practitioner"),
    ("medecin", "/practitioner/day"),
    ("medecin", "/practitioner/absences"),
    ("superviseur", "/supervision"),
    ("superviseur", "/supervision/reports"),
    ("superviseur", "/supervision/staffing"),
    ("superviseur", "/supervision/quality"),
    ("superviseur", "/supervision/invoices"),
    ("superviseur", "/supervision/training"),
    ("superviseur", "/supervision/wall"),
    ("agent1", "/station"),
    ("agent1", "/station/codes"),
    ("agent1", "/sets"),
    ("agent1", "/sets/{set}"),
    ("agent1", "/sets/catalogue"),
    ("agent1", "/sets/catalogue/{composition}"),
    ("pharmacien", "/release"),
    ("pharmacien", "/recalls"),
    ("pharmacien", "/recalls/new"),
    ("pharmacien", "/recalls/holds"),
    ("coordination", "/board"),
    ("coordination", "/board/orders"),
    ("coordination", "/board/loans"),
    ("coordination", "/board/continuity"),
    ("chauffeur", "/transport"),
    ("coordination", "/plant/sets"),
    ("coordination", "/plant/import"),
    ("coordination", "/plant/instruments"),
    ("coordination", "/plant/compositions"),
    ("coordination", "/plant/models"),
    ("coordination", "/plant/packagings"),
    ("coordination", "/plant/stations"),
    ("coordination", "/plant/stations/new"),
    ("coordination", "/plant/devices"),
    ("coordination", "/plant/machines"),
    ("coordination", "/plant/programmes"),
    ("coordination", "/plant/signatories"),
    ("coordination", "/plant/members"),
    ("coordination", "/plant/sites"),
    ("coordination", "/plant/places"),
    ("coordination", "/plant/roads"),
    ("coordination", "/plant/group"),
    ("coordination", "/plant/crates"),
    ("coordination", "/plant/vehicles"),
    ("coordination", "/plant/flows"),
    ("bloc", "/hospital"),
    ("bloc", "/hospital/operations"),
    ("bloc", "/hospital/orders"),
    ("bloc", "/hospital/deliveries"),
    ("bloc", "/hospital/loans"),
    ("bloc", "/hospital/issues"),
    ("fournisseur", "/hospital"),
    ("partenaires", "/connection"),
    ("responsable", "/agenda/absences"),
    ("responsable", "/setup/schedules"),
    ("responsable", "/setup/absences"),
    ("responsable", "/setup/sessions"),
    ("responsable", "/setup/organisation"),
    ("responsable", "/setup/reports"),
    ("responsable", "/setup/imports"),
    ("responsable", "/setup/reasons"),
    ("responsable", "/setup/practitioners"),
    ("responsable", "/setup/sites"),
    ("responsable", "/setup/rooms"),
    ("responsable", "/setup/places"),
    ("responsable", "/setup/protocols"),
    ("responsable", "/setup/instructions"),
    ("responsable", "/setup/red-flags"),
    ("responsable", "/setup/announcements"),
    ("responsable", "/setup/announcements/new"),
    ("responsable", "/setup/known-numbers"),
    ("responsable", "/setup/agents"),
    ("responsable", "/setup/adapters"),
    ("responsable", "/setup/adapters/new"),
    ("responsable", "/setup/messages"),
    ("responsable", "/setup/lines"),
    ("responsable", "/setup/calendars"),
    ("responsable", "/setup/catalogues"),
    ("responsable", "/setup/contract"),
    ("administrateur", "/admin/persons"),
    ("administrateur", "/admin/devices"),
    ("administrateur", "/admin/identities"),
    ("administrateur", "/admin/delegations"),
    ("administrateur", "/admin/organisations"),
    ("administrateur", "/admin/permissions"),
    ("administrateur", "/admin/status"),
    ("auditeur", "/admin/audit"),
)

ALIKE: Final[frozenset[str]] = frozenset(
    f"/{path}"
    for area, names in {
        "plant": "instruments compositions models packagings stations devices machines programmes signatories members"
        " sites places roads group crates vehicles flows",
        "setup": "absences sessions practitioners sites rooms places protocols announcements announcements/new"
        " known-numbers adapters calendars catalogues contract messages",
        "hospital": "deliveries loans issues orders",
        "board": "loans continuity orders",
        "admin": "devices identities delegations organisations status audit",
        "supervision": "invoices quality reports staffing training",
        "recalls": "holds new",
        "practitioner": "absences",
        "patients": "duplicates",
        "station": "codes",
        "sets": "catalogue",
    }.items()
    for path in [f"{area}/{name}" for name in names.split()]
)
"""Screens whose frame, list and form are those of another one here, or that a journey looks at: in this list only
`make screenshots` opens them."""

FIRST: Final[dict[str, str]] = {
    "patient": "/api/appointments/v1/patients?q=margaux&limit=1",
    "practitioner": "/api/appointments/v1/practitioners?limit=1",
    "set": "/api/cooperation/v1/sets?limit=1",
    "composition": "/api/cooperation/v1/compositions?limit=1",
}

EXCUSED: Final[dict[str, tuple[str, ...]]] = {}
"""axe's rules that a screen is excused from, with the reason."""


async def address(person: Person, path: str) -> str:
    """The address with the first of what it names."""
    for name, listed in FIRST.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", (await person.get(listed))["items"][0]["id"])
    return path
