"""A line says what was measured and whether the aim is met; figures that say nothing are not figures."""

import pytest

from bench.load import Measured, answered
from bench.report import Line, Sample, cpu_us, rate
from bench.times import NoMoreTimes, Times


def line(ours: float, anchor: float, aim: str) -> Line:
    return Line("R1", "name", ours, anchor, aim, "1/s")


def test_a_line_has_exactly_the_members_of_the_design() -> None:
    assert line(812, 1893, ">=0.40").as_json() == {
        "id": "R1",
        "name": "name",
        "ours": 812,
        "anchor": 1893,
        "ratio": 0.429,
        "aim": ">=0.40",
        "unit": "1/s",
        "ok": True,
    }


@pytest.mark.parametrize(
    ("ours", "anchor", "aim", "ok"),
    [(4, 10, ">=0.40", True), (3.9, 10, ">=0.40", False), (2, 1, "<=2", True), (2.1, 1, "<=2", False)],
)
def test_the_aim_says_the_side(ours: float, anchor: float, aim: str, *, ok: bool) -> None:
    assert line(ours, anchor, aim).ok is ok


@pytest.mark.parametrize(("count", "ok"), [(0, True), (1, False)])
def test_where_nothing_is_allowed_one_is_too_many(count: int, *, ok: bool) -> None:
    assert line(count, 0, "<=0").ok is ok


def test_rates_are_medians_and_cpu_is_over_all_runs() -> None:
    samples = [Sample(100, 1, {"app": 0.1}), Sample(200, 1, {"app": 0.1}), Sample(900, 1, {"app": 0.1})]
    assert rate(samples) == 200
    assert cpu_us(samples) == {"app": 250.0}


def test_the_share_of_the_generator_is_of_one_core() -> None:
    assert Measured(seconds=2, generator_s=1.8).generator_share == 0.9


@pytest.mark.parametrize(
    ("received", "status"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", 201),
        (b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{", None),
        (b"HTTP/1.1 201 Created\r\ncontent-len", None),
        (b"HTTP/1.1 304 Not Modified\r\netag: 1\r\n\r\n", 304),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n", None),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200),
    ],
)
def test_an_answer_counts_when_it_is_whole(received: bytes, status: int | None) -> None:
    assert answered(bytearray(received)) == status


def territory() -> Times:
    return Times(midnight=86400 * 20_000, doctors=4, days=2, patients=6, sites=2)


def test_no_doctor_has_a_time_twice_and_no_patient_is_in_two_places() -> None:
    times = territory()
    visits = [times.visit(number) for number in times.span(4 * 2 * 144)]
    assert len({(visit.doctor, visit.start) for visit in visits}) == len(visits)
    assert len({(visit.patient, visit.start) for visit in visits}) == len(visits)


def test_a_number_is_given_once_and_a_full_territory_says_so() -> None:
    times = territory()
    assert list(times.span(3)) == [0, 1, 2]
    assert list(times.span(2)) == [3, 4]
    with pytest.raises(NoMoreTimes):
        times.span(4 * 2 * 144)


def test_fewer_patients_than_doctors_is_refused() -> None:
    with pytest.raises(ValueError, match="two places"):
        Times(midnight=0, doctors=4, days=2, patients=3, sites=2)
