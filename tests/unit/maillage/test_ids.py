"""Identifiers: their form, and that no random piece is given twice."""

from uuid import RFC_4122, UUID

from maillage import context
from maillage.ids import new_id, new_id_text, random_piece


def test_ids_are_uuids_of_version_7_in_the_order_of_time() -> None:
    made = [new_id(), UUID(new_id_text()), new_id()]
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert [each.int >> 80 for each in made] == sorted(each.int >> 80 for each in made)
    assert str(UUID(text := new_id_text())) == text


def test_no_random_piece_is_given_twice() -> None:
    """Across several fillings of what is kept."""
    made = [random_piece() for _ in range(2_000)]
    assert {len(piece) for piece in made} == {16}
    assert len(set(made)) == len(made)
    assert len({new_id() for _ in range(2_000)}) == 2_000


def test_a_trace_goes_on_when_it_is_well_formed_and_begins_anew_otherwise() -> None:
    begun = context.child_trace("no trace")
    followed = context.child_trace(begun)
    assert begun[:36] == followed[:36]
    assert begun[36:52] != followed[36:52]
    assert followed.endswith("-01")
    assert len(begun) == len(followed) == 55
