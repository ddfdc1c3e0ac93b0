"""What must always hold of sets, loads, recalls, crates and the trace: it holds of a plant that has worked, and each
planted breach is named."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from cooperation.main import service
from cooperation.runs.changing import happen, locked
from cooperation.runs.rows import Content
from cooperation.trace.recording import add
from cooperation.trace.verifying import traced
from maillage import clock
from maillage.database import Tx
from maillage.doctor import check_invariants, invariants
from maillage.ids import new_id
from maillage.testing import ServiceLike
from tests.integration.cooperation.histories import World

PACKAGE = "cooperation"
HERE = "WHERE subject_id = $1 AND until IS NULL"
NAMES = [each.name for each in invariants(PACKAGE)]


class Lived(World):
    """Four sets: sterilised together; one used, one recalled, one crated, one held and let go, one in a new load."""

    async def live_through(self) -> None:
        self.used_set, self.crated_set, self.held_set, self.loaded_set = self.sets[:4]
        self.load = await self.sterilised(*self.sets[:3])
        self.used, self.crated, self.held = [await self._run(each) for each in self.sets[:3]]
        await self.use(self.used, self.people.theatre)
        await self.crate(self.crated, self.crates[0])
        self.prion = await self.hold("prion", self.held_set)
        for who in (self.people.pharmacist, self.people.hygiene):
            await self.sign(self.prion, who, "lifted")
        self.recalled = await self.recall(self.load)
        await self.to_packed(self.loaded_set)
        await self.open_load("steam")
        await self.put_in(self.loaded_set, "steam")
        self.loaded = await self._run(self.loaded_set)
        open_load = await self.load_of("steam", "open")
        assert open_load is not None
        self.running = open_load
        await self.start(self.running)

    async def _run(self, set_id: UUID) -> UUID:
        found = await self.live(set_id)
        assert found is not None
        run_id: UUID = found["id"]
        return run_id

    async def sql(self, sql: str, *args: object) -> None:
        await self.plant.connection.execute(sql, *args)

    async def off(self, *triggers: str) -> None:
        """As superuser: what the base itself refuses is possible then."""
        for each in triggers:
            table, _, name = each.partition(".")
            await self.sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")


@pytest.fixture
async def lived(service_database: Callable[[ServiceLike], str], admin_of: Callable[[str], str]) -> AsyncIterator[Lived]:
    url = service_database(service)
    made = await Lived.open(admin_of(url), url)
    assert isinstance(made, Lived)
    try:
        await made.live_through()
        yield made
    finally:
        await made.close()


Breach = Callable[[Lived], Awaitable[None]]
BREACHES: list[tuple[int, Breach]] = []


def breaks(number: int) -> Callable[[Breach], Breach]:
    def kept(breach: Breach) -> Breach:
        BREACHES.append((number, breach))
        return breach

    return kept


@breaks(1)
async def released_on_a_verdict_that_is_not_conform(w: Lived) -> None:
    await w.off("cycle_record.written_once")
    await w.sql("UPDATE cycle_record SET verdict = 'not_conform' WHERE load_id = $1", w.load)


@breaks(1)
async def released_on_missing_evidence(w: Lived) -> None:
    await w.off("decision.written_once")
    await w.sql(
        'UPDATE decision SET evidence = \'[{"item": "indicator_read", "state": "missing"}]\' WHERE load_id = $1', w.load
    )


@breaks(1)
async def signed_out_of_scope(w: Lived) -> None:
    await w.sql("UPDATE signatory SET valid = tstzrange(now() - interval '9 days', now() - interval '1 day')")


@breaks(1)
async def released_though_torn(w: Lived) -> None:
    await w.sql("UPDATE load_run SET intact = false WHERE run_id = $1 AND load_id = $2", w.crated, w.load)


@breaks(2)
async def a_pack_joined_a_running_load(w: Lived) -> None:
    await w.off("load_run.frozen")
    await w.sql(
        "INSERT INTO load_run (id, organisation_id, group_id, load_id, run_id, added_by, ended, created_at)"
        " SELECT $1, organisation_id, group_id, $2, run_id, added_by, true, now() FROM load_run"
        " WHERE run_id = $3 AND load_id = $4", new_id(), w.running, w.crated, w.load,
    )  # fmt: skip


@breaks(3)
async def a_pack_forgotten_by_the_recall(w: Lived) -> None:
    await w.sql("DELETE FROM recall_line WHERE subject_id = $1", w.crated)


@breaks(3)
async def an_operation_forgotten_by_the_recall(w: Lived) -> None:
    await w.sql("UPDATE recall_line SET operation_ref = NULL WHERE subject_id = $1", w.used)


@breaks(4)
async def a_hole_in_custody(w: Lived) -> None:
    await w.sql("UPDATE custody SET since = since + interval '1 second' " + HERE, w.held_set)


@breaks(4)
async def in_two_places(w: Lived) -> None:
    await w.sql("ALTER TABLE custody DROP CONSTRAINT custody_subject_id_tstzrange_excl")
    await w.sql("UPDATE custody SET since = since - interval '1 second' " + HERE, w.held_set)


@breaks(4)
async def nowhere(w: Lived) -> None:
    await w.sql("UPDATE custody SET until = now() + interval '1 hour' " + HERE, w.crates[1])


@breaks(5)
async def two_lives(w: Lived) -> None:
    await w.sql("DROP INDEX run_live")
    await w.plant.run(w.held_set, "received")


@breaks(5)
async def one_instrument_in_two_sets(w: Lived) -> None:
    instrument = await w.plant.instrument(w.crated_set)
    line = await w.plant.connection.fetchval("SELECT line_id FROM run_content WHERE run_id = $1 LIMIT 1", w.crated)

    async def counted(tx: Tx) -> None:
        for run in (w.crated, w.held):
            await add(tx, Content(
                id=new_id(), organisation_id=w.plant.members[0], created_at=tx.now, run_id=run, line_id=line,
                counted=1, instrument_id=instrument,
            ), "content.counted")  # fmt: skip

    await w.plant.record(counted)


@breaks(6)
async def an_entry_altered(w: Lived) -> None:
    await w.off("trace_entry.append_only")
    await w.sql("UPDATE trace_entry SET digest = sha256('x') WHERE subject_id = $1 AND kind = 'run.packed'", w.crated)
    await w.sql("ALTER TABLE trace_entry ENABLE TRIGGER append_only")


@breaks(6)
async def an_entry_may_be_altered(w: Lived) -> None:
    await w.off(f"trace_entry_{clock.now():%Y_%m}.append_only")


@breaks(7)
async def a_row_changed_behind_the_trace(w: Lived) -> None:
    await w.sql("UPDATE run SET rewash_count = 3 WHERE id = $1", w.crated)


@breaks(8)
async def a_date_before_the_release(w: Lived) -> None:
    await w.sql("UPDATE run SET released_at = NULL WHERE id = $1", w.held)


@breaks(8)
async def an_expiry_that_moved(w: Lived) -> None:
    async def moved(tx: Tx) -> None:
        run = await locked(tx, w.held)
        assert run.expires_on is not None
        await happen(tx, run, replace(run, expires_on=run.expires_on + timedelta(days=9)), "run.moved", tx.now)

    await w.plant.record(moved)


@breaks(9)
async def a_recalled_pack_was_used(w: Lived) -> None:
    await w.sql("UPDATE use SET created_at = now() + interval '1 minute' WHERE run_id = $1", w.used)


@breaks(9)
async def an_expired_pack_was_used(w: Lived) -> None:
    await w.sql("UPDATE use SET used_at = used_at + interval '200 days' WHERE run_id = $1", w.used)


@breaks(9)
async def a_recalled_pack_was_crated(w: Lived) -> None:
    await w.sql(
        "UPDATE custody SET created_at = now() + interval '1 minute' WHERE place_id = $1 AND until IS NULL", w.crates[0]
    )


@breaks(10)
async def single_use_was_assembled(w: Lived) -> None:
    await w.sql("UPDATE instrument_model SET single_use = true WHERE alias = 'clip'")


@breaks(10)
async def one_signature_ended_a_prion_hold(w: Lived) -> None:
    await w.off("signature.written_once")
    await w.sql("DELETE FROM signature WHERE about_id = $1 AND role = 'hygiene'", w.prion)


@breaks(11)
async def dirty_goods_in_a_clean_crate(w: Lived) -> None:
    await w.sql(
        "UPDATE run SET created_at = created_at - interval '1 hour' WHERE set_id = $1 AND stage = 'returning'",
        w.used_set,
    )
    await w.sql("UPDATE custody SET place_id = $2 " + HERE, w.used_set, w.crates[0])


@breaks(11)
async def a_dirty_crate_holds_clean_goods(w: Lived) -> None:
    await w.sql("UPDATE crate SET dirty_since = now() WHERE id = $1", w.crates[0])


@breaks(12)
async def a_scan_lost(w: Lived) -> None:
    await w.sql("UPDATE device SET last_seq = 3 WHERE id = $1", w.plant.devices["reception"])


@breaks(13)
async def a_change_without_entry(w: Lived) -> None:
    await w.off("trace_entry.append_only")
    await w.sql("DELETE FROM trace_entry WHERE subject_id = $1 AND kind = 'run.assembled'", w.crated)
    await w.sql("ALTER TABLE trace_entry ENABLE TRIGGER append_only")


@breaks(16)
async def another_member_sees_a_run(w: Lived) -> None:
    await w.sql("UPDATE load_run SET organisation_id = $2 WHERE run_id = $1", w.held, w.plant.members[4])


@breaks(18)
async def a_decision_that_says_otherwise(w: Lived) -> None:
    await w.off("decision.written_once")
    await w.sql("UPDATE decision SET evidence_hash = 'x' WHERE load_id = $1", w.load)
    await w.sql("ALTER TABLE decision ENABLE TRIGGER written_once")


@breaks(18)
async def records_may_be_rewritten(w: Lived) -> None:
    await w.off("cycle_record.written_once")


@breaks(20)
async def a_refused_record_that_nobody_tells_of(w: Lived) -> None:
    await w.sql(
        "INSERT INTO cycle_record (id, organisation_id, load_id, machine_id, cycle_no, source, accepted, refused_for,"
        " curve, sha256, recorded_by, created_at) SELECT $2, organisation_id, load_id, machine_id, 99, source, false,"
        " 'RECORD_EXISTS', curve, sha256, recorded_by, now() FROM cycle_record WHERE load_id = $1", w.load, new_id(),
    )  # fmt: skip


async def found(lived: Lived) -> set[int]:
    """The numbers of the invariants that are broken, seen from inside the transaction."""
    rules = [(int(each.name.rpartition(".")[2]), each.sql) for each in invariants(PACKAGE)]
    return {number for number, sql in rules if await lived.plant.connection.fetch(sql)}


BESIDE = {
    # What is planted behind the trace shows there too.
    7: set(range(1, 17)),
    6: {13},
    18: {1, 2, 10},
}
"""Invariants that a breach of others may break as well: rows changed by hand are no longer what the trace says."""


async def test_a_plant_that_has_worked_is_sound_and_each_breach_is_named(lived: Lived) -> None:
    findings = await check_invariants(lived.database.settings.postgres_url, PACKAGE, PACKAGE, NAMES)
    assert {each.name: f"{each.state} {each.first}" for each in findings if each.state != "ok"} == {}
    assert [int(name.rpartition(".")[2]) for name in NAMES] == [*range(1, 14), 16, 18, 20]
    named: dict[str, set[int]] = {}
    for number, breach in BREACHES:
        transaction = lived.plant.connection.transaction()
        await transaction.start()
        await breach(lived)
        seen = await found(lived)
        named[breach.__name__] = {each for each in seen if each == number or number not in BESIDE.get(each, set())}
        await transaction.rollback()
    assert named == {breach.__name__: {number} for number, breach in BREACHES}
    assert {number for number, _ in BREACHES} == {int(name.rpartition(".")[2]) for name in NAMES}


def test_the_trace_of_every_kind_of_row_is_folded() -> None:
    """A kind that is added is added to the invariant too."""
    (seventh,) = [each.sql for each in invariants(PACKAGE) if each.name == "cooperation.7"]
    assert [
        f"('{kind.KIND}', '{kind.TABLE}')" for kind in traced() if f"('{kind.KIND}', '{kind.TABLE}')" not in seventh
    ] == []
