"""Scenario 4. Signatures: a delegate until 1 March, then the operator who loaded, try on 2 March: 403, 409, recorded;
the pharmacist signs the displayed hash."""

from maillage.ids import new_id
from tests.harness.cycles import Line
from tests.harness.plant import Plant


async def test_who_may_not_sign_is_told_and_recorded(plant: Plant) -> None:
    line = Line(plant)
    delegate, pharmacist = plant.pharmacist(new_id()), plant.pharmacist(new_id())
    assert delegate.person_id is not None
    assert pharmacist.person_id is not None
    await plant.signatory(delegate.person_id, days=(-60, -1))
    await plant.signatory(pharmacist.person_id)
    load = await line.sterilised(await line.packed(3))

    # Yesterday's delegation is over: what she sees says so too.
    shown = (await line.call(delegate, "GET", f"/loads/{load}")).json()
    assert shown["evidence"][-1] == {
        "item": "signatory_in_scope", "state": "missing", "done": None, "of": None, "codes": ["NOT_SIGNATORY"],
    }  # fmt: skip
    answer = await line.decide(load, delegate)
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_SIGNATORY")

    # Who loaded it does not release it, whatever else she may.
    answer = await line.decide(load, line.operator)
    assert (answer.status_code, answer.json()["code"]) == (409, "SELF_RELEASE")
    assert line.operator.person_id is not None
    await plant.signatory(line.operator.person_id)
    answer = await line.decide(load, plant.pharmacist(line.operator.person_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "SELF_RELEASE")

    # Both attempts are in the load's trace, with who tried.
    tried = await plant.connection.fetch(
        "SELECT person_id, data->'facts'->>'code' AS code FROM trace_entry"
        " WHERE subject_id = $1 AND kind = 'load.decision_refused' ORDER BY seq", load,
    )  # fmt: skip
    assert [tuple(row) for row in tried] == [
        (delegate.person_id, "NOT_SIGNATORY"),
        (line.operator.person_id, "SELF_RELEASE"),
        (line.operator.person_id, "SELF_RELEASE"),
    ]

    # The pharmacist signs what the screen shows; the decision holds that very hash, her proof and her delegation.
    displayed = await line.etag(load, pharmacist)
    answer = await line.decide(load, pharmacist, etag=displayed)
    assert answer.status_code == 200, answer.text
    decision = await plant.connection.fetchrow("SELECT * FROM decision WHERE load_id = $1", load)
    assert decision is not None
    assert f'"{decision["evidence_hash"]}"' == displayed
    assert (decision["person_id"], decision["role"]) == (pharmacist.person_id, "sterilisation_releaser")
    assert decision["signatory_id"] is not None
    assert {item["state"] for item in decision["evidence"]} == {"ok"}
    assert (decision["decided_at"] - decision["proved_at"]).total_seconds() < 120
