"""An authenticator in a test's hand, and an organisation of one's own: acts of administration ask for a second factor,
which the demonstration's people have not."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyotp
from playwright.async_api import Page

from maillage.ids import new_id
from tests.e2e.console.desk import Console, Person

OPERATOR: Final = "exploitant"
PASSWORD: Final = "quatre-moulins-sous-la-neige"


@dataclass(frozen=True)
class Own:
    """A new organisation, and how its administrator, who is invited, gets in."""

    name: str
    login: str
    invitation: str


async def accept(page: Page, login: str) -> None:
    """Takes the invitation in front of the page: chooses a password, then signs in with it."""
    await page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    await page.get_by_role("button", name="Enregistrer le mot de passe").click()
    await page.get_by_role("button", name="Se connecter").click()
    await page.get_by_label("Identifiant").fill(login)
    await page.get_by_label("Mot de passe").fill(PASSWORD)
    await page.keyboard.press("Enter")


async def enrol(origin: str, page: Page) -> None:
    """Sets up the authenticator that the page asks for."""
    await page.get_by_role("button", name="Préparer l'application").click()
    secret = await page.locator("code").inner_text()
    session = await (await page.request.get(f"{origin}/auth/session")).json()
    await page.get_by_label("Code", exact=False).last.fill(_code(secret, session))
    await page.get_by_role("button", name="Vérifier le code").click()
    await page.get_by_role("button", name="Je les ai notés").click()


async def organisation(console: Console, accounts: Path) -> Own:
    """A new health centre with an invited administrator, made by the operator. His authenticator is enrolled once an
    installation; its recovery codes lie beside the accounts, one for each later test."""
    kept = accounts.with_name("console-recovery.json")
    context = await console.browser.new_context()
    try:
        operator = Person(console.origin, context.request)
        await _read(operator)
        given = {"login": OPERATOR, "password": console.passwords[OPERATOR]}
        answer = await operator.post("/auth/password", given)
        await _read(operator)
        if answer["next"] == "done":
            codes = await _enrolled(operator)
        else:
            codes = json.loads(kept.read_text())
            await operator.post("/auth/recovery", {"code": codes.pop()})
            await _read(operator)
            if len(codes) < 3:
                codes = (await operator.post("/auth/recovery-codes"))["recovery_codes"]
        kept.write_text(json.dumps(codes))
        return await _created(operator)
    finally:
        await context.close()


async def _created(operator: Person) -> Own:
    mark = new_id().hex[-8:]
    made = await operator.post(
        "/api/gateway/v1/organisations",
        {
            "name": f"Centre d'essai {mark}",
            "kind": "health_centre",
            "identifiers": [],
            "administrator": {"display_name": f"Essai Administration {mark}", "login": f"essai.admin.{mark}"},
        },
    )
    administrator = made["administrator"]
    return Own(made["name"], administrator["login"], administrator["invitation"])


async def _enrolled(person: Person) -> list[str]:
    begun: dict[str, Any] = await person.post("/auth/totp-enrolment")
    await _read(person)
    shown = await person.post("/auth/totp-enrolment/confirm", {"code": _code(begun["secret"], person.session)})
    await _read(person)
    codes: list[str] = shown["recovery_codes"]
    return codes


async def _read(person: Person) -> None:
    person.session = await person.get("/auth/session")


def _code(secret: str, session: dict[str, Any]) -> str:
    return pyotp.TOTP(secret).at(datetime.fromisoformat(session["now"]))
