"""Keys and sessions on the real base: rotation in time, memory that is not believed for long."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from joserfc import jws
from joserfc.jwk import KeySet

from gateway import demo
from gateway.audit import service as audit
from gateway.door.callers import Callers
from gateway.door.cookies import Signer
from gateway.door.tokens import Caller, KeyRing, Minter
from gateway.keys import service as keys
from gateway.main import service as gateway
from gateway.sessions import service as sessions
from gateway.sessions.service import Proof
from gateway.settings import GatewaySettings
from maillage import clock
from maillage.database import Database, Tx
from maillage.principal import system
from maillage.refusals import ServiceUnavailable
from maillage.sealing import Sealer
from maillage.service import DemoContext
from maillage.testing import ServiceLike

KEY = "a key for tests, as long as a real one is: 0123456789"
SYSTEM = system("gateway")


@pytest_asyncio.fixture
async def base(service_database: Callable[[ServiceLike], str]) -> AsyncIterator[Database]:
    """An open database of the gateway."""
    database = Database(GatewaySettings(key=KEY, postgres_url=service_database(gateway)))
    await database.open()
    yield database
    await database.close()


async def _signed_in(base: Database, login: str, secret: str) -> None:
    async def sign_in(tx: Tx) -> None:
        person_id = await tx.fetchval("SELECT id FROM person WHERE login = $1", login)
        assert isinstance(person_id, UUID)
        await sessions.open_session(tx, person_id, Proof(("pwd",), 1), secret)

    await base.run(SYSTEM, sign_in)


async def _age(base: Database, hours: float) -> None:
    async def older(tx: object) -> None:
        statement = (
            "UPDATE signing_key SET signs_from = signs_from - $1::interval, signs_until = signs_until - $1::interval,"
            " published_until = published_until - $1::interval"
        )
        await tx.execute(statement, timedelta(hours=hours))  # type: ignore[attr-defined]

    await base.run(SYSTEM, older)


async def test_a_new_key_is_published_before_it_signs_and_an_old_one_stays_until_its_tokens_end(base: Database) -> None:
    """First key at once; the next ten minutes early; never a moment without a signing key."""
    sealer, ring = Sealer(KEY.encode()), KeyRing()
    ring.keys = await base.run(SYSTEM, keys.published_keys, sealer)
    first = ring.signing().kid
    await base.run(SYSTEM, keys.rotate, sealer)
    assert len(await base.run(SYSTEM, keys.published_keys, sealer)) == 1, "too early for another"
    await _age(base, 23.75)
    await base.run(SYSTEM, keys.rotate, sealer)
    await base.run(SYSTEM, keys.rotate, sealer)
    ring.keys = await base.run(SYSTEM, keys.published_keys, sealer)
    assert len(ring.keys) == 2
    assert ring.signing().kid == first
    assert len(ring.jwks()["keys"]) == 2
    await _age(base, 0.2)
    ring.keys = await base.run(SYSTEM, keys.published_keys, sealer)
    assert ring.signing().kid != first
    assert first in {key.kid for key in ring.keys}
    await _age(base, 0.3)
    ring.keys = await base.run(SYSTEM, keys.published_keys, sealer)
    assert first not in {key.kid for key in ring.keys}


async def test_a_key_that_is_over_cannot_sign_again_and_still_proves_what_it_signed(base: Database) -> None:
    """Exports of the audit are verified years later: the public half stays, the private one goes."""
    sealer = Sealer(KEY.encode())
    (first,) = await base.run(SYSTEM, keys.published_keys, sealer)
    await _age(base, 49)
    await base.run(SYSTEM, keys.rotate, sealer)

    async def kept(tx: Tx) -> dict[str, bool]:
        rows = await tx.fetch("SELECT kid, private_sealed <> '' AS signs FROM signing_key")
        return {row["kid"]: row["signs"] for row in rows}

    (second,) = await base.run(SYSTEM, keys.published_keys, sealer)
    assert await base.run(SYSTEM, kept) == {first.kid: False, second.kid: True}
    told = await base.run(SYSTEM, audit.public_keys)
    assert [key["kid"] for key in told.keys] == [first.kid, second.kid]
    assert all("d" not in key for key in told.keys)


async def test_tokens_are_signed_once_in_ten_seconds_and_anew_when_rights_change(base: Database) -> None:
    """Same caller, service and address: same token. Another role, service or address: another."""
    ring = KeyRing(await base.run(SYSTEM, keys.published_keys, Sealer(KEY.encode())))
    at = 0.0
    minter = Minter(ring, lambda: at)
    caller = Caller(key="s", kind="professional", sub="person:x", role="nurse", csrf="c", sid="s")
    token = minter.token(caller, "appointments", frozenset(), "192.0.2.1")
    assert minter.token(caller, "appointments", frozenset(), "192.0.2.1") == token
    assert minter.token(caller, "telesecretariat", frozenset(), "192.0.2.1") != token
    assert minter.token(caller, "appointments", None, "192.0.2.1") != token
    changed = Caller(key="s", kind="professional", sub="person:x", role="manager", csrf="c", sid="s")
    assert minter.token(changed, "appointments", frozenset(), "192.0.2.1") != token
    at = 10.1
    fresh = minter.token(caller, "appointments", frozenset(), "192.0.2.1")
    assert fresh != token
    clock.set_offset(timedelta(minutes=1))  # a machine that slept: its own clock stood still
    try:
        assert minter.token(caller, "appointments", frozenset(), "192.0.2.1") != fresh
    finally:
        clock.set_offset(timedelta(0))
    jws.deserialize_compact(
        fresh, KeySet.import_key_set({"keys": [{**key} for key in ring.jwks()["keys"]]}), algorithms=["ES256"]
    )


async def test_a_session_in_memory_is_believed_for_a_second_and_without_the_base_not_at_all(base: Database) -> None:
    """Fail closed: an old entry asks the base; a base that is away means refusal, not trust."""
    await demo.load(DemoContext(base, base.settings))
    signer, at = Signer(KEY.encode()), 100.0
    callers = Callers(base, Sealer(KEY.encode()), signer, lambda: at)
    await _signed_in(base, "medecin", "secret")
    caller = await callers.session("secret")
    assert caller is not None
    assert caller.role == "practitioner"
    assert await callers.session("another") is None
    await base.close()
    assert await callers.session("secret") == caller, "within the second"
    at += 1.1
    with pytest.raises(ServiceUnavailable):
        await callers.session("secret")
    with pytest.raises(ServiceUnavailable):
        await callers.reread()


async def test_one_statement_re_reads_all_and_withdrawn_rights_are_gone(base: Database) -> None:
    """A role that ended leaves a session without context; a closed person none; idle time is written when used."""
    await demo.load(DemoContext(base, base.settings))
    signer, at = Signer(KEY.encode()), 100.0
    callers = Callers(base, Sealer(KEY.encode()), signer, lambda: at)
    for login in ("medecin", "accueil", "auditeur"):
        await _signed_in(base, login, f"secret-{login}")
        assert await callers.session(f"secret-{login}")

    async def withdraw(tx: object) -> None:
        run = tx.execute  # type: ignore[attr-defined]
        await run("UPDATE membership SET valid = tstzrange(lower(valid), kit_now()) WHERE role = 'practitioner'")
        await run("UPDATE person SET status = 'closed' WHERE login = 'accueil'")
        await run("UPDATE session SET idle_until = idle_until - interval '10 minutes'")

    await base.run(SYSTEM, withdraw)
    at += 0.5
    await callers.reread()
    doctor = await callers.session("secret-medecin")
    assert doctor is not None
    assert (doctor.role, doctor.org) == ("", None)
    assert await callers.session("secret-accueil") is None
    await callers.session("secret-auditeur")
    await callers.reread()

    async def idle(tx: object) -> object:
        return await tx.fetchval("SELECT max(idle_until) FROM session")  # type: ignore[attr-defined]

    until = await base.run(SYSTEM, idle)
    assert until > clock.now() + timedelta(minutes=59)  # type: ignore[operator]
