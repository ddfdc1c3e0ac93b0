"""The command that makes the first account of an installation, on a real database."""

import threading
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from gateway.first_administrator import main
from gateway.main import service

ASKED = ["--organisation", "Groupement (démonstration)", "--login", "premier"]


async def test_it_invites_once_and_only_once(
    service_database: Callable[..., str], in_process: Callable[..., tuple[int, str, str]]
) -> None:
    """An operator, an administrator who is invited, a link that holds the token; a second time it refuses."""
    url = service_database(service)
    status, told, _ = in_process(url)
    assert status == 0
    link = told.splitlines()[-1]
    assert link.startswith("https://sante.example/console/invitation#")
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET maillage.orgs = '*'")
        row = await connection.fetchrow(
            """SELECT o.kind, p.status, m.role, i.token_hash = sha256($1::bytea) AS same FROM organisation o
               JOIN membership m ON m.organisation_id = o.id JOIN person p ON p.id = m.person_id
               JOIN invitation i ON i.person_id = p.id""",
            link.partition("#")[2].encode(),
        )
    finally:
        await connection.close()
    assert row is not None
    assert tuple(row) == ("operator", "invited", "administrator", True)
    status, told, said = in_process(url)
    assert (status, told) == (1, "")
    assert "OPERATOR_EXISTS" in said


def test_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without a database: which setting to name."""
    monkeypatch.delenv("MAILLAGE_GATEWAY_POSTGRES_URL", raising=False)
    assert main([*ASKED, "--data", str(tmp_path)]) == 2
    assert "MAILLAGE_GATEWAY_POSTGRES_URL" in capsys.readouterr().err


@pytest.fixture
def in_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[[str], tuple[int, str, str]]:
    """`in_process(url)` -> exit status, what it printed, what it complained."""

    def run(url: str) -> tuple[int, str, str]:
        for name, value in (
            ("MAILLAGE_GATEWAY_POSTGRES_URL", url),
            ("MAILLAGE_GATEWAY_KEY", "a key for tests, as long as a real one is: 0123456789"),
            ("MAILLAGE_PUBLIC_URL", "https://sante.example"),
        ):
            monkeypatch.setenv(name, value)
        ended: list[int] = []
        thread = threading.Thread(target=lambda: ended.append(main([*ASKED, "--data", str(tmp_path)])))
        thread.start()
        thread.join(30)
        said = capsys.readouterr()
        return ended[0], said.out, said.err

    return run
