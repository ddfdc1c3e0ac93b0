"""What codes by phone may cost: never more than allowed, also when all ask at once (design: gateway 3.6, scenarios 6
and 7)."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.codes import alarm
from maillage.ids import new_id
from tests.e2e.gateway.conftest import Desk
from tests.harness.door import House

PROXY = {"trusted_proxies": ["127.0.0.0/8"]}


@pytest_asyncio.fixture
async def ready(house: Callable[..., House], admin_of: Callable[[str], str]) -> Callable[..., Desk]:
    """`ready(**settings)` -> a gateway behind a proxy that it trusts, so that each caller has an address."""

    def make(**settings: Any) -> Desk:
        running = house(**PROXY, **settings)
        return Desk(running, {}, admin_of(running.running.database_url))

    return make


async def _ask(client: httpx.AsyncClient, number: int, address: str, channel: str = "sms") -> httpx.Response:
    """One more person, from an address of his own. Without a ticket no token is asked for."""
    client.cookies.clear()
    where = {"X-Forwarded-For": f"2001:db8:{number:x}::1", "Idempotency-Key": new_id().hex}
    return await client.post("/auth/codes", json={"channel": channel, "address": address}, headers=where)


def _mobile(number: int) -> str:
    return f"+3363998{number:04d}"


async def test_a_block_whose_codes_nobody_uses_is_closed_and_the_rest_goes_on(
    ready: Callable[..., Desk], log_capture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifty to one block from as many addresses; then neither SMS nor calls there, elsewhere both, and e-mail."""
    monkeypatch.setattr(alarm, "_said", {})  # other tests of this process may have spent a budget a moment ago
    desk = ready(phone_codes_per_hour=53)
    async with desk.house.browser() as client:
        answers = [await _ask(client, each, _mobile(each)) for each in range(56)]
        assert [answer.status_code for answer in answers] == [202] * 50 + [503] * 6
        assert answers[-1].json()["code"] == "CODE_CHANNEL_PAUSED"
        assert "03 85 34 71 00" in answers[-1].json()["detail"]
        assert answers[-1].json()["offered"] == ["email"]
        assert (await _ask(client, 60, _mobile(60), "voice")).status_code == 503
        elsewhere = [await _ask(client, 70 + each, f"+3319900{each:04d}", "voice") for each in range(4)]
        assert [answer.status_code for answer in elsewhere] == [202, 202, 202, 503], "the territory's budget"
        assert (await _ask(client, 80, "quelquun@exemple.fr", "email")).status_code == 202
    warned = [line for line in log_capture.lines if "codes by phone are paused" in line]
    assert len(warned) == 2, "one line for each cause, not for each refusal"
    for part in ("+3363998", "3363998000", "2001:db8"):
        assert part not in log_capture.text
    rows = await desk.sql("SELECT row_to_json(c)::text AS text FROM challenge c WHERE channel = 'sms'")
    assert len(rows) == 50
    assert not any("+3363998" in row["text"] or "3363998000" in row["text"] for row in rows)


async def test_a_block_whose_codes_are_used_stays_open(ready: Callable[..., Desk]) -> None:
    """One in five is enough."""
    desk = ready(codes_per_block=10)
    async with desk.house.browser() as client:
        assert [(await _ask(client, each, _mobile(each))).status_code for each in range(10)] == [202] * 10
        use = (
            "UPDATE challenge SET used_at = now() WHERE id IN (SELECT id FROM challenge WHERE used_at IS NULL LIMIT 1)"
        )
        await desk.sql(use)
        assert (await _ask(client, 11, _mobile(11))).status_code == 503
        await desk.sql(use)
        assert (await _ask(client, 12, _mobile(12))).status_code == 202
        await desk.sql("UPDATE challenge SET created_at = created_at - interval '25 hours', used_at = NULL")
        assert (await _ask(client, 13, _mobile(13))).status_code == 202, "yesterday's do not count"


async def test_the_budget_holds_when_all_ask_at_once(ready: Callable[..., Desk]) -> None:
    """Forty requests in parallel, ten allowed: exactly ten rows; the same for one visitor and for one address."""
    desk = ready(phone_codes_per_hour=10)
    async with desk.house.browser() as client:

        async def one(number: int) -> int:
            async with desk.house.browser() as own:
                return (await _ask(own, number, _mobile(number))).status_code

        assert Counter(await asyncio.gather(*map(one, range(40)))) == {202: 10, 503: 30}
        assert len(await desk.sql("SELECT 1 FROM challenge")) == 10
        await desk.sql("DELETE FROM challenge")
        await desk.refresh(client)
        mails = [{"channel": "email", "address": f"personne{each}@exemple.fr"} for each in range(20)]
        answers = await asyncio.gather(*(client.post("/auth/codes", json=mail) for mail in mails))
        assert Counter(answer.status_code for answer in answers) == {202: 3, 429: 17}


async def test_answers_do_not_depend_on_whom_is_asked_for(ready: Callable[..., Desk]) -> None:
    """Somebody who proved his number before and somebody nobody knows get the same answer, but for id and times."""
    desk = ready()
    async with desk.house.browser() as client:
        await _ask(client, 1, _mobile(1))
        await desk.sql("UPDATE challenge SET used_at = now()")
        known, unknown = await _ask(client, 2, _mobile(1)), await _ask(client, 3, _mobile(2))
    assert known.status_code == unknown.status_code == 202
    assert set(known.json()) == set(unknown.json()) == {"id", "expires_at", "resend_at"}
    private = {"date", "set-cookie", "x-request-id", "content-length"}
    assert {name: value for name, value in known.headers.items() if name not in private} == {
        name: value for name, value in unknown.headers.items() if name not in private
    }
    assert len(known.content) == len(unknown.content)
