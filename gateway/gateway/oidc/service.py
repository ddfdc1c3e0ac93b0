"""Use cases of signing in with another issuer: sent there, back, known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from gateway.accounts import queries as accounts
from gateway.identities import queries as expected_identities
from gateway.identities import service as identities
from gateway.oidc import domain, queries
from gateway.oidc.domain import Claimed
from gateway.oidc.errors import AcrTooLow, OidcOtherPerson, OidcState, UnknownHere
from gateway.oidc.issuer import Asked
from gateway.oidc.queries import Row
from gateway.platform import PLATFORM
from gateway.sessions import queries as session_queries
from gateway.sessions import service as sessions
from gateway.sessions.errors import NoMembership
from gateway.sessions.service import Proof
from maillage.database import Tx
from maillage.ids import hash_token, new_id
from maillage.sealing import Sealer

_USE: Final = "oidc_verifier"
NAMELESS: Final = "Nom non transmis"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in that has come back: what its browser was sent with, and where it goes on."""

    provider: str
    nonce: str
    verifier: str
    return_to: str
    step_up_sid: str | None
    began_at: datetime


async def send(
    tx: Tx, sealer: Sealer, browser: str, provider: str, asked: Asked, return_to: str, *, step_up: bool
) -> None:
    """Keeps what is needed when the browser comes back. The state is kept as its hash, the verifier sealed."""
    browser_hash = hash_token(browser)
    await queries.make_room(tx, browser_hash, domain.PER_BROWSER - 1)
    await queries.add_flow(
        tx,
        hash_token(asked.state),
        provider,
        browser_hash,
        asked.nonce,
        sealer.seal(_USE, asked.verifier.encode()),
        return_to,
        tx.principal.sid if step_up else None,
        domain.LIVES,
    )


async def take(tx: Tx, sealer: Sealer, browser: str, state: str) -> Flow:
    """The flow of this state, once, in the browser where it began; else `OIDC_STATE`."""
    row = await queries.take_flow(tx, hash_token(state), hash_token(browser))
    if row is None or row["step_up_sid"] not in (None, tx.principal.sid):
        raise OidcState
    return Flow(
        provider=row["provider"],
        nonce=row["nonce"],
        verifier=sealer.open(_USE, row["verifier_sealed"]).decode(),
        return_to=row["return_to"],
        step_up_sid=row["step_up_sid"],
        began_at=row["created_at"],
    )


async def sign_in(tx: Tx, claimed: Claimed, proof: Proof, secret: str) -> None:
    """A new session for the person of these claims; who is expected gets the role first. Refused: `NO_MEMBERSHIP`."""
    person_id = await _person(tx, claimed)
    if await queries.remember(tx, claimed.issuer, claimed.subject, person_id):
        tx.audit("identity_linked", "person", person_id, PLATFORM, method=proof.amr[0])
    try:
        await sessions.open_session(tx, person_id, proof, secret)
    except NoMembership:
        raise UnknownHere from None
    offered = [row["organisation_id"] for row in await session_queries.contexts(tx, person_id)]
    numbers = [number for site in claimed.sites for number in site.identifiers]
    known = await queries.organisations_at(tx, domain.FINESS, numbers) if numbers else []
    there, not_there = domain.places(claimed.sites, [(row["number"], row["id"]) for row in known], offered)
    unknown = [{"identifier": site.identifiers[0], "label": site.label} for site in not_there]
    await queries.set_places(tx, hash_token(secret), there, unknown)


async def _person(tx: Tx, claimed: Claimed) -> UUID:
    """Who it is: linked before, else the account with this RPPS, else who was expected."""
    expected = await expected_identities.claimable(tx, claimed.identifiers)  # first: a second tab waits here
    row = await _known(tx, claimed)
    if row is None and not expected:
        raise UnknownHere
    if row is not None and row["status"] not in ("active", "invited"):
        raise UnknownHere
    person_id: UUID = row["id"] if row is not None else await _new_person(tx, claimed)
    await identities.claim(tx, person_id, expected)
    return person_id


async def _known(tx: Tx, claimed: Claimed) -> Row | None:
    row = await queries.person_of(tx, claimed.issuer, claimed.subject)
    if row is None and claimed.rpps:
        row = await queries.person_by_rpps(tx, claimed.rpps)
    return row


async def _new_person(tx: Tx, claimed: Claimed) -> UUID:
    """An account without password: its only way in is the issuer."""
    person_id = new_id()
    login = f"oidc-{person_id.hex[-12:]}"
    person = await accounts.add_person(
        tx, person_id, login, login, claimed.name or NAMELESS, None, None, claimed.rpps, "active"
    )
    assert person is not None
    tx.emit(sessions.person_event(person), PLATFORM)
    tx.audit("person_added", "person", person_id, PLATFORM, source="psc")
    return person_id


async def step_up(tx: Tx, claimed: Claimed, proof: Proof) -> None:
    """The person of the present session has proved it again. Refused: `OIDC_OTHER_PERSON`, `ACR_TOO_LOW`."""
    if proof.acr < 2:
        raise AcrTooLow
    sid, person_id = tx.principal.sid, tx.principal.person_id
    row = await _known(tx, claimed)
    if sid is None or row is None or row["id"] != person_id:
        raise OidcOtherPerson
    await queries.remember(tx, claimed.issuer, claimed.subject, row["id"])
    await session_queries.renew(tx, sid, proof.amr)
    tx.audit("stepped_up", "person", row["id"], tx.principal.org or PLATFORM, sid=sid, method=proof.amr[0])


async def note_refused(tx: Tx, provider: str, code: str) -> None:
    """The audit keeps that somebody was not let in, and why; not who he claimed to be."""
    tx.audit("sign_in_refused", "person", tx.principal.person_id or PLATFORM, PLATFORM, method=provider, code=code)


async def forget(tx: Tx) -> None:
    """Timed job: flows that lapsed, and the oldest of too many."""
    await queries.forget(tx, domain.MOST)
