"""Rules about borders: what may cross them, and what a module may lean on."""

import ast
import re
import sys
from collections.abc import Iterator

from tests.rules.source import Finding, Function, Source, docstrings, dotted, functions, imported_names, yields

_TOUCHES_THE_WORLD = {
    "asyncio", "http", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "ssl",
    "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
_CLOCKS = re.compile(
    r"(datetime\.datetime|datetime)\.(now|utcnow|today|utcfromtimestamp)|(datetime\.)?date\.today|time\.(time|time_ns)"
)
_NOWS = frozenset({"maillage.clock.now", "datetime.date.today"})
_CHANCE = re.compile(r"uuid\.uuid[14678]|os\.(urandom|getrandom)|(random|secrets)\.(?!compare_digest).*")
_ROUTES = {"get", "post", "put", "patch", "delete", "head", "options", "api_route"}
_FRENCH = re.compile(r"[àâçéèêëîïôùûüœÀÂÇÉÈÊÎÔÙŒ«»]")


def any_across_border(source: Source) -> Iterator[Finding]:
    """No Any in what a public function takes or gives: the next module knows the shape without reading this one."""
    if not source.is_product or source.name == "testing.py":
        return
    for function in _public_functions(source.tree):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        notes = [argument.annotation for argument in arguments] + [function.returns]
        if any(note is not None and _mentions_any(note) for note in notes):
            sentence = f"{function.name}: name the type that crosses; not Any, not dict[str, Any]"
            yield Finding("any-across-border", source.path, function.lineno, sentence)


def pure_domain(sources: list[Source]) -> Iterator[Finding]:
    """domain.py imports the standard library, and modules of its own service that do the same: rules run anywhere."""
    by_module = {source.module: source for source in sources if source.is_product}
    for source in by_module.values():
        if source.name != "domain.py":
            continue
        for line, name in _impurities(source, by_module, {source.module}):
            yield Finding("pure-domain", source.path, line, f"domain.py leans on {name}")


def _impurities(source: Source, by_module: dict[str, Source], seen: set[str]) -> Iterator[tuple[int, str]]:
    """Line of this file and name of each import that is not pure, directly or through a module of the same service."""
    for line, name in _imports(source.tree):
        top = name.split(".")[0]
        inside = by_module.get(name) if top == source.module.split(".")[0] else None
        if inside is not None and name not in seen:
            seen.add(name)
            yield from ((line, f"{deeper} through {name}") for _, deeper in _impurities(inside, by_module, seen))
        elif inside is None and (top not in sys.stdlib_module_names or top in _TOUCHES_THE_WORLD):
            yield line, name


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "."


def clock_ids_chance(source: Source) -> Iterator[Finding]:
    """Time, ids and randomness come from the kit, so that a test can drive them."""
    if not source.is_product or source.part == "maillage":
        return
    names = imported_names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
            name = dotted(node, names) if _root(node) in names else ""
            if _CLOCKS.fullmatch(name) or _CHANCE.fullmatch(name):
                sentence = f"{name}: take it from maillage.clock or maillage.ids"
                yield Finding("clock-ids-chance", source.path, node.lineno, sentence)


def day_of_a_place(source: Source) -> Iterator[Finding]:
    """`now().date()` is the day of UTC: in Paris it is another one until one or two in the morning."""
    names = imported_names(source.tree)
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="date", value=ast.Call(func=clock))) if dotted(clock, names) in _NOWS:
                pass
            case ast.Call(func=ast.Attribute(attr="date", value=ast.Attribute(attr="now"))):
                pass
            case _:
                continue
        sentence = "the day of UTC: say whose day it is, .astimezone(zone).date()"
        yield Finding("day-of-a-place", source.path, node.lineno, sentence)


def dependency_before_answer(sources: list[Source]) -> Iterator[Finding]:
    """A generator dependency ends after the answer unless scope="function": its COMMIT would come after "done"."""
    generators = {
        f"{source.module}.{node.name}"
        for source in sources
        for node in source.tree.body
        if isinstance(node, Function) and yields(node)
    }
    for source in sources:
        names = imported_names(source.tree)
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not dotted(node.func, names).endswith("Depends") or not node.args:
                continue
            target = dotted(node.args[0], names)
            known = {target, f"{source.module}.{target}"} & generators
            scope = next((word.value for word in node.keywords if word.arg == "scope"), None)
            if known and not (isinstance(scope, ast.Constant) and scope.value == "function"):
                sentence = f'Depends({target}) ends after the answer: add scope="function"'
                yield Finding("dependency-before-answer", source.path, node.lineno, sentence)


def operation_declared(sources: list[Source]) -> Iterator[Finding]:
    """Every HTTP operation names its permission and limits by openapi_extra=operation(…): the gateway's routes."""
    services = [source for source in sources if source.part in {"gateway", "services"}]
    declared = {name for source in services for name in _declared_names(source)}
    for source in services:
        names = imported_names(source.tree)
        for node in functions(source.tree):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and _is_route(mark.func) and not _declares(mark, source, names, declared):
                    sentence = f"{node.name}: declare it, openapi_extra=operation(permission, …)"
                    yield Finding("operation-declared", source.path, mark.lineno, sentence)


def french_in_code(source: Source) -> Iterator[Finding]:
    """Sentences for people stand in errors.py (Words), templates and catalogues, in both languages."""
    logic = {"endpoints.py", "service.py", "domain.py", "queries.py", "consumers.py"}
    if source.part not in {"gateway", "services"} or source.name not in logic:
        return
    spared = docstrings(source.tree)
    for node in ast.walk(source.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"_", "gettext", "ngettext"}
        ):
            spared.update(id(argument) for argument in node.args)
    for node in ast.walk(source.tree):
        value = node.value if isinstance(node, ast.Constant) else None
        if (
            isinstance(node, ast.Constant)
            and isinstance(value, str)
            and id(node) not in spared
            and " " in value
            and _FRENCH.search(value)
        ):
            yield Finding(
                "french-in-code",
                source.path,
                node.lineno,
                "a sentence for people belongs in errors.py, in both languages",
            )


def wire_types_are_wire(source: Source) -> Iterator[Finding]:
    """Wire types derive from the kit's Wire, which forbids extra fields; a bare BaseModel would swallow them."""
    if source.name != "schemas.py" or source.part not in {"gateway", "services"}:
        return
    names = imported_names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and any(dotted(base, names).endswith("BaseModel") for base in node.bases):
            yield Finding(
                "wire-types-are-wire", source.path, node.lineno, f"{node.name}: derive it from maillage.wire.Wire"
            )


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _public_functions(tree: ast.Module) -> Iterator[Function]:
    for node in tree.body:
        body = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        yield from (item for item in body if isinstance(item, Function) and not item.name.startswith("_"))


def _mentions_any(note: ast.expr) -> bool:
    return any(
        (isinstance(node, ast.Name) and node.id == "Any") or (isinstance(node, ast.Attribute) and node.attr == "Any")
        for node in ast.walk(note)
    )


def _is_route(call: ast.expr) -> bool:
    return (
        isinstance(call, ast.Attribute)
        and call.attr in _ROUTES
        and isinstance(call.value, ast.Name)
        and (call.value.id.endswith(("router", "routes")) or call.value.id == "app")
    )


def _declared_names(source: Source) -> Iterator[str]:
    """Full names of the module's constants that hold operation(…), for routes that share one."""
    for node in source.tree.body:
        if isinstance(node, ast.Assign) and _calls_operation(node.value):
            yield from (f"{source.module}.{target.id}" for target in node.targets if isinstance(target, ast.Name))


def _declares(mark: ast.Call, source: Source, names: dict[str, str], declared: set[str]) -> bool:
    words = {word.arg: word.value for word in mark.keywords}
    extra, in_schema = words.get("openapi_extra"), words.get("include_in_schema")
    if isinstance(in_schema, ast.Constant) and in_schema.value is False:
        return True
    if extra is None:
        return False
    name = dotted(extra, names)
    return _calls_operation(extra) or bool({name, f"{source.module}.{name}"} & declared)


def _calls_operation(value: ast.expr) -> bool:
    calls = (node for node in ast.walk(value) if isinstance(node, ast.Call))
    return any(dotted(call.func, {}).split(".")[-1] == "operation" for call in calls)
