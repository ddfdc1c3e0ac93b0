"""What the demonstration enters past the API keeps the API's rules all the same."""

from cooperation.demo import loading, words
from cooperation.members.marks import Finess, Gln, SetMark
from maillage.wire import Wire


class Numbers(Wire):
    """Fields as the API reads them."""

    finess: Finess | None = None
    gln: Gln | None = None
    tag: SetMark | None = None


def test_every_recipe_could_be_adopted() -> None:
    allowed = dict(words.MODELS)
    kinds = {code: kind for code, _, kind, *_ in words.PROGRAMMES}
    packagings = {kind for kind, *_ in words.PACKAGINGS}
    for recipe in words.RECIPES:
        assert kinds[recipe.wash] == "washing"
        assert kinds[recipe.programme] != "washing"
        assert set(recipe.packaging) <= packagings
        for alias, _, _ in recipe.lines:
            assert {recipe.wash, recipe.programme} <= set(allowed[alias]), (recipe.code, alias)
        assert recipe.marked or recipe.prion == "none", "high prion class wants marked instruments"


def test_five_hospitals_have_150_sets_of_recipes_that_exist() -> None:
    codes = {recipe.code for recipe in words.RECIPES}
    assert sum(hospital.sets for hospital in words.HOSPITALS) == 150
    assert all(set(hospital.recipes) <= codes for hospital in words.HOSPITALS)
    assert {code for hospital in words.HOSPITALS for code in hospital.recipes} == codes
    assert all(name.endswith("(démonstration)") for name in (words.GROUP_NAME, *(h.name for h in words.HOSPITALS)))


def test_its_numbers_have_their_check_digits() -> None:
    for number in range(1, 6):
        assert Numbers(finess=loading.finess(number)).finess
    assert Numbers(tag=loading.mark(20, "CR01")).tag == loading.mark(20, "CR01")
