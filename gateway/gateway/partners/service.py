"""Use cases of partners' administration. An administrator reaches the own organisation: row-level security holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import JsonValue

from gateway.organisations import queries as organisations
from gateway.outbound import UrlRefused, target
from gateway.paging import after, check_version, next_of
from gateway.partners import jwks, queries
from gateway.partners.domain import WHOLE_TERRITORY, permissions_of
from gateway.partners.errors import OTHER_REASON, REASONS, CertificateTaken, ReachNotForKind, ScopeUnknown
from gateway.partners.jwks import PublicKey
from gateway.partners.keys import kept
from gateway.partners.queries import Row
from gateway.partners.schemas import (
    CertificateWire,
    ClientIn,
    ClientKey,
    ClientOut,
    ClientPatch,
    Clients,
    LastRefusal,
)
from gateway.settings import GatewaySettings
from maillage.database import Tx
from maillage.ids import new_id
from maillage.refusals import NotAllowed, NotFound, WrongState
from maillage.words import Language


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a client is described, and what its addresses are."""

    settings: GatewaySettings
    language: Language

    @property
    def token_url(self) -> str:
        """Where tokens are asked for; assertions name it exactly so."""
        return token_url(self.settings)


def token_url(settings: GatewaySettings) -> str:
    """The address of the token endpoint, and the audience of every assertion."""
    return settings.public_url.rstrip("/") + "/oauth/token"


async def list_clients(tx: Tx, reader: Reader, cursor: str | None, limit: int) -> Clients:
    """Clients by id."""
    rows = await queries.clients(tx, after(cursor), limit + 1)
    return Clients(items=[_out(row, reader) for row in rows[:limit]], next_cursor=next_of(rows, limit))


async def read_client(tx: Tx, reader: Reader, client_id: UUID) -> ClientOut:
    """One client."""
    return _out(await _reached(tx, client_id), reader)


async def add_client(tx: Tx, reader: Reader, wanted: ClientIn) -> ClientOut:
    """A machine of the own organisation; it may ask for tokens at once."""
    if tx.principal.org is None:
        raise NotAllowed
    own, client_id = tx.principal.org, new_id()
    await _check_reach(tx, own, wanted.reach)
    keys = jwks.uploaded(wanted.jwks, tx.now) if wanted.jwks is not None else None
    _check_url(wanted.jwks_url, reader)
    scopes = _expanded(wanted.scopes)
    certificates = [each.kept() for each in wanted.certificates]
    await queries.add(
        tx,
        client_id,
        own,
        wanted.name,
        _stored(keys),
        wanted.jwks_url,
        certificates,
        scopes,
        wanted.reach,
        wanted.bound_ids,
    )
    await _register(tx, client_id, certificates)
    tx.audit("client_added", "client", client_id, own, scopes=" ".join(scopes), reach=wanted.reach, keys=_named(keys))
    return _out(await _reached(tx, client_id), reader)


async def change_client(tx: Tx, reader: Reader, client_id: UUID, change: ClientPatch, version: int | None) -> ClientOut:
    """Keys, scopes, reach, certificates; what was taken back ends at once, in tokens that are out too."""
    row = await _reached(tx, client_id)
    check_version(row, version)
    await _check_reach(tx, row["organisation_id"], change.reach or "o")
    keys, url = _keys(row, change, reader, tx)
    scopes = _expanded(change.scopes) if change.scopes is not None else row["scopes"]
    certificates = [each.kept() for each in change.certificates] if change.certificates is not None else None
    await queries.change(
        tx,
        client_id,
        change.name or row["name"],
        _stored(keys),
        url,
        row["certificates"] if certificates is None else certificates,
        scopes,
        change.reach or row["reach"],
        row["bound_ids"] if change.bound_ids is None else change.bound_ids,
    )
    if certificates is not None:
        await _register(tx, client_id, certificates)
    await _end_tokens(tx, row, change, keys)
    tx.audit(
        "client_changed",
        "client",
        client_id,
        row["organisation_id"],
        fields=" ".join(sorted(change.model_fields_set)),
        scopes=" ".join(scopes),
        reach=change.reach or row["reach"],
        keys=_named(keys),
    )
    return _out(await _reached(tx, client_id), reader)


async def set_status(tx: Tx, reader: Reader, client_id: UUID, status: str) -> ClientOut:
    """Suspends: all its tokens end, and no new one is given. Or lets it in again."""
    row = await _reached(tx, client_id)
    if row["status"] == status:
        raise WrongState(state=row["status"], allowed=["resume" if status == "suspended" else "suspend"])
    await queries.set_status(tx, client_id, status)
    if status == "suspended":
        await queries.end_tokens(tx, client_id)
    tx.audit(
        "client_" + ("suspended" if status == "suspended" else "resumed"), "client", client_id, row["organisation_id"]
    )
    return _out(await _reached(tx, client_id), reader)


async def _reached(tx: Tx, client_id: UUID) -> Row:
    row = await queries.client(tx, client_id)
    if row is None:
        raise NotFound
    return row


async def _check_reach(tx: Tx, organisation_id: UUID, reach: str) -> None:
    if reach == "t" and await organisations.kind_of(tx, organisation_id) not in WHOLE_TERRITORY:
        raise ReachNotForKind(pointer="/reach")


def _check_url(url: str | None, reader: Reader) -> None:
    if url is not None:
        try:
            target(url, reader.settings.private_partners)
        except UrlRefused:
            raise UrlRefused(pointer="/jwks_url") from None


def _expanded(words: Sequence[str]) -> list[str]:
    meant = [permissions_of(word) for word in words]
    for place, names in enumerate(meant):
        if names is None:
            raise ScopeUnknown(pointer=f"/scopes/{place}")
    return sorted(frozenset().union(*(names for names in meant if names)))


def _keys(row: Row, change: ClientPatch, reader: Reader, tx: Tx) -> tuple[list[PublicKey] | None, str | None]:
    """The uploaded keys and the address of keys after a change: one takes the place of the other."""
    if change.jwks is not None:
        return jwks.uploaded(change.jwks, tx.now, kept(row)), None
    if change.jwks_url is not None:
        _check_url(change.jwks_url, reader)
        return None, change.jwks_url
    emptied = change.model_fields_set
    keys = kept(row) if row["jwks"] is not None and "jwks" not in emptied else None
    return keys, None if "jwks_url" in emptied else row["jwks_url"]


async def _register(tx: Tx, client_id: UUID, certificates: Sequence[dict[str, str]]) -> None:
    subjects = {(each["issuer"], each["cn"], each["ou"]) for each in certificates if "issuer" in each}
    if await queries.put_subjects(tx, client_id, sorted(subjects)) < len(subjects):
        raise CertificateTaken(pointer="/certificates")


async def _end_tokens(tx: Tx, row: Row, change: ClientPatch, keys: Sequence[PublicKey] | None) -> None:
    said = change.model_fields_set
    if "jwks" in said or ("jwks_url" in said and change.jwks_url != row["jwks_url"]):
        prints = [key.thumbprint for key in keys or ()]
        await queries.end_tokens_but(tx, row["id"], [queries.BY_CERTIFICATE, *prints])
    if change.certificates is not None or change.scopes is not None:
        await queries.end_bound_tokens(tx, row["id"])


def _stored(keys: Sequence[PublicKey] | None) -> list[JsonValue] | None:
    return None if keys is None else [key.model_dump(mode="json") for key in keys]


def _named(keys: Sequence[PublicKey] | None) -> str:
    """Keys in the audit: their thumbprints, which nobody chose."""
    return " ".join(key.thumbprint for key in keys or ())


def _out(row: Row, reader: Reader) -> ClientOut:
    code = row["last_refusal"]
    same = ("id", "name", "status", "scopes", "reach", "bound_ids", "jwks_url", "created_at", "last_used_at", "version")
    return ClientOut(
        **{name: row[name] for name in same},
        certificates=[CertificateWire.model_validate(each) for each in row["certificates"]],
        keys=[ClientKey(**{name: getattr(key, name) for name in ClientKey.model_fields}) for key in kept(row)],
        keys_read_at=row["read_at"],
        token_url=reader.token_url,
        requests_today=row["requests_today"],
        last_refusal=LastRefusal(
            code=code, detail=REASONS.get(code, OTHER_REASON).in_(reader.language), at=row["last_refused_at"]
        )
        if code
        else None,
    )
