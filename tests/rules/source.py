"""One Python file as the rules see it: its text, its tree, and which part of the house it belongs to."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

# `# allow <rule>: <reason>` on the line, or alone on the line above, excuses one finding; without a reason, nothing.
_ALLOWED = re.compile(r"#\s*allow\s+([a-z-]+):\s*\S")

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Finding(NamedTuple):
    """What a rule has against one line. `refused`: the build fails; otherwise it is only reported."""

    rule: str
    path: str
    line: int
    sentence: str
    refused: bool = True

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {'' if self.refused else 'note: '}{self.rule}: {self.sentence}"


@dataclass(frozen=True)
class Source:
    """A file of the repository; `path` is relative to its root and written with slashes."""

    path: str
    text: str

    @classmethod
    def read(cls, root: Path, path: Path) -> "Source":
        return cls(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def part(self) -> str:
        """First folder: maillage, contracts, gateway, services, tests, bench, deploy."""
        return self.path.split("/", 1)[0]

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def module(self) -> str:
        """Dotted name by which others import it: gateway/gateway/door/paths.py is gateway.door.paths."""
        parts = self.path.removesuffix(".py").split("/")
        inside = 2 if parts[0] == "services" else 0 if parts[0] in {"tests", "bench", "deploy"} else 1
        return ".".join(part for part in parts[inside:] if part != "__init__")

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path

    @property
    def is_product(self) -> bool:
        """Code that runs in production: neither tests nor benches nor the tools around the house."""
        return self.part in {"maillage", "contracts", "gateway", "services"}

    def allows(self, rule: str, line: int) -> bool:
        lines = self.text.splitlines()
        near = lines[line - 1 : line] + [
            above for above in lines[max(line - 2, 0) : line - 1] if above.lstrip().startswith("#")
        ]
        return any(match.group(1) == rule for text in near for match in _ALLOWED.finditer(text))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function of the tree, nested ones and methods too."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def docstrings(tree: ast.AST) -> set[int]:
    """Identities of the constants that are docstrings or stand alone as text: no rule about values concerns them."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def imported_names(tree: ast.AST) -> dict[str, str]:
    """Name in this file -> full dotted name it stands for, for every import in the tree."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """`datetime.now` of an expression, with imported names spelled out; empty when it is not a plain dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.get(node.id, node.id), *reversed(parts)])


def yields(function: Function) -> bool:
    """True for a generator: a yield of its own, not one of a function inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, Function | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))
    return False
