"""Each rule of the house refuses a sample that breaks it: a rule that never failed proves nothing."""

from pathlib import Path
from textwrap import dedent

import pytest

from tests.rules import house
from tests.rules.check import judge
from tests.rules.source import Source

SERVICE = "services/appointments/appointments/slots"

# rule, path of the sample, text that breaks it, text that does not
CASES = [
    (
        "transaction-outside-kit",
        f"{SERVICE}/service.py",
        "async def book(connection):\n    async with connection.transaction():\n        pass\n",
        "async def book(tx):\n    await queries.take(tx)\n",
    ),
    (
        "transaction-outside-kit",
        f"{SERVICE}/queries.py",
        'async def book(connection):\n    await connection.execute("COMMIT")\n',
        'async def book(tx):\n    await tx.execute("DELETE FROM hold WHERE id = $1", 1)\n',
    ),
    (
        "sql-in-queries",
        f"{SERVICE}/service.py",
        'async def find(tx):\n    return await tx.fetch("SELECT id FROM hold")\n',
        'async def find(tx):\n    """SELECT is a word that a docstring may use."""\n    return "Select a time"\n',
    ),
    (
        "sql-in-queries",
        f"{SERVICE}/service.py",
        'SQL = """\n    -- the hot path\n    WITH taken AS (DELETE FROM hold RETURNING id)\n    SELECT 1"""\n',
        'WORDS = "WITH care"\n',
    ),
    (
        "sql-made-of-pieces",
        f"{SERVICE}/queries.py",
        'async def find(tx, name):\n    return await tx.fetch(f"SELECT id FROM site WHERE name = {name}")\n',
        'async def find(tx, name):\n    return await tx.fetch("SELECT id FROM site WHERE name = $1", name)\n',
    ),
    (
        "sql-made-of-pieces",
        f"{SERVICE}/queries.py",
        'async def find(tx, name):\n    sql = "SELECT 1 WHERE name = " + name\n    return await tx.fetch(sql)\n',
        '_SITE = "id, name"\n\nasync def find(tx, name):\n    await tx.fetch("SELECT " + _SITE + " FROM site")\n',
    ),
    (
        "sql-made-of-pieces",
        f"{SERVICE}/queries.py",
        'async def find(tx, name):\n    _SITE = f"{name}"\n    await tx.fetch("SELECT " + _SITE + " FROM site")\n',
        'async def find(tx, name):\n    sql = "SELECT 1 " "WHERE name = $1"\n    return await tx.fetch(sql, name)\n',
    ),
    (
        "sql-made-of-pieces",
        f"{SERVICE}/queries.py",
        "async def find(tx, name):\n    return await tx.fetch(\"SELECT 1 WHERE name = '{}'\".format(name))\n",
        'CHANNEL = "relay"\n\nasync def wake(tx):\n    await tx.execute(f"NOTIFY {CHANNEL}")\n',
    ),
    (
        "any-across-border",
        f"{SERVICE}/service.py",
        "from typing import Any\n\ndef book(wish: dict[str, Any]) -> None: ...\n",
        "from typing import Any\n\ndef _inside(wish: Any) -> None: ...\ndef book(wish: dict[str, str]) -> None: ...\n",
    ),
    (
        "pure-domain",
        f"{SERVICE}/domain.py",
        "import asyncpg\n",
        "import datetime\nfrom dataclasses import dataclass\n",
    ),
    ("pure-domain", f"{SERVICE}/domain.py", "import os\n", "import math\n"),
    (
        "clock-ids-chance",
        f"{SERVICE}/service.py",
        "from datetime import UTC, datetime\n\ndef late() -> bool:\n    return datetime.now(UTC).hour > 20\n",
        "from maillage.clock import now\n\ndef late() -> bool:\n    return now().hour > 20\n",
    ),
    (
        "clock-ids-chance",
        f"{SERVICE}/service.py",
        "import uuid\n\nID = uuid.uuid4()\n",
        "import uuid\n\nID = uuid.uuid5(uuid.NAMESPACE_URL, 'the same each time')\n",
    ),
    (
        "clock-ids-chance",
        "gateway/gateway/codes/service.py",
        "import secrets\n\nCODE = secrets.token_urlsafe()\n",
        "from maillage.ids import new_token\n\nCODE = new_token()\n",
    ),
    (
        "day-of-a-place",
        f"{SERVICE}/service.py",
        "from maillage import clock\n\nTODAY = clock.now().date()\n",
        "from maillage import clock\n\nTODAY = clock.now().astimezone(ZONE).date()\n",
    ),
    (
        "day-of-a-place",
        f"{SERVICE}/service.py",
        "async def due(tx: Tx) -> date:\n    return tx.now.date()\n",
        "async def due(tx: Tx, zone: ZoneInfo) -> date:\n    return tx.now.astimezone(zone).date()\n",
    ),
    (
        "operation-declared",
        f"{SERVICE}/endpoints.py",
        '@router.get("/slots")\nasync def slots(): ...\n',
        '@router.get("/slots", openapi_extra=operation("slot.read"))\nasync def slots(): ...\n',
    ),
    (
        "operation-declared",
        f"{SERVICE}/endpoints.py",
        '_READ = {"x-permission": "slot.read"}\n\n@router.get("/slots", openapi_extra=_READ)\nasync def slots(): ...\n',
        '_READ = operation("slot.read")\n\n@router.get("/slots", openapi_extra=_READ)\nasync def slots(): ...\n',
    ),
    (
        "operation-declared",
        f"{SERVICE}/endpoints.py",
        '@router.post("/slots", openapi_extra={**body(Slot)})\nasync def slots(): ...\n',
        '@router.post("/slots", openapi_extra={**operation("slot.hold"), **body(Slot)})\nasync def slots(): ...\n',
    ),
    (
        "french-in-code",
        f"{SERVICE}/service.py",
        'MESSAGE = "Ce créneau vient d\'être pris"\n',
        'def show(_):\n    """Le créneau."""\n    return _("Ce créneau vient d\'être pris")\n',
    ),
    (
        "wire-types-are-wire",
        f"{SERVICE}/schemas.py",
        "from pydantic import BaseModel\n\nclass SlotOut(BaseModel): ...\n",
        "from maillage.wire import Wire\n\nclass SlotOut(Wire): ...\n",
    ),
    (
        "dependency-before-answer",
        "maillage/maillage/http.py",
        "from fastapi import Depends\n\ndef session():\n    yield 1\n\nX = Depends(session)\n",
        'from fastapi import Depends\n\ndef session():\n    yield 1\n\nX = Depends(session, scope="function")\n',
    ),
    ("size", f"{SERVICE}/service.py", "x = 1\n" * 601, "x = 1\n" * 400),
    (
        "size",
        f"{SERVICE}/service.py",
        "def long():\n" + "    x = 1\n" * 61,
        'def documented():\n    """Says\n' + "    much\n" * 50 + '    """\n    x = 1\n',
    ),
]


def rules_broken(path: str, text: str) -> set[str]:
    return {finding.rule for finding in judge([Source(path, text)]) if finding.refused}


@pytest.mark.parametrize(("rule", "path", "bad", "good"), CASES)
def test_a_rule_refuses_the_bad_sample_and_passes_the_good_one(rule: str, path: str, bad: str, good: str) -> None:
    assert rule in rules_broken(path, bad)
    assert rule not in rules_broken(path, good)


def test_a_generator_dependency_is_found_across_modules() -> None:
    """The generator stands in the kit, the endpoint that leans on it in a service."""
    kit = Source("maillage/maillage/http.py", "async def session():\n    yield 1\n")
    endpoint = Source(
        f"{SERVICE}/endpoints.py",
        "from fastapi import Depends\nfrom maillage.http import session\n\nX = Depends(session)\n",
    )
    assert [finding.path for finding in judge([kit, endpoint])] == [endpoint.path]


def test_an_operation_may_be_declared_in_another_module_of_the_service() -> None:
    """A constant that holds it is followed to where it was made."""
    shared = Source(f"{SERVICE}/declared.py", 'READ = operation("slot.read")\nNOTHING = {}\n')
    route = (
        'from appointments.slots.declared import {0}\n\n@router.get("/", openapi_extra={0})\nasync def slots(): ...\n'
    )
    assert judge([shared, Source(f"{SERVICE}/endpoints.py", route.format("READ"))]) == []
    assert len(judge([shared, Source(f"{SERVICE}/endpoints.py", route.format("NOTHING"))])) == 1


def test_a_local_name_is_no_module() -> None:
    """A variable called like a module of chance is nothing but a variable."""
    text = "def show(secrets: dict[str, str]) -> None:\n    for name in secrets.items():\n        pass\n"
    assert rules_broken(f"{SERVICE}/service.py", text) == set()


def test_a_domain_may_lean_on_a_pure_module_of_its_service_and_not_on_an_impure_one() -> None:
    """What a domain imports is followed: hiding the database one module further does not help."""
    domain = Source(f"{SERVICE}/domain.py", "from appointments.slots.minutes import steps\n")
    pure = Source(f"{SERVICE}/minutes.py", "import math\n")
    impure = Source(f"{SERVICE}/minutes.py", "import math\nimport asyncpg\n")
    assert judge([domain, pure]) == []
    assert {finding.rule for finding in judge([domain, impure])} == {"pure-domain"}


def test_a_comment_excuses_only_with_a_reason_and_only_its_rule() -> None:
    """An exception to a rule is written where it is made, with why."""
    line = "import uuid\n{above}ID = uuid.uuid4(){beside}\n"
    bare = line.format(above="", beside="  # allow clock-ids-chance")
    other = line.format(above="", beside="  # allow size: it is short")
    reasoned = line.format(above="# allow clock-ids-chance: an id that the partner asks for\n", beside="")
    assert rules_broken(f"{SERVICE}/service.py", bare) == {"clock-ids-chance"}
    assert rules_broken(f"{SERVICE}/service.py", other) == {"clock-ids-chance"}
    assert rules_broken(f"{SERVICE}/service.py", reasoned) == set()


def test_the_kit_itself_opens_transactions() -> None:
    """The rule has one exception, and this is it."""
    text = "async def run(connection):\n    async with connection.transaction():\n        pass\n"
    assert rules_broken("maillage/maillage/database.py", text) == set()


def test_a_long_function_is_reported_before_it_is_refused() -> None:
    """Over 40 lines a reviewer is told; the build goes on."""
    found = judge([Source(f"{SERVICE}/service.py", "def long():\n" + "    x = 1\n" * 45)])
    assert [(finding.rule, finding.refused) for finding in found] == [("size", False)]


LOCKED = "httpx==0.28.1 \\\n    --hash=sha256:" + "0" * 64 + "\n"


@pytest.mark.parametrize(
    ("lock", "dependencies", "sentence"),
    [
        (LOCKED, '["httpx>=0.28"]', None),
        (LOCKED, '["httpx>=0.29"]', "does not accept the locked"),
        (LOCKED, '["httpx", "uvloop"]', "is not in the lock"),
        ("httpx==0.28.1\n", '["httpx"]', "has no hash"),
        ("--index-url https://pypi.example/simple\n" + LOCKED, '["httpx"]', "names no address"),
    ],
)
def test_the_lock_is_in_step(tmp_path: Path, lock: str, dependencies: str, sentence: str | None) -> None:
    """Every requirement pinned at a version it accepts, with hashes, and no server named."""
    (tmp_path / "requirements.lock").write_text(lock)
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "workspace"\ndependencies = {dependencies}\n')
    found = [finding.sentence for finding in house.lock_in_step(tmp_path)]
    assert (found == []) if sentence is None else (len(found) == 1 and sentence in found[0])


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("PATH = '/ro" + "ot/.cache'", True),
        ("cd /ho" + "me/ada/maillage", True),
        ("see /wo" + "rk/notes", True),
        ("index fi" + "le:///srv/wheels", True),
        ("GET /api/appointments/v1/slots", False),
        ("./work/here and https://example.org/home/page", False),
        ("COPY --chown=app . /home/app", False),
    ],
)
def test_no_path_of_one_machine(tmp_path: Path, line: str, refused: bool) -> None:
    """What only exists on the author's machine is refused in any text file."""
    page = tmp_path / "page.md"
    page.write_text(dedent(line))
    assert bool(list(house.machine_paths(tmp_path, [page]))) is refused
