"""Paths decoded once, headers in both directions, tickets, origins: the pure parts of the door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.door import cookies, csrf, headers, paths
from gateway.door.address import client_address, counted_address
from gateway.door.cookies import CookieRules, InsecureAddress, Signer, Ticket
from maillage.refusals import CsrfRefused

SIGNER = Signer(b"k" * 43)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"/rdv", "/rdv"),
        (b"/", "/"),
        (b"/rdv/", "/rdv/"),
        (b"/rdv/g/a%C3%A9", "/rdv/g/aé"),
        (b"/a%20b", "/a b"),
        (b"/a.b/..c/c..", "/a.b/..c/c.."),
        (b"/a:b@c,d+e", "/a:b@c,d+e"),
    ],
)
def test_plain_paths_are_decoded_once(raw: bytes, text: str) -> None:
    assert paths.read(raw).text == text
    assert paths.read(raw).raw == raw.decode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"rdv",
        b"*",
        b"//",
        b"/a//b",
        b"/..",
        b"/a/../b",
        b"/a/./b",
        b"/%2e%2e",
        b"/%2E/x",
        b"/a%2fb",
        b"/a%5Cb",
        b"/a\\b",
        b"/a;b=c",
        b"/a%3bb",
        b"/%00",
        b"/%0a",
        b"/%7f",
        b"/%252e",
        b"/%25",
        b"/%",
        b"/%a",
        b"/%zz",
        b"/%c0%ae",
        b"/%ed%a0%80",
        b"/%ff",
        "/é".encode(),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(raw: bytes) -> None:
    with pytest.raises(paths.BadPath):
        paths.read(raw)


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reading_and_what_passes_holds_no_trap(raw: bytes) -> None:
    try:
        path = paths.read(b"/" + raw)
    except paths.BadPath:
        return
    assert not {"", ".", ".."} & set(path.segments[:-1])
    assert path.segments[-1] not in (".", "..")
    assert not any(sign in path.text for sign in ("\\", ";", "\0", "%", "//"))


def test_claims_of_identity_and_hop_by_hop_headers_do_not_pass() -> None:
    said = [
        (b"host", b"a"),
        (b"x-forwarded-host", b"b"),
        (b"x-user-role", b"admin"),
        (b"client-cert-chain", b"c"),
        (b"cookie", b"session=x"),
        (b"authorization", b"Bearer x"),
        (b"transfer-encoding", b"chunked"),
        (b"x-maillage-org", b"d"),
        (b"idempotency-key", b"k"),
        (b"if-match", b'"1"'),
        (b"webhook-signature", b"v1,x"),
    ]
    passed = [(b"idempotency-key", b"k"), (b"if-match", b'"1"'), (b"webhook-signature", b"v1,x")]
    assert headers.to_service(said) == passed


def test_a_callers_trace_is_kept_only_when_well_formed() -> None:
    fine = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert headers.linked_trace(fine) == "4bf92f3577b34da6a3ce929d0e0e4736"
    for bad in (None, b"", b"x", fine[:40], b"00-" + b"0" * 32 + b"-00f067aa0ba902b7-01", fine.replace(b"4", b"G")):
        assert headers.linked_trace(bad) is None


def test_a_ticket_is_read_by_who_made_it_for_two_hours() -> None:
    value = SIGNER.ticket(Ticket("abc", 1_000_000))
    assert SIGNER.read_ticket(value, 1_000_000 + 7_199) == Ticket("abc", 1_000_000)
    assert SIGNER.read_ticket(value, 1_000_000 + 7_200) is None
    assert SIGNER.read_ticket(value, 999_000) is None
    assert Signer(b"j" * 43).read_ticket(value, 1_000_000) is None
    for forged in ("", ".", "..", value[:-1], value.replace("abc", "abd"), "abc.1000000.", value + "x", "é.1.é"):
        assert SIGNER.read_ticket(forged, 1_000_000) is None


def test_a_cookie_sent_twice_with_two_values_is_nobodys() -> None:
    """Somebody planted one of them."""
    assert cookies.parse(b"a=1; session=x; b=2", "session") == "x"
    assert cookies.parse(b"session=x; session=x", "session") == "x"
    assert cookies.parse(b"session=x; session=y", "session") is None
    assert cookies.parse(b"xsession=x", "session") is None


def test_cookies_over_plain_http_are_for_this_machine_only() -> None:
    assert CookieRules.of("https://rdv.example").session == "__Host-session"
    assert "; Secure" in CookieRules.of("https://rdv.example").set("a", "b")
    assert CookieRules.of("http://127.0.0.1:8000").session == "session"
    assert CookieRules.of("http://[::1]:8000").secure is False
    for public in ("http://rdv.example", "http://10.0.0.1", "http://localhost.evil.example", "ftp://localhost", ""):
        with pytest.raises(InsecureAddress):
            CookieRules.of(public)


def test_our_origins_are_the_public_one_and_on_this_machine_its_three_names() -> None:
    assert csrf.own_origins("https://rdv.example") == {b"https://rdv.example"}
    assert csrf.own_origins("https://rdv.example:8443") == {b"https://rdv.example:8443"}
    assert csrf.own_origins("http://127.0.0.1:8000") == {
        b"http://127.0.0.1:8000",
        b"http://localhost:8000",
        b"http://[::1]:8000",
    }


def test_an_origin_is_compared_whole() -> None:
    ours = csrf.own_origins("https://rdv.example")
    csrf.check_origin([(b"origin", b"https://rdv.example")], ours, needed=True)
    for foreign in (b"null", b"", b"https://rdv.example.evil", b"http://rdv.example", b"https://RDV.example"):
        with pytest.raises(CsrfRefused):
            csrf.check_origin([(b"origin", foreign)], ours, needed=False)


def test_the_address_is_the_sockets_unless_the_peer_is_trusted() -> None:
    from ipaddress import ip_network

    scope = {"client": ("10.0.0.1", 1)}
    said = [(b"x-forwarded-for", b"203.0.113.1, 198.51.100.7")]
    assert client_address(scope, said, []) == "10.0.0.1"
    assert client_address(scope, said, [ip_network("192.0.2.0/24")]) == "10.0.0.1"
    assert client_address(scope, said, [ip_network("10.0.0.0/8")]) == "198.51.100.7"
    assert client_address(scope, [(b"x-forwarded-for", b"junk")], [ip_network("10.0.0.0/8")]) == "10.0.0.1"
    assert counted_address("2001:db8:1:2:3:4:5:6") == counted_address("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert counted_address("::ffff:192.0.2.1") == counted_address("192.0.2.1") == "192.0.2.1"
