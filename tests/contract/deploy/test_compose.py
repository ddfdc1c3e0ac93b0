"""The topology of docker-compose.yml: what an operator relies on is checked here, without Docker."""

import importlib.util
import re
import stat
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

ROOT = Path(__file__).resolve().parents[3]
SERVICES = ("gateway", "appointments", "telesecretariat", "cooperation")


class Container(BaseModel):
    """The keys of a compose service that this page judges."""

    model_config = ConfigDict(extra="allow")

    image: str
    restart: str
    command: list[str]
    environment: dict[str, str]
    networks: list[str]
    user: str | None = None
    ports: list[str] = []
    healthcheck: dict[str, object] | None = None
    depends_on: dict[str, dict[str, str]] = {}
    build: dict[str, object] | None = None


class Compose(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="allow")

    services: dict[str, Container]
    networks: dict[str, dict[str, bool] | None]


TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = Compose.model_validate(yaml.safe_load(TEXT))
OWN = [name for name in COMPOSE.services if name not in {"postgres", "nats"}]
LASTING = [name for name in COMPOSE.services if name != "migrate"]


@pytest.mark.parametrize("name", LASTING)
def test_what_lasts_is_watched_and_comes_back(name: str) -> None:
    """A health check and a restart policy on everything but the one-shot migration."""
    container = COMPOSE.services[name]
    assert container.restart == "unless-stopped"
    assert container.healthcheck is not None
    assert container.healthcheck["test"]


@pytest.mark.parametrize("name", list(COMPOSE.services))
def test_images_are_pinned(name: str) -> None:
    """A version down to the patch: the same file starts the same software next year."""
    assert re.fullmatch(r"[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", COMPOSE.services[name].image)


@pytest.mark.parametrize("name", list(COMPOSE.services))
def test_no_secret_stands_in_the_file(name: str) -> None:
    """Every password and key comes from .env, and its absence stops compose with a sentence."""
    for variable, value in COMPOSE.services[name].environment.items():
        if re.search(r"(PASSWORD|KEY|TOKEN|SECRET)$", variable):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), variable
        for password in re.findall(r"://[^:/]+:([^@]*)@", value):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", password), variable


@pytest.mark.parametrize("name", OWN)
def test_our_containers_are_not_root(name: str) -> None:
    """Neither in the image nor by compose."""
    assert COMPOSE.services[name].user == "10001:10001"
    assert re.search(r"^USER 10001:10001$", (ROOT / "deploy/Dockerfile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_serves_and_works_with_its_own_database_only(service: str) -> None:
    """Two processes, one address of a database, and it is the service's own role on the service's own database."""
    for name, verb in ((service, "serve"), (f"{service}-work", "work")):
        container = COMPOSE.services[name]
        assert container.command == [verb, service]
        databases = {key: value for key, value in container.environment.items() if key.endswith("POSTGRES_URL")}
        assert list(databases) == [f"MAILLAGE_{service.upper()}_POSTGRES_URL"]
        (address,) = databases.values()
        assert address.startswith(f"postgresql://{service}:")
        assert address.endswith(f"@postgres:5432/{service}")
        assert container.depends_on["migrate"] == {"condition": "service_completed_successfully"}


def test_only_the_migration_knows_the_superuser() -> None:
    """Nobody else could change a table or read another service's rows."""
    knows = {name for name, container in COMPOSE.services.items() if "POSTGRES_PASSWORD:" in str(container.environment)}
    assert knows == {"postgres", "migrate"}


def test_one_door() -> None:
    """Only the gateway listens outside, by default on this machine alone; databases and broker have no way out."""
    assert [name for name, container in COMPOSE.services.items() if container.ports] == ["gateway"]
    assert COMPOSE.services["gateway"].ports == ["${MAILLAGE_LISTEN:-127.0.0.1:8000}:8000"]
    assert COMPOSE.networks["inside"] == {"internal": True}
    assert all(COMPOSE.services[name].networks == ["inside"] for name in ("postgres", "nats", *SERVICES[1:]))


def test_the_broker_writes_before_it_acknowledges() -> None:
    """JetStream's default acknowledges before fsync; here it does not."""
    settings = (ROOT / "deploy/nats/nats.conf").read_text()
    assert re.search(r"jetstream \{[^}]*sync_interval: always", settings)
    assert "password: $MAILLAGE_NATS_PASSWORD" in settings


def test_env_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    """`make env` gives every variable that compose asks for, each secret another, and never overwrites."""
    spec = importlib.util.spec_from_file_location("make_env", ROOT / "deploy/make_env.py")
    assert spec is not None
    assert spec.loader is not None
    make_env = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_env)
    target = tmp_path / ".env"
    assert make_env.write(target) is True
    first = target.read_text()
    assert make_env.write(target) is False
    assert target.read_text() == first
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    given = dict(line.split("=", 1) for line in first.splitlines() if not line.startswith("#"))
    assert set(re.findall(r"\$\{([A-Z_]+):\?", TEXT)) <= set(given)
    secrets = [value for name, value in given.items() if re.search(r"(PASSWORD|KEY)$", name)]
    assert len(set(secrets)) == len(secrets) == 9
    assert all(re.fullmatch(r"k[0-9a-f]{64}", secret) for secret in secrets)
    assert given["MAILLAGE_SMTP_URL"] == "", "no mail server is guessed: compose asks for it"
