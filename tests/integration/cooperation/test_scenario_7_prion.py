"""Scenario 7: on 2 April a patient operated on 12 March becomes suspect of a prion disease.

The set of that operation has turned three times since: two later operations, and a pack in store. One of its marked
instruments has gone to repair. What the set was used in before is out of contact."""

from uuid import UUID

from cooperation.custody.moving import Subject, move
from maillage import clock
from tests.harness.acts import refused as post_refused
from tests.harness.plant import Plant
from tests.harness.recalled import counted_in, used_in


class Contact:
    """The set, its instruments, its later runs."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.instruments: list[UUID] = []
        self.runs: list[UUID] = []

    async def set_up(self) -> "Contact":
        plant = self.plant
        langres = plant.members[1]
        plant.compositions[langres] = await plant.composition(langres, prion_class="high", mode="exclusive")
        self.set = await plant.set(langres)
        self.instruments = [await plant.instrument(self.set, owner=langres) for _ in range(3)]
        before = await plant.run(self.set, "used")
        await used_in(plant, before, "OP-BEFORE")
        for number, reference in enumerate(("OP-0312", "OP-0319", "OP-0326")):
            run = await plant.run(self.set, "used")
            self.runs.append(run)
            for instrument in self.instruments if number else self.instruments[:2]:
                await counted_in(plant, run, instrument)
            await used_in(plant, run, reference)
        self.runs.append(await plant.run(self.set, "released", place=plant.place("store", langres)))
        await self._away("in_repair")
        return self

    async def _away(self, status: str) -> None:
        """The last instrument is at the repairer's."""
        plant, gone = self.plant, self.instruments[-1]
        await plant.connection.execute("UPDATE instrument SET status = $2, set_id = NULL WHERE id = $1", gone, status)
        outside = plant.place("outside")
        thing = Subject("instrument", gone, plant.members[1], plant.group)
        await plant.record(lambda tx: move(tx, thing, outside, tx.now))


async def test_all_in_contact_is_held_until_two_persons_decide(plant: Plant) -> None:
    contact = await Contact(plant).set_up()
    body = {"kind": "prion", "cause": "suspected case, operated on 12 March", "operation_refs": ["OP-0312"]}
    async with plant.http(plant.pharmacist()) as pharmacist:
        placed = await pharmacist.post("/v1/holds", json=body)
        assert placed.status_code == 201
        hold = placed.json()
        assert hold["counts"] == {"sets": 1, "instruments": 3, "runs": 4, "order_lines": 0, "operations": 3}
        by_id = {each["id"]: each for each in hold["contacts"]}
        assert by_id[str(contact.runs[0])]["contact"] == "operation"
        assert [by_id[str(run)]["contact"] for run in contact.runs[1:]] == ["later_run"] * 3
        repaired = by_id[str(contact.instruments[-1])]
        assert (repaired["status"], repaired["place"]["kind"]) == ("in_repair", "outside")
        assert by_id[str(contact.set)]["place"]["kind"] == "store"

        await _nothing_is_used_or_sent(plant, contact, hold["id"])
        await _only_two_persons_decide(plant, hold["id"])
        assert (await pharmacist.get(f"/v1/holds/{hold['id']}")).json()["contacts"][0]["active"] is False


async def _nothing_is_used_or_sent(plant: Plant, contact: Contact, hold_id: str) -> None:
    async with plant.http(plant.theatre(1)) as theatre:
        code, now = await plant.label_of(contact.runs[-1]), clock.now().isoformat()
        use = {"code": code, "operation_ref": "OP-0402", "used_at": now, "intact": True}
        refused = await theatre.post("/v1/uses", json=use)
        assert (refused.status_code, refused.json()["code"]) == (409, "ON_HOLD")
        mine = (await theatre.get(f"/v1/holds/{hold_id}")).json()
        assert mine["counts"]["runs"] == 4
    crate = await plant.crate(plant.place("store", plant.members[1]))
    async with plant.http(plant.operator()) as operator:
        await post_refused(operator, f"crates/{crate}/put_in", "ON_HOLD", codes=[code])
    async with plant.http(plant.theatre(0)) as elsewhere:
        assert (await elsewhere.get(f"/v1/holds/{hold_id}")).status_code == 404


async def _only_two_persons_decide(plant: Plant, hold_id: str) -> None:
    sign, lift = f"/v1/holds/{hold_id}/sign", {"outcome": "lifted", "reason": "diagnosis excluded"}
    signer = plant.pharmacist()
    async with plant.http(signer) as pharmacist, plant.http(plant.at_member("hygiene", 1)) as hygiene:
        assert (await pharmacist.post(sign, json=lift)).json()["state"] == "active"
        again = await pharmacist.post(sign, json=lift)
        assert (again.status_code, again.json()["code"]) == (409, "SAME_PERSON")
        async with plant.http(plant.pharmacist()) as colleague:
            other = await colleague.post(sign, json=lift)
            assert (other.status_code, other.json()["code"]) == (403, "ROLE_REQUIRED")
        destroy = {"outcome": "destroyed", "reason": "no risk is taken"}
        assert (await hygiene.post(sign, json=destroy)).json()["state"] == "active", "they do not agree"
        ended = (await hygiene.post(sign, json=lift)).json()
        assert (ended["state"], len(ended["signatures"])) == ("lifted", 3)
        assert (await hygiene.post(sign, json=lift)).json()["code"] == "WRONG_STATE"
