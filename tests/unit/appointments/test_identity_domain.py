"""Identity checks: each status has its checks, traits are compared as people read them, inventions belong to nobody."""

import ast
import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import appointments
from appointments.identity import domain, insi
from appointments.identity.domain import Traits
from appointments.identity.errors import InsiUnavailable

ELOISE = Traits("Le Goff", "Éloïse Marie-Anne", date(1990, 5, 4), "female", "71014")


@pytest.mark.parametrize(
    ("status", "check", "following"),
    [
        ("PROV", "document", "VALI"), ("PROV", "ins", "RECUP"), ("PROV", "doubt", "PROV"),
        ("VALI", "document", None), ("VALI", "ins", "QUAL"), ("VALI", "doubt", "PROV"),
        ("RECUP", "document", "QUAL"), ("RECUP", "ins", None), ("RECUP", "doubt", "PROV"),
        ("QUAL", "document", None), ("QUAL", "ins", None), ("QUAL", "doubt", "PROV"),
    ],
)  # fmt: skip
def test_each_status_has_its_checks(
    status: domain.Status, check: domain.Check, following: domain.Status | None
) -> None:
    assert domain.after(status, check, doubtful=False) == following
    assert (check in domain.allowed(status, doubtful=False)) == (following is not None)


def test_the_register_is_not_asked_for_a_doubtful_identity() -> None:
    assert domain.after("PROV", "ins", doubtful=True) is None
    assert domain.allowed("PROV", doubtful=True) == ["document", "doubt"]


@given(st.lists(st.sampled_from(["document", "ins", "doubt"]), max_size=12))
def test_a_qualified_identity_has_both_proofs_since_the_last_doubt(checks: list[domain.Check]) -> None:
    status: domain.Status = "PROV"
    doubtful, proofs = False, set[str]()
    for check in checks:
        following = domain.after(status, check, doubtful=doubtful)
        if following is None:
            continue
        status, doubtful = following, check == "doubt"
        proofs = set() if check == "doubt" else proofs | {check}
    assert {"PROV": set(), "VALI": {"document"}, "RECUP": {"ins"}, "QUAL": {"document", "ins"}}[status] == proofs


def test_traits_that_differ_are_named() -> None:
    same = replace(ELOISE, birth_family_name="LEGOFF", birth_given_names="ELOISE MARIE ANNE")
    assert domain.differing(ELOISE, same) == []
    assert domain.differing(replace(ELOISE, sex="unknown", birth_place_insee=None), ELOISE) == []
    other = Traits("Le Goffic", "Éloïse", date(1990, 5, 3), "male", "71270")
    assert domain.differing(ELOISE, other) == list(Traits.__dataclass_fields__)
    assert domain.differing(replace(ELOISE, birth_given_names="محمد"), replace(ELOISE, birth_given_names="عمر")) == [
        "birth_given_names"]  # fmt: skip


def test_inventions_are_always_the_same_and_say_that_they_are() -> None:
    register = insi.adapter("development")
    found = asyncio.run(register.ask(ELOISE))
    assert found is not None
    assert found == asyncio.run(register.ask(ELOISE))
    assert (found.ins[:10], len(found.ins), found.oid) == ("2900571014", 15, insi.DEMONSTRATION_OID)
    assert (int(found.ins[:13]) + int(found.ins[13:])) % 97 == 0
    corsican = asyncio.run(register.ask(replace(ELOISE, birth_place_insee="2A004", sex="male")))
    assert corsican is not None
    assert corsican.ins.startswith("190052A004")
    assert asyncio.run(register.ask(replace(ELOISE, birth_family_name="Introuvable"))) is None
    with pytest.raises(InsiUnavailable):
        asyncio.run(insi.adapter("none").ask(ELOISE))


def test_the_ins_is_written_by_identity_checks_alone() -> None:
    """Invariant 8: elsewhere an INS is at most taken away. SQL is in files of that name only (rules of the house)."""
    root = Path(appointments.__file__).parent
    writers = set()
    for path in sorted(root.rglob("queries.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "patient" in node.value:
                words = " ".join(node.value.replace(",", " , ").replace("(", " ( ").split())
                sets = "UPDATE patient" in words and (" ins = $" in words or " ins = EXCLUDED" in words)
                inserts = "INSERT INTO patient (" in words and " ins " in words.partition(")")[0]
                if sets or inserts:
                    writers.add(path.relative_to(root).as_posix())
    assert writers == {"identity/queries.py"}
