"""Loads: what goes in, when they start, what a release asks for."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from maillage import clock
from maillage.ids import new_id
from maillage.testing import soon
from tests.harness import days
from tests.harness.cycles import Line, dipped, plateau, record
from tests.harness.plant import Plant


async def refused(line: Line, method: str, path: str, json: Any = None) -> tuple[int, str]:
    """Status and code of a refusal to the operator."""
    answer = await line.call(line.operator, method, path, json)
    return answer.status_code, str(answer.json().get("code"))


@pytest.mark.gated
async def test_what_goes_into_a_load_and_out(plant: Plant) -> None:
    line = Line(plant)
    first, second, third = await line.packed(3)
    received = await plant.run(await plant.set(), "received")
    steam, washer = str(plant.machines["steam"]), str(plant.machines["washer"])
    programme = str(plant.programmes["steam"])
    wrong = {"machine_id": washer, "programme_id": programme}
    assert await refused(line, "POST", "/loads", wrong) == (409, "PROGRAMME_NOT_ALLOWED")
    old = await plant.reference(
        "programme", plant.group, code="old134", no=1, name="134 °C", kind="steam", temp_c=134.0, plateau_s=1080,
        expected_min=70, valid=asyncpg.Range(None, clock.now() - timedelta(days=1)),
    )  # fmt: skip
    past = {"machine_id": steam, "programme_id": str(old)}
    assert await refused(line, "POST", "/loads", past) == (409, "PROGRAMME_NOT_VALID")
    load = await line.opened([first])
    again = {"machine_id": steam, "programme_id": programme}
    assert await refused(line, "POST", "/loads", again) == (409, "LOAD_OPEN")
    put = f"/loads/{load}/runs"
    assert await refused(line, "POST", put, {"run_id": str(received)}) == (409, "WRONG_STAGE")
    assert await refused(line, "POST", put, {"run_id": str(first)}) == (409, "ALREADY_LOADED")
    assert await refused(line, "POST", put, {"run_id": str(new_id())}) == (404, "NOT_FOUND")
    assert await refused(line, "DELETE", f"{put}/{second}") == (409, "NOT_IN_LOAD")
    assert len((await line.act("DELETE", f"{put}/{first}"))["runs"]) == 0
    assert await refused(line, "POST", f"/loads/{load}/start", {}) == (409, "LOAD_EMPTY")
    # Out, and in again; then the machine is full.
    await line.act("POST", put, {"run_id": str(first)})
    await plant.connection.execute("UPDATE machine SET capacity = 1 WHERE id = $1", plant.machines["steam"])
    assert await refused(line, "POST", put, {"run_id": str(second)}) == (409, "OVER_CAPACITY")
    await plant.connection.execute("UPDATE machine SET capacity = 18 WHERE id = $1", plant.machines["steam"])
    # Its composition asks for another programme, or one of its models does not bear this one.
    other = await plant.reference(
        "programme", plant.group, code="at121", no=1, name="121 °C", kind="steam", temp_c=121.0, plateau_s=1200,
        expected_min=80, valid=asyncpg.Range(clock.now() - timedelta(days=1), None),
    )  # fmt: skip
    change = f"/loads/{load}/programme"
    assert await refused(line, "POST", change, {"programme_id": str(other)}) == (409, "PROGRAMME_NOT_ALLOWED")
    await plant.connection.execute("UPDATE instrument_model SET programmes_allowed = '{wash}' WHERE alias = 'clip'")
    assert await refused(line, "POST", put, {"run_id": str(second)}) == (409, "PROGRAMME_NOT_ALLOWED")
    await plant.connection.execute("UPDATE instrument_model SET programmes_allowed = '{wash,prion134}'")
    held = await hold(plant, third)
    assert await refused(line, "POST", put, {"run_id": str(third)}) == (409, "ON_HOLD")
    await plant.connection.execute("UPDATE hold_subject SET active = false WHERE hold_id = $1", held)
    assert len((await line.act("POST", put, {"run_id": str(third)}))["runs"]) == 2
    # What happened to a pack between its scan and the start is seen at the start.
    await plant.tests_of_day()
    await plant.connection.execute("UPDATE hold_subject SET active = true WHERE hold_id = $1", held)
    assert await refused(line, "POST", f"/loads/{load}/start", {}) == (409, "ON_HOLD")
    await plant.connection.execute("UPDATE run SET stage = 'aborted', ended_at = now() WHERE id = $1", third)
    answer = await line.call(line.operator, "POST", f"/loads/{load}/start", {})
    assert (answer.json()["code"], UUID(answer.json()["run_id"])) == ("WRONG_STAGE", third)
    await line.act("DELETE", f"{put}/{third}")
    started = await line.act("POST", f"/loads/{load}/start", {})
    assert [UUID(run["run_id"]) for run in started["runs"]] == [first]
    assert {(await plant.row("run", run))["stage"] for run in (second, first)} == {"packed", "sterilising"}


async def hold(plant: Plant, run: UUID) -> UUID:
    """A quality hold on a run."""
    held, row = new_id(), {"organisation_id": plant.group, "group_id": plant.group, "created_at": clock.now()}
    await plant.insert(
        "hold", row | {"id": held, "kind": "quality", "state": "active", "cause": "test", "placed_by": "test"}
    )
    await plant.insert(
        "hold_subject",
        row | {"id": new_id(), "hold_id": held, "subject_kind": "run", "subject_id": run, "contact": "named"},
    )
    return held


@pytest.mark.gated
async def test_two_operators_load_one_pack(plant: Plant) -> None:
    """One is done, the other is told where it is; nothing is in two loads."""
    line = Line(plant)
    [run] = await line.packed(1)
    sister = await plant.reference(
        "machine", plant.group, site_id=plant.sites[plant.group], name="steam 2", kind="steam", capacity=18,
        state_since=clock.now(),
    )  # fmt: skip
    plant.machines["sister"] = sister
    loads = [await line.opened([]), await line.opened([], "sister")]
    answers = await asyncio.gather(
        *(line.call(plant.operator(), "POST", f"/loads/{load}/runs", {"run_id": str(run)}) for load in loads)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    [loser] = [answer.json() for answer in answers if answer.status_code == 409]
    assert loser["code"] == "ALREADY_LOADED"
    assert UUID(loser["load_id"]) in loads
    inside = "SELECT count(*) FROM load_run WHERE run_id = $1 AND removed_at IS NULL"
    assert await plant.connection.fetchval(inside, run) == 1


async def test_a_release_dates_what_was_seen_good_and_tells_each_owner(plant: Plant) -> None:
    line, pharmacist = Line(plant), new_id()
    await plant.signatory(pharmacist)
    runs = await line.packed(4, plant.members[:2])
    load = await line.started(runs)
    told = await line.recorded(load)
    assert (told["verdict"], told["failings"], told["second_agrees"]) == ("conform", [], True)
    await line.looked_at(load, runs)
    await line.looked_at(load, runs[:1], intact=False)
    await line.looked_at(load, runs[1:2], dry=False)
    await line.read(load)
    answer = await line.decide(load, plant.pharmacist(pharmacist))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["state"], body["decision"]["outcome"]) == ("released", "release")
    assert answer.headers["etag"] == f'"{body["decision"]["evidence_hash"]}"'
    torn, wet, *good = [await plant.row("run", run) for run in runs]
    assert [(row["stage"], row["end_reason"], row["expires_on"]) for row in (torn, wet)] == [
        ("aborted", "not_intact", None), ("aborted", "wet", None),
    ]  # fmt: skip
    today = told["ended_at"][:10]
    for row in good:
        assert (row["stage"], row["load_id"]) == ("released", load)
        assert row["expires_on"] - row["sterile_on"] == timedelta(days=180)
        assert abs((row["sterile_on"] - days.today()).days) <= 1, today
    # The next turn of what was torn began at the plant.
    nexts = await plant.connection.fetch("SELECT stage, opened_from FROM run WHERE opened_from = ANY ($1)", runs)
    assert {row["opened_from"]: row["stage"] for row in nexts} == {runs[0]: "received", runs[1]: "received"}
    events = await plant.connection.fetch(
        "SELECT organisation_id, payload FROM kit.outbox WHERE type = 'cooperation.load_decided.v1'"
    )
    told_of = {row["organisation_id"]: row["payload"] for row in events}
    assert set(told_of) == {plant.group, *plant.members[:2]}
    for place, member in enumerate(plant.members[:2]):
        assert str(runs[place]) in str(told_of[member])
        assert str(runs[1 - place]) not in str(told_of[member])
    entry = await plant.connection.fetchval(
        "SELECT data->'facts'->>'evidence_hash' FROM trace_entry WHERE subject_id = $1 AND kind = 'load.released'", load
    )
    assert entry == body["decision"]["evidence_hash"]


SPOILED = {
    "machine unknown": "UPDATE load SET machine_state = NULL WHERE id = $1",
    "machine out": "UPDATE load SET machine_state = 'maintenance' WHERE id = $1",
    "no tests kept": "UPDATE load SET tests_at_start = NULL WHERE id = $1",
    "a test is not kept": "UPDATE load SET tests_at_start = tests_at_start - 0 WHERE id = $1",
    "a test failed": """UPDATE load SET tests_at_start = jsonb_set(tests_at_start, '{0,result}', '"failed"')
                        WHERE id = $1""",
    "programme ended": """UPDATE load SET programme_id = (SELECT id FROM programme WHERE code = 'old134')
                          WHERE id = $1""",
    "not looked whether dry": "UPDATE load_run SET dry = NULL WHERE load_id = $1",
    "seen before it came out": "UPDATE load_run SET seen_at = seen_at - interval '1 hour' WHERE load_id = $1",
}
"""What the base would have to say, where the API does not let it come to that."""
TWO_SAMPLES = {"samples": [[0, [134.0]], [1, [134.0]]]}
STORIES: list[tuple[str, dict[str, Any], str, str]] = [
    ("machine unknown", {}, "machine_in_service", "missing"),
    ("machine out", {}, "machine_in_service", "failed"),
    ("no tests kept", {}, "tests_of_day", "missing"),
    ("a test is not kept", {}, "tests_of_day", "missing"),
    ("a test failed", {}, "tests_of_day", "failed"),
    ("programme ended", {}, "programme_valid", "failed"),
    ("no second recorder", {"second": None}, "second_recorder_agrees", "missing"),
    ("it knows two samples", {"second": TWO_SAMPLES}, "second_recorder_agrees", "failed"),
    ("it is 1.2 K off", {"off": 1.2}, "second_recorder_agrees", "failed"),
    ("no integrator", {"controls": []}, "indicator_read", "missing"),
    ("read again as failed", {"controls": ["conform", "failed"]}, "indicator_read", "failed"),
    ("a pack not seen", {"seen": 1}, "packs_seen", "1 of 2"),
    ("not looked whether dry", {}, "packs_seen", "0 of 2"),
    ("seen before it came out", {}, "packs_seen", "0 of 2"),
    ("an issue", {}, "no_open_issue", "failed"),
]


async def test_each_item_of_the_evidence_refuses(plant: Plant) -> None:
    """One load at a time lacks one thing; the pharmacist is told which, and nothing is released."""
    line, pharmacist = Line(plant), plant.pharmacist(new_id())
    assert pharmacist.person_id is not None
    await plant.signatory(pharmacist.person_id)
    await plant.reference(
        "programme", plant.group, code="old134", no=1, name="134 °C", kind="steam", temp_c=134.0, plateau_s=1080,
        expected_min=70, valid=asyncpg.Range(None, clock.now() - timedelta(days=1)),
    )  # fmt: skip
    await plant.tests_of_day()
    for name, given, item, detail in STORIES:
        load = await _spoiled(plant, line, name, given)
        shown = await line.etag(load, pharmacist)
        path, english = f"/loads/{load}/decision", {"if_match": shown, "accept_language": "en"}
        answer = await line.call(pharmacist, "POST", path, {"outcome": "release"}, **english)
        assert (answer.status_code, answer.json()["code"]) == (409, "EVIDENCE_INCOMPLETE"), name
        errors = [(each["pointer"], each["detail"]) for each in answer.json()["errors"]]
        assert errors == [(f"/evidence/{item}", detail)], name
        assert (await plant.row("load", load))["state"] == "to_decide", name
        rejected = await line.decide(load, pharmacist, "reject", etag=shown, reason=name)
        assert rejected.status_code == 200, rejected.text
    assert await plant.connection.fetchval("SELECT count(*) FROM run WHERE sterile_on IS NOT NULL") == 0


async def _spoiled(plant: Plant, line: Line, name: str, given: dict[str, Any]) -> UUID:
    """A load to be decided that lacks one thing."""
    runs = await line.packed(2)
    load = await line.started(runs, tested=True)
    body = record(line.cycles)
    if "second" in given:
        body["second"] = given["second"]
    if "off" in given:
        body["second"] = {"samples": [[at, [probes[0] + given["off"]]] for at, probes, _ in body["samples"]]}
    await line.act("POST", f"/loads/{load}/record", body, plant.machine_client("steam"))
    await line.looked_at(load, runs[: given.get("seen", 2)])
    for result in given.get("controls", ["conform"]):
        await line.read(load, result)
    if name in SPOILED:
        await plant.connection.execute(SPOILED[name], load)
    if name == "an issue":
        await plant.insert("issue", {
            "id": new_id(), "organisation_id": plant.group, "group_id": plant.group, "kind": "leak",
            "severity": "major", "state": "open", "subject_kind": "load", "subject_id": load, "load_id": load,
            "opened_by": "test", "created_at": clock.now(),
        })  # fmt: skip
    return load


async def test_a_record_that_comes_meanwhile_changes_what_is_signed(plant: Plant) -> None:
    """The load was overdue and shown without its record; then the record came."""
    line, pharmacist = Line(plant), new_id()
    await plant.signatory(pharmacist)
    runs = await line.packed(1)
    load = await line.started(runs)
    await plant.connection.execute("UPDATE load SET ends_by = now() - interval '1 minute' WHERE id = $1", load)
    plant.work()

    async def overdue() -> bool:
        return bool((await plant.row("load", load))["state"] == "to_decide")

    await soon(overdue)
    await line.looked_at(load, runs)
    await line.read(load)
    shown = await line.etag(load)
    answer = await line.decide(load, plant.pharmacist(pharmacist), etag=shown)
    assert answer.json()["code"] == "EVIDENCE_INCOMPLETE"
    assert "/evidence/record_present" in {each["pointer"] for each in answer.json()["errors"]}
    await line.recorded(load)
    answer = await line.decide(load, plant.pharmacist(pharmacist), etag=shown)
    assert (answer.status_code, answer.json()["code"]) == (412, "EVIDENCE_CHANGED")
    assert (await line.decide(load, plant.pharmacist(pharmacist))).status_code == 200


async def test_two_pharmacists_at_once(plant: Plant) -> None:
    line, pharmacists = Line(plant), [new_id(), new_id()]
    for person in pharmacists:
        await plant.signatory(person)
    load = await line.sterilised(await line.packed(2))
    shown = await line.etag(load)
    answers = await asyncio.gather(*(line.decide(load, plant.pharmacist(person), etag=shown) for person in pharmacists))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert {answer.json().get("code") for answer in answers} == {None, "DECISION_FINAL"}
    assert await plant.connection.fetchval("SELECT count(*) FROM decision") == 1


async def test_a_decision_is_signed_by_who_may_on_what_was_seen(plant: Plant) -> None:
    line, person = Line(plant), new_id()
    await plant.signatory(person, "low_temperature")
    pharmacist = plant.pharmacist(person)
    runs = await line.packed(1)
    load = await line.sterilised(runs)
    path = f"/loads/{load}/decision"
    # What is asked must be said, and nothing else.
    bare = await line.call(pharmacist, "POST", path, {"outcome": "release"})
    assert (bare.status_code, bare.json()["code"]) == (422, "IF_MATCH_REQUIRED")
    verdict = await line.decide(load, pharmacist, verdict="conform")
    assert (verdict.status_code, verdict.json()["code"]) == (422, "FIELD_NOT_ALLOWED")
    assert verdict.json()["errors"][0]["pointer"] == "/verdict"
    # A signatory of another machine; a manager; an operator; a pharmacist who is no signatory.
    for caller in (pharmacist, plant.manager(), plant.operator(), plant.pharmacist()):
        answer = await line.decide(load, caller)
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_SIGNATORY")
    answer = await line.decide(load, plant.operator(), "reject", reason="no")
    assert answer.json()["code"] == "NOT_SIGNATORY"
    answer = await line.decide(load, pharmacist, "reject")
    assert (answer.status_code, answer.json()["code"]) == (422, "REASON_REQUIRED")
    await plant.signatory(person, "steam")
    late = plant.pharmacist(person, proved_s_ago=121)
    answer = await line.decide(load, late)
    assert (answer.status_code, answer.json()["code"]) == (403, "STEP_UP_REQUIRED")
    stale = await line.decide(load, pharmacist, etag='"0"')
    assert (stale.status_code, stale.json()["code"]) == (412, "EVIDENCE_CHANGED")
    # Her membership ends: she signs no more.
    await plant.connection.execute("UPDATE membership_ref SET valid_to = now() WHERE person_id = $1", person)
    assert (await line.decide(load, pharmacist)).json()["code"] == "NOT_SIGNATORY"
    noted = await plant.connection.fetch(
        "SELECT data->'facts'->>'code' AS code FROM trace_entry"
        " WHERE subject_id = $1 AND kind = 'load.decision_refused' ORDER BY seq", load,
    )  # fmt: skip
    assert [row["code"] for row in noted] == [
        "IF_MATCH_REQUIRED", *["NOT_SIGNATORY"] * 5, "REASON_REQUIRED", "STEP_UP_REQUIRED", "EVIDENCE_CHANGED",
        "NOT_SIGNATORY",
    ]  # fmt: skip
    # A rejection: all runs end, their next turn begins at the plant, and it is final.
    answer = await line.decide(load, pharmacist, "reject", reason="panne de vide")
    assert answer.status_code == 200, answer.text
    run = await plant.row("run", runs[0])
    assert (run["stage"], run["end_reason"], run["sterile_on"]) == ("aborted", "load_rejected", None)
    again = await line.decide(load, pharmacist)
    assert (again.status_code, again.json()["code"]) == (409, "DECISION_FINAL")
    assert await refused(line, "POST", f"/loads/{load}/runs", {"run_id": str(runs[0])}) == (409, "DECISION_FINAL")


async def test_a_wash_is_accepted_by_an_operator_if_it_was_one(plant: Plant) -> None:
    line = Line(plant)
    clean, soiled = [await plant.run(await plant.set(), "received") for _ in range(2)]
    load = await line.washed([clean, soiled])
    await line.looked_at(load, [soiled], clean=False)
    assert (await line.decide(load, plant.manager())).json()["code"] == "NOT_SIGNATORY"
    answer = await line.decide(load, plant.operator())
    assert answer.status_code == 200, answer.text
    first, second = await plant.row("run", clean), await plant.row("run", soiled)
    assert (first["stage"], first["washes"], first["rewash_count"]) == ("washed", 1, 0)
    assert (second["stage"], second["washes"], second["rewash_count"]) == ("received", 0, 1)
    # Too cold: nobody accepts it; rejected, the set is washed again.
    load = await line.started([soiled], "washer", "wash")
    cold = [[at, [75.0, 75.0], None] for at in range(400)]
    assert (await line.recorded(load, cold, "washer"))["failings"] == ["a0_too_low"]
    await line.looked_at(load, [soiled], clean=True)
    answer = await line.decide(load, plant.operator())
    assert (answer.status_code, answer.json()["code"]) == (409, "VERDICT_NOT_CONFORM")
    answer = await line.decide(load, plant.manager(), "reject", reason="trop froid")
    assert answer.status_code == 200, answer.text
    again = await plant.row("run", soiled)
    assert (again["stage"], again["rewash_count"]) == ("received", 2)


async def test_a_control_that_fails_after_the_release_says_that_a_recall_is_needed(plant: Plant) -> None:
    line, pharmacist = Line(plant), new_id()
    await plant.signatory(pharmacist)
    runs = await line.packed(1)
    load = await line.started(runs)
    await line.recorded(load)
    await line.looked_at(load, runs)
    assert not (await line.read(load, "failed"))["recall_needed"]
    assert not (await line.read(load, "conform"))["recall_needed"]
    future = {"kind": "integrator", "result": "conform", "read_at": (clock.now() + timedelta(hours=1)).isoformat()}
    assert await refused(line, "POST", f"/loads/{load}/controls", future) == (422, "TIME_INVALID")
    assert (await line.decide(load, plant.pharmacist(pharmacist))).status_code == 200
    assert (await line.read(load, "failed"))["recall_needed"]
    kinds = await plant.connection.fetch("SELECT kind, severity FROM issue WHERE load_id = $1", load)
    assert [tuple(row) for row in kinds] == [("control_failed_after_release", "critical")]
    assert (await plant.row("run", runs[0]))["stage"] == "released"


async def test_who_sees_and_touches_a_load(plant: Plant) -> None:
    """The plant all of it; a member the loads of its own packs, with these alone; others nothing."""
    line, pharmacist = Line(plant), new_id()
    await plant.signatory(pharmacist)
    runs = await line.packed(2, plant.members[:2])
    load = await line.started(runs)
    assert await refused(line, "POST", f"/loads/{load}/programme", {"programme_id": str(new_id())}) == (
        409, "LOAD_STARTED",
    )  # fmt: skip
    samples = dipped(plateau(), 133.6, 11, 20)
    await line.recorded(load, samples)
    await line.looked_at(load, runs)
    await line.read(load)
    whole = (await line.call(line.operator, "GET", f"/loads/{load}/file")).json()
    assert {UUID(run["run_id"]) for run in whole["runs"]} == set(runs)
    assert {test["kind"] for test in whole["tests"]} == {"leak", "bowie_dick"}
    assert (whole["records"][0]["verdict"], whole["controls"][0]["kind"]) == ("not_conform", "integrator")
    assert whole["load"]["evidence"][-1]["item"] == "signatory_in_scope"
    own = (await line.call(plant.theatre(1), "GET", f"/loads/{load}/file")).json()
    assert [UUID(run["run_id"]) for run in own["runs"]] == [runs[1]]
    assert own["load"]["evidence"] is None
    listed = (await line.call(plant.theatre(1), "GET", "/loads?state=to_decide")).json()["items"]
    assert [UUID(each["id"]) for each in listed] == [load]
    assert (await line.call(plant.theatre(1), "GET", f"/loads/{load}/record")).status_code == 200
    for nobody in (plant.theatre(2), plant.stranger()):
        for path in (f"/loads/{load}", f"/loads/{load}/file", f"/loads/{load}/record"):
            assert (await line.call(nobody, "GET", path)).status_code == 404
        assert (await line.call(nobody, "GET", "/loads")).json()["items"] == []
    body: dict[str, dict[str, Any]] = {
        "start": {}, "runs": {"run_id": str(runs[0])}, "decision": {"outcome": "reject", "reason": "x"},
        "controls": {"kind": "integrator", "result": "conform"}, "record": record(line.cycles),
    }  # fmt: skip
    for path, sent in body.items():
        answer = await line.call(plant.theatre(0), "POST", f"/loads/{load}/{path}", sent, if_match='"0"')
        assert (answer.status_code, path) == (403, path)
        caller = plant.stranger("sterilisation_agent")
        answer = await line.call(caller, "POST", f"/loads/{load}/{path}", sent, if_match='"0"')
        assert (answer.status_code, path) == (404, path)
