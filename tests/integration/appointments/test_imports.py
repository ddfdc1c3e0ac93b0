"""CSV imports over HTTP: rehearsed, all or nothing, the same again changes nothing."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio

from appointments.demo import ids as demo
from appointments.demo.centre import finess
from appointments.main import service
from maillage.principal import Principal
from maillage.testing import Running
from tests.harness import people
from tests.harness.appointments_world import World, world
from tests.harness.days import today

SITES = (
    "code;nom;ville;type;finess;telephone;plain_pied\n"
    "autun;Autun;Autun;centre;{finess};03 85 34 71 00;oui\n"
    "bourg;Bourg;Bourg;antenne;;;non\n"
)
TEAM = (
    "rpps;profession;nom;prenom;courriel\n"
    "{one};médecin;Vermasson;Zélie;z@example.org\n"
    "{two};infirmière;Loreblin;Alban;\n"
)
REASONS = (
    "code;libelle;libelle_public;professions;modes;ouvert_a;age_maximal\n"
    "consultation;Consultation;Consultation;médecin;sur place 20/30|téléconsultation 15+5;public|secrétariat;\n"
    "enfant;Enfant;Pour un enfant;médecin;sur place 20;public|secrétariat;15\n"
)


class Desk:
    """An organisation and its manager."""

    def __init__(self, running: Running, w: World, org: UUID) -> None:
        self.running, self.w, self.org = running, w, org

    async def send(
        self, kind: str, data: str | bytes, *, dry_run: bool = False, by: Principal | None = None, **headers: str
    ) -> httpx.Response:
        """Sends a file as the manager, unless told otherwise."""
        sent = {"content-type": "text/csv"} | {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.running.client(by or people.manager(self.org)) as client:
            return await client.post(
                f"/v1/imports?kind={kind}&dry_run={str(dry_run).lower()}",
                content=data if isinstance(data, bytes) else data.encode(),
                headers=sent,
            )

    async def imported(self, kind: str, data: str | bytes) -> tuple[int, int, int]:
        """What a file that must be applied created, changed, left."""
        answer = await self.send(kind, data)
        assert answer.status_code == 201, answer.text
        changes = answer.json()["changes"]
        assert answer.json()["state"] == "applied"
        return changes["created"], changes["changed"], changes["unchanged"]

    async def refused(self, kind: str, data: str | bytes) -> list[tuple[int, str | None, str]]:
        """The faulty lines of a file that must not be applied; a dry run finds the same and changes nothing."""
        rehearsed = await self.send(kind, data, dry_run=True)
        assert (rehearsed.status_code, rehearsed.json()["state"]) == (201, "refused"), rehearsed.text
        answer = await self.send(kind, data)
        assert (answer.status_code, answer.json()["code"]) == (422, "IMPORT_REFUSED")
        lines = [(f["line"], f["column"], f["code"]) for f in answer.json()["lines"]]
        assert lines == [(f["line"], f["column"], f["code"]) for f in rehearsed.json()["faults"]]
        return lines

    async def count(self, table: str) -> int:
        """Rows of the organisation's directory."""
        counts = {
            "site": "SELECT count(*) FROM site",
            "practitioner": "SELECT count(*) FROM practitioner",
            "opening_rule": "SELECT count(*) FROM opening_rule",
            "outbox": "SELECT count(*) FROM kit.outbox",
        }
        value = await self.w.connection.fetchval(counts[table])
        assert isinstance(value, int)
        return value


@pytest_asyncio.fixture
async def desk(running_service: Callable[..., Running]) -> AsyncIterator[Desk]:
    """An empty organisation."""
    running = running_service(service)
    async with world(running.database_url) as w:
        yield Desk(running, w, await w.organisation())


def sites() -> str:
    """Two sites."""
    return SITES.format(finess=finess(11))


def team() -> str:
    """A doctor and a nurse."""
    return TEAM.format(one=demo.rpps(1), two=demo.rpps(31))


def agenda(*lines: str) -> str:
    """Rules of the doctor at Autun, from next Monday on: `jours;debut;fin;type;motifs` each."""
    monday = today() + timedelta(days=7 - today().weekday())
    head = "rpps;site;du;jours;debut;fin;type;motifs\n"
    return head + "".join(f"{demo.rpps(1)};autun;{monday:%d/%m/%Y};{line}\n" for line in lines)


async def test_the_same_file_again_changes_nothing_and_a_change_changes_one(desk: Desk) -> None:
    """By code; events only for what was written."""
    assert await desk.imported("sites", sites()) == (2, 0, 0)
    assert await desk.imported("sites", sites()) == (0, 0, 2)
    assert await desk.count("outbox") == 2
    assert await desk.imported("sites", sites().replace("Bourg;Bourg;", "Bourg neuf;Bourg;")) == (0, 1, 1)
    row = await desk.w.connection.fetchrow("SELECT name, kind, step_free, version FROM site WHERE code = 'bourg'")
    assert row is not None
    assert tuple(row) == ("Bourg neuf", "branch", False, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
async def test_a_file_as_a_spreadsheet_saves_it_is_applied(desk: Desk, encoding: str) -> None:
    """BOM or cp1252, CRLF; a comma between cells; a formula is text."""
    data = "code,nom,ville\r\nsaone,Chalon-sur-Saône,=cmd()\r\n".encode(encoding)
    assert await desk.imported("sites", data) == (1, 0, 0)
    assert await desk.w.connection.fetchval("SELECT name || city FROM site") == "Chalon-sur-Saône=cmd()"


async def test_a_dry_run_changes_nothing_and_can_be_read_again(desk: Desk) -> None:
    """It says what would be created; no site, no event, no audit of a site is left."""
    answer = await desk.send("sites", sites(), dry_run=True)
    report = answer.json()
    assert (answer.status_code, report["state"], report["changes"]["created"]) == (201, "checked", 2)
    assert (await desk.count("site"), await desk.count("outbox")) == (0, 0)
    assert await desk.w.connection.fetchval("SELECT count(*) FROM kit.audit WHERE record = 'site'") == 0
    async with desk.running.client(people.manager(desk.org)) as client:
        assert (await client.get(f"/v1/imports/{report['id']}")).json() == report
        assert (await client.get(f"/v1/imports/{uuid4()}")).status_code == 404
    async with desk.running.client(people.manager(await desk.w.organisation("Autre"))) as client:
        assert (await client.get(f"/v1/imports/{report['id']}")).status_code == 404


async def test_every_wrong_line_is_listed_and_nothing_is_applied(desk: Desk) -> None:
    """Line, title of the file, code; right lines between wrong ones are not applied either."""
    data = (
        "code;nom;ville;finess;rattache_a\n"
        f"autun;Autun;Autun;{finess(11)};\n"
        "Autun 2;Autun;Autun;710000002;\n"
        "bourg;Bo\u0000urg;Bourg;;\n"
        "autun;Encore;Autun;;\n"
        "ville;;Ville;;nulle-part\n"
    )
    assert await desk.refused("sites", data) == [
        (3, "code", "INVALID"),
        (3, "finess", "FINESS_INVALID"),
        (4, "nom", "TEXT_INVALID"),
        (5, "code", "LINE_TWICE"),
        (6, "rattache_a", "REFERENCE_UNKNOWN"),
        (6, "nom", "INVALID"),
    ]
    assert (await desk.count("site"), await desk.count("outbox")) == (0, 0)


async def test_faults_are_told_in_the_language_asked_and_never_repeat_the_cell(desk: Desk) -> None:
    """French by default."""
    data = f"rpps;profession;nom;prenom\n12345678901;médecin;Vermasson;Zélie\n{demo.rpps(1)};plombier;A;B\n"
    french = (await desk.send("practitioners", data, dry_run=True)).json()["faults"]
    english = (await desk.send("practitioners", data, dry_run=True, accept_language="en")).json()["faults"]
    assert [(f["line"], f["column"], f["code"]) for f in french] == [
        (2, "rpps", "RPPS_INVALID"),
        (3, "profession", "INVALID"),
    ]
    assert "clé" in french[0]["detail"]
    assert "key" in english[0]["detail"]
    assert not {"12345678901", "plombier"} & set(str(french + english).replace("'", " ").split())


async def test_titles_decide_what_a_file_touches(desk: Desk) -> None:
    """A column that is not there keeps what is stored; one that is there and empty takes the default."""
    await desk.imported("practitioners", team())
    await desk.imported(
        "practitioners", f"rpps;profession;nom;prenom;specialite\n{demo.rpps(1)};physician;Vermasson;Zélie;SM54\n"
    )
    row = await desk.w.connection.fetchrow("SELECT email, specialty FROM practitioner WHERE rpps = $1", demo.rpps(1))
    assert row is not None
    assert tuple(row) == ("z@example.org", "SM54")
    await desk.imported(
        "practitioners", f"rpps;profession;nom;prenom;courriel\n{demo.rpps(1)};physician;Vermasson;Zélie;\n"
    )
    assert await desk.w.connection.fetchval("SELECT email FROM practitioner WHERE rpps = $1", demo.rpps(1)) is None


async def test_unknown_or_missing_titles_are_faults_of_the_first_line(desk: Desk) -> None:
    """A mistyped title must not lose its column in silence."""
    assert await desk.refused("sites", "code;nom;vile\nautun;Autun;Autun\n") == [
        (1, "vile", "COLUMN_UNKNOWN"),
        (1, "city", "COLUMN_MISSING"),
    ]
    invisible = "code;no\u0000m;vi\u202ele\nautun;Autun;Autun\n"
    assert (1, "vile", "COLUMN_UNKNOWN") in await desk.refused("sites", invisible)


async def test_a_file_that_is_wrong_throughout_is_told_up_to_a_thousand_faults(desk: Desk) -> None:
    """Nobody reads fifty megabytes of them."""
    told = await desk.refused("sites", "code;nom;ville\n" + "*;;\n" * 400)
    assert (len(told), told[-1]) == (1001, (335, None, "TOO_MANY_FAULTS"))


async def test_schedules_come_by_the_editors_own_use_case(desk: Desk) -> None:
    """Rules, availability and events as if typed; the same file again leaves all alone, a smaller one replaces."""
    for kind, data in (("sites", sites()), ("practitioners", team()), ("reasons", REASONS)):
        await desk.imported(kind, data)
    both = agenda("lundi|jeudi;9h;12h;consultation;consultation|enfant", "mardi;14:00;18:00;consultation;")
    assert await desk.imported("schedules", both) == (1, 0, 0)
    rule = await desk.w.connection.fetchrow(
        "SELECT rrule, cardinality(reason_ids) FROM opening_rule WHERE local_start = '09:00'"
    )
    assert rule is not None
    assert tuple(rule) == ("FREQ=WEEKLY;BYDAY=MO,TH", 2)
    told = await desk.w.connection.fetchval(
        """
        SELECT payload::json #>> '{site_ids,0}' = (SELECT id::text FROM site WHERE code = 'autun') FROM kit.outbox
        WHERE type = 'appointments.practitioner_changed.v1' ORDER BY sequence DESC LIMIT 1
        """
    )
    assert told is True, "others learn where the doctor now works"
    days = await desk.w.connection.fetchval("SELECT count(DISTINCT extract(isodow FROM local_date)) FROM availability")
    assert days == 3
    assert await desk.imported("schedules", both) == (0, 0, 1)
    assert await desk.imported("schedules", agenda("mardi;14:00;18:00;consultation;")) == (0, 1, 0)
    assert await desk.count("opening_rule") == 1
    free = await desk.w.connection.fetchval("SELECT count(*) FROM kit.outbox WHERE type LIKE '%availability_changed%'")
    assert isinstance(free, int)
    assert free > 0


async def test_what_the_schedule_editor_refuses_is_a_fault_of_its_line(desk: Desk) -> None:
    """Two windows at once, an unknown doctor, reason and day: nothing of the file is applied."""
    for kind, data in (("sites", sites()), ("practitioners", team()), ("reasons", REASONS)):
        await desk.imported(kind, data)
    clash = agenda("lundi;9h;12h;consultation;", "lundi;11h;13h;consultation;")
    assert await desk.refused("schedules", clash) == [(2, None, "WINDOW_CLASH")]
    wrong = (
        agenda("lundi;9h;12h;consultation;inconnu", "lune;9h;12h;consultation;")
        + f"{demo.rpps(2)};autun;2027-01-04;mardi;9h;10h;clinic;\n"
    )
    assert await desk.refused("schedules", wrong) == [
        (2, "motifs", "REFERENCE_UNKNOWN"),
        (3, "jours", "CELL_UNREADABLE"),
        (4, "rpps", "REFERENCE_UNKNOWN"),
    ]
    assert await desk.count("opening_rule") == 0


async def test_one_key_applies_once(desk: Desk) -> None:
    """The same answer again, no second import."""
    manager = people.manager(desk.org)
    first = await desk.send("sites", sites(), by=manager, idempotency_key="k1")
    again = await desk.send("sites", sites(), by=manager, idempotency_key="k1")
    assert first.json() == again.json()
    assert await desk.w.connection.fetchval("SELECT count(*) FROM import") == 1


async def test_too_many_lines_or_bytes_are_413_and_another_type_415(desk: Desk) -> None:
    """Before anything is judged."""
    many = await desk.send("sites", "code;nom;ville\n" + "a;b;c\n" * 100_001)
    assert (many.status_code, many.json()["code"]) == (413, "IMPORT_TOO_LARGE")
    big = await desk.send("sites", "code;nom;ville\n" + "x" * (5 * 1024 * 1024))
    assert big.status_code == 413
    assert (await desk.send("sites", sites(), content_type="application/json")).status_code in (400, 415)
    assert (await desk.send("sites", b"\xff\xfea\x00", dry_run=True)).json()["faults"][0]["code"] == "ENCODING"


async def test_only_who_may_write_imports(desk: Desk) -> None:
    """A practitioner may write the own schedule, not import; a front desk imports schedules, no sites."""
    assert (await desk.send("sites", sites(), by=people.telesecretary(desk.org))).status_code == 403
    assert (await desk.send("sites", sites(), by=people.front_desk(desk.org))).status_code == 403
    assert (await desk.send("schedules", agenda(), by=people.practitioner(desk.org))).status_code == 403
    assert (await desk.send("schedules", agenda(), by=people.front_desk(desk.org))).status_code == 201


@pytest.mark.parametrize("kind", ["sites", "practitioners", "reasons", "schedules"])
async def test_a_template_is_a_file_that_can_be_sent(desk: Desk, kind: str) -> None:
    """Titles in French or English, nothing refused."""
    async with desk.running.client(people.manager(desk.org)) as client:
        french = await client.get(f"/v1/imports/templates/{kind}.csv")
        english = await client.get(f"/v1/imports/templates/{kind}.csv", headers={"accept-language": "en"})
    assert french.headers["content-type"].startswith("text/csv")
    assert french.content != english.content
    for template in (french, english):
        assert await desk.imported(kind, template.content) == (0, 0, 0)
