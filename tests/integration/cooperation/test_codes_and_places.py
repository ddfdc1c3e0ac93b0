"""What stands behind a code, what must not be used, where things are: each sees his own."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from maillage import clock
from maillage.ids import new_id
from tests.harness import days
from tests.harness.plant import Plant, giai, uri


async def held(plant: Plant, set_id: UUID) -> UUID:
    """A quality hold on a set; its id."""
    hold, now = new_id(), clock.now()
    owner = (await plant.row("instrument_set", set_id))["organisation_id"]
    row = {"organisation_id": owner, "group_id": plant.group, "created_at": now}
    await plant.insert("hold", row | {"id": hold, "kind": "quality", "state": "active", "cause": "x", "placed_by": "t"})
    await plant.insert("hold_subject", row | {
        "id": new_id(), "hold_id": hold, "subject_kind": "set", "subject_id": set_id, "contact": "named",
    })  # fmt: skip
    return hold


async def got(client: httpx.AsyncClient, path: str, **params: object) -> tuple[int, dict[str, Any]]:
    """Status and body."""
    answer = await client.get(path, params={name: str(value) for name, value in params.items()})
    return answer.status_code, answer.json()


async def test_what_stands_behind_a_code(plant: Plant) -> None:
    set_id = await plant.set()
    run_id = await plant.run(set_id, "released", place=plant.place("store", plant.members[0]))
    instrument = await plant.instrument(set_id)
    hold = await held(plant, set_id)
    label, tag = await plant.label_of(run_id), await plant.tag_of(set_id)
    async with plant.http(plant.theatre()) as client:
        status, pack = await got(client, "/v1/codes", read=label)
        assert status == 200
        assert (pack["kind"], pack["id"], pack["stage"]) == ("run", str(run_id), "released")
        assert [place["kind"] for place in pack["place"]] == ["store"]
        assert pack["blocks"] == [{"code": "ON_HOLD", "kind": "quality", "cause_id": str(hold)}]
        assert pack["expires_on"] == (days.today() + timedelta(days=180)).isoformat()
        for form in (tag, uri(tag), f"({tag[3:7]}){tag[7:]}"):
            _, body = await got(client, "/v1/codes", read=form)
            assert (body["kind"], body["id"], body["run_id"]) == ("set", str(set_id), str(run_id))
        _, found = await got(client, "/v1/codes", read=(await plant.row("instrument", instrument))["code"])
        assert (found["kind"], found["id"]) == ("instrument", str(instrument))
        place = await plant.row("place", plant.place("dock"))
        assert (await got(client, "/v1/codes", read=f"P:{place['code']}"))[1]["kind"] == "place"
        for text, refused in (
            (giai("NOBODY"), (404, "UNKNOWN_CODE")), ("B:1234", (404, "UNKNOWN_CODE")),
            ("hello", (404, "UNKNOWN_CODE")), ("à&é\"'", (422, "CODE_GARBLED")), ("x" * 513, (422, "CODE_TOO_LONG")),
            ("(00)095212340000004171", (422, "CHECK_DIGIT")), (f"{tag}\n{tag}", (422, "TWO_CODES")),
            ("(00)1", (422, "CODE_MALFORMED")), ("", (422, "CODE_EMPTY")),
        ):  # fmt: skip
            status, body = await got(client, "/v1/codes", read=text)
            assert (status, body["code"]) == refused, text
    async with plant.http(plant.theatre(1)) as client:
        assert (await got(client, "/v1/codes", read=label))[1]["code"] == "UNKNOWN_CODE", "another's is not there"
        assert (await got(client, "/v1/codes", read=tag))[0] == 404
    async with plant.http(plant.machine_client("steam")) as client:
        assert (await got(client, "/v1/codes", read=label))[0] == 403


async def test_the_list_that_a_theatre_keeps(plant: Plant) -> None:
    good, kept, old, others = [await plant.set() for _ in range(3)] + [await plant.set(plant.members[1])]
    today = days.today()
    await plant.run(good, "released")
    on_hold = await plant.run(kept, "released")
    expired = await plant.run(
        old, "released", sterile_on=today - timedelta(days=200), expires_on=today - timedelta(days=20)
    )
    await plant.run(others, "released")
    await held(plant, others)
    async with plant.http(plant.theatre()) as client:
        status, before = await got(client, "/v1/blocks")
        assert (status, [each["id"] for each in before["blocked"]]) == (200, [str(expired)])
        hold = await held(plant, kept)
        _, changes = await got(client, "/v1/blocks", since=before["as_of"])
        assert {(each["kind"], each["id"], each["code"]) for each in changes["blocked"]} == {
            ("run", str(on_hold), "ON_HOLD"),
            ("set", str(kept), "ON_HOLD"),
        }
        assert (await plant.row("run", on_hold))["label"] in {each["label"] for each in changes["blocked"]}
        await plant.connection.execute("UPDATE hold_subject SET active = false WHERE hold_id = $1", hold)
        await plant.connection.execute("UPDATE hold SET state = 'lifted', ended_at = now() WHERE id = $1", hold)
        _, after = await got(client, "/v1/blocks", since=changes["as_of"])
        assert after["blocked"] == []
        assert after["lifted"] == sorted([uri(await plant.label_of(on_hold)), uri(await plant.tag_of(kept))])
    async with plant.http(plant.stranger()) as client:
        assert (await got(client, "/v1/blocks"))[0] == 404


async def test_where_a_thing_is_and_was(plant: Plant) -> None:
    store = plant.place("store", plant.members[0])
    mine, theirs = await plant.set(), await plant.set(plant.members[1])
    crate = await plant.crate(plant.place("dock"))
    for set_id in (mine, theirs):
        await plant.run(set_id, "released", place=crate)
    async with plant.http(plant.theatre()) as client:
        status, whole = await got(client, "/v1/custody", subject_id=mine)
        assert status == 200
        assert [place["kind"] for place in whole["now"]] == ["crate", "dock"]
        assert [(stay["place_kind"], stay["until"] is None) for stay in whole["items"]] == [
            ("crate", True), ("theatre", False),
        ]  # fmt: skip
        _, first = await got(client, "/v1/custody", subject_id=mine, limit=1)
        _, second = await got(client, "/v1/custody", subject_id=mine, limit=1, cursor=first["next_cursor"])
        assert (first["items"] + second["items"], second["next_cursor"]) == (whole["items"], None)
        _, dock = await got(client, "/v1/custody", place_id=plant.place("dock"))
        assert [(each["subject_kind"], each["through"]) for each in dock["items"]] == [
            ("crate", []), ("set", [str(crate)]),
        ], "its own sets and everybody's crates"  # fmt: skip
        assert dock["items"][1]["code"] == uri(await plant.tag_of(mine))
        assert (await got(client, "/v1/custody", place_id=store))[1]["items"] == []
        assert (await got(client, "/v1/custody", subject_id=theirs))[0] == 404
        assert (await got(client, "/v1/custody"))[0] == 422
        assert (await got(client, "/v1/custody", place_id=store, subject_id=mine))[0] == 422
        assert (await got(client, "/v1/custody", place_id=new_id()))[0] == 404
    async with plant.http(plant.operator()) as client:
        _, dock = await got(client, "/v1/custody", place_id=plant.place("dock"))
        assert len(dock["items"]) == 3
