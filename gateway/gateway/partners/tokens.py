"""Use cases of partners' tokens: given for an assertion, taken back, and refused with a reason that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from gateway.attempts import service as attempts
from gateway.attempts.service import Window
from gateway.partners import queries
from gateway.partners.certificates import Certificate
from gateway.partners.domain import TOKEN_LIVES
from maillage.database import Tx
from maillage.ids import hash_token

_PAIR: Final = (Window(10, 60), Window(20, 3_600))
_ADDRESS: Final = (Window(30, 3_600),)
_USE: Final = "token"


@dataclass(frozen=True, slots=True)
class Proof:
    """An assertion that was found to be a client's own, with what the client was when it was judged."""

    client_id: UUID
    organisation_id: UUID
    version: int
    key_print: str
    jti: str
    ends: float


async def give(tx: Tx, proof: Proof, secret: str, scopes: Sequence[str], x5t: str | None) -> str | None:
    """A token for an assertion that was never used; else the code of what is wrong, and no token."""
    code = await _use(tx, proof)
    if code is None:
        await queries.add_token(
            tx, hash_token(secret), proof.client_id, scopes, x5t, proof.key_print, tx.now + TOKEN_LIVES
        )
        tx.audit("token_given", "client", proof.client_id, proof.organisation_id, bound=x5t is not None)
    return code


async def take_back(tx: Tx, proof: Proof, token_hash: bytes) -> str | None:
    """Ends a token of the client itself; another's, or an unknown one, is left as it is (RFC 7009 2.2)."""
    code = await _use(tx, proof)
    if code is None and await queries.end_token(tx, token_hash, proof.client_id):
        tx.audit("token_revoked", "client", proof.client_id, proof.organisation_id)
    return code


async def _use(tx: Tx, proof: Proof) -> str | None:
    if not await queries.use_once(tx, proof.client_id, proof.jti, datetime.fromtimestamp(proof.ends, UTC)):
        return "ASSERTION_REPLAYED"
    return None if await queries.used(tx, proof.client_id, proof.version) else "CLIENT_CHANGED"


async def refuse(tx: Tx, client_id: UUID, code: str, pair: bytes, address: bytes) -> int:
    """Keeps why, for the administrator, and counts it; the seconds to wait when there were too many, then nothing is
    kept. The same statements whether the client exists or not."""
    wait_s = max(await attempts.waits(tx, _USE, pair, _PAIR), await attempts.waits(tx, _USE, address, _ADDRESS))
    if wait_s:
        return wait_s
    for key in sorted((pair, address)):
        await attempts.count(tx, _USE, key)
    client = await queries.note_refusal(tx, client_id, code)
    if client is not None:
        tx.audit("token_refused", "client", client_id, client["organisation_id"], code=code)
    return 0


async def admit(tx: Tx, certificate: Certificate, key_hash: bytes) -> bool:
    """A certificate that proves a client alone becomes a token for five minutes, without any secret but the key behind
    it; False when it proves none, or more than one."""
    clients = await queries.of_certificate(tx, certificate.subjects) if certificate.subjects else []
    if len(clients) != 1:
        return False
    ends = min(tx.now + TOKEN_LIVES, certificate.ends)
    client = clients[0]
    if not await queries.used(tx, client["id"], client["version"]):
        return False
    await queries.add_token(
        tx, key_hash, client["id"], client["scopes"], certificate.thumbprint, queries.BY_CERTIFICATE, ends
    )
    tx.audit("certificate_admitted", "client", client["id"], client["organisation_id"])
    return True
