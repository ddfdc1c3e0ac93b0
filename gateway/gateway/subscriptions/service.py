"""Use cases of subscriptions. An administrator reaches the machines of the own organisation, a machine itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

import contracts.all_events
from contracts.base import events
from contracts.gateway import SubscriptionDisabled
from gateway.deliveries import domain as delivery_domain
from gateway.deliveries import queries as deliveries
from gateway.deliveries import signing
from gateway.deliveries.calling import Answer, Message
from gateway.deliveries.schemas import Notice, NoticeData
from gateway.outbound import Outbound, UrlRefused
from gateway.paging import after, check_version, next_of
from gateway.sessions.errors import StepUpRequired
from gateway.subscriptions import domain, queries
from gateway.subscriptions.errors import EndpointUnreachable, TooManySubscriptions, TypeNotAllowed
from gateway.subscriptions.queries import Row
from gateway.subscriptions.schemas import SubscriptionIn, SubscriptionOut, SubscriptionPatch, Subscriptions
from maillage import clock
from maillage.database import Tx
from maillage.ids import new_id
from maillage.principal import Principal
from maillage.refusals import FieldNotAllowed, Invalid, NotFound, WrongState
from maillage.sealing import Sealer

__all__ = ["contracts"]
_READERS: Final = {name: kind.READERS for name, kind in events().items() if kind.PARTNERS}


@dataclass(frozen=True, slots=True)
class Means:
    """What subscriptions are made and called with."""

    outbound: Outbound
    sealer: Sealer
    timeout_s: float


def machine_of(who: Principal) -> UUID | None:
    """The machine that calls; None: an administrator does, for all of the own organisation."""
    return UUID(who.sub.removeprefix("client:")) if who.kind == "partner" else None


def check_fresh(who: Principal) -> None:
    """A person who changes something has proved a second factor lately; a machine has proved its key."""
    if who.kind == "partner":
        return
    age_s = clock.now().timestamp() - (who.auth_time or 0)
    if who.acr < 2 or age_s > domain.FRESH.total_seconds():
        raise StepUpRequired(max_age=int(domain.FRESH.total_seconds()))


async def list_subscriptions(tx: Tx, client_id: UUID | None, cursor: str | None, limit: int) -> Subscriptions:
    """Subscriptions by id."""
    rows = await queries.page(tx, machine_of(tx.principal) or client_id, after(cursor), limit + 1)
    return Subscriptions(items=[_out(row) for row in rows[:limit]], next_cursor=next_of(rows, limit))


async def read(tx: Tx, subscription_id: UUID) -> SubscriptionOut:
    """One of them."""
    row = await queries.one(tx, subscription_id, machine_of(tx.principal))
    if row is None:
        raise NotFound
    return _out(row)


async def add(tx: Tx, means: Means, wanted: SubscriptionIn) -> SubscriptionOut:
    """A new one. The answer holds no secret: it is kept for a repeated key, and a secret is kept sealed only."""
    check_fresh(tx.principal)
    client = await _client(tx, wanted.client_id)
    _check_address(means, wanted)
    _check_types(wanted.types, client["scopes"])
    if await queries.number_of(tx, client["id"]) >= domain.MOST:
        raise TooManySubscriptions
    subscription_id = new_id()
    sealed = [signing.seal(means.sealer, subscription_id, signing.new_secret())] if wanted.url else []
    row = await queries.add(tx, subscription_id, client, wanted.url, wanted.types, sealed)
    tx.audit("subscription_added", "subscription", row["id"], row["organisation_id"], mode=row["mode"])
    return _out(row)


async def secret_of(tx: Tx, means: Means, subscription_id: UUID) -> str | None:
    """The newest secret, for whoever has just made it; None for reading by cursor."""
    row = await queries.one(tx, subscription_id, machine_of(tx.principal))
    if row is None or not row["secrets_sealed"]:
        return None
    return signing.signing_secrets(means.sealer, row["id"], row["secrets_sealed"], None, tx.now)[0]


async def ping_before_change(tx: Tx, means: Means, subscription_id: UUID, wanted: SubscriptionPatch) -> Message | None:
    """The ping that a new address must answer before events go there; None where none do yet."""
    check_fresh(tx.principal)
    row = await _present(tx, subscription_id)
    if wanted.url is None or row["url"] in (None, wanted.url) or row["state"] != "active":
        return None
    means.outbound.check(wanted.url)
    return _ping(means, row, wanted.url)


async def change(
    tx: Tx, means: Means, subscription_id: UUID, wanted: SubscriptionPatch, answer: Answer | None, version: int | None
) -> SubscriptionOut:
    """Another address or other types, from the next event on."""
    row = await _locked(tx, subscription_id)
    check_version(row, version)
    if wanted.url is not None:
        if row["mode"] != "webhook":
            raise UrlRefused(pointer="/url")
        means.outbound.check(wanted.url)
        if answer is None and row["state"] == "active" and wanted.url != row["url"]:
            raise WrongState(state="active", allowed=["ping"])  # enabled between the ping and now
    if answer is not None:
        _check_answered(answer)
    if wanted.types is not None:
        client = await _client(tx, row["client_id"])
        _check_types(wanted.types, client["scopes"])
    row = await queries.change(tx, subscription_id, wanted.url or row["url"], wanted.types or row["types"])
    fields = " ".join(sorted(wanted.model_fields_set))
    tx.audit("subscription_changed", "subscription", subscription_id, row["organisation_id"], fields=fields)
    return _out(row)


async def remove(tx: Tx, subscription_id: UUID) -> None:
    """It ends, with all that was kept for it."""
    check_fresh(tx.principal)
    row = await _locked(tx, subscription_id)
    await deliveries.drop(tx, subscription_id)
    await queries.remove(tx, subscription_id)
    tx.audit("subscription_removed", "subscription", subscription_id, row["organisation_id"])


async def ping(tx: Tx, means: Means, subscription_id: UUID) -> Message:
    """The signed ping to send now."""
    check_fresh(tx.principal)
    row = await _present(tx, subscription_id)
    if row["url"] is None:
        raise WrongState(state="pull", allowed=[])
    return _ping(means, row, row["url"])


async def answered(tx: Tx, subscription_id: UUID, act: Literal["ping", "enable"], answer: Answer) -> SubscriptionOut:
    """The endpoint answered: a new one becomes active; a disabled one does when that was asked, and all that waited
    leaves, the oldest first. Refused: `ENDPOINT_UNREACHABLE` 422."""
    _check_answered(answer)
    row = await _locked(tx, subscription_id)
    if row["state"] == "pending" or (row["state"] == "disabled" and act == "enable"):
        row = await queries.activate(tx, subscription_id)
        await deliveries.unpark(tx, subscription_id)
        tx.audit("subscription_enabled", "subscription", subscription_id, row["organisation_id"])
    return _out(row)


async def rotate(tx: Tx, means: Means, subscription_id: UUID) -> SubscriptionOut:
    """A new secret; the one before signs beside it for 24 h."""
    check_fresh(tx.principal)
    row = await _locked(tx, subscription_id)
    if row["mode"] != "webhook":
        raise WrongState(state="pull", allowed=[])
    sealed = signing.seal(means.sealer, subscription_id, signing.new_secret())
    row = await queries.rotate(tx, subscription_id, sealed)
    tx.audit("subscription_secret_rotated", "subscription", subscription_id, row["organisation_id"])
    return _out(row)


async def disable(tx: Tx, subscription_ids: Sequence[UUID], reason: Literal["gone", "no_success"]) -> None:
    """Nothing more is sent there; what is due waits. The administrators get a mail, from `telling`."""
    for row in await queries.disable(tx, subscription_ids, reason):
        event = SubscriptionDisabled(subscription_id=row["id"], organisation_id=row["organisation_id"], reason=reason)
        tx.emit(event, row["organisation_id"])
        tx.audit("subscription_disabled", "subscription", row["id"], row["organisation_id"], reason=reason)
    await deliveries.park(tx, subscription_ids)


async def disable_dead(tx: Tx) -> None:
    """Those without one success for 24 h."""
    dead = await queries.dead(tx, tx.now - delivery_domain.DEAD_AFTER)
    if dead:
        await disable(tx, dead, "no_success")


async def drop_old_secrets(tx: Tx) -> None:
    """Secrets that were replaced a day ago."""
    await queries.drop_old_secrets(tx, tx.now - signing.BOTH_SIGN)


async def _client(tx: Tx, client_id: UUID | None) -> Row:
    """The machine that subscribes: one of the own organisation, or the caller itself."""
    own = machine_of(tx.principal)
    if own is not None and client_id not in (None, own):
        raise FieldNotAllowed(pointer="/client_id")
    wanted = own or client_id
    if wanted is None:
        raise Invalid(pointer="/client_id")
    row = await queries.client(tx, wanted)
    if row is None:
        raise NotFound
    return row


async def _present(tx: Tx, subscription_id: UUID) -> Row:
    row = await queries.one(tx, subscription_id, machine_of(tx.principal))
    if row is None:
        raise NotFound
    return row


async def _locked(tx: Tx, subscription_id: UUID) -> Row:
    row = await queries.locked(tx, subscription_id, machine_of(tx.principal))
    if row is None:
        raise NotFound
    return row


def _check_address(means: Means, wanted: SubscriptionIn) -> None:
    if (wanted.mode == "webhook") != (wanted.url is not None):
        raise UrlRefused(pointer="/url")
    if wanted.url is not None:
        means.outbound.check(wanted.url)


def _check_types(types: Sequence[str], scopes: Sequence[str]) -> None:
    place = domain.first_refused(types, _READERS, scopes)
    if place is not None:
        raise TypeNotAllowed(pointer=f"/types/{place}")


def _check_answered(answer: Answer) -> None:
    if answer.failure is not None:
        raise EndpointUnreachable(failure=answer.failure, answered=answer.status)


def _ping(means: Means, row: Row, url: str) -> Message:
    data = NoticeData(
        id=row["id"],
        organisation_id=row["organisation_id"],
        sequence=0,
        href=f"/api/gateway/v1/subscriptions/{row['id']}",
    )
    body = Notice(type="ping", timestamp=clock.now(), data=data).model_dump_json().encode()
    secrets = signing.signing_secrets(means.sealer, row["id"], row["secrets_sealed"], row["rotated_at"], clock.now())
    return Message(url, secrets, new_id(), body)


def _out(row: Row) -> SubscriptionOut:
    return SubscriptionOut(**{name: row[name] for name in SubscriptionOut.model_fields if name != "secret"})
