"""`asvs.csv`: the items of ASVS 5.0 that are taken, each with the test that shows it (proof 10)."""

import ast
import csv
import re
from pathlib import Path

import pytest

HERE = "tests/contract/test_asvs.py"
ROOT = Path(__file__).parents[2]


def _missing(rows: list[dict[str, str]]) -> list[str]:
    """Rows that name no item, or a test that is not there."""
    return [f"{row['item']}: {row['test']}" for row in rows if not _right(row)]


def _right(row: dict[str, str]) -> bool:
    path, _, name = row["test"].partition("::")
    file = ROOT / path
    if not re.fullmatch(r"\d+\.\d+\.\d+", row["item"]) or not row["what"] or not file.is_file():
        return False
    tree = ast.parse(file.read_text("utf-8"))
    return any(isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name == name for each in tree.body)


def test_each_item_is_shown_by_a_test_that_exists() -> None:
    with (Path(__file__).parent / "asvs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 30
    assert len({row["item"] for row in rows}) == len(rows), "an item stands twice"
    assert _missing(rows) == []


@pytest.mark.parametrize(
    "row",
    [
        {"item": "2.3.4", "what": "x", "test": f"{HERE}::test_of_nothing"},
        {"item": "2.3.4", "what": "x", "test": "tests/contract/no_file.py::test_each"},
        {
            "item": "V2",
            "what": "x",
            "test": "tests/contract/test_asvs.py::test_each_item_is_shown_by_a_test_that_exists",
        },
    ],
)
def test_a_name_without_a_test_is_found(row: dict[str, str]) -> None:
    assert _missing([row]) == [f"{row['item']}: {row['test']}"]
