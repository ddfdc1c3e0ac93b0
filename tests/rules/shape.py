"""Rules about size: a page that fits on a screen is read, a longer one is skimmed."""

import ast
from collections.abc import Iterator

from tests.rules.source import Finding, Function, Source, functions

FILE_NOTED, FILE_REFUSED = 400, 600
FUNCTION_NOTED, FUNCTION_REFUSED = 40, 60


def size(source: Source) -> Iterator[Finding]:
    """Files over 400 lines and functions over 40 (docstring not counted) are questioned, over 600 and 60 refused."""
    if source.is_migration:
        return
    lines = len(source.text.splitlines())
    if lines > FILE_NOTED:
        yield Finding("size", source.path, 1, f"{lines} lines in one file", refused=lines > FILE_REFUSED)
    for function in functions(source.tree):
        length = _length(function)
        if length > FUNCTION_NOTED:
            sentence = f"{function.name} has {length} lines"
            yield Finding("size", source.path, function.lineno, sentence, refused=length > FUNCTION_REFUSED)


def _length(function: Function) -> int:
    first = function.body[0]
    spared = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        spared = (first.end_lineno or first.lineno) - first.lineno + 1
    return (function.end_lineno or function.lineno) - function.lineno + 1 - spared
