"""How much each caller may ask: buckets, their keys, and the day of a partner (design: gateway 3.7)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.door.days import Days
from gateway.door.limits import Buckets, Limits, RateLimited
from gateway.door.routes import Operation
from gateway.door.tokens import Caller
from gateway.settings import GatewaySettings

SLOTS = Operation("appointments", "GET", "/api/appointments/v1/slots", ("appointments:slot.read",))
STYLE = Operation("appointments", "GET", "/rdv/static/{name}", ("public",))
ADDRESS = "192.0.2.7"


class Watch:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def nobody() -> Caller:
    return Caller("visitor:1", "visitor", "visitor:1", "visitor", "")


def professional(**more: object) -> Caller:
    known: dict[str, object] = {"sid": uuid4().hex, "membership": uuid4(), "amr": ("pwd", "otp"), **more}
    return Caller("k", "professional", "person:1", "telesecretary", "", **known)  # type: ignore[arg-type]


def machine(reach: str = "o") -> Caller:
    grants: Mapping[str, str] = {"appointments:slot.read": reach}
    return Caller("k", "partner", f"client:{uuid4()}", "", "", grants)  # type: ignore[arg-type]


def made(watch: Watch, **settings: object) -> Limits:
    return Limits(GatewaySettings(**settings), monotonic=watch)  # type: ignore[arg-type]


async def passed(counted: Limits, caller: Caller, tries: int, ip: str = ADDRESS, operation: Operation = SLOTS) -> int:
    taken = 0
    for _ in range(tries):
        try:
            await counted.take(caller, operation, ip)
        except RateLimited:
            continue
        taken += 1
    return taken


@given(
    gaps=st.lists(st.floats(0, 3, allow_nan=False), max_size=60),
    burst=st.integers(1, 10),
    per_minute=st.integers(30, 600),
)
def test_a_bucket_gives_its_burst_and_its_pace_and_no_more(gaps: list[float], burst: int, per_minute: int) -> None:
    bucket, at, taken = Buckets("b", per_minute, burst), 0.0, 0
    for gap in gaps:
        at += gap
        taken += bucket.take("k", at) >= 0
        assert taken <= burst + at * per_minute / 60 + 1e-6
    assert taken >= min(len(gaps), burst)


def test_who_is_refused_is_told_when_and_is_taken_then() -> None:
    bucket = Buckets("b", 60, 2)
    assert [bucket.take("k", 0) >= 0 for _ in range(3)] == [True, True, False]
    missing = -bucket.take("k", 0.25)
    assert missing == pytest.approx(0.75)
    assert bucket.take("k", 0.25 + missing + 1e-6) >= 0
    assert bucket.take("another", 0.25) >= 0
    assert RateLimited(missing).headers["Retry-After"] == "1"
    assert RateLimited(2.01).headers["Retry-After"] == "3"


def test_memory_is_bounded_and_who_asked_longest_ago_is_forgotten() -> None:
    bucket = Buckets("b", 60, 1, largest=3)
    for key in ("a", "b", "c", "d"):
        assert bucket.take(key, 0) >= 0
    assert len(bucket) == 3
    assert bucket.take("d", 0) < 0
    assert bucket.take("a", 0) >= 0


async def test_visitors_are_counted_by_address_or_by_the_64_of_it_and_static_files_not_at_all() -> None:
    counted = made(Watch())
    assert await passed(counted, nobody(), 50) == 40
    assert await passed(counted, nobody(), 50, "192.0.2.8") == 40
    assert await passed(counted, nobody(), 50, "2001:db8:1:2::1") == 40
    assert await passed(counted, nobody(), 50, "2001:db8:1:2:ffff::9") == 0
    assert await passed(counted, nobody(), 50, "2001:db8:1:3::1") == 40
    assert await passed(counted, nobody(), 500, operation=STYLE) == 500


async def test_an_address_is_divided_among_the_replicas() -> None:
    assert await passed(made(Watch(), replicas=4), nobody(), 50) == 10


async def test_who_is_signed_in_is_counted_by_session_and_a_shared_post_by_device() -> None:
    counted, post = made(Watch()), uuid4()
    assert await passed(counted, nobody(), 41) == 40
    desks = [professional() for _ in range(3)]
    assert [await passed(counted, desk, 70) for desk in desks] == [60, 60, 60], "a hospital is one address"
    badges = [professional(device=post, amr=("badge", "pin")) for _ in range(3)]
    assert [await passed(counted, badge, 100) for badge in badges] == [100, 20, 0]
    assert await passed(counted, professional(device=post), 70) == 60, "one's own known device is no shared post"
    assert await passed(counted, professional(device=uuid4(), membership=None, amr=()), 130) == 120, "a wall screen"


async def test_machines_are_counted_by_client_and_those_of_the_territory_have_less() -> None:
    counted = made(Watch())
    own, other, sas = machine(), machine("d"), machine("t")
    assert [await passed(counted, each, 130) for each in (own, other, sas)] == [120, 120, 60]


async def test_a_minute_refills_and_every_answer_says_what_is_left() -> None:
    watch = Watch()
    counted = made(watch)
    said = dict(await counted.take(nobody(), SLOTS, ADDRESS))
    assert said == {b"ratelimit-policy": b'"anonymous";q=120;w=60', b"ratelimit": b'"anonymous";r=39;t=1'}
    await passed(counted, nobody(), 39)
    with pytest.raises(RateLimited) as refused:
        await counted.take(nobody(), SLOTS, ADDRESS)
    assert refused.value.headers == {
        "ratelimit-policy": '"anonymous";q=120;w=60',
        "ratelimit": '"anonymous";r=0;t=20',
        "Retry-After": "1",
    }
    watch.at += 60
    assert await passed(counted, nobody(), 50) == 40


async def test_a_day_of_a_partner_ends_at_midnight_in_paris(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 23, 22, 59, 0, tzinfo=UTC)
    monkeypatch.setattr("gateway.door.days.clock.now", lambda: at)
    counted = Limits(GatewaySettings(), Days(3), monotonic=Watch())
    caller = machine()
    assert await passed(counted, caller, 3) == 3
    with pytest.raises(RateLimited) as refused:
        await counted.take(caller, SLOTS, ADDRESS)
    assert refused.value.headers["Retry-After"] == "60"
    assert refused.value.headers["ratelimit"].endswith(', "day";r=0;t=60')
    assert refused.value.headers["ratelimit-policy"] == '"client";q=1200;w=60, "day";q=3;w=86400'
    assert await passed(counted, machine(), 3) == 3
    at = datetime(2026, 11, 23, 23, 0, 0, tzinfo=UTC)
    assert await passed(counted, caller, 3) == 3


def test_the_whole_of_a_bucket_is_told_as_the_time_to_fill_it() -> None:
    bucket = Buckets("b", 120, 40)

    def told(left: float) -> bytes:
        return dict(bucket.told(left))[b"ratelimit"]

    assert told(-1) == b'"b";r=0;t=20'
    assert told(bucket.take("k", 0)) == b'"b";r=39;t=1'
    assert told(bucket.take("k", 0)) == b'"b";r=38;t=1'
    assert told(bucket.take("k", 0)) == b'"b";r=37;t=2'
