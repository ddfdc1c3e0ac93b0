"""Rules about the database: who commits, where SQL lives, how it is made."""

import ast
import re
from collections.abc import Iterator

from tests.rules.source import Finding, Source, docstrings

_BOUNDARY = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|START\s+TRANSACTION)\b", re.IGNORECASE)
_STATEMENT = re.compile(
    r"\s*(?:/\*.*?\*/|--[^\n]*\n|\s)*"
    r"(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s+[\w.\"]+\s+(?:AS\s+\w+\s+)?SET\s|DELETE\s+FROM\s|WITH\s+(?:RECURSIVE\s+)?\w+.*\bAS\b)",
    re.DOTALL,
)
_RUNS_SQL = {"fetch", "fetchrow", "fetchval", "fetchmany", "execute", "executemany", "cursor", "prepare"}


def transaction_outside_kit(source: Source) -> Iterator[Finding]:
    """Only the kit opens and ends transactions: an answer before COMMIT, or half a use case kept, cannot be written."""
    if not source.is_product or source.part == "maillage" or source.is_migration:
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        first = node.args[0] if node.args else None
        says = isinstance(first, ast.Constant) and isinstance(first.value, str) and _BOUNDARY.match(first.value)
        if node.func.attr in {"transaction", "commit", "rollback"} or (node.func.attr in _RUNS_SQL and says):
            yield Finding(
                "transaction-outside-kit",
                source.path,
                node.lineno,
                "only the kit opens or ends a transaction (Database.run)",
            )


def sql_in_queries(source: Source) -> Iterator[Finding]:
    """SQL of a service lives in queries.py: a reader finds it, and a reviewer sees every statement on one page."""
    at_home = source.name == "queries.py" or source.is_migration or "/invariants/" in source.path
    if source.part not in {"gateway", "services"} or at_home:
        return
    texts = docstrings(source.tree)
    for node in ast.walk(source.tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if (
            isinstance(node, ast.Constant)
            and isinstance(value, str)
            and id(node) not in texts
            and _STATEMENT.match(value)
        ):
            yield Finding("sql-in-queries", source.path, node.lineno, "SQL belongs in queries.py of its noun")


def sql_made_of_pieces(source: Source) -> Iterator[Finding]:
    """SQL is constant text with $1 parameters: nothing a caller sent can become part of it.

    Constants of the module (ALL_CAPS) may be joined to it, so that a list of columns is written once.
    """
    if not source.is_product:
        return
    pieced = _pieced_names(source.tree)
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        if node.func.attr in _RUNS_SQL and _is_pieced(node.args[0], pieced):
            sentence = "SQL is a constant; values go in as $1, never by f-string, + or format"
            yield Finding("sql-made-of-pieces", source.path, node.lineno, sentence)


def _is_pieced(node: ast.expr, pieced: set[str]) -> bool:
    """True when the text is put together from something that is not constant."""
    if isinstance(node, ast.Name):
        return node.id in pieced
    if isinstance(node, ast.JoinedStr):
        values = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        return not all(_is_constant(value, pieced) for value in values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not _is_constant(node, pieced)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "replace", "join", "substitute"}
    return False


def _is_constant(node: ast.expr, pieced: set[str]) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _is_constant(node.left, pieced) and _is_constant(node.right, pieced)
    if isinstance(node, ast.JoinedStr):
        return not _is_pieced(node, pieced)
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name == name.upper() and name not in pieced
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _pieced_names(tree: ast.Module) -> set[str]:
    """Names that somewhere in this file hold a text put together from something that is not constant."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_pieced(node.value, names):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            names.update({node.target.id} if text or _is_pieced(node.value, names) else ())
    return names
