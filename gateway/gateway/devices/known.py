"""A person's own devices: browsers on which a sign-in was completed. They are counted apart when somebody guesses a
password, so that a stranger's failures do not lock the owner out."""

from uuid import UUID

from fastapi import Response

from gateway.devices import domain, queries
from gateway.devices.schemas import KnownDevice, KnownDevices, Screen
from gateway.door import cookies
from gateway.parts import House
from gateway.platform import PLATFORM, everywhere
from gateway.sessions import service as sessions
from maillage.database import Tx
from maillage.http import Act
from maillage.ids import hash_token, new_id, new_token
from maillage.refusals import NotFound


async def remember(act: Act, house: House, answer: Response, secret: str) -> Response:
    """After a complete sign-in, whose session has this secret: the browser is known as the person's. A shared post
    stays what it is."""
    cookie = cookies.sent(act.request.scope, house.parts.rules.device)
    label = domain.browser_label(act.request.headers.get("user-agent", ""))
    token = await act.database.run(everywhere(act.principal), _remember, secret, cookie, label)
    if token is not None:
        line = house.parts.rules.set(house.parts.rules.device, token, int(domain.KNOWN_FOR.total_seconds()))
        answer.headers.append("set-cookie", line)
    return answer


async def _remember(tx: Tx, secret: str, cookie: str | None, label: str | None) -> str | None:
    kinds = await queries.kinds(tx, hash_token(cookie)) if cookie else []
    if "shared_post" in kinds:
        return None
    token = cookie if cookie and kinds else new_token()  # only a token that was made here is used again
    await queries.remember(tx, new_id(), hash_token(secret), hash_token(token), label, domain.KNOWN_FOR)
    return token


async def own(tx: Tx, cookie: str | None) -> KnownDevices:
    """The caller's known devices."""
    person_id = tx.principal.person_id
    rows = await queries.of_person(tx, person_id, hash_token(cookie or "")) if person_id else []
    return KnownDevices(items=[KnownDevice.model_validate(dict(row)) for row in rows])


async def screen(tx: Tx, sid: str) -> Screen | None:
    """The wall screen behind a session."""
    row = await queries.of_wall(tx, sid)
    return Screen.model_validate(dict(row)) if row is not None else None


async def forget(tx: Tx, device_id: UUID) -> None:
    """One of the caller's devices is no longer known, and the sessions opened on it as such end."""
    person_id = tx.principal.person_id
    if person_id is None or not await queries.forget_known(tx, device_id, person_id):
        raise NotFound
    ended = await queries.end_sessions(tx, device_id, "ended_by_owner")
    sessions.tell(tx, ended, "ended_by_owner")
    tx.audit("device_forgotten", "device", device_id, tx.principal.org or PLATFORM)
