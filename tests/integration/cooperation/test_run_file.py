"""A whole loop on one page: used in a theatre, soaked, received, washed, recomposed, packed, sterilised, released, used
again; each step with its person, device, machine, figures and decision."""

from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from maillage.principal import Principal
from tests.harness.cycles import Line
from tests.harness.plant import Plant
from tests.integration.cooperation.test_runs import whole
from tests.integration.cooperation.test_scans import Scanner

STEPS = [
    "run.opened", "run.soak_began", "run.received", "run.wash_started", "run.washed", "run.assembled", "run.packed",
    "run.sterilisation_started", "run.released", "run.used",
]  # fmt: skip


async def test_one_page_shows_each_step_of_a_loop(plant: Plant) -> None:
    set_id = await plant.set()
    nurse, pharmacist = plant.theatre(person=new_id()), plant.pharmacist(new_id())
    assert pharmacist.person_id is not None
    signatory = await plant.signatory(pharmacist.person_id)
    run_id = await _used(plant, await plant.run(set_id, "released"), "OP-1")
    wash, load = await _looped(plant, set_id, run_id, nurse, pharmacist)
    clips = plant.lines[plant.compositions[plant.members[0]][1]][1]
    await _used(plant, run_id, "OP-2", unused=[str(clips)])

    async with plant.http(plant.theatre()) as client:
        page = (await client.get(f"/v1/runs/{run_id}")).json()
        file = (await client.get(f"/v1/sets/{set_id}/file")).json()
    assert [each["kind"] for each in page["entries"] if each["kind"] in STEPS] == STEPS
    soaked = next(each for each in page["entries"] if each["kind"] == "run.soak_began")
    assert (soaked["person_id"], soaked["role"]) == (str(nurse.person_id), "theatre_agent")
    assert (soaked["device_id"], soaked["station"]) == (str(plant.devices["return"]), "return")
    assert soaked["place_id"] == str(plant.place("theatre", plant.members[0]))
    assert page["run"]["stage"] == "used"
    assert page["run"]["expires_on"] > page["run"]["sterile_on"]
    washed, sterilised = page["loads"]
    assert (washed["load_id"], washed["decision"]["outcome"], washed["clean"]) == (str(wash), "release", True)
    assert washed["records"][0]["figures"]["a0_s"] >= 3000
    assert (sterilised["load_id"], sterilised["intact"], sterilised["dry"]) == (str(load), True, True)
    assert sterilised["records"][0]["verdict"] == "conform"
    assert {each["kind"] for each in sterilised["tests"]} == {"leak", "bowie_dick"}
    assert [each["kind"] for each in sterilised["controls"]] == ["integrator"]
    decision = sterilised["decision"]
    assert (decision["person_id"], decision["outcome"]) == (str(pharmacist.person_id), "release")
    assert [each["used"] for each in page["lines"]] == [True, False, True]
    assert (page["use"]["operation_ref"], page["blocks"]) == ("OP-2", [])
    assert [each["place_kind"] for each in page["stays"]] == ["theatre", "reception", "theatre"]
    assert [(each["stage"], each["operation_ref"]) for each in file["runs"]] == [
        ("returning", None), ("used", "OP-2"), ("used", "OP-1")
    ]  # fmt: skip
    async with plant.http(pharmacist) as client:
        of_plant = (await client.get(f"/v1/runs/{run_id}")).json()
    assert of_plant["loads"][1]["decision"]["signatory_id"] == str(signatory)
    assert of_plant["loads"][1]["decision"]["document_ref"] == "D1"


async def _looped(
    plant: Plant, set_id: UUID, run_id: UUID, nurse: Principal, pharmacist: Principal
) -> tuple[UUID, UUID]:
    """From the return scan in the theatre to the release; the washing and the sterilising load."""
    line, tag = Line(plant), await plant.tag_of(set_id)
    await Scanner(plant, "return", nurse).scan(tag)
    await Scanner(plant, "reception").scan(tag)
    wash = await line.washed([run_id])
    assert (await line.decide(wash, plant.operator(new_id()))).status_code == 200
    await line.act("POST", f"/runs/{run_id}/assemble", {"counted": whole(plant)})
    packed = await Scanner(plant, "packing").scan(tag, packaging_id=str(plant.packagings["container"]))
    assert packed["stage"] == "packed"
    load = await line.sterilised([run_id])
    assert (await line.decide(load, pharmacist)).status_code == 200
    return wash, load


async def _used(plant: Plant, run_id: UUID, operation_ref: str, **more: object) -> UUID:
    """The pack is used in the theatre; the run that opens."""
    body = {
        "code": await plant.label_of(run_id),
        "operation_ref": operation_ref,
        "used_at": clock.now().isoformat(),
        "intact": True,
    }
    async with plant.http(plant.theatre()) as client:
        answer = await client.post("/v1/uses", json=body | more)
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["next_run_id"])
