"""Signatures, tries and types of webhooks: what needs no server."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook

from gateway.deliveries import domain, signing
from gateway.subscriptions.domain import first_refused
from maillage.ids import new_id
from maillage.sealing import Sealer, Unsealable

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the published vector's, of no use elsewhere
AT = datetime.fromtimestamp(1614265330, UTC)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=1)), timezone(timedelta(hours=-9))])
def test_the_published_vector(zone: timezone) -> None:
    """Standard Webhooks' own example; the offset in which an instant is told does not matter."""
    headers = signing.signed_headers(
        [SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT.astimezone(zone), b'{"test": 2432232314}'
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_a_secret_is_new_and_long_enough() -> None:
    """24 to 64 bytes in base64; each verifies by the library what it signed, and nothing else."""
    one, other = signing.new_secret(), signing.new_secret()
    assert one != other
    headers = signing.signed_headers([one], new_id(), datetime.now(UTC), b"{}")
    assert Webhook(one).verify(b"{}", headers) == {}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(other).verify(b"{}", headers)
    assert len(Webhook(one)._whsecret) == 32


def test_a_secret_is_sealed_to_its_subscription() -> None:
    """A row that was swapped for another's does not open; the old one signs for a day after the rotation."""
    sealer, mine = Sealer(b"k" * 43), new_id()
    rows = [signing.seal(sealer, mine, "whsec_bmV3"), signing.seal(sealer, mine, "whsec_b2xk")]
    rotated = AT - timedelta(hours=23, minutes=59)
    assert signing.signing_secrets(sealer, mine, rows, rotated, AT) == ["whsec_bmV3", "whsec_b2xk"]
    assert signing.signing_secrets(sealer, mine, rows, AT - timedelta(hours=24), AT) == ["whsec_bmV3"]
    assert signing.signing_secrets(sealer, mine, rows, None, AT) == ["whsec_bmV3"]
    with pytest.raises(Unsealable):
        signing.signing_secrets(sealer, new_id(), rows, rotated, AT)


def test_tries_are_spread_and_end() -> None:
    """5 s, 5 and 30 min, 2, 5, 10, 14, 20, 24 h, each within 20 %; then none."""
    waits = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    assert [domain.wait_s(tries, 0.5) for tries in range(1, 10)] == pytest.approx(waits)
    assert domain.wait_s(1, 0.0) == pytest.approx(4)
    assert domain.wait_s(9, 1.0) == pytest.approx(86400 * 1.2)
    assert domain.wait_s(10, 0.5) is None


def test_only_2xx_is_a_success() -> None:
    """A redirect is a failure like another, 410 has its own word."""
    said = {status: domain.failure_of(status) for status in (200, 204, 301, 302, 307, 404, 410, 500)}
    assert [said[status] for status in (200, 204)] == [None, None]
    assert {said[status] for status in (301, 302, 307)} == {"REDIRECTED"}
    assert (said[404], said[410], said[500]) == ("ANSWER_STATUS", "GONE", "ANSWER_STATUS")


def test_types_follow_the_scopes() -> None:
    """Unknown, not for partners, beyond the scopes, twice: the first of them is named."""
    readers = {"a": ("s:x.read",), "b": ("s:y.read", "s:z.read"), "hidden": ()}
    assert first_refused(["a", "b"], readers, ["s:x.read", "s:z.read"]) is None
    assert first_refused(["a", "b"], readers, ["s:x.read"]) == 1
    assert first_refused(["a", "a"], readers, ["s:x.read"]) == 1
    assert first_refused(["hidden"], readers, ["s:x.read"]) == 0
    assert first_refused(["nothing"], readers, ["s:x.read"]) == 0
