"""Calls as they are read and noted: who may, what is shown, what is kept sealed, and what a stale tag is told."""

from datetime import timedelta
from uuid import UUID

from maillage import clock
from maillage.ids import new_id
from tests.harness.floor import VAULT, Floor

NUMBER = "+33639980123"


async def test_a_list_has_no_word_of_a_person_and_is_paged_over_lines(floor: Floor) -> None:
    agent = await floor.agent()
    second_line = await floor.line()
    now = clock.now()
    made = [
        await floor.call(
            arrived_at=now - timedelta(minutes=n), line_id=floor.line_id if n % 2 else second_line, state="completed",
            outcome="unclassified" if n == 3 else "message", agent_id=agent, note_sealed=VAULT.seal("secret"),
        )
        for n in range(5)
    ]  # fmt: skip
    old = await floor.call(arrived_at=now - timedelta(days=40), state="completed")
    async with floor.http(floor.telesecretary(agent)) as desk:
        seen, cursor = [], ""
        while True:
            page = (await desk.get("/v1/calls", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
            seen += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        assert [item["id"] for item in seen] == [str(id_) for id_ in made]
        assert not {"number", "note", "patient_id"} & seen[0].keys()
        assert seen[0]["has_note"] is True

        async def ids(**params: str) -> list[str]:
            answer = await desk.get("/v1/calls", params=params)
            assert answer.status_code == 200, answer.text
            return [item["id"] for item in answer.json()["items"]]

        assert await ids(unclassified="true") == [str(made[3])]
        assert await ids(line_id=str(second_line)) == [str(made[n]) for n in (0, 2, 4)]
        assert await ids(client_id=str(new_id())) == []
        since = (now - timedelta(days=41)).isoformat()
        assert (await ids(since=since))[-1] == str(old)
        assert await ids(since=since, until=(now - timedelta(days=39)).isoformat()) == [str(old)]
        assert await ids(state="waiting") == []
        for wrong, code in (
            ({"until": since, "since": now.isoformat()}, "TIME_INVALID"),
            ({"cursor": "x"}, "CURSOR_INVALID"),
            ({"state": "asleep"}, "INVALID"),
        ):
            answer = await desk.get("/v1/calls", params=wrong)
            assert (answer.status_code, answer.json()["code"]) == (422, code) or answer.json()["errors"], wrong


async def test_a_call_is_noted_with_the_tag_that_was_read(floor: Floor) -> None:
    agent = await floor.agent()
    await floor.catalogue("motive", "result")
    await floor.catalogue("outcome", "message")
    site, doctor, patient = await floor.site(), await floor.doctor(), new_id()
    call_id = await floor.talking(agent)
    path = f"/v1/calls/{call_id}"
    async with floor.http(floor.telesecretary(agent)) as desk:
        first = await desk.get(path)
        assert (first.json()["number"], first.json()["note"], first.headers["etag"]) == (NUMBER, None, '"1"')
        body = {
            "note": "Rappeler\ndemain", "motive": "result", "outcome": "message", "caller_kind": "relative",
            "site_id": str(site), "practitioner_id": str(doctor), "patient_id": str(patient),
        }  # fmt: skip
        noted = await desk.patch(path, json=body, headers={"If-Match": '"1"'})
        assert noted.status_code == 200, noted.text
        assert {name: noted.json()[name] for name in body} == body
        assert (noted.json()["outcome_by"], noted.headers["etag"]) == ("agent", '"2"')
        same = await desk.patch(path, json=body)
        assert same.headers["etag"] == '"2"', "nothing new, nothing written"
        stale = await desk.patch(path, json={"note": "autre"}, headers={"If-Match": '"1"'})
        assert (stale.status_code, stale.headers["etag"], stale.json()["version"]) == (412, '"2"', 2)
        forgotten = await desk.patch(path, json={"motive": None})
        assert (forgotten.json()["motive"], forgotten.json()["note"]) == (None, "Rappeler\ndemain")
        happened = (await desk.get(f"{path}/timeline")).json()["items"]
    assert [(item["kind"], item["state"]) for item in happened] == [
        ("arrived", "talking"),
        ("noted", "talking"),
        ("noted", "talking"),
    ]
    row = await floor.row("call", call_id)
    assert b"demain" not in row["note_sealed"]
    stored = await floor.connection.fetch(
        "SELECT payload AS words FROM kit.outbox UNION ALL SELECT facts::text FROM kit.audit"
        " UNION ALL SELECT facts::text FROM call_event"
    )
    assert not any("demain" in each["words"] or "3363998" in each["words"] for each in stored)
    read = await floor.connection.fetchval("SELECT count(*) FROM kit.audit WHERE action = 'call.read'")
    assert read == 2, "the reading of the call and of its timeline"


async def test_what_cannot_be_noted_is_said_where(floor: Floor) -> None:
    agent = await floor.agent()
    call_id = await floor.talking(agent)
    withheld = await floor.talking(await floor.agent("poste 2"), number=None)
    async with floor.http(floor.telesecretary(agent)) as desk:
        for body, status, code in (
            ({"motive": "astrology"}, 422, "UNKNOWN_MOTIVE"),
            ({"outcome": "unclassified"}, 422, "UNKNOWN_OUTCOME"),
            ({"site_id": str(new_id())}, 422, "UNKNOWN_PLACE"),
            ({"practitioner_id": str(new_id())}, 422, "UNKNOWN_PLACE"),
            ({"note": "a\u0000b"}, 422, "TEXT_INVALID"),
            ({"note": "é" * 32_769}, 413, "NOTE_TOO_LONG"),
            ({"note": "x" * 1_000_000}, 413, "BODY_TOO_LARGE"),
            ({"number": "+33639980124"}, 409, "NUMBER_KNOWN"),
            ({"number": "+33899000000"}, 422, "PHONE_INVALID"),
            ({"state": "completed"}, 422, "FIELD_NOT_ALLOWED"),
        ):
            answer = await desk.patch(f"/v1/calls/{call_id}", json=body)
            problem = answer.json()
            assert answer.status_code == status, (body, problem)
            assert code in (problem["code"], *(each["code"] for each in problem.get("errors", [])))
        assert (await desk.patch(f"/v1/calls/{call_id}", json={"note": "é" * 32_768})).status_code == 200
    async with floor.http(floor.supervisor()) as watch:
        typed = await watch.patch(f"/v1/calls/{withheld}", json={"number": "06 39 98 01 24"})
        assert typed.json()["number"] == "+33639980124"
        assert (await floor.row("call", withheld))["number_hash"] == VAULT.hash("+33639980124")


async def test_only_her_desk_and_supervisors_write_and_strangers_see_nothing(floor: Floor) -> None:
    agent, other = await floor.agent(), await floor.agent("poste 2")
    call_id = await floor.talking(agent)
    path = f"/v1/calls/{call_id}"
    async with floor.http(floor.telesecretary(other)) as desk:
        assert (await desk.get(path)).status_code == 200
        refused = await desk.patch(path, json={"note": "x"})
        assert (refused.status_code, refused.json()["code"]) == (403, "NOT_YOUR_CALL")
    async with floor.http(floor.supervisor()) as watch:
        assert (await watch.patch(path, json={"supervisor_told": True})).json()["supervisor_told"] is True
    unassigned = await floor.agent("poste 3", assigned=False)
    for caller in (floor.stranger(), floor.stranger("telesecretary"), floor.telesecretary(unassigned)):
        async with floor.http(caller) as stranger:
            for address in (path, f"{path}/timeline", f"{path}/context"):
                assert (await stranger.get(address)).status_code == 404
            assert (await stranger.patch(path, json={"note": "x"})).status_code == 404
            assert (await stranger.get("/v1/calls")).json()["items"] == []
    async with floor.http(floor.manager()) as manager:
        assert (await manager.get(path)).status_code == 403


async def test_the_context_is_of_the_number_and_of_the_patient_in_this_centre(floor: Floor) -> None:
    agent, patient = await floor.agent(), new_id()
    now = clock.now()
    before = [
        await floor.call(NUMBER, arrived_at=now - timedelta(days=n), state="completed", agent_id=agent)
        for n in range(1, 7)
    ]
    of_patient = await floor.call(
        "+33639980199", arrived_at=now - timedelta(hours=1), state="completed", patient_id=patient
    )
    elsewhere = await floor.client(organisation_id=new_id())
    await floor.call(NUMBER, organisation_id=(await floor.row("client", elsewhere))["organisation_id"],
                     client_id=elsewhere, state="completed")  # fmt: skip
    call_id = await floor.talking(agent, patient_id=patient, repeat_caller=3)
    practitioner = await floor.doctor()
    message = await _message(floor, practitioner, number_hash=VAULT.hash(NUMBER))
    await _message(floor, practitioner, number_hash=VAULT.hash(NUMBER), state="closed")
    await floor.insert("callback", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "line_id": floor.line_id,
        "origin": "agent", "number_hash": VAULT.hash(NUMBER), "priority_at": now, "not_before": now,
        "expires_at": now + timedelta(hours=1), "created_at": now,
    })  # fmt: skip
    await floor.insert("red_flag", {
        "id": new_id(), "organisation_id": floor.centre, "client_id": floor.client_id, "call_id": of_patient,
        "agent_id": agent, "state": "closed", "opened_at": now - timedelta(hours=23), "closed_at": now,
    })  # fmt: skip
    async with floor.http(floor.telesecretary(agent)) as desk:
        known = (await desk.get(f"/v1/calls/{call_id}/context")).json()
    assert [item["id"] for item in known["previous"]] == [str(id_) for id_ in (of_patient, *before[:4])]
    assert [item["id"] for item in known["messages"]] == [str(message)]
    assert [item["state"] for item in known["callbacks"]] == ["open"]
    assert (known["repeat"], known["repeat_count"], known["red_flag_recent"]) == (True, 3, True)
    assert known["red_flag_id"] is None
    assert NUMBER not in str(known)


async def _message(floor: Floor, practitioner: UUID, **fields: object) -> UUID:
    made = new_id()
    row: dict[str, object] = {
        "id": made, "organisation_id": floor.centre, "client_id": floor.client_id, "practitioner_id": practitioner,
        "urgency": "urgent", "body_sealed": VAULT.seal("mot"), "author_id": new_id(), "state": "sent",
        "created_at": clock.now(),
    }  # fmt: skip
    await floor.insert("message", row | fields)
    return made
