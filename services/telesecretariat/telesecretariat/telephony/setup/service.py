"""Use cases of the registration of telephone systems. Secrets are sealed; audit facts hold none of them."""

from typing import Final
from uuid import UUID

import asyncpg

from maillage.database import Tx
from maillage.refusals import NotAllowed, NotFound, VersionStale
from telesecretariat.telephony.setup import queries
from telesecretariat.telephony.setup.errors import AdapterExists, AdapterUnsigned, SettingRefused
from telesecretariat.telephony.setup.schemas import (
    AdapterIn,
    AdapterPatch,
    AdapterRegistered,
    AdapterSecret,
    Kind,
    Settings,
)
from telesecretariat.telephony.webhooks.signatures import Secrets
from telesecretariat.vault import vault

_ALLOWED: Final[dict[Kind, frozenset[str]]] = {
    "simulated": frozenset(),
    "webhook": frozenset({"unsigned_networks"}),
    "ari": frozenset({"app", "device", "trunk", "music"}),
}


async def register(tx: Tx, wanted: AdapterIn) -> AdapterRegistered:
    """A telephone system of the caller's organisation. Its name is unique in the territory: it stands in an address."""
    organisation_id = _own(tx)
    settings = _checked(wanted.kind, wanted.settings)
    row = await tx.fetchrow(queries.ADD, wanted.id, organisation_id, wanted.kind, settings, tx.now)
    if row is None:
        raise AdapterExists
    tx.audit("adapter_registered", "organisation", organisation_id, organisation_id, adapter=wanted.id)
    return _out(row)


async def change(tx: Tx, adapter_id: str, wanted: AdapterPatch, version: int | None) -> AdapterRegistered:
    """Other settings. They count from the next event, for ari from the next connection on."""
    row = await _locked(tx, adapter_id)
    if version is not None and version != row["version"]:
        raise VersionStale(version=row["version"], headers={"ETag": f'"{row["version"]}"'})
    changed = await tx.fetchrow(queries.CHANGE, adapter_id, _checked(row["kind"], wanted.settings))
    assert changed is not None
    tx.audit("adapter_changed", "organisation", row["organisation_id"], row["organisation_id"], adapter=adapter_id)
    return _out(changed)


async def rotate(tx: Tx, adapter_id: str) -> AdapterSecret:
    """A new secret; the answer that is kept for a repeated key does not hold it."""
    row = await _locked(tx, adapter_id)
    if row["kind"] != "webhook":
        raise AdapterUnsigned
    secrets = Secrets.read(vault(tx).open(row["secrets_sealed"])).rotated(tx.now)
    changed = await tx.fetchrow(queries.ROTATE, adapter_id, vault(tx).seal(secrets.written()))
    assert changed is not None
    tx.audit(
        "adapter_secret_rotated", "organisation", row["organisation_id"], row["organisation_id"], adapter=adapter_id
    )
    return AdapterSecret(id=adapter_id, secret=None, previous_until=secrets.previous_until, version=changed["version"])


async def newest_secret(tx: Tx, adapter_id: str) -> str:
    """The secret for whoever has just made it."""
    sealed = await tx.fetchval(queries.SECRETS, adapter_id)
    assert isinstance(sealed, bytes)
    return Secrets.read(vault(tx).open(sealed)).known[0]


async def _locked(tx: Tx, adapter_id: str) -> asyncpg.Record:
    row = await tx.fetchrow(queries.LOCK, adapter_id)
    if row is None:
        raise NotFound
    return row


def _own(tx: Tx) -> UUID:
    if tx.principal.org is None:
        raise NotAllowed
    return tx.principal.org


def _checked(kind: Kind, settings: Settings) -> dict[str, object]:
    """What is set, if this kind has it. Refused: `SETTING_REFUSED` 422."""
    given = settings.model_dump(mode="json", exclude_defaults=True)
    for name in given:
        if name not in _ALLOWED[kind]:
            raise SettingRefused(pointer=f"/settings/{name}")
    return given


def _out(row: asyncpg.Record) -> AdapterRegistered:
    return AdapterRegistered(
        id=row["id"],
        organisation_id=row["organisation_id"],
        kind=row["kind"],
        settings=Settings(**row["settings"]),
        signed=row["secrets_sealed"] is not None,
        version=row["version"],
    )
