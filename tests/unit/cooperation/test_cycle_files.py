"""What a recorder sends becomes a curve, or is refused; two recorders agree, or not; files in their layout."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cooperation.loads.domain import CurveInvalid, Figures, Programme, Sample, judge
from cooperation.records.csv_port import Columns, Layout
from cooperation.records.domain import MOST_SAMPLES, agrees, curve

ZONE = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    "samples",
    [
        [],
        [[0, [134.0]]] * (MOST_SAMPLES + 1),
        [[0, [134.0]], [0, [134.0]]],
        [[1, [134.0]], [0, [134.0]]],
        [[0, []]],
        [[0, [134.0] * 13]],
        [[0, 134.0]],
        [[0, [134.0], 300.0, 1]],
        [[True, [134.0]]],
        [[0, ["134.0"]]],
        [[0, [None]]],
        [[0, [2**53]]],
        [[0, [1e999]]],
        [[0, [134.0]], [1e300, [134.0]]],
        [[-1e13, [134.0]], [0, [134.0]]],
        [[0, [134.0]], [1, [1e7]]],
        [{"at": 0}],
        ["0;134"],
    ],
)
def test_what_is_no_curve(samples: list[object]) -> None:
    with pytest.raises(CurveInvalid):
        curve(samples)


def test_pressure_may_be_left_out() -> None:
    assert curve([[0, [134]], [1, [134.5, 134], None]]) == [Sample(0.0, (134.0,)), Sample(1.0, (134.5, 134.0))]


def figures(first: list[Sample]) -> Figures:
    """Of a steam programme of ten seconds."""
    return judge(first, Programme("steam", 134, plateau_s=10, saturation_k=None)).figures


def line(temps: list[float], every_s: float = 1.0) -> list[Sample]:
    """One probe, a sample every so many seconds."""
    return [Sample(place * every_s, (temp,)) for place, temp in enumerate(temps)]


def test_two_recorders() -> None:
    first = line([120.0, *[134.5] * 21, 120.0])
    told = figures(first)
    assert (told.plateau_from_s, told.plateau_s) == (1, 20)

    def second(temp_c: float) -> list[Sample]:
        return line([*[temp_c] * 23])

    assert agrees(first, second(135.5), told, 1.0, 5.0)
    assert not agrees(first, second(135.51), told, 1.0, 5.0)
    assert not agrees(first, second(133.4), told, 1.0, 5.0)
    # It may differ outside the plateau, not within; it must be there all through it, as often as the first.
    assert agrees(first, [Sample(0, (20.0,)), *second(134.5)[1:]], told, 1.0, 5.0)
    assert not agrees(first, [*second(134.5)[:10], Sample(10, (120.0,)), *second(134.5)[11:]], told, 1.0, 5.0)
    assert not agrees(first, second(134.5)[:15], told, 1.0, 5.0)
    assert not agrees(first, second(134.5)[9:], told, 1.0, 5.0)
    assert not agrees(first, [*second(134.5)[:5], *second(134.5)[12:]], told, 1.0, 5.0)
    assert agrees(first, line([134.5] * 6, 4.0), told, 1.0, 5.0)
    assert not agrees(first, [Sample(2.0, (134.5,))], told, 1.0, 50.0)


@given(st.floats(-3, 3), st.floats(0.1, 2))
def test_they_agree_as_far_as_the_bound_says(off: float, bound: float) -> None:
    first = line([134.5] * 30)
    second = [Sample(each.at_s, (134.5 + off,)) for each in first]
    if abs(abs(off) - bound) > 1e-9:
        assert agrees(first, second, figures(first), bound, 5.0) == (abs(off) < bound)


def written(began: datetime, count: int, every_s: int = 60) -> bytes:
    """A file of local times, as a machine writes it."""
    lines = ["Time;T1;P"]
    for place in range(count):
        local = (began + timedelta(seconds=place * every_s)).astimezone(ZONE)
        lines.append(f"{local:%d/%m/%Y %H:%M:%S};134,{place % 10};3042")
    return "\n".join(lines).encode()


LAYOUT = Layout(probes=["T1"], pressure="P", pressure_unit="mbar")


def test_a_file_over_the_hour_that_comes_twice() -> None:
    began = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)
    cycle = Columns(LAYOUT).read(written(began, 56), 7)
    assert (cycle.began_at, cycle.cycle_no, cycle.second) == (began, 7, None)
    read = curve(cycle.samples)
    assert [each.at_s for each in read] == [place * 60.0 for place in range(56)]
    assert read[3].probes_c == (134.3,)
    assert read[0].pressure_kpa == pytest.approx(304.2)


def test_seconds_and_a_point() -> None:
    layout = Layout(
        time="s", probes=["a", "b"], second=["c"], delimiter=",", decimal=".", time_format="seconds",
        began_at=datetime(2026, 3, 2, 6, tzinfo=UTC), skip=1,
    )  # fmt: skip
    cycle = Columns(layout).read(
        b"\xef\xbb\xbfMachine 4\r\n s ,a,b,c\r\n0,134.5,134.4,134.6\r\n,,,\r\n5,134.5,134.4,134.6\r\n", 1
    )
    assert cycle.samples == [[0.0, [134.5, 134.4], None], [5.0, [134.5, 134.4], None]]
    assert cycle.second == [[0.0, [134.6]], [5.0, [134.6]]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.replace(b"134,3", b"", 1),
        lambda data: data.replace(b"134,3", b"134.3", 1),
        lambda data: data.replace(b"134,3", b"1_34,3", 1),
        lambda data: data.replace(b"134,3", b"hot", 1),
        lambda data: data.replace(b"T1", b"T2"),
        lambda data: data.replace(b"25/10/2026", b"2026-10-25", 1),
        lambda data: data.replace(b"25/10/2026", b"31/02/2026", 1),
        lambda data: data.replace(b"25/10/2026", b"01/01/0001").replace(b" 13:", b" 00:"),
        lambda data: data + b"\xff",
        lambda data: data.split(b"\n")[0],
        lambda data: b"",
        lambda data: data.replace(b";134,3", b'"', 1),
    ],
)
def test_what_is_no_cycle_file(spoil: object) -> None:
    data = written(datetime(2026, 10, 25, 12, tzinfo=UTC), 10)
    assert callable(spoil)
    with pytest.raises(CurveInvalid):
        Columns(LAYOUT).read(spoil(data), 1)


def test_time_that_goes_back_is_no_repeated_hour() -> None:
    """An hour back on another day than that of the clocks is refused by the curve."""
    lines = written(datetime(2026, 10, 26, 12, tzinfo=UTC), 3).split(b"\n")
    cycle = Columns(LAYOUT).read(b"\n".join([lines[0], lines[2], lines[1], lines[3]]), 1)
    with pytest.raises(CurveInvalid):
        curve(cycle.samples)


@pytest.mark.parametrize("form", ["%H:%M:%S", "%d%d/%m/%Y %H:%M:%S", "%Q", "%", "", "%d/%m/%Y"])
def test_a_layout_tells_a_whole_instant(form: str) -> None:
    with pytest.raises(ValueError, match="time_format"):
        Layout(time_format=form)


def test_a_layout_names_a_zone_that_exists() -> None:
    with pytest.raises(ValueError, match="zone"):
        Layout(zone="Europe/Nowhere")
    with pytest.raises(ValueError, match="offset"):
        Layout.model_validate({"began_at": "2026-03-02T06:00:00"})
