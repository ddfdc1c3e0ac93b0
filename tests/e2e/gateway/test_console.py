"""The console and other files as the door serves them: found by exact name, kept for ever or asked again, packed, and
never a folder (design: gateway 10)."""

import gzip
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.harness.door import House

INDEX = b"<!doctype html><title>console</title>" + b" " * 2000
SCRIPT = b"export const a = 1;\n" * 200


def _build(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    """A console as Vite builds it, and the one before."""
    built = {
        "index.html": INDEX,
        "favicon.svg": b"<svg/>",
        "assets/app-Ab12_-9z.js": SCRIPT,
        "assets/app-Ab12_-9z.js.br": b"packed by brotli",
        "assets/app-Ab12_-9z.js.gz": gzip.compress(SCRIPT),
        "assets/plain.js": b"1",
        "notes.exe": b"not for the web",
    }
    before = {"index.html": b"the old one", "assets/app-OLDOLD01.js": b"old", "old.svg": b"<svg/>"}
    return {
        "console_dir": _build(tmp_path / "new", built),
        "console_previous": [_build(tmp_path / "old", before)],
        "console_connect": ["wss://sip.maillage.example:7443"],
    }


@pytest_asyncio.fixture
async def client(house: Callable[..., House], settings: dict[str, object]) -> AsyncIterator[httpx.AsyncClient]:
    async with house(**settings).browser() as browser:
        yield browser


async def test_hashed_names_are_kept_for_ever_and_the_page_is_asked_again(client: httpx.AsyncClient) -> None:
    index = await client.get("/console/")
    assert (index.status_code, index.content) == (200, INDEX)
    assert index.headers["cache-control"] == "no-cache"
    assert index.headers["content-type"] == "text/html; charset=utf-8"
    script = await client.get("/console/assets/app-Ab12_-9z.js")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await client.get("/console/assets/plain.js")).headers["cache-control"] == "no-cache"
    assert (await client.get("/console/favicon.svg")).headers["content-type"] == "image/svg+xml"
    assert (await client.get("/console/index.html")).content == INDEX


async def test_addresses_of_the_app_are_its_page_and_missing_files_are_missing(client: httpx.AsyncClient) -> None:
    """A script that is gone must not be answered by a page: the browser would run HTML."""
    for path in ("/console/", "/console/agenda", "/console/agenda/2026-11-23", "/console/appels/"):
        assert (await client.get(path)).content == INDEX, path
    for path in ("/console/assets/app-GONEGONE.js", "/console/assets/", "/console/notes.exe", "/console/a/b.css"):
        assert (await client.get(path)).json()["code"] == "NOT_FOUND", path
    moved = await client.get("/console")
    assert (moved.status_code, moved.headers["location"]) == (308, "/console/")
    assert (await client.get("/console/%2e%2e/secret")).json()["code"] == "BAD_PATH"
    assert (await client.get("/consoles")).json()["code"] == "NOT_FOUND"
    assert (await client.post("/console/")).json()["code"] == "METHOD_NOT_ALLOWED"


async def test_assets_of_the_release_before_stay_and_nothing_else_of_it(client: httpx.AsyncClient) -> None:
    assert (await client.get("/console/assets/app-OLDOLD01.js")).content == b"old"
    assert (await client.get("/console/old.svg")).status_code == 404


async def test_what_is_packed_goes_out_packed_to_those_who_take_it(client: httpx.AsyncClient) -> None:
    path = "/console/assets/app-Ab12_-9z.js"
    brotli = await client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert (brotli.headers["content-encoding"], brotli.content) == ("br", b"packed by brotli")
    zipped = await client.get(path, headers={"Accept-Encoding": "br;q=0, gzip;q=0.5"})
    assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", SCRIPT)
    plain = await client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT
    assert int(plain.headers["content-length"]) == len(SCRIPT)
    for answer in (brotli, zipped, plain):
        assert answer.headers["vary"] == "Accept-Encoding"
    page = await client.get("/console/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip", "packed at start where the build did not"


async def test_an_unchanged_file_is_not_sent_again(client: httpx.AsyncClient) -> None:
    for path in ("/console/", "/console/assets/app-Ab12_-9z.js", "/openapi.json"):
        first = await client.get(path)
        again = await client.get(path, headers={"If-None-Match": f'"x", {first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"]), path
        assert again.headers["cache-control"] == first.headers["cache-control"]
        assert (await client.get(path, headers={"If-None-Match": '"x"'})).status_code == 200
        head = await client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == first.headers["content-length"]


async def test_the_console_connects_to_the_telephones_and_nowhere_else(client: httpx.AsyncClient) -> None:
    for path in ("/console/", "/console/assets/app-Ab12_-9z.js"):
        assert (await client.get(path)).headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            "connect-src 'self' wss://sip.maillage.example:7443; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )


async def test_the_telephones_of_browsers_are_reached_at_their_origin_alone(house: Callable[..., House]) -> None:
    async with house(sip_wss_url="wss://sip.maillage.example/ws").browser() as client:
        policy = (await client.get("/console/")).headers["content-security-policy"]
    assert "connect-src 'self' wss://sip.maillage.example;" in policy


async def test_without_a_console_its_addresses_say_so(house: Callable[..., House]) -> None:
    async with house().browser() as client:
        assert (await client.get("/console/agenda")).json()["code"] == "NO_CONSOLE"
        page = await client.get("/console/", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "La console n&#x27;est pas installée" in page.text
