"""What an issuer's claims mean here, where one may come back to, and which keys of an issuer count."""

from uuid import uuid4

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from gateway.demo import rpps
from gateway.oidc import domain, returns
from gateway.oidc.checks import keys_of
from gateway.oidc.config import Provider, may_be_called
from gateway.oidc.domain import Site
from tests.harness.issuer import professional, provider

ISSUER = "https://auth.example/realms/wallet"


def test_the_national_identifier_holds_the_rpps_behind_its_first_digit() -> None:
    """8 and eleven digits; 3… is a structure's own number and no RPPS."""
    claimed = domain.read("psc", ISSUER, {"sub": "f:1", **professional(7)})
    assert claimed.rpps == rpps(7)
    assert claimed.identifiers == ((ISSUER, "f:1"), ("national_id", f"8{rpps(7)}"), ("rpps", rpps(7)))
    assert claimed.name == "Démonstration Médecin-7"
    other = domain.read("psc", ISSUER, {"sub": "f:1", "SubjectNameID": "371000000001/42"})
    assert other.rpps is None
    assert ("national_id", "371000000001/42") in other.identifiers


def test_a_plain_issuer_proves_its_own_subject_and_nothing_else() -> None:
    """Claims of Pro Santé Connect from an issuer that is not it count for nothing."""
    claimed = domain.read("plain", ISSUER, {"sub": "ada", "name": "Ada Démonstration", **professional(7)})
    assert claimed.identifiers == ((ISSUER, "ada"),)
    assert claimed.rpps is None
    assert claimed.sites == ()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"SubjectNameID": 8, "SubjectRefPro": "none"},
        {"SubjectNameID": ["8"], "SubjectRefPro": {"exercices": {"activities": []}}},
        {"SubjectRefPro": {"exercices": [None, 3, {"activities": [None, "x", {"numeroFinessSite": 7}]}]}},
    ],
)
def test_odd_claims_are_read_as_less_never_as_an_error(odd: dict[str, object]) -> None:
    """Wrong types are passed over."""
    claimed = domain.read("psc", ISSUER, {"sub": "f:1", **odd})
    assert claimed.identifiers == ((ISSUER, "f:1"),)
    assert claimed.sites == ()


def test_a_site_is_named_by_the_most_exact_number_there_is() -> None:
    """Site, else legal entity, else the old identifier without its F; the same place told twice is one."""
    activities = [
        {"numeroFinessSite": "710000001", "numeroFinessetablissementJuridique": "710000002", "raisonSocialeSite": "A"},
        {"numeroFinessSite": "710000001", "numeroFinessetablissementJuridique": "710000002", "raisonSocialeSite": "A"},
        {"numeroFinessSite": "", "numeroFinessetablissementJuridique": "710000003", "enseigneCommercialeSite": "B"},
        {"ancienIdentifiantDeLaStructure": "F2A0000004"},
        {"raisonSocialeSite": "no number: nothing to look up"},
    ]
    claims = {"sub": "f:1", "SubjectRefPro": {"exercices": [{"activities": activities}]}}
    assert domain.read("psc", ISSUER, claims).sites == (
        Site(("710000001", "710000002"), "A"),
        Site(("710000003",), "B"),
        Site(("2A0000004",), "2A0000004"),
    )


def test_places_are_split_into_those_one_may_choose_and_the_others() -> None:
    """Known with a role; known by the legal entity only; known without a role; unknown."""
    ours, legal, closed = uuid4(), uuid4(), uuid4()
    sites = [Site(("1", "9"), "a"), Site(("2", "9"), "b"), Site(("3",), "c"), Site(("4",), "d")]
    there, not_there = domain.places(sites, [("1", ours), ("9", legal), ("3", closed)], {ours, legal})
    assert there == [ours, legal]
    assert [site.label for site in not_there] == ["c", "d"]


def test_origin_is_added_to_the_query_of_the_page() -> None:
    """With or without a query, before a fragment, encoded; none changes nothing."""
    assert returns.with_origin("/console/", None) == "/console/"
    assert returns.with_origin("/console/", "sas") == "/console/?origin=sas"
    assert returns.with_origin("/console/?a=b#c", "s&a=s\r\n") == "/console/?a=b&origin=s%26a%3Ds%0D%0A#c"


@pytest.mark.parametrize("page", ["/console", "/console/", "/console/agenda/1?jour=2", "/docs", "/rdv", "/rdv?a=b#c"])
def test_our_own_pages_are_places_to_come_back_to(page: str) -> None:
    """Those that exist for people."""
    assert returns.good_return(page)


def test_only_keys_for_signatures_that_are_strong_enough_count() -> None:
    """Weak RSA, secrets, keys for encryption and nonsense are passed over; a private part is never kept."""
    good = RSAKey.generate_key(2048, {"kid": "good"}, private=True)
    curve = ECKey.generate_key("P-256", {"kid": "curve", "use": "sig"}, private=True)
    listed = [
        good.as_dict(private=True),
        curve.as_dict(private=False),
        {**curve.as_dict(private=False), "kid": "wrong use", "use": "enc"},
        OctKey.generate_key(256, {"kid": "secret"}).as_dict(private=True),
        {"kty": "RSA", "kid": "weak", "n": "0" * 170, "e": "AQAB"},
        {"kty": "RSA", "kid": "broken"},
        "nonsense",
    ]
    keys = keys_of({"keys": listed})
    assert set(keys) == {"good", "curve"}
    assert not keys["good"].is_private
    assert keys_of({}) == keys_of({"keys": "none"}) == {}


def test_levels_of_pro_sante_connect_are_worth_two_factors_and_others_nothing() -> None:
    """`acr` of another name, or none, is level 0; an issuer without a table is one factor."""
    psc = Provider.model_validate(provider(ISSUER))
    assert [psc.level(acr) for acr in ("eidas1", "eidas3", "eidas0", None, 2)] == [2, 3, 0, 0, 0]
    plain = Provider.model_validate(provider(ISSUER, claims="plain"))
    assert plain.level(None) == 1
    own = Provider.model_validate(provider(ISSUER, levels={"substantial": 2}))
    assert [own.level(acr) for acr in ("substantial", "eidas1")] == [2, 0]


def test_only_https_or_this_machine_is_asked_who_somebody_is() -> None:
    """Plain http, other schemes, user parts and fragments are not."""
    assert may_be_called("https://auth.example/x")
    assert may_be_called("http://127.0.0.1:8080/x")
    for wrong in (
        "http://auth.example",
        "ftp://auth.example",
        "https://",
        "https://a:b@auth.example",
        "https://a#b",
        "",
    ):
        assert not may_be_called(wrong), wrong
