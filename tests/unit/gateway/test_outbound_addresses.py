"""Which addresses of partners are called: by their text, and by what their name means."""

from ipaddress import IPv4Network, ip_address

import pytest

from gateway.outbound import UrlRefused, may_be_called, target

LOOPBACK = (IPv4Network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/keys",
        "ftp://partner.example/keys",
        "https:partner.example",
        "//partner.example/keys",
        "https://127.0.0.1/keys",
        "https://[::1]/keys",
        "https://[::ffff:10.0.0.1]/keys",
        "https://[64:ff9b::a00:1]/keys",
        "https://[fe80::1%25eth0]/keys",
        "https://2130706433/keys",
        "https://0x7f.1/keys",
        "https://0x7f000001/keys",
        "https://127.1/keys",
        "https://0177.0.0.1/keys",
        "https://8.8.8.8/keys",
        "https://user:secret@partner.example/keys",
        "https://partner.example@127.0.0.1/keys",
        "https://partner.example\\@127.0.0.1/keys",
        "https://partner.example:80/keys",
        "https://partner.example:8080/keys",
        "https://partner.example:99999/keys",
        "https://partner.example/keys#part",
        "https://partner.example/ke ys",
        "https://partner.example/keys\r\nX-Injected: 1",
        "https://pàrtner.example/keys",
        "https://partner..example/keys",
        "https://" + "a" * 64 + ".example/keys",
        "https://partner.example/" + "k" * 2_000,
        "https://localhost:8443@partner.example/",
        "",
    ],
)
def test_an_address_that_may_not_even_be_looked_up(url: str) -> None:
    with pytest.raises(UrlRefused):
        target(url, ())


@pytest.mark.parametrize(
    "url", ["https://partner.example/keys?set=1", "https://partner.example:8443/", "HTTPS://Partner.Example/%7Ekeys"]
)
def test_a_public_https_address_is_taken_as_it_is_written(url: str) -> None:
    assert str(target(url, ())) == url.replace("HTTPS://Partner.Example", "https://partner.example")


def test_what_is_listed_may_be_literal_plain_and_on_any_port() -> None:
    assert str(target("http://127.0.0.1:4711/keys", LOOPBACK)) == "http://127.0.0.1:4711/keys"
    assert str(target("http://localhost:4711/keys", LOOPBACK)) == "http://localhost:4711/keys"
    for url in ("http://10.0.0.1/keys", "https://10.0.0.1/keys", "http://partner.example:4711/keys"):
        with pytest.raises(UrlRefused):
            target(url, LOOPBACK)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_addresses_that_no_packet_is_sent_to(address: str) -> None:
    assert not may_be_called(ip_address(address), 443, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "2a01:e0a::1", "2001:4860:4860::8888"])
def test_global_addresses_are_called_on_the_ports_of_https_only(address: str) -> None:
    assert may_be_called(ip_address(address), 443, ())
    assert may_be_called(ip_address(address), 8443, ())
    assert not may_be_called(ip_address(address), 80, ())
    assert not may_be_called(ip_address(address), 6379, LOOPBACK)
