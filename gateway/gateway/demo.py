"""The demonstration's organisations and accounts. Everything is generated, and every name says that it is a
demonstration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from gateway.accounts import queries
from gateway.accounts.service import membership_event
from gateway.delegations import queries as delegations
from gateway.delegations.service import delegation_event
from gateway.organisations import queries as organisations
from gateway.organisations.service import organisation_event
from gateway.sessions import passwords
from gateway.sessions import queries as sessions
from gateway.sessions.domain import login_key
from gateway.sessions.service import person_event
from maillage.database import Tx
from maillage.ids import new_token
from maillage.principal import system
from maillage.service import DemoAccount, DemoContext

CENTRE: Final = uuid5(NAMESPACE_URL, "maillage:demo:centre-71")
FIRM: Final = uuid5(NAMESPACE_URL, "maillage:demo:telesecretariat")
OPERATOR: Final = uuid5(NAMESPACE_URL, "maillage:demo:operator")
GROUP: Final = uuid5(NAMESPACE_URL, "maillage:demo:gcs-52")
HOSPITALS: Final = tuple(uuid5(NAMESPACE_URL, f"maillage:demo:hospital-52-{number}") for number in range(1, 6))
"""Chaumont, Langres, Bourbonne-les-Bains, Chaumont's medical and surgical centre, the clinic of Langres."""
SUPPLIER: Final = uuid5(NAMESPACE_URL, "maillage:demo:supplier")
DELEGATED: Final = ("appointments:*", "telesecretariat:*")
SHARED: Final = ("cooperation:*",)


@dataclass(frozen=True, slots=True)
class _Account:
    login: str
    name: str
    role: str
    organisation_id: UUID
    rpps: str | None = None


def rpps(serial: int) -> str:
    """The RPPS of the demonstration practitioner `serial`, as the appointments service makes it: prefix 899, not
    given out, with its Luhn key."""
    body = f"899{serial:07d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (1 if place % 2 else 2)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


ACCOUNTS: Final = (
    _Account("secretaire1", "Démonstration Téléphone-Un", "telesecretary", FIRM),
    _Account("secretaire2", "Démonstration Téléphone-Deux", "telesecretary", FIRM),
    _Account("superviseur", "Démonstration Supervision", "supervisor", FIRM),
    _Account("accueil", "Démonstration Accueil", "front_desk", CENTRE),
    _Account("medecin", "Démonstration Médecin", "practitioner", CENTRE, rpps(1)),
    _Account("infirmier", "Démonstration Soins", "nurse", CENTRE, rpps(31)),
    _Account("responsable", "Démonstration Responsable", "manager", CENTRE),
    _Account("administrateur", "Démonstration Administration", "administrator", CENTRE),
    _Account("auditeur", "Démonstration Audit", "auditor", CENTRE),
    _Account("pharmacien", "Démonstration Pharmacie", "sterilisation_releaser", GROUP),
    _Account("agent1", "Démonstration Stérilisation-Un", "sterilisation_agent", GROUP),
    _Account("agent2", "Démonstration Stérilisation-Deux", "sterilisation_agent", GROUP),
    _Account("chauffeur", "Démonstration Transport", "logistics_agent", GROUP),
    _Account("coordination", "Démonstration Coordination", "gcs_manager", GROUP),
    _Account("bloc", "Démonstration Bloc", "theatre_agent", HOSPITALS[1]),
    _Account("hygiene", "Démonstration Hygiène", "hygiene", HOSPITALS[1]),
    _Account("chirurgien", "Démonstration Chirurgie", "clinician", HOSPITALS[1]),
    _Account("direction", "Démonstration Direction", "manager", HOSPITALS[1]),
    _Account("facturation", "Démonstration Facturation", "accountant", HOSPITALS[1]),
    _Account("fournisseur", "Démonstration Fournisseur", "supplier", SUPPLIER),
    _Account("partenaires", "Démonstration Partenaires", "administrator", HOSPITALS[1]),
    _Account("exploitant", "Démonstration Exploitant", "administrator", OPERATOR),
)


async def load(context: DemoContext) -> Sequence[DemoAccount]:
    """Loads into an empty database; a second time it changes nothing and tells no password."""
    who = system("gateway")
    if await context.database.run(who, organisations.organisation, CENTRE) is not None:
        return []
    secrets, hashes = await drawn()
    await context.database.run(who, fill, context.settings.territory, hashes)
    return [
        DemoAccount(
            account.role,
            account.login,
            secrets[account.login],
            "/docs",
        )
        for account in ACCOUNTS
    ]


async def drawn() -> tuple[dict[str, str], dict[str, str]]:
    """A password for each account, and its hash, by login. No signs that look alike: it is read from a screen and
    typed."""
    secrets = {account.login: new_token()[:16].replace("-", "x").replace("_", "y") for account in ACCOUNTS}
    return secrets, {login: await passwords.hashed(secret) for login, secret in secrets.items()}


async def fill(tx: Tx, territory: str, hashes: dict[str, str]) -> None:
    """Organisations, delegations and accounts, in one transaction."""
    for organisation_id, kind, name in (
        (CENTRE, "health_centre", "Centre de santé départemental de Saône-et-Loire (démonstration)"),
        (FIRM, "telesecretariat", "Télésecrétariat (démonstration)"),
        (OPERATOR, "operator", "Exploitant (démonstration)"),
        (GROUP, "gcs", "GCS Sud Haute-Marne (démonstration)"),
        (HOSPITALS[0], "hospital", "Hôpital de Chaumont (démonstration)"),
        (HOSPITALS[1], "hospital", "Hôpital de Langres (démonstration)"),
        (HOSPITALS[2], "hospital", "Hôpital de Bourbonne-les-Bains (démonstration)"),
        (HOSPITALS[3], "hospital", "Centre médico-chirurgical de Chaumont (démonstration)"),
        (HOSPITALS[4], "hospital", "Clinique de Langres (démonstration)"),
        (SUPPLIER, "supplier", "Fournisseur d'ancillaires (démonstration)"),
    ):
        row = await organisations.put_organisation(tx, organisation_id, kind, name, territory, [], active=True)
        tx.emit(organisation_event(row), organisation_id)
    for client, provider, given in ((CENTRE, FIRM, DELEGATED), *((each, GROUP, SHARED) for each in HOSPITALS)):
        known_as = uuid5(FIRM, "delegation") if client == CENTRE else uuid5(client, "delegation")
        delegation = await delegations.add_delegation(tx, known_as, provider, client, given, tx.now, None)
        assert delegation is not None
        tx.emit(delegation_event(delegation), client)
    for account in ACCOUNTS:
        await _add(tx, account, hashes[account.login])
    tx.audit("demonstration_loaded", "organisation", CENTRE, CENTRE)


async def _add(tx: Tx, account: _Account, hashed: str) -> None:
    person_id = uuid5(account.organisation_id, f"person:{account.login}")
    person = await queries.add_person(
        tx, person_id, account.login, login_key(account.login), account.name, None, None, account.rpps, "active"
    )
    membership = await queries.add_membership(
        tx, uuid5(person_id, account.role), person_id, account.organisation_id, account.role, tx.now, None
    )
    assert person is not None
    assert membership is not None
    await sessions.set_password(tx, person_id, hashed)
    tx.emit(person_event(person), account.organisation_id)
    tx.emit(membership_event(membership), account.organisation_id)
