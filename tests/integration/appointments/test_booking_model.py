"""Any history of bookings, moves, cancellations, overbookings and holds, against a model in plain Python.

The model knows minutes and nothing of PostgreSQL: it says what each call must answer. At the end of each history the
invariants
of the base are asked too.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from appointments.holds import service as holds
from appointments.main import service
from maillage.database import Database
from maillage.doctor import check_invariants
from maillage.testing import NO_TLS, Running, Signed, in_thread
from tests.harness import people
from tests.harness.appointments_world import rule as opening
from tests.harness.appointments_world import world
from tests.harness.clinic import Clinic, Json

LENGTH, OPEN, CLOSE = 20, 9 * 60, 10 * 60
PLACES = st.integers(min_value=0, max_value=1)
PEOPLE = st.integers(min_value=0, max_value=7)
STARTS = st.integers(min_value=OPEN // 10 - 1, max_value=CLOSE // 10).map(lambda tens: tens * 10)
PICKS = st.integers(min_value=0, max_value=50)

# Without these the histories would prove little.
MUST_MEET = {
    "appointments None",
    "appointments SLOT_TAKEN",
    "appointments SLOT_NOT_OPEN",
    "appointments PATIENT_BUSY",
    "appointments OVERBOOK_LIMIT",
    "appointments HOLD_EXPIRED",
    "holds SLOT_TAKEN",
    "move None",
    "move SLOT_TAKEN",
    "reopen None",
    "only an overbooking is in the way",
}


@dataclass
class Kept:
    """What the model remembers of one appointment or hold."""

    id: str
    doctor: int
    start: int
    state: str
    patient: int | None = None
    over: bool = False

    @property
    def takes(self) -> bool:
        """Whether it keeps others away."""
        return self.state in ("booked", "held")

    def meets(self, start: int) -> bool:
        """Whether a visit that begins at `start` overlaps it."""
        return abs(self.start - start) < LENGTH


class Scene:
    """The running service, and one small centre for each history."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.clinic: Clinic
        self.doctors: list[UUID] = []
        self.patients: list[UUID] = []

    async def build(self) -> None:
        async with world(self.running.database_url) as w:
            self.clinic = await Clinic(self.running, w).build()
            window = opening(f"{OPEN // 60:02}:00", f"{CLOSE // 60:02}:00")
            self.doctors = [await self.clinic.doctor(window) for _ in range(2)]
            self.patients = [await w.patient(self.clinic.org) for _ in range(8)]

    async def expire(self, hold: str) -> None:
        async with world(self.running.database_url) as w:
            for table, column in (("hold", "id"), ("busy", "hold_id")):
                late = f"UPDATE {table} SET expires_at = kit_now() - interval '1 second' WHERE {column} = $1"
                await w.connection.execute(late, UUID(hold))

    async def lapse(self) -> None:
        database = Database(self.running.settings)
        await database.open()
        try:
            await database.run(people.system("appointments"), holds.lapse)
        finally:
            await database.close()


class Histories(RuleBasedStateMachine):
    """Each rule acts on the service and on the model, and compares the answers."""

    scene: Scene
    met: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.visits: list[Kept] = []
        self.holds: list[Kept] = []

    @initialize()
    def open(self) -> None:
        in_thread(self.scene.build())
        self.client = httpx.Client(
            base_url=self.scene.running.url,
            auth=Signed(self.scene.clinic.front, "appointments"),
            timeout=30,
            trust_env=False,
            verify=NO_TLS,
        )
        self.begin()

    def begin(self) -> None:
        """What chance seldom brings about in a short history stands at the beginning of each."""
        self.book(0, OPEN, 0)
        self.cancel(0)
        self.reopen(0)
        self.overbook(0, OPEN + 10, 1)
        self.cancel(0)
        self.book(0, OPEN, 2)
        self.hold(1, OPEN)
        self.hold(1, OPEN)
        self.time_runs_out(0)

    def teardown(self) -> None:
        if hasattr(self, "client"):
            self.client.close()
            names = ("I1", "I2", "I6", "I11", "appointments.2", "appointments.7", "appointments.10")
            url = self.scene.running.database_url
            findings = in_thread(check_invariants(url, "appointments", "appointments", names))
            assert [f.line() for f in findings if f.state != "ok"] == []

    # --- what the model says

    def refusal(self, doctor: int, start: int, *, besides: str = "", over: bool = False) -> str | None:
        """Why a time cannot be had."""
        others = [
            k
            for k in (*self.visits, *self.holds)
            if k.takes and k.doctor == doctor and k.id != besides and k.meets(start)
        ]
        if not over and any(not other.over for other in others):
            return "SLOT_TAKEN"
        inside = OPEN <= start < CLOSE if over else OPEN <= start <= CLOSE - LENGTH
        if not inside:
            return "SLOT_NOT_OPEN"
        if others and not over:
            self.met["only an overbooking is in the way"] += 1
        return "SLOT_TAKEN" if others and not over else None

    def busy(self, patient: int | None, start: int, besides: str = "") -> str | None:
        """Whether the patient is expected elsewhere."""
        mine = [v for v in self.visits if v.state == "booked" and v.patient == patient and v.id != besides]
        return "PATIENT_BUSY" if any(visit.meets(start) for visit in mine) else None

    def spent(self, doctor: int, besides: str = "") -> str | None:
        """Whether the half-day has its two overbookings."""
        over = [v for v in self.visits if v.over and v.state == "booked" and v.doctor == doctor and v.id != besides]
        return "OVERBOOK_LIMIT" if len(over) >= 2 else None

    def lapse_in(self, doctor: int, start: int) -> None:
        """Holds that are past their deadline end when somebody takes their time."""
        for held in self.holds:
            if held.state == "late" and held.doctor == doctor and held.meets(start):
                held.state = "lapsed"

    # --- what happens

    def when(self, start: int) -> str:
        return self.scene.clinic.at(f"{start // 60:02}:{start % 60:02}")

    def slot(self, doctor: int, start: int) -> Json:
        clinic = self.scene.clinic
        wish = {"reason_id": str(clinic.reason), "site_id": str(clinic.site)}
        return {**wish, "practitioner_id": str(self.scene.doctors[doctor]), "start": self.when(start)}

    def post(self, path: str, body: Json | None, expected: str | None) -> Json:
        answer = self.client.post(f"/v1/{path}", json=body)
        self.met[f"{path.rpartition('/')[2]} {expected}"] += 1
        given: Json = answer.json() if answer.content else {}
        assert given.get("code") == expected, answer.text
        return given

    @rule(doctor=PLACES, start=STARTS, patient=PEOPLE)
    def book(self, doctor: int, start: int, patient: int) -> None:
        expected = self.refusal(doctor, start) or self.busy(patient, start)
        body = {**self.slot(doctor, start), "patient_id": str(self.scene.patients[patient])}
        given = self.post("appointments", body, expected)
        if expected is None:
            self.lapse_in(doctor, start)
            self.visits.append(Kept(str(given["id"]), doctor, start, "booked", patient))

    @rule(doctor=PLACES, start=STARTS, patient=PEOPLE)
    def overbook(self, doctor: int, start: int, patient: int) -> None:
        expected = self.spent(doctor) or self.refusal(doctor, start, over=True) or self.busy(patient, start)
        body = {
            **self.slot(doctor, start),
            "patient_id": str(self.scene.patients[patient]),
            "overbook_reason": "urgent",
        }
        given = self.post("appointments", body, expected)
        if expected is None:
            self.lapse_in(doctor, start)
            self.visits.append(Kept(str(given["id"]), doctor, start, "booked", patient, over=True))

    @rule(pick=PICKS, doctor=PLACES, start=STARTS)
    def move(self, pick: int, doctor: int, start: int) -> None:
        if not self.visits:
            return
        visit = self.visits[pick % len(self.visits)]
        expected = "WRONG_STATE" if visit.state != "booked" else self.busy(visit.patient, start, visit.id)
        expected = expected or self.refusal(doctor, start, besides=visit.id)
        target: Json = {"start": self.when(start), "practitioner_id": str(self.scene.doctors[doctor])}
        self.post(f"appointments/{visit.id}/move", target, expected)
        if expected is None:
            self.lapse_in(doctor, start)
            visit.doctor, visit.start, visit.over = doctor, start, False

    @rule(pick=PICKS)
    def cancel(self, pick: int) -> None:
        if self.visits:
            visit = self.visits[pick % len(self.visits)]
            self.post(f"appointments/{visit.id}/cancel", None, None)
            visit.state = "cancelled"

    @rule(pick=PICKS)
    def reopen(self, pick: int) -> None:
        if not self.visits:
            return
        ended = [visit for visit in self.visits if visit.state == "cancelled"] or self.visits
        visit = ended[pick % len(ended)]
        expected = "WRONG_STATE" if visit.state != "cancelled" else self.busy(visit.patient, visit.start, visit.id)
        expected = expected or (self.spent(visit.doctor, visit.id) if visit.over else None)
        expected = expected or self.refusal(visit.doctor, visit.start, besides=visit.id, over=visit.over)
        self.post(f"appointments/{visit.id}/reopen", None, expected)
        if expected is None:
            self.lapse_in(visit.doctor, visit.start)
            visit.state = "booked"

    @rule(doctor=PLACES, start=STARTS)
    def hold(self, doctor: int, start: int) -> None:
        expected = self.refusal(doctor, start)
        given = self.post("holds", self.slot(doctor, start), expected)
        if expected is None:
            self.lapse_in(doctor, start)
            self.holds.append(Kept(str(given["id"]), doctor, start, "held"))

    @rule(pick=PICKS, patient=PEOPLE)
    def confirm(self, pick: int, patient: int) -> None:
        if not self.holds:
            return
        held = self.holds[pick % len(self.holds)]
        expected = {"held": None, "used": "HOLD_USED"}.get(held.state, "HOLD_EXPIRED")
        expected = expected or self.busy(patient, held.start)
        body: Json = {"hold_id": held.id, "patient_id": str(self.scene.patients[patient])}
        given = self.post("appointments", body, expected)
        if expected is None:
            held.state = "used"
            self.visits.append(Kept(str(given["id"]), held.doctor, held.start, "booked", patient))

    @rule(pick=PICKS)
    def let_go(self, pick: int) -> None:
        if not self.holds:
            return
        held = self.holds[pick % len(self.holds)]
        answer = self.client.delete(f"/v1/holds/{held.id}")
        assert answer.status_code == (409 if held.state == "used" else 204)
        if held.state in ("held", "late"):
            held.state = "released"

    @rule(pick=PICKS)
    def time_runs_out(self, pick: int) -> None:
        live = [held for held in self.holds if held.state == "held"]
        if live:
            held = live[pick % len(live)]
            in_thread(self.scene.expire(held.id))
            held.state = "late"
            body: Json = {"hold_id": held.id, "patient_id": str(self.scene.patients[0])}
            self.post("appointments", body, "HOLD_EXPIRED")

    @rule()
    def worker_comes_by(self) -> None:
        in_thread(self.scene.lapse())
        for held in self.holds:
            held.state = "lapsed" if held.state == "late" else held.state

    @invariant()
    def the_base_tells_the_same_story(self) -> None:
        if not hasattr(self, "client"):
            return
        told = self.client.get("/v1/appointments", params={"day": str(self.scene.clinic.day()), "limit": 500}).json()
        base = {(a["id"], a["start"], a["status"], a["practitioner_id"], a["overbooked"]) for a in told["items"]}
        doctors = [str(doctor) for doctor in self.scene.doctors]
        assert base == {(v.id, self.when(v.start), v.state, doctors[v.doctor], v.over) for v in self.visits}


@pytest.fixture
def scene(running_service: Callable[..., Running]) -> Scene:
    """One service for all histories; each has its own centre."""
    return Scene(running_service(service, pool_wait_s=15))


def test_any_history_answers_as_the_model_says_and_keeps_the_invariants(scene: Scene) -> None:
    Histories.scene = scene
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate],  # to shrink a history takes longer than to read it
            derandomize=True,  # the same histories each time: a red build is a fault, not luck
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(Histories.met) >= MUST_MEET, MUST_MEET - set(Histories.met)
